/** Cards from the server: one request for each node of a trace, kept while the trace is shown, given up when it is no longer wanted. */

import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Api, Refusal, type TraceRequest, Unreachable } from "../../api";
import type { Card } from "../../card";
import { LANGUAGE, localeOf } from "../../i18n";
import type { NodeId } from "../../trace";

/** A card, and the request for the trace that it belongs to. */
export interface Found { card: Card; of: TraceRequest }

export interface Cards {
  /** The card of the node that is wanted; until it is there, the one before. */
  readonly found: ReadonlySignal<Found | null>;
  /** Why there is none: what the server says, or that it does not answer. */
  readonly problem: ReadonlySignal<string | "offline" | null>;
}

/** The cards of one trace that have come. */
export interface Shelf { of: TraceRequest | null; kept: Map<NodeId, Card> }

export const emptyShelf = (): Shelf => ({ of: null, kept: new Map() });

/** `trace`: the request whose trace is on the page; `node`: the node whose card is wanted, null for none. */
export function createCards(
  shelf: Shelf, trace: ReadonlySignal<TraceRequest | null>, node: ReadonlySignal<NodeId | null>, attempt: ReadonlySignal<unknown>, api: Pick<Api, "card">,
): Cards {
  const found = signal<Found | null>(null);
  const problem = signal<string | null>(null);

  async function load(request: TraceRequest, wanted: NodeId, abort: AbortSignal): Promise<void> {
    try {
      const card = await api.card({ ...request, node: wanted }, LANGUAGE[localeOf(request.text)], abort);
      if (shelf.of === request) shelf.kept.set(wanted, card);
      found.value = { card, of: request };
      problem.value = null;
    } catch (error) {
      if (abort.aborted) return;
      if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
      found.value = null;
      problem.value = error instanceof Refusal ? error.error.message : "offline";
    }
  }

  effect(() => {
    attempt.value;
    const [request, wanted] = [trace.value, node.value];
    if (request !== shelf.of) shelf.kept.clear();
    shelf.of = request;
    const known = wanted === null ? null : (shelf.kept.get(wanted) ?? null);
    if (known || wanted === null || request === null) {
      found.value = known && request ? { card: known, of: request } : null;
      problem.value = null;
      return undefined;
    }
    const running = new AbortController();
    void load(request, wanted, running.signal);
    return () => running.abort();
  });
  return { found, problem };
}

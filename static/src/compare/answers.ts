/** Answers of /compare: one request for each question, kept for as long as the page is open, given up when it is stale. */

import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Api, Refusal, Unreachable } from "../api";
import { LANGUAGE, localeOf } from "../i18n";
import type { ApiError } from "../trace";
import type { Comparison, CompareRequest } from "./types";

export interface Answered { request: CompareRequest; answer: Comparison }
export type Outcome = Answered | { error: ApiError } | { offline: true } | null;

/** As many answers as a lesson looks at again. */
const KEPT = 60;

/** The outcome for the request that is wanted: null while it is on its way, or while none is wanted. */
export function createAnswers(wanted: ReadonlySignal<CompareRequest | null>, attempt: ReadonlySignal<unknown>, api: Pick<Api, "compare">): ReadonlySignal<Outcome> {
  const outcome = signal<Outcome>(null);
  const shelf = new Map<string, Answered>();

  function keep(key: string, answered: Answered): void {
    shelf.set(key, answered);
    const [oldest] = shelf.keys();
    if (shelf.size > KEPT && oldest !== undefined) shelf.delete(oldest);
  }

  async function load(key: string, request: CompareRequest, abort: AbortSignal): Promise<void> {
    try {
      const answer = await api.compare(request, LANGUAGE[localeOf(request.text)], abort);
      keep(key, { request, answer });
      outcome.value = { request, answer };
    } catch (problem) {
      if (abort.aborted) return;
      if (problem instanceof Refusal) outcome.value = { error: problem.error };
      else if (problem instanceof Unreachable) outcome.value = { offline: true };
      else throw problem;
    }
  }

  effect(() => {
    attempt.value;
    const request = wanted.value;
    const key = JSON.stringify(request);
    outcome.value = shelf.get(key) ?? null;
    if (request === null || shelf.has(key)) return undefined;
    const running = new AbortController();
    void load(key, request, running.signal);
    return () => running.abort();
  });
  return outcome;
}

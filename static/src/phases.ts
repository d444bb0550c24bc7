/** How the events of a trace fall into phases, and those of a reverse pass or a Jacobian into groups by the node they are about. */

import type { Key } from "./i18n";
import type { NodeId, PassName, TraceDocument, TraceEvent } from "./trace";

export type Kind = "forward" | "reverse" | "rewrite" | "column" | "row";
/** Events `start` up to, but without, `end`. */
export interface Phase { kind: Kind; title: Key; start: number; end: number }
export interface Group { kind: Kind; node: NodeId; start: number; end: number }

const KIND: Record<TraceEvent["kind"], Kind> = {
  input: "forward", compute: "forward", seed: "reverse", contribute: "reverse", stop: "reverse", absent: "reverse",
  seed_node: "reverse", visit: "reverse", build: "reverse", append: "reverse", rewrite: "rewrite", column: "column", row: "row",
};

const FORWARD: Record<PassName, Key> = {
  evaluate: "phase.evaluate", forward: "phase.tangent", reverse: "phase.forward", adjoint_graph: "phase.forward_graph",
  simplify: "phase.evaluate", jacobian: "phase.evaluate",
};

function titleOf(kind: Kind, pass: PassName): Key {
  if (kind === "rewrite" || kind === "column" || kind === "row") return `phase.${kind}`;
  if (kind === "forward") return FORWARD[pass];
  return pass === "reverse" ? "phase.reverse" : "phase.reverse_graph";
}

export const kindOf = (event: TraceEvent): Kind => KIND[event.kind];

export function phasesOf(doc: Pick<TraceDocument, "pass" | "events">): Phase[] {
  const phases: Phase[] = [];
  doc.events.forEach((event, index) => {
    const kind = kindOf(event);
    const last = phases.at(-1);
    if (last?.kind === kind) last.end = index + 1;
    else phases.push({ kind, title: titleOf(kind, doc.pass), start: index, end: index + 1 });
  });
  return phases;
}

/** One group for each run of events at one node, after the forward phase. */
export function groupsOf(doc: Pick<TraceDocument, "events">): Group[] {
  const groups: Group[] = [];
  doc.events.forEach((event, index) => {
    const kind = kindOf(event);
    if (kind === "forward" || kind === "rewrite") return;
    const last = groups.at(-1);
    if (last?.node === event.node && last.end === index) last.end = index + 1;
    else groups.push({ kind, node: event.node, start: index, end: index + 1 });
  });
  return groups;
}

/** The frame from which a pass is worth watching: its second phase has just begun, or its first step is done. */
export function opening(doc: Pick<TraceDocument, "pass" | "events">): number {
  const second = phasesOf(doc)[1];
  return Math.min(doc.events.length, second ? second.start + 1 : 1);
}

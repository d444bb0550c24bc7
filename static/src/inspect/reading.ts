/** What an inspection means for the page: which step a node has, what is listed, what is marked. No DOM. */

import { elements, isArray, isSummary } from "../arrays";
import type { NodeId, Num, TraceDocument, TraceEvent, Value, ValueState } from "../trace";
import type { Cure, Inspection, InputReport, NodeReport, Slopes, Trouble } from "./types";

/** The decimal digits that a number of 64 bits has. */
export const DIGITS = 52 * Math.log10(2);

/** `Number` reads the words for what is not finite, too. */
export const asNumber = (value: Num): number => Number(value);

// ---- faults ----

/** The trouble to look at first, and the others in their order. */
export function parted({ troubles, first }: Inspection): { first: Trouble | null; others: Trouble[] } {
  const found = troubles[first ?? -1] ?? null;
  return { first: found, others: troubles.filter((one) => one !== found) };
}

/** The source with a cure in the place of what it cures; null where that has no place of its own in the text. */
export function cured({ source, graph }: Inspection, cure: Cure): string | null {
  const span = graph.nodes[cure.node ?? -1]?.span;
  if (!span || cure.source === null) return null;
  const [before, after] = [source.slice(0, span[0]), source.slice(span[1])];
  // Alone on its line, or already between brackets, it needs none of its own.
  const alone = /(^|[\n;=,(])\s*$/.test(before) && /^\s*($|[\n;,)])/.test(after);
  return before + (alone ? cure.source : `(${cure.source})`) + after;
}

const reaches = (event: TraceEvent, node: NodeId): boolean => ("source" in event ? event.source === node : event.kind === "seed" && event.node === node);

/** How many events have happened when a node of the inspection has its value, or in a reverse pass its adjoint; null where it is not in this trace. */
export function stepOf(doc: TraceDocument | null, { names }: Inspection, node: NodeId, phase: Trouble["phase"]): number | null {
  if (doc === null || doc.text?.names[node] !== names[node]) return null;
  const back = phase === "backward" ? doc.events.findLastIndex((event) => reaches(event, node)) : -1;
  const found = back >= 0 ? back : doc.events.findIndex((event) => event.node === node);
  return found < 0 ? null : found + 1;
}

// ---- kinds of nothing ----

/** A row for the list of nodes: what its value and its derivative are, where either is not an ordinary number. */
export interface Nothing { node: NodeReport; value: boolean; derivative: boolean }

export const oddInputs = ({ derivatives }: Inspection): InputReport[] => derivatives.filter(({ kind }) => kind !== "number");

/** Constants are left out, and of the inputs that are listed themselves the derivatives. */
export function oddNodes({ nodes, derivatives, graph }: Inspection): Nothing[] {
  const listed = new Set(derivatives.map(({ node }) => node));
  return nodes
    .filter(({ node }) => graph.nodes[node]?.const === undefined)
    .map((node) => ({ node, value: node.value_kind !== "number", derivative: node.derivative_kind !== "number" && !listed.has(node.node) }))
    .filter(({ value, derivative }) => value || derivative);
}

// ---- conditioning ----

export interface Known { report: NodeReport; /** How much of the digits is sure, of 1; null where that is not counted. */ sure: number | null; worst: boolean }

/** A loss that is worth a mark: a whole digit. */
const LOSS = 1;

/** A row for each operation; the one that loses most is marked, if it loses at all. */
export function known({ nodes, graph, conditioning: { worst } }: Inspection): Known[] {
  return nodes.filter(({ node }) => graph.nodes[node]?.op !== null).map((report) => ({
    report,
    sure: report.left === null ? null : Math.min(1, Math.max(0, asNumber(report.left) / DIGITS)),
    worst: report.node === worst && report.lost !== null && asNumber(report.lost) >= LOSS,
  }));
}

// ---- kinks ----

/** The derivatives of a framework in the order of the inputs; null where it was not asked. */
export const inOrder = (slopes: Slopes | null, inputs: readonly string[]): (Value | null)[] | null =>
  slopes === null ? null : inputs.map((name) => slopes[name] ?? null);

export const agree = (ours: Slopes, theirs: Slopes | null): boolean => theirs === null || JSON.stringify(ours) === JSON.stringify(theirs);

// ---- the page's own step ----

const broken = (value: unknown): boolean => {
  if (value === null || value === undefined || value === "linear") return false;
  const known = value as Value;
  if (isSummary(known)) return known.nan > 0 || [known.min, known.max].some((end) => typeof end === "string");
  return isArray(known) ? elements(known).some((one) => typeof one === "string") : typeof known === "string";
};

/** What is odd about the number that a step leaves, with that number; null for an ordinary one. */
export function oddIn(event: TraceEvent): { state: ValueState; value: Value } | null {
  if (event.kind === "compute" && event.state) return { state: event.state, value: event.value };
  if (event.kind === "compute" && event.tangent_state) return { state: event.tangent_state, value: event.tangent as Value };
  if (event.kind === "contribute" && event.state) return { state: event.state, value: event.adjoint };
  const state = "states" in event ? event.states?.at(-1) : null;
  return state && "values" in event ? { state, value: event.values.at(-1) as Value } : null;
}

/** Does a step leave something to ask about: a state, a number that is none, or no derivative at all? */
export function asksWhy(event: TraceEvent): boolean {
  if (event.kind === "absent" || oddIn(event)) return true;
  if (event.kind === "compute") return [event.value, event.tangent].some(broken);
  return event.kind === "contribute" && [event.cotangent, event.adjoint].some(broken);
}

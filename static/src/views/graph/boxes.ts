/** The boxes of the forward graph, and how much room a box needs for all it will ever say. */

import { measure, measureText } from "../../math";
import { isArray, isNum, isSummary } from "../../arrays";
import { brief, short } from "../../numbers";
import type { NodeId, Partial, TraceDocument, TraceNode, Value, ValueState } from "../../trace";
import type { Facts } from "./facts";
import { drawn } from "./facts";
import type { HeatPlan } from "./heat";
import { described, heatPlan, shapeBadge } from "./heat";
import type { Metrics } from "./metrics";
import type { BoxPlan, Quantity } from "./plan";
import { corner, forwardKey } from "./plan";
import { allRewrites, resolve } from "./rewrites";
import type { Statements } from "./statements";
import type { Say } from "./words";

/** A box with its size, before it has a place. */
export type Sized = Omit<BoxPlan, "x" | "y">;

export interface Desk {
  doc: TraceDocument;
  facts: Facts;
  statements: Statements;
  metrics: Metrics;
  say: Say;
}

/** A number, or the word for why there is none. An array is briefly described: its map says the rest, and in most only a few elements underflow. */
export function valueText(value: Value, state: ValueState | undefined, say: Say): { text: string; word: boolean } {
  if (isArray(value) || isSummary(value)) return state && state !== "underflow" ? { text: say(`state.${state}`), word: true } : { text: isSummary(value) ? described(value) : brief(value), word: false };
  const word = state ?? (value === "NaN" ? "undefined" : null);
  if (word) return { text: value === "NaN" ? say(`state.${word}`) : `${short(value)} ${say(`state.${word}`)}`, word: true };
  return { text: short(value), word: false };
}

/** A partial that is a number; arrays and maps that are never built are said by their symbol. */
export const partialText = (partial: Partial | undefined): string => (isNum(partial) ? short(partial) : "");

/** Whether an edge joins two numbers: only then is one number its partial. */
export const ofNumbers = ({ graph }: TraceDocument, node: NodeId, source: NodeId): boolean =>
  graph.nodes[node]?.shape.length === 0 && graph.nodes[source]?.shape.length === 0;

export const numberWidth = (desk: Desk, texts: string[], size = desk.metrics.number): number =>
  Math.max(...[desk.metrics.reserve, ...texts].map((text) => measureText(text, size)));

/** The room for a value; before a word stands a sign. */
export function valueWidth(desk: Desk, value: Value, state: ValueState | undefined): number {
  const { text, word } = valueText(value, state, desk.say);
  return numberWidth(desk, [text]) + (word ? desk.metrics.number : 0);
}

export const oldWidth = (desk: Desk, text: string): number => measureText(text, desk.metrics.plate) + 10;

function rowWidth(desk: Desk, id: NodeId, quantity: Quantity): number {
  const { doc, facts, metrics, say } = desk;
  const width = (value: Value | undefined, state: ValueState | undefined): number => (value === undefined ? numberWidth(desk, []) : valueWidth(desk, value, state));
  if (quantity === "tangent") return width(facts.tangents.get(id), facts.tangentStates.get(id));
  // In the adjoint graph an adjoint is the value of a node of its own.
  if (quantity === "primal" || doc.pass === "adjoint_graph") return width(facts.values.get(id), facts.states.get(id));
  const states = facts.adjointStates.get(id);
  const adjoints = facts.adjoints.get(id) ?? [];
  const all = adjoints.map((value, i) => valueText(value, states?.[i], say).text);
  const absent = facts.absent.get(id);
  const replaced = all.slice(1).map((text, i) => oldWidth(desk, all[i] as string) + measureText(text, metrics.number));
  return Math.max(numberWidth(desk, absent ? [say(`absent.${absent.reason}`)] : []), ...adjoints.map((value, i) => width(value, states?.[i])), ...replaced);
}

/** The title, and the one it has when everything is simplified. */
function titles({ doc, statements }: Desk, { node, title, kind }: Pick<BoxPlan, "node" | "title" | "kind">): string[] {
  if (doc.pass !== "simplify" || kind === "input") return [title];
  const later = allRewrites(doc);
  return [title, statements.rewritten(node, (source) => resolve(later, source))];
}

/** What a quantity of a box is when it is known; of an adjoint, the last that it ever is. */
function lastValue(desk: Desk, { node, of }: Pick<BoxPlan, "node" | "of">, quantity: Quantity): Value | undefined {
  const { facts, doc } = desk;
  if (quantity === "tangent") return facts.tangents.get(node);
  return quantity === "adjoint" && (doc.pass === "reverse" || doc.pass === "jacobian") ? facts.adjoints.get(of)?.at(-1) : facts.values.get(node);
}

/** Above and below a map, in its row. */
const HEAT_MARGIN = 6;

/** How much higher a row is that holds a map. */
const extra = (heat: HeatPlan | null, metrics: Metrics): number =>
  (heat ? Math.max(0, heat.height + 2 * HEAT_MARGIN - ((metrics.heights[2] as number) - (metrics.heights[1] as number))) : 0);

/** The baseline of each row: lower where maps stand above it. */
export function baselines({ quantities, heats }: Pick<BoxPlan, "quantities" | "heats">, metrics: Metrics): number[] {
  let lower = 0;
  return quantities.map((_, i) => {
    const baseline = (metrics.rows[i + 1] as number) + lower;
    lower += extra(heats[i] ?? null, metrics);
    return baseline;
  });
}

export function size(desk: Desk, bare: Omit<Sized, "width" | "height" | "heats" | "shape">): Sized {
  const { metrics, doc } = desk;
  const heats = bare.quantities.map((quantity): HeatPlan | null => {
    const value = lastValue(desk, bare, quantity);
    return value === undefined ? null : heatPlan(value, metrics);
  });
  const box = { ...bare, heats, shape: shapeBadge(doc.graph.nodes[bare.node]?.shape ?? []) };
  const badge = corner(box.expected > 1 ? `Σ ${box.expected}/${box.expected}` : box.badge, box.shape);
  const badgeWidth = badge ? measureText(badge, metrics.badge) + 12 : 0;
  const title = Math.max(...titles(desk, box).map((one) => measure(one, metrics.name))) + badgeWidth;
  const rows = box.quantities.map((quantity, i) => metrics.glyph * 2 + Math.max(rowWidth(desk, box.node, quantity), heats[i]?.width ?? 0));
  const height = (metrics.heights[box.quantities.length] as number) + heats.reduce((sum, heat) => sum + extra(heat, metrics), 0);
  return { ...box, width: Math.ceil(Math.max(metrics.least, metrics.pad * 2 + Math.max(title, ...rows))), height: Math.ceil(height) };
}

/** Nodes made for a local partial are values, whoever made them. */
const isPartial = (doc: TraceDocument, node: TraceNode): boolean => doc.events.some((event) => event.kind === "build" && event.created.includes(node.id));

export function forwardBox(desk: Desk, node: TraceNode, quantities: Quantity[], expected: number): Sized {
  const { doc, facts, statements } = desk;
  const reverse = node.created !== undefined && doc.pass === "adjoint_graph" && !isPartial(doc, node);
  const input = doc.graph.inputs.includes(node.id);
  const name = statements.name(node.id);
  return size(desk, {
    key: forwardKey(node.id), kind: input ? "input" : "op", reverse,
    output: doc.graph.outputs.includes(node.id), flat: input, alias: false, node: node.id, of: node.id, title: input || name === statements.body(node.id) ? name : `${name} = ${statements.body(node.id)}`,
    quantities: reverse ? ["adjoint"] : quantities, cells: [], cellWidth: 0, expected, badge: node.created === undefined ? "" : String(node.created), step: facts.computed.get(node.id) ?? 0,
  });
}

/** `ends`: nodes that have other quantities than the rest. */
export function forwardBoxes(desk: Desk, quantities: Quantity[], all: boolean, ends: ReadonlyMap<NodeId, Quantity[]> = new Map()): Sized[] {
  const adjoint = quantities.includes("adjoint");
  return drawn(desk.doc)
    .filter((node) => all || node.created === undefined)
    .map((node) => forwardBox(desk, node, ends.get(node.id) ?? quantities, adjoint ? (desk.facts.received.get(node.id)?.length ?? 0) : 0));
}

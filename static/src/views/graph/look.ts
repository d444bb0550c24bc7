/** How every part of the plan looks in a scene: plain records, so that a step touches only what differs from the last. */

import { spoken } from "../../math";
import { brief } from "../../numbers";
import { edgeKey } from "../../replay";
import type { State } from "../../replay";
import type { NodeId, Value, ValueState } from "../../trace";
import type { Scene } from "../types";
import { ofNumbers, partialText, valueText } from "./boxes";
import type { Focus } from "./focus";
import type { HeatCell } from "./heat";
import { heatCells } from "./heat";
import type { BoxPlan, LinkPlan, Plan, PlatePlan, Quantity, RailPlan } from "./plan";
import { corner } from "./plan";
import { resolve } from "./rewrites";
import type { Statements } from "./statements";
import type { Say } from "./words";

export interface RowLook {
  quantity: Quantity;
  text: string | null;
  /** It is a word: there is no number, and why. `nothing`: no adjoint, which is not an error. */
  word: "" | "broken" | "nothing";
  old: string | null;
  /** The map of an array. */
  cells: HeatCell[] | null;
}
export interface CellLook { text: string | null; fresh: boolean; cells: HeatCell[] | null }

export interface BoxLook {
  classes: string;
  /** Where it is not the one of the plan. */
  title: string | null;
  rows: RowLook[];
  cells: CellLook[];
  badge: string;
  /** The whole box in words. Asked for only when the rest has changed. */
  label: () => string;
}

export interface PlateLook { shown: boolean; on: boolean; number: string }

const edges = new WeakMap<State, Set<string>>();

/** Every edge along which something has been sent back. */
function sentEdges(state: State): Set<string> {
  const known = edges.get(state);
  if (known) return known;
  const found = new Set<string>();
  for (const list of [...state.contributions.values(), ...state.nodeToGrad.values()]) for (const { node, argnum } of list) found.add(edgeKey(node, argnum));
  edges.set(state, found);
  return found;
}

/** What has arrived at a node. */
function arrived(state: State, box: BoxPlan): { edge: string; value: Value | undefined }[] {
  const lists = state.nodeToGrad.get(box.of);
  if (lists) return lists.filter((item) => item.argnum >= 0).map((item) => ({ edge: edgeKey(item.node, item.argnum), value: state.values.get(item.cotangent) }));
  return (state.contributions.get(box.of) ?? []).map((item) => ({ edge: edgeKey(item.node, item.argnum), value: item.cotangent }));
}

function gone(state: State, id: NodeId): boolean {
  return state.removed.has(id);
}

function known(box: BoxPlan, { state, doc }: Scene): boolean {
  if (doc.pass === "reverse" && box.reverse) return state.adjoints.has(box.of);
  const node = doc.graph.nodes[box.node];
  return box.reverse || box.kind === "partial" || node?.created !== undefined ? state.k >= box.step && box.step > 0 : state.values.has(box.node) || node?.const !== undefined;
}

function row(quantity: Quantity, box: BoxPlan, scene: Scene, values: Map<NodeId, Value>, say: Say): RowLook {
  const { state, doc } = scene;
  const none: RowLook = { quantity, text: null, word: "", old: null, cells: null };
  const mapped = box.heats[box.quantities.indexOf(quantity)] != null;
  const shown = (value: Value, broken?: ValueState): RowLook => {
    const { text, word } = valueText(value, broken, say);
    return { ...none, text, word: word ? "broken" : "", cells: mapped ? heatCells(value) : null };
  };
  if (quantity === "tangent") {
    const tangent = state.tangents.get(box.node);
    return tangent === undefined ? none : seeded(shown(tangent, state.tangentStates.get(box.node)), box, scene);
  }
  if (quantity === "adjoint" && (doc.pass === "reverse" || doc.pass === "jacobian")) {
    const absent = state.absent.get(box.of);
    if (absent) return { ...none, text: say(`absent.${absent}`), word: "nothing" };
    const adjoint = state.adjoints.get(box.of);
    const old = state.replaced?.node === box.of && box.cells.length === 0 && !mapped ? brief(state.replaced.adjoint) : null;
    return adjoint === undefined ? none : seeded({ ...shown(adjoint, state.adjointStates.get(box.of)), old }, box, scene);
  }
  const value = known(box, scene) ? state.values.get(box.node) ?? values.get(box.node) : undefined;
  return value === undefined ? none : shown(value, state.states.get(box.node));
}

/** In a pass of a Jacobian, the element that it starts from is marked. */
function seeded(look: RowLook, box: BoxPlan, { state: { event } }: Scene): RowLook {
  if ((event?.kind !== "column" && event?.kind !== "row") || event.node !== box.node || !look.cells) return look;
  return { ...look, cells: look.cells.map((cell, place) => (place === event.place ? { ...cell, seed: true } : cell)) };
}

function badge(box: BoxPlan, scene: Scene): string {
  const count = box.expected;
  const sum = count > 1 ? `Σ ${scene.state.contributions.get(box.of)?.length ?? 0}/${count}` : "";
  return corner(scene.doc.pass === "reverse" ? sum : box.badge, box.shape);
}

function label(title: string, box: BoxPlan, rows: RowLook[], scene: Scene, say: Say): string {
  const { state, doc } = scene;
  const parts = [spoken(title, doc.text?.locale ?? "en")];
  if (box.kind === "input") parts.push(say("table.input"));
  if (box.output) parts.push(say("graph.output"));
  const words = { primal: say("table.value"), tangent: say("table.tangent"), adjoint: say("table.adjoint") };
  for (const { quantity, text, word } of rows) parts.push(text === null ? `${words[quantity]} ${say("table.notyet")}` : word ? text : `${words[quantity]} ${text}`);
  const count = Math.max(box.expected, box.cells.length);
  if (count > 1) parts.push(say("graph.contributions", { n: arrived(state, box).length, count }));
  if (gone(state, box.node)) parts.push(say("table.removed"));
  if (box.step > 0) parts.push(say("graph.step", { k: box.step }));
  return parts.join(", ");
}

/** What a picture needs to know of its document beside the scene. */
export interface Page { values: Map<NodeId, Value>; statements: Statements; say: Say }

export function boxLook(box: BoxPlan, scene: Scene, focus: Focus, { values, statements, say }: Page): BoxLook {
  const { state, doc, hover } = scene;
  const rows = box.quantities.map((quantity) => row(quantity, box, scene, values, say));
  const here = known(box, scene);
  const made = box.reverse || box.kind === "partial" || doc.graph.nodes[box.node]?.created !== undefined;
  const came = new Map(box.cells.length > 0 ? arrived(state, box).map((item) => [item.edge, item.value ?? values.get(box.node)]) : []);
  const cells = box.cells.map(({ node, argnum, heat }): CellLook => {
    const edge = edgeKey(node, argnum);
    const value = came.get(edge);
    return { text: value === undefined ? null : valueText(value, undefined, say).text, fresh: focus.cell?.box === box.key && focus.cell.edge === edge, cells: heat && value !== undefined ? heatCells(value) : null };
  });
  const active = focus.boxes.has(box.key);
  const complete = box.cells.length === 0 || cells.every((cell) => cell.text !== null);
  const classes = [
    "node", `kind-${box.kind}`, box.reverse && "reverse", box.output && "output", box.alias && "alias",
    gone(state, box.node) ? "gone" : here && complete ? "done" : made ? "ghost" : "waiting", active && "active", focus.visiting === box.key && "visiting", hover === box.of && box.kind !== "contribution" && box.kind !== "partial" && "hover",
    rows.some((one) => one.word === "broken" && one.quantity === "primal") && "broken",
  ];
  const changed = doc.pass === "simplify" && doc.graph.nodes[box.node]?.inputs.some((input) => state.rewrites.has(input)) && !gone(state, box.node);
  const title = changed ? statements.rewritten(box.node, (source) => resolve(state.rewrites, source)) : null;
  return { classes: classes.filter(Boolean).join(" "), title, rows, cells, badge: badge(box, scene), label: () => label(title ?? box.title, box, rows, scene, say) };
}

function linkState(link: LinkPlan, plan: Plan, { state, doc }: Scene): "hidden" | "ghost" | "done" | "stopped" {
  if (link.kind === "forward") {
    if (doc.pass === "simplify") {
      const original = doc.graph.nodes[link.node]?.inputs[link.argnum];
      const user = plan.boxes.get(link.to);
      const built = doc.graph.nodes[link.node]?.created === undefined || state.built.has(link.node);
      if (original === undefined || !user || !built || resolve(state.rewrites, original) !== link.source) return "hidden";
      if (gone(state, link.node)) return "ghost";
    }
    const to = plan.boxes.get(link.to);
    return to && known(to, { state, doc } as Scene) ? "done" : "ghost";
  }
  if (doc.pass === "jacobian") return state.slices.length > 0 ? "done" : "ghost";
  if (link.kind === "tangent") return state.tangents.has(link.node) ? "done" : "ghost";
  if (state.stopped.has(edgeKey(link.node, link.argnum))) return "stopped";
  const to = plan.boxes.get(link.to) as BoxPlan;
  if (doc.pass === "reverse" || to.cells.length > 0) return sentEdges(state).has(edgeKey(link.node, link.argnum)) ? "done" : "ghost";
  return state.k >= to.step ? "done" : "ghost";
}

export function linkLook(link: LinkPlan, plan: Plan, scene: Scene, focus: Focus): string {
  return `link ${link.kind} ${linkState(link, plan, scene)}${focus.links.has(link.key) ? " now" : ""}`;
}

export function plateLook(plate: PlatePlan, plan: Plan, scene: Scene, focus: Focus): PlateLook {
  const { state, doc } = scene;
  const partial = state.partials.get(plate.node)?.[plate.argnum];
  const forward = doc.pass === "adjoint_graph" && partial === undefined ? state.values.has(plate.node) : partial !== undefined && partial !== null;
  const shown = plate.reverse ? plan.links.some((link) => link.kind === "adjoint" && link.node === plate.node && link.argnum === plate.argnum && linkState(link, plan, scene) === "done") : forward;
  return { shown, on: shown && focus.plates.has(plate.key), number: ofNumbers(doc, plate.node, doc.graph.nodes[plate.node]?.inputs[plate.argnum] ?? -1) ? partialText(partial) : "" };
}

export function railLook(rail: RailPlan, plan: Plan, scene: Scene, focus: Focus): string {
  const reader = plan.boxes.get(rail.reader);
  const built = reader !== undefined && scene.state.k >= reader.step;
  const hovered = scene.hover !== null && built && (reader.node === scene.hover || rail.of === scene.hover);
  return `rail ${focus.rails.has(rail.key) ? "lit" : built ? "on" : "off"}${hovered ? " hover" : ""}`;
}

export function farLook(box: BoxPlan, scene: Scene, focus: Focus): string {
  const shown = gone(scene.state, box.node) ? "gone" : known(box, scene) ? "done" : "waiting";
  return `far ${shown}${box.reverse ? " reverse" : ""}${focus.boxes.has(box.key) ? " active" : ""}`;
}

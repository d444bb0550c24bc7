/** What a step is about: which boxes, lines, plates and cells it reads and writes. One row per event kind. */

import { brief } from "../../numbers";
import { edgeKey, wrtNodes } from "../../replay";
import type { NodeId, TraceDocument, TraceEvent, Value } from "../../trace";
import type { Scene } from "../types";
import type { BoxPlan, LinkKind, LinkPlan, Plan, Quantity, RailPlan } from "./plan";
import { adjointKey, forwardKey } from "./plan";
import { chain } from "./rewrites";

export interface Message { key: string; quantity: Quantity; text: string; along: LinkPlan | RailPlan }

export interface Focus {
  boxes: Set<string>;
  /** The forward node whose turn it is. */
  visiting: string | null;
  links: Set<string>;
  plates: Set<string>;
  rails: Set<string>;
  ties: Set<string>;
  /** A box and the edge whose Σ cell is written. */
  cell: { box: string; edge: string } | null;
  messages: Message[];
}

type Rows = { [K in TraceEvent["kind"]]: (focus: Focus, event: Extract<TraceEvent, { kind: K }>, plan: Plan, scene: Scene) => void };

const nothing = (): Focus => ({ boxes: new Set(), visiting: null, links: new Set(), plates: new Set(), rails: new Set(), ties: new Set(), cell: null, messages: [] });

/** The box of a node's adjoint: its own in a mirror, the node's otherwise. */
const adjointBox = (plan: Plan, node: NodeId): string => (plan.boxes.has(adjointKey(node)) ? adjointKey(node) : forwardKey(node));

const onEdge = (plan: Plan, kind: LinkPlan["kind"], node: NodeId, argnum: number): LinkPlan[] =>
  plan.links.filter((link) => link.kind === kind && link.node === node && link.argnum === argnum);

function plate(focus: Focus, node: NodeId, argnum: number): void {
  focus.plates.add(edgeKey(node, argnum)).add(`r${edgeKey(node, argnum)}`);
}

function use(focus: Focus, links: LinkPlan[]): void {
  links.forEach((link) => focus.links.add(link.key));
}

/** The boxes made in a step read stored values along rails, and fresh ones along lines. */
function collect(focus: Focus, plan: Plan, { state, doc }: Scene, made: Set<string>): void {
  for (const rail of plan.rails) {
    if (!made.has(rail.reader)) continue;
    focus.rails.add(rail.key);
    focus.messages.push({ key: rail.key, quantity: "primal", text: brief(state.values.get(rail.of) ?? 0), along: rail });
  }
  for (const link of plan.links) {
    if (!made.has(link.to) || link.kind === "forward") continue;
    focus.links.add(link.key);
    const from = plan.boxes.get(link.from);
    const value: Value | undefined = from && (state.values.get(from.node) ?? doc.graph.nodes[from.node]?.const);
    if (value !== undefined) focus.messages.push({ key: link.key, quantity: link.kind === "value" ? "primal" : "adjoint", text: brief(value), along: link });
  }
}

/** The lines on the paths that lead from some nodes to others. */
function between(plan: Plan, { graph }: TraceDocument, kind: LinkKind, from: NodeId[], to: NodeId[]): LinkPlan[] {
  const after = new Set(from);
  for (const { id, inputs } of graph.nodes) if (inputs.some((input) => after.has(input))) after.add(id);
  const before = new Set(to);
  for (const { id, inputs } of graph.nodes.toReversed()) if (before.has(id)) inputs.forEach((input) => before.add(input));
  return plan.links.filter((link) => link.kind === kind && after.has(link.source) && before.has(link.node));
}

const rows: Rows = {
  input: (focus, event) => void focus.boxes.add(forwardKey(event.node)),
  compute(focus, event, plan) {
    focus.boxes.add(forwardKey(event.node));
    for (const link of plan.links) {
      if (link.node !== event.node || link.from === forwardKey(event.node) || !link.to.startsWith("n:")) continue;
      if (link.kind === "forward" || link.kind === "tangent") focus.links.add(link.key);
      const term = link.kind === "tangent" ? event.terms?.[link.argnum] : undefined;
      if (term === undefined || term === null) continue;
      focus.plates.add(edgeKey(link.node, link.argnum));
      focus.messages.push({ key: link.key, quantity: "tangent", text: brief(term), along: link });
    }
  },
  seed: (focus, event, plan) => void focus.boxes.add(adjointBox(plan, event.node)),
  contribute(focus, event, plan, { state }) {
    const box = adjointBox(plan, event.source);
    focus.boxes.add(box);
    const links = onEdge(plan, "adjoint", event.node, event.argnum);
    use(focus, links);
    plate(focus, event.node, event.argnum);
    focus.cell = { box, edge: edgeKey(event.node, event.argnum) };
    focus.ties.add(adjointKey(event.node));
    const more = state.replaced !== null && !brief(event.cotangent).startsWith("−") ? "+" : "";
    for (const link of links) focus.messages.push({ key: link.key, quantity: "adjoint", text: more + brief(event.cotangent), along: link });
  },
  stop(focus, event, plan) {
    focus.boxes.add(adjointBox(plan, event.node));
    use(focus, onEdge(plan, "adjoint", event.node, event.argnum));
  },
  absent: (focus, event, plan) => void focus.boxes.add(adjointBox(plan, event.node)),
  seed_node: (focus, event, plan) => void focus.boxes.add(plan.boxes.has(adjointKey(event.node)) ? adjointKey(event.node) : made(plan, event.created)[0] ?? ""),
  visit(focus, event, plan) {
    focus.visiting = forwardKey(event.node);
    const box = plan.boxes.has(adjointKey(event.node)) ? adjointKey(event.node) : forwardKey(event.adjoint);
    focus.boxes.add(box);
    if ((plan.boxes.get(box)?.cells.length ?? 0) > 0) use(focus, plan.links.filter((link) => link.to === box));
  },
  build(focus, event, plan, scene) {
    focus.visiting = forwardKey(event.node);
    focus.boxes = new Set(made(plan, event.created));
    plate(focus, event.node, event.argnum);
    collect(focus, plan, scene, focus.boxes);
  },
  append(focus, event, plan, scene) {
    focus.visiting = forwardKey(event.node);
    const edge = edgeKey(event.node, event.argnum);
    const sum = adjointKey(event.source);
    const own = plan.boxes.has(`c:${edge}`) ? `c:${edge}` : sum;
    const flat = !plan.boxes.has(sum);
    if (flat) {
      made(plan, event.created).forEach((key) => focus.boxes.add(key));
      use(focus, onEdge(plan, "forward", event.node, event.argnum));
    } else if (own !== sum || plan.boxes.get(sum)?.cells.length === 0) focus.boxes.add(own);
    plate(focus, event.node, event.argnum);
    collect(focus, plan, scene, new Set(focus.boxes));
    if (plan.boxes.get(sum)?.cells.length) {
      focus.cell = { box: sum, edge };
      use(focus, plan.links.filter((link) => link.to === sum && link.node === event.node && link.argnum === event.argnum));
    }
  },
  column(focus, event, plan, { doc }) {
    focus.boxes.add(forwardKey(event.node));
    use(focus, between(plan, doc, "tangent", [event.node], doc.graph.outputs));
  },
  row(focus, event, plan, { doc }) {
    focus.boxes.add(forwardKey(event.node));
    use(focus, between(plan, doc, "adjoint", wrtNodes(doc), [event.node]));
  },
  rewrite(focus, event, plan, { state, doc }) {
    focus.boxes.add(forwardKey(plan.boxes.has(forwardKey(event.by)) ? event.by : event.node));
    for (const link of plan.links) {
      const original = doc.graph.nodes[link.node]?.inputs[link.argnum];
      if (link.source === event.by && original !== undefined && chain(state.rewrites, original).includes(event.node)) focus.links.add(link.key);
    }
  },
};

const made = (plan: Plan, created: NodeId[]): string[] =>
  created.flatMap((id) => [...plan.boxes.values()].filter((box) => box.node === id && !box.alias).map((box) => box.key).slice(0, 1));

/** The boxes of a step: what it is about first, then what it reads and where it writes. */
export function boxesOf(focus: Focus, plan: Plan): BoxPlan[] {
  const links = plan.links.filter((link) => focus.links.has(link.key));
  const rails = plan.rails.filter((rail) => focus.rails.has(rail.key));
  const keys = new Set([...focus.boxes, ...(focus.cell ? [focus.cell.box] : []), ...links.flatMap((link) => [link.from, link.to]), ...rails.map((rail) => forwardKey(rail.of))]);
  return [...keys].flatMap((key) => plan.boxes.get(key) ?? []);
}

export function focusOf(plan: Plan, scene: Scene): Focus {
  const focus = nothing();
  const { event } = scene.state;
  if (event) (rows[event.kind] as (focus: Focus, event: TraceEvent, plan: Plan, scene: Scene) => void)(focus, event, plan, scene);
  return focus;
}

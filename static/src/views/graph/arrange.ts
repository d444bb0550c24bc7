/** From a trace document to the layout's input, and from the layout's answer to a plan. */

import { layout } from "../../layout";
import type { LayoutNode, LayoutOptions, LayoutResult, ReverseItem } from "../../layout/types";
import { measure, measureText } from "../../math";
import { edgeKey, wrtNodes } from "../../replay";
import type { NodeId, TraceDocument } from "../../trace";
import type { Lanes } from "../types";
import type { Desk, Sized } from "./boxes";
import { forwardBoxes, ofNumbers, partialText } from "./boxes";
import { factsOf } from "./facts";
import { backwards } from "./geometry";
import { metricsFor } from "./metrics";
import { mirrorParts } from "./mirror";
import type { BoxPlan, LinkPlan, Plan, PlatePlan, Quantity } from "./plan";
import { adjointKey, forwardKey, PLATE_PAD } from "./plan";
import type { ReverseBox } from "./reverse";
import { adjointBoxes, createdBoxes } from "./reverse";
import { allRewrites, chain } from "./rewrites";
import { seedPlans } from "./seeds";
import { isLiteral, statements } from "./statements";
import { words } from "./words";

export type Arrange = typeof layout;

export interface Place {
  lanes: Lanes;
  direction: "right" | "down";
  hall: boolean;
  /** The window is not wide. */
  compact?: boolean;
  height: number;
}

/** Above this many nodes the picture is an overview: no plates, no chips. */
export const CROWD = 120;

export type Mode = "single" | "overlay" | "mirror";

export function modeFor(doc: TraceDocument, lanes: Lanes, direction: "right" | "down"): Mode {
  if (doc.pass === "forward" || doc.pass === "jacobian") return "overlay";
  const mirrors = doc.pass === "reverse" || doc.pass === "adjoint_graph";
  if (mirrors && lanes === "mirror" && doc.graph.nodes.length <= CROWD) return direction === "down" && doc.pass === "reverse" ? "overlay" : "mirror";
  return doc.pass === "reverse" ? "overlay" : "single";
}

function quantitiesFor(doc: TraceDocument, mode: Mode): Quantity[] {
  if (doc.pass === "forward") return ["primal", "tangent"];
  return doc.pass === "reverse" && mode !== "mirror" ? ["primal", "adjoint"] : ["primal"];
}

/** Of a pass along one column or row, only the ends are recorded: inputs and outputs. */
function endsOf(doc: TraceDocument): Map<NodeId, Quantity[]> {
  const kind = doc.events.at(-1)?.kind;
  const quantity = kind === "column" ? "tangent" : kind === "row" ? "adjoint" : null;
  if (doc.pass !== "jacobian" || quantity === null) return new Map();
  return new Map([...wrtNodes(doc), ...doc.graph.outputs].map((id) => [id, ["primal", quantity]]));
}

/** The arguments of a node that are drawn as edges, and in `simplify` what they may come to read instead. */
function edgesOf(doc: TraceDocument, boxes: Map<string, Sized>): Map<NodeId, { argnum: number; source: NodeId }[]> {
  const later = allRewrites(doc);
  const edges = new Map<NodeId, { argnum: number; source: NodeId }[]>();
  for (const { node: id } of boxes.values()) {
    const list: { argnum: number; source: NodeId }[] = [];
    doc.graph.nodes[id]?.inputs.forEach((input, argnum) => {
      for (const source of chain(later, input)) if (boxes.has(forwardKey(source)) && source !== id) list.push({ argnum, source });
    });
    edges.set(id, list);
  }
  return edges;
}

/** Nodes in an order in which each comes after what it may read; an edge that would close a cycle is left out. */
function withoutCycles(edges: Map<NodeId, { argnum: number; source: NodeId }[]>): void {
  const state = new Map<NodeId, "open" | "done">();
  for (const root of edges.keys()) {
    const stack: { id: NodeId; next: number }[] = state.has(root) ? [] : [{ id: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1) as { id: NodeId; next: number };
      state.set(top.id, "open");
      const list = edges.get(top.id) ?? [];
      const edge = list[top.next];
      if (!edge) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(edge.source) === "open") list.splice(top.next, 1);
      else {
        top.next += 1;
        if (!state.has(edge.source)) stack.push({ id: edge.source, next: 0 });
      }
    }
  }
}

function plateOf(desk: Desk, node: NodeId, argnum: number, spare: boolean): { symbol: string; width: number; height: number } | null {
  const { doc, facts, metrics, statements: text } = desk;
  const number = facts.partials.get(edgeKey(node, argnum));
  const source = doc.graph.nodes[doc.graph.nodes[node]?.inputs[argnum] ?? -1];
  const known = doc.pass === "adjoint_graph" ? facts.received.get(source?.id ?? -1)?.some((sent) => sent.node === node && sent.argnum === argnum) : number !== undefined;
  if (!facts.differentiates || !source || isLiteral(source) || !known) return null;
  const symbol = text.partial(node, argnum);
  const bare = /^-?[\d.]+$/.test(symbol);
  const digits = ofNumbers(doc, node, source.id) ? partialText(number) : "";
  const room = spare && !bare && digits ? metrics.reserve : "";
  const width = Math.max(measure(symbol, metrics.plate), measureText(digits, metrics.plate), measureText(room, metrics.plate)) + metrics.plate * PLATE_PAD;
  const lines = !bare && symbol && digits ? 2 : 1;
  return { symbol: bare && digits ? "" : symbol, width: Math.ceil(width), height: Math.ceil(metrics.plate * (lines === 2 ? 2.6 : 1.5)) };
}

const LAYOUT: Partial<LayoutOptions> = { labelLimit: CROWD };

/** The whole picture of a document, laid out once. `lay` is the layout; tests may bring their own. */
export function arrange(doc: TraceDocument, place: Place, lay: Arrange = layout): Plan {
  const mode = modeFor(doc, place.lanes, place.direction);
  const quantities = quantitiesFor(doc, mode);
  const metrics = metricsFor({ twoQuantities: quantities.length > 1 || doc.pass === "jacobian", down: place.direction === "down" && mode !== "mirror", hall: place.hall, compact: (place.compact ?? false) || doc.pass === "jacobian", matrix: doc.pass === "jacobian", height: place.height });
  const desk: Desk = { doc, facts: factsOf(doc), statements: statements(doc), metrics, say: words(doc.text?.locale ?? "en") };
  const sized = new Map(forwardBoxes(desk, quantities, mode === "single" || doc.pass === "jacobian", endsOf(doc)).map((box) => [box.key, box]));
  const lower: ReverseBox[] = mode !== "mirror" ? [] : doc.pass === "reverse" ? adjointBoxes(desk) : createdBoxes(desk);
  const crowded = sized.size + lower.length > CROWD;
  const edges = edgesOf(doc, sized);
  withoutCycles(edges);

  const labels = new Map<string, NonNullable<ReturnType<typeof plateOf>>>();
  const labelOf = (node: NodeId, index: number) => {
    const argnum = edges.get(node)?.[index]?.argnum ?? index;
    const found = crowded ? null : plateOf(desk, node, argnum, place.direction === "right");
    if (found) labels.set(edgeKey(node, argnum), found);
    return found;
  };
  const nodes = [...sized.values()].map((box): LayoutNode => ({
    id: box.node, width: box.width, height: box.height, inputs: edges.get(box.node)?.map((edge) => edge.source) ?? [],
    role: box.kind === "input" ? "input" : box.output ? "output" : "op",
  }));
  const found = lay(nodes, {
    ...LAYOUT, mode, direction: mode === "mirror" ? "right" : place.direction, labels: labelOf, layerGap: metrics.layerGap, nodeGap: metrics.nodeGap, railGap: metrics.railGap,
    reverse: lower.map(({ box, place: of, flows, reads }): ReverseItem => ({
      key: box.key, kind: box.kind as ReverseItem["kind"], of: typeof of === "number" ? of : { node: of.node, argnum: layoutArgnum(edges, of) },
      width: box.width, height: box.height, reads, inputs: flows.map((flow) => flow.from),
    })),
  });
  return drawable({ desk, sized, lower, found, edges, labels, crowded, direction: mode === "mirror" ? "right" : place.direction });
}

/** The layout counts only the edges that it is given: literals have none. */
function layoutArgnum(edges: Map<NodeId, { argnum: number; source: NodeId }[]>, of: { node: NodeId; argnum: number }): number {
  return Math.max(0, edges.get(of.node)?.findIndex((edge) => edge.argnum === of.argnum) ?? 0);
}

export interface Arranged {
  desk: Desk;
  sized: Map<string, Sized>;
  lower: ReverseBox[];
  found: LayoutResult;
  edges: Map<NodeId, { argnum: number; source: NodeId }[]>;
  labels: Map<string, { symbol: string }>;
  crowded: boolean;
  direction: "right" | "down";
}

function drawable(arranged: Arranged): Plan {
  const { desk, sized, found, edges, labels, crowded, direction } = arranged;
  const { doc, facts, metrics } = desk;
  const boxes = new Map<string, BoxPlan>();
  for (const box of sized.values()) boxes.set(box.key, { ...box, ...(found.nodes.get(box.node) as { x: number; y: number }) });
  const links: LinkPlan[] = [];
  const plates: PlatePlan[] = [];
  for (const edge of found.edges) {
    const argnum = edges.get(edge.node)?.[edge.argnum]?.argnum ?? edge.argnum;
    const key = edgeKey(edge.node, argnum);
    const common = { node: edge.node, argnum, source: edge.source };
    const [from, to] = [forwardKey(edge.source), forwardKey(edge.node)];
    links.push({ key: `${key}<${edge.source}`, kind: "forward", from, to, path: edge.path, arrow: edge.arrow, ...common });
    if (edge.label) plates.push({ key, ...common, symbol: labels.get(key)?.symbol ?? "", reverse: false, ...edge.label });
    if (!edge.adjoint) continue;
    if ((doc.pass === "forward" || facts.passes === "column") && facts.partials.has(key)) links.push({ key: `${key}.`, kind: "tangent", from, to, ...backwards(edge.adjoint.path), ...common });
    const returns = facts.stops.has(key) || facts.received.get(edge.source)?.some((sent) => edgeKey(sent.node, sent.argnum) === key);
    if ((doc.pass === "reverse" && returns) || (facts.passes === "row" && facts.partials.has(key))) links.push({ key: `${key}-`, kind: "adjoint", from: to, to: from, ...edge.adjoint, ...common });
  }
  const lower = mirrorParts(arranged, boxes);
  const plan: Plan = {
    x: -metrics.margin, y: -metrics.margin, width: found.width + 2 * metrics.margin, height: found.height + 2 * metrics.margin,
    metrics, crowded, boxes, links: [...links, ...lower.links], plates: [...plates, ...lower.plates], rails: lower.rails, ties: lower.ties, seeds: [], axis: lower.axis,
  };
  return withSeeds(plan, arranged, direction);
}

/** Plugs need room beside the boxes that they are stuck into. */
function withSeeds(plan: Plan, { desk, lower }: Arranged, direction: "right" | "down"): Plan {
  const output = lower.length > 0 ? adjointKey : forwardKey;
  const { seeds, room } = seedPlans(desk, plan.boxes, direction, output);
  return { ...plan, seeds, x: plan.x - room.left, y: plan.y - room.top, width: plan.width + room.left + room.right, height: plan.height + room.top };
}

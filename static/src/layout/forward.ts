import { type Columns, placeColumns } from "./columns";
import { assignCoordinates, type Extents } from "./coordinates";
import { arrowAt, curveThrough, offsetCurve, reversed } from "./curves";
import { insertDummies, type Layered } from "./dummies";
import { frameFor } from "./frame";
import { assignLayers, readDag } from "./layering";
import { orderLayers } from "./ordering";
import { insertPlates } from "./plates";
import { type Ports, spreadPorts } from "./ports";
import { knotsThrough, levelKnots, measureSlack, type Slack, stopsOf } from "./routes";
import { centrePlates, normalise } from "./settle";
import { restoreInputOrder } from "./sources";
import type { Box, CubicPath, EdgeLabel, LayoutNode, LayoutOptions, RoutedEdge, Stroke } from "./types";

/** The forward graph with layers, order and places across them, before the columns are fixed. */
export interface Arranged {
  readonly graph: Layered;
  readonly crossings: number;
  /** By edge: the item that carries its label (-1 without label layers), and the label. */
  readonly plateOf: Int32Array;
  readonly labels: readonly (EdgeLabel | null)[];
  /** Across the layers: the middle line of every item, from 0 to `breadth`. */
  readonly places: Float64Array;
  readonly breadth: number;
  readonly extents: Extents;
  readonly ports: Ports;
  /** Along the layers: how much room each needs. */
  readonly depth: Float64Array;
}

/** Between a plate and the adjoint edge that passes under it. */
const PLATE_MARGIN = 4;

export function arrange(nodes: readonly LayoutNode[], options: LayoutOptions): Arranged {
  const dag = readDag(nodes);
  const plain = insertDummies(dag, assignLayers(dag, nodes));
  const crossings = restoreInputOrder(plain, orderLayers(plain));
  const labelled = nodes.length <= options.labelLimit;
  const labels = labelled ? nodes.flatMap((node) => node.inputs.map((_, argnum) => options.labels(node.id, argnum))) : [];
  const withPlates = options.mode === "mirror" || labels.some((label) => label !== null);
  const { graph, plateOf } = withPlates ? insertPlates(plain) : { graph: plain, plateOf: new Int32Array(dag.source.length).fill(-1) };
  const { extents, depth } = measure(graph, nodes, labels, plateOf, options);
  const pitch = options.mode === "overlay" ? 2 * options.edgeGap : 16;
  const frame = frameFor(options.direction);
  const ports = spreadPorts(graph, Float64Array.from(nodes, (node) => frame.breadth(node)), pitch);
  const places = assignCoordinates(graph, extents, ports);
  if (withPlates) centrePlates(graph, places, extents, ports);
  return { graph, crossings, plateOf, labels, breadth: normalise(places, extents), places, extents, ports, depth };
}

function measure(graph: Layered, nodes: readonly LayoutNode[], labels: readonly (EdgeLabel | null)[], plateOf: Int32Array, options: LayoutOptions) {
  const frame = frameFor(options.direction);
  const half = options.mode === "overlay" ? options.edgeGap / 2 : 0;
  const above = new Float64Array(graph.items).fill(half);
  const below = new Float64Array(graph.items).fill(half);
  const depth = new Float64Array(graph.layers.length);
  nodes.forEach((node, i) => {
    above[i] = below[i] = frame.breadth(node) / 2;
    depth[graph.layerOf[i]!] = Math.max(depth[graph.layerOf[i]!]!, frame.depth(node));
  });
  labels.forEach((label, edge) => {
    if (label === null) return;
    const item = plateOf[edge]!;
    const raised = half === 0 ? 0 : half - PLATE_MARGIN;
    above[item] = half === 0 ? frame.breadth(label) / 2 : Math.max(half, frame.breadth(label) - raised);
    below[item] = half === 0 ? frame.breadth(label) / 2 : half + PLATE_MARGIN;
    depth[graph.layerOf[item]!] = Math.max(depth[graph.layerOf[item]!]!, frame.depth(label));
  });
  const gap = (item: number, next: number) => (item < graph.nodes && next < graph.nodes ? options.nodeGap : options.labelGap);
  return { extents: { above, below, gap }, depth };
}

/** The plate of an edge's label: on the line, or above the adjoint edge of an overlay. */
export function plateBox(arranged: Arranged, columns: Columns, edge: number, options: LayoutOptions): Box | null {
  const label = arranged.labels[edge] ?? null;
  if (label === null) return null;
  const frame = frameFor(options.direction);
  const item = arranged.plateOf[edge]!;
  const l = arranged.graph.layerOf[item]!;
  const breadth = frame.breadth(label);
  const raised = options.mode === "overlay" ? options.edgeGap / 2 - PLATE_MARGIN : breadth / 2;
  const along = columns.start[l]! + (columns.size[l]! - frame.depth(label)) / 2;
  return frame.box(along, arranged.places[item]! + raised - breadth, frame.depth(label), breadth);
}

export function columnsFor(arranged: Arranged, options: LayoutOptions): Columns {
  const plates = arranged.plateOf.some((item) => item >= 0);
  const least = plates ? options.layerGap * (options.mode === "overlay" ? 1.5 : 1) : 3 * options.layerGap;
  return placeColumns(arranged.graph, arranged.places, arranged.depth, () => least);
}

export function nodeBoxes(arranged: Arranged, columns: Columns, nodes: readonly LayoutNode[], options: LayoutOptions): Map<number, Box> {
  const frame = frameFor(options.direction);
  return new Map(
    nodes.map((node, i) => {
      const l = arranged.graph.layerOf[i]!;
      const breadth = frame.breadth(node);
      return [node.id, frame.box(columns.start[l]!, arranged.places[i]! - breadth / 2, columns.size[l]!, breadth)];
    }),
  );
}

export function routeEdges(arranged: Arranged, columns: Columns, nodes: readonly LayoutNode[], options: LayoutOptions): RoutedEdge[] {
  const { graph, places, ports, extents } = arranged;
  const frame = frameFor(options.direction);
  const half = options.mode === "overlay" ? options.edgeGap / 2 : 0;
  const smooth = nodes.length <= options.labelLimit;
  const labelled = new Set(arranged.labels.flatMap((label, e) => (label === null ? [] : [arranged.plateOf[e]!])));
  const slack: Slack[] = new Array<Slack>(graph.items);
  if (smooth) for (const layer of graph.layers) measureSlack(layer, places, extents.above, extents.below, (item) => item < graph.nodes || labelled.has(item), half).forEach((room, at) => (slack[layer[at]!] = room));
  const stroke = (line: CubicPath): Stroke => {
    const path = frame.path(line);
    return { path, arrow: arrowAt(path) };
  };
  let edge = 0;
  return nodes.flatMap((node, i) =>
    node.inputs.map((source, argnum): RoutedEdge => {
      const first = graph.chainStart[edge]!;
      const last = graph.chainStart[edge + 1]! - 1;
      const from = graph.chain[first]!;
      const next = graph.chain[first + 1]!;
      const leaves = next < graph.nodes ? first : graph.beforeSegment[graph.beforeStart[next]!]!;
      const start = { along: columns.start[graph.layerOf[from]!]! + columns.size[graph.layerOf[from]!]!, across: places[from]! + ports.leave[leaves]! };
      const end = { along: columns.start[graph.layerOf[i]!]!, across: places[i]! + ports.enter[last - 1]! };
      const knots = smooth
        ? knotsThrough(start, stopsOf(graph, edge, columns, places, slack, arranged.plateOf[edge]!), end, half)
        : levelKnots(graph, edge, columns, places, start, end);
      const line = curveThrough(knots);
      const label = plateBox(arranged, columns, edge, options);
      edge++;
      if (options.mode !== "overlay") return { node: node.id, argnum, source, label, adjoint: null, ...stroke(line) };
      return {
        node: node.id,
        argnum,
        source,
        label,
        ...stroke(offsetCurve(line, -half)),
        adjoint: stroke(reversed(offsetCurve(line, half))),
      };
    }),
  );
}

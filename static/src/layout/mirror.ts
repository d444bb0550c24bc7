import { type Columns, placeColumns } from "./columns";
import { arrowAt, curveThrough, reversed, roundedPath } from "./curves";
import { arrange, nodeBoxes, routeEdges } from "./forward";
import { assignLanes, LANE_MARGIN, routeRails } from "./rails";
import { type Link, type LowerItem, reflect, settleLower } from "./reverse";
import { knotsThrough, measureSlack, type Slack, type Stop } from "./routes";
import type { Box, CubicPath, LayoutNode, LayoutOptions, LayoutResult, Point, ReverseEdge } from "./types";

/** Between the forward graph and what lies below it. */
const AXIS_GAP = 24;
const SIDE_LANE = 10;
/** Half the width of a double line. */
const LINE = 3;

/** The forward graph above an axis, the reverse graph below it, column by column the same. */
export function layoutMirror(nodes: readonly LayoutNode[], options: LayoutOptions): LayoutResult {
  const arranged = arrange(nodes, options);
  const { graph, breadth, places } = arranged;
  const lower = reflect(nodes, arranged, options);
  const { order, place } = settleLower(lower, graph.layers.length, options);
  const position = new Map(nodes.map((node, i) => [node.id, i]));
  const lanes = assignLanes(lower.taps, (id) => places[position.get(id)!]!);
  const sides = sideLanes(lower.links, order);

  const size = arranged.depth.slice();
  for (const item of lower.items) size[item.column] = Math.max(size[item.column]!, item.item?.width ?? item.label?.width ?? 0);
  const least = 1.6 * options.layerGap;
  const gutter = new Float64Array(size.length).fill(least);
  for (const { of, column } of lower.taps) gutter[column] = Math.max(gutter[column]!, least + LANE_MARGIN + lanes.get(of)! * options.railGap);
  for (const [link, lane] of sides) gutter[link.to.column]! += lane === 0 ? 2 * SIDE_LANE : SIDE_LANE;
  const climb = lowerClimb(lower.links, place, size.length);
  const columns = placeColumns(graph, places, size, (l) => Math.max(gutter[l]!, Math.min(72, 0.4 * climb[l]!)));

  const base = breadth + AXIS_GAP;
  const boxAt = (item: LowerItem, width: number, height: number): Box => ({
    x: columns.start[item.column]! + (columns.size[item.column]! - width) / 2,
    y: base + place.get(item)! - height / 2,
    width,
    height,
  });
  const boxOf = (item: LowerItem): Box => boxAt(item, columns.size[item.column]!, 2 * item.half);
  const stop = stopsIn(order, place, columns, base);
  const forward = nodeBoxes(arranged, columns, nodes, options);
  const edges = routeLinks(lower.links, sides, { stop, boxOf, plate: (item) => boxAt(item, item.label!.width, item.label!.height) });
  const firstRow = Math.max(0, ...lower.items.filter((item) => item.item?.kind === "partial").map((item) => item.half));
  const height = lower.items.reduce((most, item) => Math.max(most, base + place.get(item)! + item.half), breadth);
  return {
    width: columns.end,
    height,
    layers: graph.layers.length,
    crossings: arranged.crossings,
    nodes: forward,
    edges: routeEdges(arranged, columns, nodes, options),
    mirror: {
      axis: base + (firstRow > 0 ? firstRow : -AXIS_GAP / 2),
      boxes: new Map([...lower.boxes].map(([key, item]) => [key, boxOf(item)])),
      edges,
      rails: routeRails(lower.taps, lanes, options.railGap, { stop, box: boxOf, forward: (id) => forward.get(id)! }),
    },
  };
}

function stopsIn(order: readonly LowerItem[][], place: ReadonlyMap<LowerItem, number>, columns: Columns, base: number) {
  const slack = new Map<LowerItem, Slack>();
  for (const column of order) {
    const halves = column.map((item) => item.half);
    const indices = column.map((_, k) => k);
    measureSlack(indices, column.map((item) => place.get(item)!), halves, halves, (k) => column[k]!.item !== null || column[k]!.label !== null, LINE).forEach((room, k) => slack.set(column[k]!, room));
  }
  return (item: LowerItem): Stop => {
    const from = columns.start[item.column]!;
    return { from, to: from + columns.size[item.column]!, across: base + place.get(item)!, slack: slack.get(item)!, fixed: item.label !== null };
  };
}

/** The steepest line between two columns of the lower half. */
function lowerClimb(links: readonly Link[], place: ReadonlyMap<LowerItem, number>, columns: number): Float64Array {
  const climb = new Float64Array(columns);
  for (const { from, to, passing } of links) {
    const way = from.column < to.column ? [from, ...passing, to] : [to, ...passing, from];
    for (let k = 0; k + 1 < way.length; k++) {
      const column = way[k]!.column;
      climb[column] = Math.max(climb[column]!, Math.abs(place.get(way[k + 1]!)! - place.get(way[k]!)!));
    }
  }
  return climb;
}

/** Links within a column that cannot go straight down get a lane of their own right of it. */
function sideLanes(links: readonly Link[], order: readonly LowerItem[][]): Map<Link, number> {
  const lanes = new Map<Link, number>();
  const used = new Map<number, number>();
  for (const link of links) {
    const column = link.from.column;
    if (column !== link.to.column || order[column]!.indexOf(link.to) === order[column]!.indexOf(link.from) + 1) continue;
    lanes.set(link, used.get(column) ?? 0);
    used.set(column, (used.get(column) ?? 0) + 1);
  }
  return lanes;
}

interface Page {
  readonly stop: (item: LowerItem) => Stop;
  readonly boxOf: (item: LowerItem) => Box;
  readonly plate: (item: LowerItem) => Box;
}

function routeLinks(links: readonly Link[], sides: ReadonlyMap<Link, number>, page: Page): ReverseEdge[] {
  const arrive = spread(links, (link) => link.to, (link) => link.passing[0] ?? link.from, 28, page);
  const depart = spread(links, (link) => link.from, (link) => link.passing.at(-1) ?? link.to, 16, page);
  return links.map((link): ReverseEdge => {
    const path = routeLink(link, arrive.get(link)!, depart.get(link)!, sides.get(link), page);
    const plate = link.passing.find((item) => item.label !== null);
    return { from: link.from.item!.key, to: link.to.item!.key, path, arrow: arrowAt(path), label: plate === undefined ? null : page.plate(plate) };
  });
}

function routeLink(link: Link, arrive: number, depart: number, side: number | undefined, page: Page): CubicPath {
  const [from, to] = [page.boxOf(link.from), page.boxOf(link.to)];
  if (link.from.column === link.to.column) {
    const middle = from.x + from.width / 2;
    if (side === undefined) return roundedPath([{ x: middle, y: from.y + from.height }, { x: middle, y: to.y }], 0);
    const right = from.x + from.width;
    const x = right + (side + 1.5) * SIDE_LANE;
    const [start, end] = [from.y + from.height / 2, to.y + 0.28 * to.height];
    const corners: Point[] = [{ x: right, y: start }, { x, y: start }, { x, y: end }, { x: right, y: end }];
    return roundedPath(corners, 8);
  }
  const stops = link.passing.map(page.stop);
  if (link.from.column < link.to.column)
    return curveThrough(knotsThrough({ along: from.x + from.width, across: depart }, stops, { along: to.x, across: arrive }, LINE));
  return reversed(curveThrough(knotsThrough({ along: to.x + to.width, across: arrive }, stops, { along: from.x, across: depart }, LINE)));
}

/** The y at which each link meets one of its boxes, in order of where it comes from or goes to. */
function spread(links: readonly Link[], end: (link: Link) => LowerItem, next: (link: Link) => LowerItem, pitch: number, page: Page): Map<Link, number> {
  const groups = new Map<LowerItem, Link[]>();
  for (const link of links) if (link.from.column !== link.to.column) groups.set(end(link), [...(groups.get(end(link)) ?? []), link]);
  const at = new Map<Link, number>(links.map((link) => [link, 0]));
  for (const [item, group] of groups) {
    const { y, height } = page.boxOf(item);
    const step = Math.min(pitch, (height - 8) / group.length);
    const across = (link: Link) => page.stop(next(link)).across;
    group.sort((a, b) => across(a) - across(b)).forEach((link, k) => at.set(link, y + height / 2 + (k - (group.length - 1) / 2) * step));
  }
  return at;
}

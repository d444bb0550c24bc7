import type { Arranged } from "./forward";
import { settle } from "./settle";
import type { EdgeKey, EdgeLabel, LayoutNode, LayoutOptions, ReverseItem } from "./types";

/** One thing that takes room in a column of the lower half: a box, a plate, or a line passing through. */
export interface LowerItem {
  readonly column: number;
  /** Its rank from the axis down. */
  readonly rank: number;
  /** Distance from the axis that makes it the mirror image of its forward partner. */
  readonly wanted: number;
  readonly half: number;
  readonly item: ReverseItem | null;
  readonly label: EdgeLabel | null;
}

/** A line between two boxes of the lower half, with what it passes on its way, from left to right. */
export interface Link {
  readonly from: LowerItem;
  readonly to: LowerItem;
  readonly passing: readonly LowerItem[];
}

/** A stored value on its way from the gutter right of `column` to a reader. */
export interface Tap {
  readonly of: number;
  readonly column: number;
  readonly reader: LowerItem;
  readonly passing: readonly LowerItem[];
}

export interface Lower {
  readonly items: readonly LowerItem[];
  readonly boxes: ReadonlyMap<string, LowerItem>;
  readonly links: readonly Link[];
  readonly taps: readonly Tap[];
  /** Height of the rows of partials next to the axis. */
  readonly band: number;
}

const BOX_GAP = 12;
const PARTIAL = -1e6;

/** The reverse graph in the columns of the forward graph, each thing opposite its partner. */
export function reflect(nodes: readonly LayoutNode[], arranged: Arranged, options: LayoutOptions): Lower {
  const { graph, places, plateOf, breadth, labels } = arranged;
  const position = new Map(nodes.map((node, i) => [node.id, i]));
  const firstEdge: number[] = [];
  nodes.reduce((edge, node, i) => ((firstEdge[i] = edge), edge + node.inputs.length), 0);
  const edgeOf = ({ node, argnum }: EdgeKey) => firstEdge[position.get(node)!]! + argnum;
  const distance = (forward: number) => breadth - places[forward]!;
  const items: LowerItem[] = [];
  const add = (item: LowerItem): LowerItem => {
    items.push(item);
    return item;
  };

  const rows = new Map<number, number>();
  const boxes = new Map<string, LowerItem>();
  for (const item of options.reverse) {
    const forward = typeof item.of === "number" ? position.get(item.of)! : plateOf[edgeOf(item.of)]!;
    const column = graph.layerOf[forward]!;
    const partial = item.kind === "partial";
    if (partial) rows.set(column, (rows.get(column) ?? 0) + item.height + BOX_GAP);
    const rank = distance(forward) + (partial ? PARTIAL : 0);
    boxes.set(item.key, add({ column, rank, wanted: partial ? 0 : distance(forward), half: item.height / 2, item, label: null }));
  }
  const band = Math.max(0, ...rows.values());

  function edgeBetween(from: ReverseItem, to: ReverseItem): number {
    if (typeof to.of !== "number") return edgeOf(to.of);
    if (typeof from.of !== "number") return edgeOf(from.of);
    const user = nodes[position.get(from.of)!]!;
    const argnum = user.inputs.indexOf(to.of);
    return argnum < 0 ? -1 : edgeOf({ node: user.id, argnum });
  }

  function link(from: LowerItem, to: LowerItem): Link {
    const edge = edgeBetween(from.item!, to.item!);
    const image = new Map<number, number>();
    if (edge >= 0) for (let k = graph.chainStart[edge]!; k < graph.chainStart[edge + 1]!; k++) image.set(graph.layerOf[graph.chain[k]!]!, graph.chain[k]!);
    const bare = from.item!.kind === "adjoint" && to.item!.kind === "adjoint";
    const [left, right] = from.column < to.column ? [from, to] : [to, from];
    const passing: LowerItem[] = [];
    for (let column = left.column + 1; column < right.column; column++) {
      const share = (column - left.column) / (right.column - left.column);
      const partner = image.get(column);
      const wanted = partner === undefined ? left.wanted + (right.wanted - left.wanted) * share : distance(partner);
      const label = bare && partner !== undefined && partner === plateOf[edge] ? labels[edge] ?? null : null;
      passing.push(add({ column, rank: wanted, wanted, half: label === null ? 4 : label.height / 2, item: null, label }));
    }
    return { from, to, passing };
  }

  const links = options.reverse.flatMap((to) => to.inputs.map((key) => link(boxes.get(key)!, boxes.get(to.key)!)));
  const taps = options.reverse.flatMap((item) =>
    item.reads.map((of): Tap => {
      const reader = boxes.get(item.key)!;
      const column = graph.layerOf[position.get(of)!]!;
      const [first, last] = reader.column > column ? [column + 1, reader.column - 1] : [reader.column + 1, column];
      const passing: LowerItem[] = [];
      for (let at = first; at <= last; at++)
        passing.push(add({ column: at, rank: reader.rank - 0.01, wanted: reader.wanted - reader.half / 2, half: 3, item: null, label: null }));
      return { of, column, reader, passing };
    }),
  );
  return { items, boxes, links, taps, band };
}

/** Distance from the axis for every item: its mirror image, pushed apart where the lower boxes are taller. */
export function settleLower(lower: Lower, columns: number, options: LayoutOptions): { order: LowerItem[][]; place: Map<LowerItem, number> } {
  const order: LowerItem[][] = Array.from({ length: columns }, () => []);
  for (const item of lower.items) order[item.column]!.push(item);
  const place = new Map<LowerItem, number>();
  for (const column of order) {
    column.sort((a, b) => a.rank - b.rank);
    const wanted = column.map((item) => (item.rank < PARTIAL / 2 ? item.half : item.wanted + lower.band));
    const distances = column.slice(1).map((item, k) => {
      const gap = item.item !== null && column[k]!.item !== null ? BOX_GAP : options.labelGap;
      return column[k]!.half + gap + item.half;
    });
    const low = column[0]?.half ?? 0;
    settle(wanted, distances, low).forEach((at, k) => place.set(column[k]!, at));
  }
  return { order, place };
}

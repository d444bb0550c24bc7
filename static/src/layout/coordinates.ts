import { alignBlocks, type Blocks, findMedians, markConflicts, type Reading } from "./alignment";
import type { Layered } from "./dummies";
import type { Ports } from "./ports";

/** What an item needs on either side of its middle line, and between two neighbours of a layer. */
export interface Extents {
  readonly above: Float64Array;
  readonly below: Float64Array;
  readonly gap: (item: number, next: number) => number;
}

export const readings: readonly Reading[] = [
  { forwards: true, upwards: true },
  { forwards: true, upwards: false },
  { forwards: false, upwards: true },
  { forwards: false, upwards: false },
];

/**
 * A place across the layers for every item: straight long edges, balanced, no overlap
 * (Brandes & Koepf 2001, "Fast and simple horizontal coordinate assignment", with sizes).
 *
 * Four extreme assignments, each leaning to one corner; the mean of the two middle ones keeps every distance
 * that all four keep.
 */
export function assignCoordinates(graph: Layered, extents: Extents, ports: Ports): Float64Array {
  const position = new Int32Array(graph.items);
  for (const layer of graph.layers) layer.forEach((item, at) => (position[item] = at));
  const conflicts = markConflicts(graph, position);
  const constraints = separations(graph, extents);
  const before = findMedians(graph.nodes, graph.beforeStart, graph.before, position);
  const after = findMedians(graph.nodes, graph.afterStart, graph.after, position);
  const four = readings.map((reading) => {
    const blocks = alignBlocks(graph, position, ports, conflicts, reading.forwards ? before : after, reading);
    return compact(graph, blocks, constraints, reading.upwards);
  });
  return balance(four, extents);
}

/** Least distances of neighbours in a layer: `distance[i]` from item i to `follower[i]`, -1 for the last. */
interface Constraints {
  readonly follower: Int32Array;
  readonly distance: Float64Array;
}

function separations(graph: Layered, { above, below, gap }: Extents): Constraints {
  const follower = new Int32Array(graph.items).fill(-1);
  const distance = new Float64Array(graph.items);
  for (const layer of graph.layers)
    for (let at = 0; at + 1 < layer.length; at++) {
      const item = layer[at]!;
      const next = layer[at + 1]!;
      follower[item] = next;
      distance[item] = below[item]! + gap(item, next) + above[next]!;
    }
  return { follower, distance };
}

/**
 * Places for the blocks: as near to one side as the distances allow, then back towards what stands beyond,
 * so that a block does not sit far away from everything for being unhindered.
 */
function compact(graph: Layered, blocks: Blocks, constraints: Constraints, upwards: boolean): Float64Array {
  const { root, shift } = blocks;
  const { order, first, entry } = sortBlocks(graph.items, root, constraints.follower);
  const { follower, distance } = constraints;
  const after = (i: number) => root[follower[i]!]!;
  const apart = (i: number) => distance[i]! + shift[i]! - shift[follower[i]!]!;
  const place = new Float64Array(graph.items);
  const bound = new Float64Array(graph.items);

  const pushOn = (free: number) => {
    bound.fill(-Infinity);
    for (const block of order) {
      place[block] = bound[block]! > -Infinity ? bound[block]! : Math.max(free, place[block]!);
      for (let k = first[block]!; k < first[block + 1]!; k++) {
        const next = after(entry[k]!);
        bound[next] = Math.max(bound[next]!, place[block]! + apart(entry[k]!));
      }
    }
  };
  const pushBack = (free: number) => {
    for (let k = order.length - 1; k >= 0; k--) {
      const block = order[k]!;
      let most = Infinity;
      for (let e = first[block]!; e < first[block + 1]!; e++) most = Math.min(most, place[after(entry[e]!)]! - apart(entry[e]!));
      place[block] = most < Infinity ? most : Math.min(free, place[block]!);
    }
  };
  pushOn(0);
  if (upwards) pushBack(Infinity);
  else {
    const end = place.reduce((a, b) => Math.max(a, b), 0);
    place.fill(end);
    pushBack(end);
    pushOn(-Infinity);
  }
  return shift.map((by, i) => place[root[i]!]! + by);
}

/** The blocks, each after all that stand before it, and for each the items that have a follower. */
function sortBlocks(items: number, root: Int32Array, follower: Int32Array) {
  const first = new Int32Array(items + 1);
  const missing = new Int32Array(items);
  for (let i = 0; i < items; i++) {
    if (follower[i]! < 0) continue;
    first[root[i]! + 1]!++;
    missing[root[follower[i]!]!]!++;
  }
  for (let i = 0; i < items; i++) first[i + 1]! += first[i]!;
  const entry = new Int32Array(first[items]!);
  const fill = first.slice();
  for (let i = 0; i < items; i++) if (follower[i]! >= 0) entry[fill[root[i]!]!++] = i;
  const order = new Int32Array(items);
  let filled = 0;
  for (let i = 0; i < items; i++) if (root[i] === i && missing[i] === 0) order[filled++] = i;
  for (let done = 0; done < filled; done++) {
    const block = order[done]!;
    for (let k = first[block]!; k < first[block + 1]!; k++) {
      const next = root[follower[entry[k]!]!]!;
      missing[next]!--;
      if (missing[next] === 0) order[filled++] = next;
    }
  }
  return { order: order.subarray(0, filled), first, entry };
}

function balance(four: readonly Float64Array[], { above, below }: Extents): Float64Array {
  const bounds = four.map((places) => {
    let low = Infinity;
    let high = -Infinity;
    places.forEach((place, i) => {
      low = Math.min(low, place - above[i]!);
      high = Math.max(high, place + below[i]!);
    });
    return { low, high };
  });
  const narrowest = bounds.reduce((a, b) => (b.high - b.low < a.high - a.low ? b : a), bounds[0]!);
  const moved = bounds.map(({ low, high }, k) => (readings[k]!.upwards ? narrowest.low - low : narrowest.high - high));
  const places = new Float64Array(above.length);
  for (let i = 0; i < places.length; i++) {
    const [a, b, c, d] = [four[0]![i]! + moved[0]!, four[1]![i]! + moved[1]!, four[2]![i]! + moved[2]!, four[3]![i]! + moved[3]!];
    places[i] = (a + b + c + d - Math.min(a, b, c, d) - Math.max(a, b, c, d)) / 2;
  }
  return places;
}

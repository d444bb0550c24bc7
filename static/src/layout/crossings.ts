import type { Layered } from "./dummies";

/**
 * Crossings of straight segments between neighbouring layers, in O(E log V).
 *
 * Walk the segments in order of their first ends and count, for each, the earlier ones that end further on;
 * an accumulator tree over the second layer answers that (Barth, Juenger & Mutzel 2002, "Simple and efficient
 * bilayer cross counting"). Segments that share an end do not cross.
 */
export function countCrossings(graph: Layered, layers: readonly Int32Array[]): number {
  const position = new Int32Array(graph.items);
  let widest = 1;
  for (const layer of layers) {
    for (let at = 0; at < layer.length; at++) position[layer[at]!] = at;
    widest = Math.max(widest, layer.length);
  }
  const tree = new Int32Array(4 * widest);
  const ends = new Int32Array(graph.after.length);
  let total = 0;
  for (let l = 0; l + 1 < layers.length; l++) total += countBetween(graph, layers[l]!, layers[l + 1]!.length, position, tree, ends);
  return total;
}

function countBetween(
  graph: Layered,
  first: Int32Array,
  width: number,
  position: Int32Array,
  tree: Int32Array,
  ends: Int32Array,
): number {
  let leaves = 1;
  while (leaves < width) leaves *= 2;
  for (let k = 0; k < 2 * leaves; k++) tree[k] = 0;
  let crossings = 0;
  for (const item of first) {
    const from = graph.afterStart[item]!;
    const degree = graph.afterStart[item + 1]! - from;
    for (let k = 0; k < degree; k++) ends[k] = position[graph.after[from + k]!]!;
    if (degree > 1) sortRange(ends, 0, degree);
    for (let k = 0; k < degree; k++) {
      for (let at = leaves + ends[k]!; at > 1; at >>= 1) {
        tree[at]!++;
        if ((at & 1) === 0) crossings += tree[at + 1]!;
      }
    }
  }
  return crossings;
}

/** Ascending, in place: most nodes have few users, where insertion is quickest. */
export function sortRange(values: Int32Array, from: number, to: number): void {
  if (to - from > 24) {
    values.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!;
    let at = i;
    while (at > from && values[at - 1]! > value) {
      values[at] = values[at - 1]!;
      at--;
    }
    values[at] = value;
  }
}

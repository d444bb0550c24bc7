import { countCrossings } from "./crossings";
import type { Layered } from "./dummies";

/**
 * Bring the nodes of the first layer back to the order of the list, as far as that costs no crossing;
 * returns the number of crossings.
 *
 * A picture and its reflection cross equally often, so the one with more pairs in source order is taken first.
 */
export function restoreInputOrder(graph: Layered, crossings: number): number {
  const first = graph.layers[0];
  if (first === undefined) return crossings;
  if (2 * inversions(first) > (first.length * (first.length - 1)) / 2) for (const layer of graph.layers) layer.reverse();
  if (first.length > 64 || graph.layers.length < 2) return crossings;
  const pair = graph.layers.slice(0, 2);
  let here = countCrossings(graph, pair);
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 0; at + 1 < first.length; at++) {
      const [a, b] = [first[at]!, first[at + 1]!];
      if (a < b) continue;
      [first[at], first[at + 1]] = [b, a];
      const now = countCrossings(graph, pair);
      if (now <= here) {
        crossings += now - here;
        here = now;
        changed = true;
      } else [first[at], first[at + 1]] = [a, b];
    }
  }
  return crossings;
}

function inversions(items: Int32Array): number {
  if (items.length > 400) return 0;
  let count = 0;
  for (let i = 0; i < items.length; i++) for (let k = i + 1; k < items.length; k++) if (items[i]! > items[k]!) count++;
  return count;
}

import type { Extents } from "./coordinates";
import type { Layered } from "./dummies";
import type { Ports } from "./ports";

/**
 * Places nearest to the wanted ones (least squares) in this order and with these distances.
 *
 * Less the distances, that is isotonic regression, solved by pooling neighbours that want to pass each other
 * (Ayer et al. 1955). `low` is the least place allowed.
 */
export function settle(wanted: readonly number[], distances: readonly number[], low = -Infinity): number[] {
  const pools: { sum: number; count: number }[] = [];
  const offsets: number[] = [];
  wanted.forEach((place, k) => {
    offsets.push(k === 0 ? 0 : offsets[k - 1]! + distances[k - 1]!);
    let pool = { sum: place - offsets[k]!, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.count >= pool.sum / pool.count; last = pools.at(-1)) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  });
  const result: number[] = [];
  for (const { sum, count } of pools) for (let k = 0; k < count; k++) result.push(Math.max(low, sum / count) + offsets[result.length]!);
  return result;
}

/** Move what stands in the label layers half-way between the ends it joins, so that curves swing through it. */
export function centrePlates(graph: Layered, places: Float64Array, extents: Extents, ports: Ports): void {
  for (let l = 1; l < graph.layers.length; l += 2) {
    const layer = [...graph.layers[l]!];
    const wanted = layer.map((item) => {
      const into = graph.beforeSegment[graph.beforeStart[item]!]!;
      const out = graph.afterSegment[graph.afterStart[item]!]!;
      const from = places[graph.chain[into]!]! + ports.leave[into]!;
      const to = places[graph.chain[out + 1]!]! + ports.enter[out]!;
      return (from + to) / 2;
    });
    const distances = layer.slice(1).map((item, k) => extents.below[layer[k]!]! + extents.gap(layer[k]!, item) + extents.above[item]!);
    settle(wanted, distances).forEach((place, k) => (places[layer[k]!] = place));
  }
}

/** Shift everything so that the first box begins at 0; returns where the last one ends. */
export function normalise(places: Float64Array, { above, below }: Extents): number {
  let low = Infinity;
  let high = 0;
  places.forEach((place, i) => (low = Math.min(low, place - above[i]!)));
  places.forEach((place, i) => {
    places[i] = place - low;
    high = Math.max(high, places[i]! + below[i]!);
  });
  return high;
}

import { sortRange } from "./crossings";
import type { Layered } from "./dummies";

/**
 * Move single items to the best place of their layer, seen from both neighbouring layers at once.
 *
 * With `reach` 1 this is the transposition of Gansner et al. 1993, with a larger one the sifting of
 * Matuszewski, Schoenfeld & Molitor 1999. Crossings never rise. Returns how many went away.
 */
export function createSifting(graph: Layered) {
  const position = new Int32Array(graph.items);
  const before = new Int32Array(graph.before.length);
  const after = new Int32Array(graph.after.length);

  let siftedTo = 0;

  /** Crossings of u with v when u stands first, less those when v does. */
  function preference(u: number, v: number): number {
    return (
      excess(before, graph.beforeStart[u]!, graph.beforeStart[u + 1]!, graph.beforeStart[v]!, graph.beforeStart[v + 1]!) +
      excess(after, graph.afterStart[u]!, graph.afterStart[u + 1]!, graph.afterStart[v]!, graph.afterStart[v + 1]!)
    );
  }

  function readNeighbours(layer: Int32Array): void {
    for (const item of layer) {
      readRow(before, graph.before, graph.beforeStart[item]!, graph.beforeStart[item + 1]!);
      readRow(after, graph.after, graph.afterStart[item]!, graph.afterStart[item + 1]!);
    }
  }

  function readRow(row: Int32Array, neighbours: Int32Array, from: number, to: number): void {
    for (let k = from; k < to; k++) row[k] = position[neighbours[k]!]!;
    if (to - from > 1) sortRange(row, from, to);
  }

  /** Returns how many crossings went away; `siftedTo` tells where the item stands now. */
  function siftItem(layer: Int32Array, at: number, reach: number): number {
    const item = layer[at]!;
    let best = at;
    let gain = 0;
    let change = 0;
    const last = Math.min(layer.length - 1, at + reach);
    for (let to = at + 1; to <= last; to++) {
      change -= preference(item, layer[to]!);
      if (change < gain) {
        gain = change;
        best = to;
      }
    }
    change = 0;
    const first = Math.max(0, at - reach);
    for (let to = at - 1; to >= first; to--) {
      change -= preference(layer[to]!, item);
      if (change < gain) {
        gain = change;
        best = to;
      }
    }
    if (best > at) layer.copyWithin(at, at + 1, best + 1);
    else if (best < at) layer.copyWithin(best + 1, best, at);
    layer[best] = item;
    siftedTo = best;
    return -gain;
  }

  return function sift(layers: readonly Int32Array[], reach: number, rounds: number): number {
    for (const layer of layers) layer.forEach((item, at) => (position[item] = at));
    const stale = new Uint8Array(layers.length).fill(1);
    let removed = 0;
    for (let round = 0; round < rounds; round++) {
      let gained = 0;
      for (let step = 0; step < layers.length; step++) {
        const l = round % 2 === 0 ? step : layers.length - 1 - step;
        if (stale[l] === 0) continue;
        stale[l] = 0;
        const layer = layers[l]!;
        readNeighbours(layer);
        let here = 0;
        for (let at = 0; at < layer.length; ) {
          here += siftItem(layer, at, reach);
          if (siftedTo <= at) at++;
        }
        layer.forEach((item, at) => (position[item] = at));
        if (here === 0) continue;
        gained += here;
        for (let near = Math.max(0, l - 1); near <= Math.min(layers.length - 1, l + 1); near++) stale[near] = 1;
      }
      removed += gained;
      if (gained === 0) break;
    }
    return removed;
  };
}

/** Pairs (a, b) of the two ascending rows with a > b, less those with a < b. */
function excess(row: Int32Array, u: number, uEnd: number, v: number, vEnd: number): number {
  if (uEnd - u === 1 && vEnd - v === 1) return Math.sign(row[u]! - row[v]!);
  let total = 0;
  let smaller = v;
  let notGreater = v;
  for (let k = u; k < uEnd; k++) {
    const a = row[k]!;
    while (smaller < vEnd && row[smaller]! < a) smaller++;
    while (notGreater < vEnd && row[notGreater]! <= a) notGreater++;
    total += smaller - v - (vEnd - notGreater);
  }
  return total;
}

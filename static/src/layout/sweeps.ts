import { sortRange } from "./crossings";
import type { Layered } from "./dummies";

export type Centre = "barycentre" | "median";

const FRACTION = 1 << 12;
const PLACES = 1 << 20;

/**
 * One pass over the layers, each sorted by the centre of its neighbours in the layer just placed
 * (Sugiyama, Tagawa & Toda 1981; the median as in Gansner et al. 1993, section 3).
 *
 * Items without such neighbours keep their place. `reverseTies` lets equal centres change sides, so that
 * repeated passes do not get stuck on one order of them.
 */
export function createSweep(graph: Layered) {
  const position = new Int32Array(graph.items);
  const centre = new Float64Array(graph.items);
  const scratch = new Int32Array(graph.items);
  const keys = new Float64Array(graph.items);
  const sorted = new Int32Array(graph.items);

  function barycentre(neighbours: Int32Array, from: number, to: number): number {
    let sum = 0;
    for (let k = from; k < to; k++) sum += position[neighbours[k]!]!;
    return sum / (to - from);
  }

  function median(neighbours: Int32Array, from: number, to: number): number {
    const count = to - from;
    for (let k = 0; k < count; k++) scratch[k] = position[neighbours[from + k]!]!;
    sortRange(scratch, 0, count);
    const middle = count >> 1;
    if (count % 2 === 1) return scratch[middle]!;
    if (count === 2) return (scratch[0]! + scratch[1]!) / 2;
    const left = scratch[middle - 1]! - scratch[0]!;
    const right = scratch[count - 1]! - scratch[middle]!;
    if (left + right === 0) return (scratch[middle - 1]! + scratch[middle]!) / 2;
    return (scratch[middle - 1]! * right + scratch[middle]! * left) / (left + right);
  }

  function sortLayer(layer: Int32Array, start: Int32Array, neighbours: Int32Array, of: Centre, reverseTies: boolean): void {
    let movable = 0;
    for (const item of layer) {
      const from = start[item]!;
      const to = start[item + 1]!;
      if (from === to) {
        centre[item] = -1;
        continue;
      }
      centre[item] = to - from === 1 ? position[neighbours[from]!]! : of === "median" ? median(neighbours, from, to) : barycentre(neighbours, from, to);
      movable++;
    }
    sortMovable(layer, movable, reverseTies);
    let filled = 0;
    for (let at = 0; at < layer.length; at++) {
      if (centre[layer[at]!]! >= 0) layer[at] = sorted[filled++]!;
      position[layer[at]!] = at;
    }
  }

  /** One number for a centre and the place in the layer: numbers sort many times faster than pairs. */
  function sortMovable(layer: Int32Array, count: number, reverseTies: boolean): void {
    let filled = 0;
    let ascending = true;
    for (let at = 0; at < layer.length; at++) {
      const item = layer[at]!;
      if (centre[item]! < 0) continue;
      keys[filled] = Math.round(centre[item]! * FRACTION) * PLACES + (reverseTies ? PLACES - 1 - at : at);
      if (filled > 0 && keys[filled]! < keys[filled - 1]!) ascending = false;
      filled++;
    }
    if (!ascending) keys.subarray(0, count).sort();
    for (let k = 0; k < count; k++) {
      const at = keys[k]! % PLACES;
      sorted[k] = layer[reverseTies ? PLACES - 1 - at : at]!;
    }
  }

  return function sweep(layers: readonly Int32Array[], forwards: boolean, of: Centre, reverseTies: boolean): void {
    const last = layers.length - 1;
    const first = forwards ? 0 : last;
    layers[first]!.forEach((item, at) => (position[item] = at));
    for (let step = 1; step <= last; step++) {
      const layer = layers[forwards ? step : last - step]!;
      if (forwards) sortLayer(layer, graph.beforeStart, graph.before, of, reverseTies);
      else sortLayer(layer, graph.afterStart, graph.after, of, reverseTies);
    }
  };
}

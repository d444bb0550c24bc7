import type { Layered } from "./dummies";

/** The layers along the reading direction: where each begins, and how deep it is. */
export interface Columns {
  readonly start: Float64Array;
  readonly size: Float64Array;
  readonly end: number;
}

/** Distances grow with the steepest segment between two layers, so that no curve must climb like a wall. */
export function placeColumns(
  graph: Layered,
  places: Float64Array,
  size: Float64Array,
  leastGap: (layer: number) => number,
): Columns {
  const climb = new Float64Array(size.length);
  for (let item = 0; item < graph.items; item++)
    for (let k = graph.afterStart[item]!; k < graph.afterStart[item + 1]!; k++) {
      const l = graph.layerOf[item]!;
      climb[l] = Math.max(climb[l]!, Math.abs(places[graph.after[k]!]! - places[item]!));
    }
  const start = new Float64Array(size.length);
  let at = 0;
  for (let l = 0; l < size.length; l++) {
    start[l] = at;
    at += size[l]! + Math.max(leastGap(l), Math.min(72, 0.28 * climb[l]!));
  }
  return { start, size, end: size.length === 0 ? 0 : start.at(-1)! + size.at(-1)! };
}

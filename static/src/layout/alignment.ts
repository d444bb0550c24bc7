import type { Layered } from "./dummies";
import type { Ports } from "./ports";

/** Items that stand on one straight line: `root` of each, and its distance from the line's root. */
export interface Blocks {
  readonly root: Int32Array;
  readonly shift: Float64Array;
}

export interface Reading {
  /** Align with the previous layer, or with the next. */
  readonly forwards: boolean;
  /** Walk the layers from their first item, or from their last. */
  readonly upwards: boolean;
}

/**
 * Segments that must not be straightened, as they cross an inner segment of a long edge, which must be
 * (Brandes & Koepf 2001, algorithm 1).
 */
export function markConflicts(graph: Layered, position: Int32Array): Uint8Array {
  const marked = new Uint8Array(graph.chain.length);
  const innerBefore = (item: number) => {
    if (item < graph.nodes) return -1;
    const other = graph.before[graph.beforeStart[item]!]!;
    return other < graph.nodes ? -1 : position[other]!;
  };
  for (let l = 1; l < graph.layers.length; l++) {
    const layer = graph.layers[l]!;
    let low = 0;
    let scanned = 0;
    for (let at = 0; at < layer.length; at++) {
      const inner = innerBefore(layer[at]!);
      if (inner < 0 && at < layer.length - 1) continue;
      const high = inner < 0 ? graph.layers[l - 1]!.length : inner;
      for (; scanned <= at; scanned++) {
        const item = layer[scanned]!;
        if (innerBefore(item) >= 0) continue;
        for (let k = graph.beforeStart[item]!; k < graph.beforeStart[item + 1]!; k++) {
          const other = position[graph.before[k]!]!;
          if (other < low || other > high) marked[graph.beforeSegment[k]!] = 1;
        }
      }
      low = high;
    }
  }
  // A shared line runs on straight; what branches off it bends.
  for (let item = graph.nodes; item < graph.items; item++) {
    const [from, to] = [graph.afterStart[item]!, graph.afterStart[item + 1]!];
    if (to - from > 1 && graph.after.subarray(from, to).some((next) => next >= graph.nodes))
      for (let k = from; k < to; k++) if (graph.after[k]! < graph.nodes) marked[graph.afterSegment[k]!] = 1;
  }
  return marked;
}

/**
 * Join every item with the median of its neighbours where that neighbour is free and lines do not cross
 * (Brandes & Koepf 2001, algorithm 2). Ports make a straight edge, not equal middles, the aim
 * (as "inside block shift" in Ruegg et al. 2015).
 */
export function alignBlocks(
  graph: Layered,
  position: Int32Array,
  ports: Ports,
  conflicts: Uint8Array,
  medians: Medians,
  { forwards, upwards }: Reading,
): Blocks {
  const root = Int32Array.from({ length: graph.items }, (_, i) => i);
  const shift = new Float64Array(graph.items);
  const neighbours = forwards ? graph.before : graph.after;
  const segments = forwards ? graph.beforeSegment : graph.afterSegment;
  const near = forwards ? ports.enter : ports.leave;
  const far = forwards ? ports.leave : ports.enter;
  const last = graph.layers.length - 1;
  for (let step = 1; step <= last; step++) {
    const layer = graph.layers[forwards ? step : last - step]!;
    let limit = upwards ? -1 : Infinity;
    for (let turn = 0; turn < layer.length; turn++) {
      const item = layer[upwards ? turn : layer.length - 1 - turn]!;
      if (medians.low[item]! < 0) continue;
      for (let attempt = 0; attempt < 2; attempt++) {
        const k = (attempt === 0) === upwards ? medians.low[item]! : medians.high[item]!;
        const other = neighbours[k]!;
        const segment = segments[k]!;
        const at = position[other]!;
        if (conflicts[segment] === 1 || (upwards ? at <= limit : at >= limit)) continue;
        root[item] = root[other]!;
        shift[item] = shift[other]! + far[segment]! - near[segment]!;
        limit = at;
        break;
      }
    }
  }
  return { root, shift };
}

/** For every item the entries of its two middle neighbours (one and the same when their number is odd; the way on of a shared line), or -1. */
export interface Medians {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export function findMedians(nodes: number, start: Int32Array, neighbours: Int32Array, position: Int32Array): Medians {
  const low = new Int32Array(start.length - 1).fill(-1);
  const high = low.slice();
  for (let item = 0; item + 1 < start.length; item++) {
    const from = start[item]!;
    const degree = start[item + 1]! - from;
    if (degree === 0) continue;
    const on = item < nodes || degree === 1 ? -1 : neighbours.subarray(from, from + degree).findIndex((other) => other >= nodes);
    if (on >= 0) {
      low[item] = high[item] = from + on;
      continue;
    }
    if (degree <= 2) {
      const turned = degree === 2 && position[neighbours[from]!]! > position[neighbours[from + 1]!]!;
      low[item] = turned ? from + 1 : from;
      high[item] = turned ? from : from + degree - 1;
      continue;
    }
    const entries = Array.from({ length: degree }, (_, k) => from + k);
    entries.sort((a, b) => position[neighbours[a]!]! - position[neighbours[b]!]! || a - b);
    low[item] = entries[(degree - 1) >> 1]!;
    high[item] = entries[degree >> 1]!;
  }
  return { low, high };
}

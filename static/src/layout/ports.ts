import type { Layered } from "./dummies";

/**
 * Where segments leave and enter their nodes, as distances from the middle line of the item.
 *
 * Ports follow the order of the neighbours, so that edges do not cross at the node; two edges to one
 * neighbour (x*x) keep the order of their arguments.
 */
export interface Ports {
  /** By segment: at its first and at its second item. */
  readonly leave: Float64Array;
  readonly enter: Float64Array;
}

export function spreadPorts(graph: Layered, breadth: Float64Array, pitch: number): Ports {
  const position = new Int32Array(graph.items);
  for (const layer of graph.layers) layer.forEach((item, at) => (position[item] = at));
  const leave = new Float64Array(graph.chain.length);
  const enter = new Float64Array(graph.chain.length);
  const spread = (ports: Float64Array, segments: Int32Array, from: number, to: number, other: 0 | 1, room: number) => {
    if (to - from < 2) return;
    const ordered: number[] = [];
    for (let k = from; k < to; k++) ordered.push(segments[k]!);
    ordered.sort((a, b) => position[graph.chain[a + other]!]! - position[graph.chain[b + other]!]! || a - b);
    const step = Math.min(pitch, room / ordered.length);
    ordered.forEach((segment, k) => (ports[segment] = (k - (ordered.length - 1) / 2) * step));
  };
  for (let node = 0; node < graph.nodes; node++) {
    const room = breadth[node]! - 12;
    spread(leave, graph.afterSegment, graph.afterStart[node]!, graph.afterStart[node + 1]!, 1, room);
    spread(enter, graph.beforeSegment, graph.beforeStart[node]!, graph.beforeStart[node + 1]!, 0, room);
  }
  return { leave, enter };
}

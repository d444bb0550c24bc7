import { connect, type Layered } from "./dummies";

export interface WithPlates {
  readonly graph: Layered;
  /** The item on which the label of edge e stands; -1 without label layers. */
  readonly plateOf: Int32Array;
}

/**
 * A layer for the labels between every two layers, so that a label gets room like a node
 * (Gansner et al. 1993, section 5.3, double the ranks for the same reason).
 *
 * The items of a label layer stand in order of the sum of their segment's ends. Two segments that cross do so
 * on one side of it then, two that do not cross still do not: the number of crossings stays.
 */
export function insertPlates(graph: Layered): WithPlates {
  const edges = graph.chainStart.length - 1;
  const segments = graph.after.length;
  const layerOf = new Int32Array(graph.items + segments);
  for (let i = 0; i < graph.items; i++) layerOf[i] = 2 * graph.layerOf[i]!;
  const chainStart = new Int32Array(edges + 1);
  const chain = new Int32Array(graph.chain.length + segments);
  const plateOf = new Int32Array(edges);
  const rank = new Float64Array(graph.items + segments);
  const place = relativePlaces(graph);
  let next = graph.items;
  let at = 0;
  for (let e = 0; e < edges; e++) {
    const from = graph.chainStart[e]!;
    const span = graph.chainStart[e + 1]! - from - 1;
    for (let k = 0; k < span; k++) {
      const here = graph.chain[from + k]!;
      if (k === Math.floor(0.4 * span)) plateOf[e] = next;
      layerOf[next] = 2 * graph.layerOf[here]! + 1;
      rank[next] = place[here]! + place[graph.chain[from + k + 1]!]!;
      chain[at++] = here;
      chain[at++] = next++;
    }
    chain[at++] = graph.chain[from + span]!;
    chainStart[e + 1] = at;
  }
  const widened = connect(graph.nodes, layerOf, chainStart, chain);
  widened.layers.forEach((layer, l) => {
    if (l % 2 === 0) layer.set(graph.layers[l / 2]!);
    else layer.sort((a, b) => rank[a]! - rank[b]! || a - b);
  });
  return { graph: widened, plateOf };
}

function relativePlaces(graph: Layered): Float64Array {
  const place = new Float64Array(graph.items);
  for (const layer of graph.layers) layer.forEach((item, at) => (place[item] = (at + 1) / (layer.length + 1)));
  return place;
}

import type { Layered } from "./dummies";

/**
 * A first order of the layers: the order in which a depth-first walk meets the items.
 *
 * Walking from the outputs through the inputs in argnum order draws a formula tree without a crossing; walking from
 * the inputs through the users does so for a fan-out. Iterative, as formulas may be deep.
 */
export function walkOrder(graph: Layered, from: "outputs" | "inputs"): Int32Array[] {
  const backwards = from === "outputs";
  const start = backwards ? graph.beforeStart : graph.afterStart;
  const next = backwards ? graph.before : graph.after;
  const rootOf = backwards ? graph.afterStart : graph.beforeStart;
  const layers = graph.layers.map((layer) => new Int32Array(layer.length));
  const filled = new Int32Array(layers.length);
  const seen = new Uint8Array(graph.items);
  const stack: number[] = [];
  const visit = (root: number) => {
    stack.push(root);
    while (stack.length > 0) {
      const item = stack.pop()!;
      if (seen[item] === 1) continue;
      seen[item] = 1;
      const l = graph.layerOf[item]!;
      layers[l]![filled[l]!++] = item;
      for (let k = start[item + 1]! - 1; k >= start[item]!; k--) if (seen[next[k]!] === 0) stack.push(next[k]!);
    }
  };
  for (let item = 0; item < graph.nodes; item++) if (rootOf[item] === rootOf[item + 1]) visit(item);
  for (let item = 0; item < graph.items; item++) visit(item);
  return layers;
}

/** The order of the list: inputs stand in source order, nodes in Wengert order, dummies where their edge starts. */
export function listOrder(graph: Layered): Int32Array[] {
  const rank = new Float64Array(graph.items);
  for (let item = 0; item < graph.nodes; item++) rank[item] = item;
  for (let e = 0; e + 1 < graph.chainStart.length; e++) {
    const from = graph.chainStart[e]!;
    const to = graph.chainStart[e + 1]! - 1;
    for (let k = from + 1; k < to; k++) rank[graph.chain[k]!] = (graph.chain[from]! + graph.chain[to]!) / 2;
  }
  return graph.layers.map((layer) => layer.slice().sort((a, b) => rank[a]! - rank[b]! || a - b));
}

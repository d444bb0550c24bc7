import { countCrossings } from "./crossings";
import type { Layered } from "./dummies";
import { listOrder, walkOrder } from "./initial";
import { createSifting } from "./sifting";
import { type Centre, createSweep } from "./sweeps";

/** What the search may spend: small graphs get every restart, large ones a few sweeps. */
interface Effort {
  readonly starts: number;
  readonly centres: readonly Centre[];
  readonly sweeps: number;
  /** How many of the swept orders are sifted, how far an item may go, and how often. */
  readonly finalists: number;
  readonly reach: number;
  readonly rounds: number;
}

const BOTH: readonly Centre[] = ["median", "barycentre"];

function effortFor(graph: Layered): Effort {
  const segments = graph.after.length;
  if (segments < 120) return { starts: 3, centres: BOTH, sweeps: 8, finalists: 6, reach: 64, rounds: 8 };
  if (segments < 1_500) return { starts: 3, centres: BOTH, sweeps: 8, finalists: 2, reach: 64, rounds: 6 };
  if (segments < 8_000) return { starts: 2, centres: BOTH, sweeps: 8, finalists: 1, reach: 40, rounds: 4 };
  return { starts: 1, centres: ["barycentre"], sweeps: 6, finalists: 1, reach: 1, rounds: 2 };
}

/** All layers in one row, which is cheaper to keep than an array for each. */
interface Swept {
  readonly order: Int32Array;
  readonly crossings: number;
}

/**
 * Order every layer for few crossings; returns their number and leaves the order in `graph.layers`.
 *
 * From several first orders: sweeps to and fro with barycentre or median. The best few are sifted; the best stays.
 */
export function orderLayers(graph: Layered): number {
  const effort = effortFor(graph);
  const sweep = createSweep(graph);
  const sift = createSifting(graph);
  const starts = [() => walkOrder(graph, "outputs"), () => listOrder(graph), () => walkOrder(graph, "inputs")];
  const swept = starts.slice(0, effort.starts).flatMap((start) => {
    const first = start();
    return effort.centres.map((of) => settle(first, of));
  });
  const sifted = swept
    .sort((a, b) => a.crossings - b.crossings)
    .slice(0, effort.finalists)
    .map(({ order, crossings }) => {
      load(order, graph.layers);
      const left = crossings - sift(graph.layers, effort.reach, effort.rounds);
      return { order: save(graph.layers), crossings: left };
    });
  const best = sifted.reduce((a, b) => (b.crossings < a.crossings ? b : a));
  load(best.order, graph.layers);
  return best.crossings;

  /** Sweep to and fro until that stops helping; the best order met. */
  function settle(first: readonly Int32Array[], of: Centre): Swept {
    const { layers } = graph;
    layers.forEach((layer, l) => layer.set(first[l]!));
    let best: Swept = { order: save(layers), crossings: countCrossings(graph, layers) };
    for (let turn = 0, idle = 0; turn < effort.sweeps && idle < 3 && best.crossings > 0; turn++, idle++) {
      sweep(layers, turn % 2 === 0, of, turn % 4 >= 2);
      const crossings = countCrossings(graph, layers);
      if (crossings >= best.crossings) continue;
      best = { order: save(layers), crossings };
      idle = -1;
    }
    return best;
  }

  function save(layers: readonly Int32Array[]): Int32Array {
    const order = new Int32Array(graph.items);
    let at = 0;
    for (const layer of layers) for (let k = 0; k < layer.length; k++) order[at++] = layer[k]!;
    return order;
  }
}

function load(order: Int32Array, layers: readonly Int32Array[]): void {
  let at = 0;
  for (const layer of layers) for (let k = 0; k < layer.length; k++) layer[k] = order[at++]!;
}

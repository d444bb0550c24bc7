import { describe, expect, test, vi } from "vitest";
import { countCrossings } from "../../../static/src/layout/crossings";
import { insertDummies, type Layered } from "../../../static/src/layout/dummies";
import { listOrder } from "../../../static/src/layout/initial";
import { assignLayers, readDag } from "../../../static/src/layout/layering";
import { orderLayers } from "../../../static/src/layout/ordering";
import { insertPlates } from "../../../static/src/layout/plates";
import { settle } from "../../../static/src/layout/settle";
import { restoreInputOrder } from "../../../static/src/layout/sources";
import type { LayoutNode } from "../../../static/src/layout/types";
import { randomDag, randomExpression, seeded } from "./graphs";

vi.setConfig({ testTimeout: 60_000 });

const graphs: LayoutNode[][] = Array.from({ length: 30 }, (_, k) => (k % 2 === 0 ? randomDag(8 + 2 * k, k, 12) : randomExpression(4 + 2 * k, 1 + (k % 4), k)));

function layered(nodes: readonly LayoutNode[]): Layered {
  const dag = readDag(nodes);
  return insertDummies(dag, assignLayers(dag, nodes));
}

function crossingsOneByOne(graph: Layered, layers: readonly Int32Array[]): number {
  const position = new Map<number, number>();
  for (const layer of layers) layer.forEach((item, at) => position.set(item, at));
  let count = 0;
  for (const layer of layers.slice(0, -1)) {
    const segments: [number, number][] = [];
    for (const item of layer)
      for (let k = graph.afterStart[item]!; k < graph.afterStart[item + 1]!; k++) segments.push([position.get(item)!, position.get(graph.after[k]!)!]);
    for (const [a, b] of segments) for (const [c, d] of segments) if (a < c && b > d) count++;
  }
  return count;
}

describe("layering", () => {
  test("every node is in a later layer than its inputs, and no layer is empty", () => {
    for (const nodes of graphs) {
      const layer = assignLayers(readDag(nodes), nodes);
      nodes.forEach((node, i) => node.inputs.forEach((id) => expect(layer[id]!).toBeLessThan(layer[i]!)));
      expect(new Set(layer).size).toBe(Math.max(...layer) + 1);
    }
  });

  test("inputs stand in the first layer, constants next to their first user", () => {
    const box = { width: 90, height: 56 };
    const nodes: LayoutNode[] = [
      { id: 0, ...box, inputs: [], role: "input" },
      { id: 1, ...box, inputs: [] },
      { id: 2, ...box, inputs: [0] },
      { id: 3, ...box, inputs: [2] },
      { id: 4, ...box, inputs: [3, 1] },
    ];
    expect([...assignLayers(readDag(nodes), nodes)]).toEqual([0, 2, 1, 2, 3]);
  });

  test("a pinned layer is kept", () => {
    const box = { width: 90, height: 56 };
    const nodes: LayoutNode[] = [
      { id: 0, ...box, inputs: [] , pinnedLayer: 0 },
      { id: 1, ...box, inputs: [0] },
      { id: 2, ...box, inputs: [1] },
      { id: 3, ...box, inputs: [0, 2] },
    ];
    expect(assignLayers(readDag(nodes), nodes)[0]).toBe(0);
  });
});

describe("crossings", () => {
  test("the accumulator tree counts what counting one by one counts", () => {
    for (const nodes of graphs) {
      const graph = layered(nodes);
      expect(countCrossings(graph, listOrder(graph))).toBe(crossingsOneByOne(graph, listOrder(graph)));
    }
  });
});

describe("ordering", () => {
  test("says how many crossings its order has, never more than the list order", () => {
    for (const nodes of graphs) {
      const graph = layered(nodes);
      const before = countCrossings(graph, listOrder(graph));
      const crossings = orderLayers(graph);
      expect(crossings).toBe(crossingsOneByOne(graph, graph.layers));
      expect(crossings).toBeLessThanOrEqual(before);
      expect(graph.layers.flatMap((layer) => [...layer]).sort((a, b) => a - b)).toEqual(Array.from({ length: graph.items }, (_, i) => i));
    }
  });

  test("draws a formula tree without a crossing", () => {
    const box = { width: 90, height: 56 };
    const tree: LayoutNode[] = Array.from({ length: 31 }, (_, id) => ({ id, ...box, inputs: id < 16 ? [] : [2 * (id - 16), 2 * (id - 16) + 1] }));
    expect(orderLayers(layered(tree))).toBe(0);
  });

  test("putting inputs back into source order adds no crossing", () => {
    for (const nodes of graphs) {
      const graph = layered(nodes);
      const before = orderLayers(graph);
      const after = restoreInputOrder(graph, before);
      expect(after).toBeLessThanOrEqual(before);
      expect(after).toBe(countCrossings(graph, graph.layers));
    }
  });

  test("layers for plates keep the number of crossings", () => {
    for (const nodes of graphs) {
      const graph = layered(nodes);
      const crossings = orderLayers(graph);
      const { graph: widened } = insertPlates(graph);
      expect(countCrossings(widened, widened.layers)).toBe(crossings);
    }
  });
});

describe("settling", () => {
  test("keeps order and distances, and moves nothing that may stay", () => {
    expect(settle([0, 10, 20], [5, 5])).toEqual([0, 10, 20]);
    expect(settle([0, 0], [10])).toEqual([-5, 5]);
    const random = seeded(4);
    for (let turn = 0; turn < 50; turn++) {
      const wanted = Array.from({ length: 12 }, () => random() * 100);
      const distances = wanted.slice(1).map(() => random() * 20);
      const places = settle(wanted, distances, 0);
      distances.forEach((distance, k) => expect(places[k + 1]! - places[k]!).toBeGreaterThanOrEqual(distance - 1e-9));
      expect(places[0]!).toBeGreaterThanOrEqual(0);
    }
  });
});

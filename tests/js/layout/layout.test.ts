import { describe, expect, test, vi } from "vitest";
import { type Direction, layout, pointAt } from "../../../static/src/layout/index";
import { corpus, foreignCrossings, labelsFor, overlaps } from "./corpus";
import { randomExpression } from "./graphs";

vi.setConfig({ testTimeout: 60_000 });

const square = [
  { id: 7, width: 100, height: 56, inputs: [], role: "input" as const },
  { id: 9, width: 100, height: 56, inputs: [7, 7] },
];

describe.each(["right", "down"] satisfies Direction[])("drawn %s", (direction) => {
  for (const mode of ["single", "overlay"] as const)
    test(`no box or plate of 200 graphs overlaps another in ${mode} mode, and no edge crosses a foreign one`, () => {
      for (const { name, nodes, labels } of corpus) {
        const result = layout(nodes, { direction, mode, labels });
        expect(overlaps(result), name).toEqual([]);
        expect(foreignCrossings(result), name).toEqual([]);
      }
    });

  test("every box and plate lies inside the picture", () => {
    for (const { name, nodes, labels } of corpus.slice(0, 60)) {
      const { width, height, ...result } = layout(nodes, { direction, labels });
      for (const box of [...result.nodes.values(), ...result.edges.flatMap((e) => e.label ?? [])]) {
        expect(box.x, name).toBeGreaterThanOrEqual(-0.01);
        expect(box.y, name).toBeGreaterThanOrEqual(-0.01);
        expect(box.x + box.width, name).toBeLessThanOrEqual(width + 0.01);
        expect(box.y + box.height, name).toBeLessThanOrEqual(height + 0.01);
      }
    }
  });

  test("every node stands after its inputs", () => {
    for (const { nodes, labels } of corpus.slice(0, 60)) {
      const at = layout(nodes, { direction, labels }).nodes;
      for (const node of nodes)
        for (const id of node.inputs) {
          const [from, to] = [at.get(id)!, at.get(node.id)!];
          if (direction === "right") expect(from.x + from.width).toBeLessThan(to.x);
          else expect(from.y + from.height).toBeLessThan(to.y);
        }
    }
  });
});

test("the same graph gives the same picture", () => {
  for (const { nodes, labels } of corpus.slice(0, 20))
    expect(JSON.stringify(layout(nodes, { labels }).edges)).toBe(JSON.stringify(layout([...nodes], { labels }).edges));
});

test("x*x has two edges with ports and plates of their own", () => {
  const { edges } = layout(square, { labels: labelsFor(1) });
  expect(edges.map(({ node, argnum, source }) => [node, argnum, source])).toEqual([
    [9, 0, 7],
    [9, 1, 7],
  ]);
  const [first, second] = edges;
  expect(first!.path[0]!.y).toBeLessThan(second!.path[0]!.y);
  expect(first!.arrow.y).toBeLessThan(second!.arrow.y);
  expect(first!.label!.y).toBeLessThan(second!.label!.y);
});

test("a plate stands in the first two thirds of its edge", () => {
  for (const { nodes, labels } of corpus.slice(0, 60))
    for (const { path, label } of layout(nodes, { labels }).edges) {
      const [from, to] = [path[0]!.x, path.at(-1)!.x];
      const share = (label!.x + label!.width / 2 - from) / (to - from);
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.65);
    }
});

test("inputs keep source order where that costs no crossing", () => {
  const sum = ["a", "b", "c", "d"].map((_, id) => ({ id, width: 100, height: 56, inputs: [], role: "input" as const }));
  const { nodes } = layout([...sum, { id: 4, width: 100, height: 56, inputs: [0, 1, 2, 3] }]);
  const heights = sum.map(({ id }) => nodes.get(id)!.y);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test("a chain is one straight line", () => {
  const chain = Array.from({ length: 20 }, (_, id) => ({ id, width: 100, height: 56, inputs: id === 0 ? [] : [id - 1] }));
  const { edges } = layout(chain, { labels: labelsFor(3) });
  const heights = edges.flatMap(({ path }) => path.map((p) => p.y));
  expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(0.001);
});

test("in an overlay the adjoint edge runs 16 px below the forward edge and the other way", () => {
  for (const { nodes, labels } of corpus.slice(0, 40))
    for (const { path, adjoint } of layout(nodes, { mode: "overlay", labels }).edges) {
      const back = adjoint!.path;
      expect(back.at(-1)!.y - path[0]!.y).toBeCloseTo(16, 6);
      expect(back[0]!.y - path.at(-1)!.y).toBeCloseTo(16, 6);
      for (const t of [0, 0.25, 0.5, 0.75, 1]) {
        const [p, q] = [pointAt(path, t), pointAt(back, 1 - t)];
        expect(Math.hypot(p.x - q.x, p.y - q.y)).toBeGreaterThan(10);
      }
    }
});

test("a message starts at the source and ends at the arrow", () => {
  const { edges } = layout(square);
  const { path, arrow } = edges[0]!;
  expect(pointAt(path, 0)).toMatchObject(path[0]!);
  expect(pointAt(path, 1).x).toBeCloseTo(arrow.x);
  expect(pointAt(path, 0.5).x).toBeCloseTo((path[0]!.x + arrow.x) / 2, 0);
});

test("an unknown input and a cycle are refused", () => {
  expect(() => layout([{ id: 1, width: 9, height: 9, inputs: [2] }])).toThrow("node 1 reads 2, which does not exist");
  expect(() => layout([{ id: 1, width: 9, height: 9, inputs: [1] }])).toThrow("the graph has a cycle");
});

test("nothing, one node and separate graphs are drawn", () => {
  expect(layout([]).nodes.size).toBe(0);
  expect(layout([square[0]!]).nodes.get(7)).toEqual({ x: 0, y: 0, width: 100, height: 56 });
  expect(overlaps(layout([...square, ...square.map((n) => ({ ...n, id: n.id + 10, inputs: n.inputs.map((i) => i + 10) }))]))).toEqual([]);
});

test("a large graph gets no room for labels", () => {
  const result = layout(randomExpression(400, 3, 1), { labels: labelsFor(1) });
  expect(result.edges.every((e) => e.label === null)).toBe(true);
});

import { expect, it } from "vitest";
import { layout } from "../../../static/src/layout";
import type { TraceDocument } from "../../../static/src/trace";
import { graphView } from "../../../static/src/views/graph";
import { plainPath } from "../../../static/src/views/graph/map";
import { hooks, scene } from "./traces";

const COUNT = 300;

/** −(−(− … x)): a nesting of many functions. */
const nesting: TraceDocument = {
  version: 1, pass: "evaluate", source: "x", inputs: { x: 1 }, wrt: [], seed: null, output: `v${COUNT}`, options: {}, ops: {}, algorithm: [], result: {},
  graph: {
    nodes: Array.from({ length: COUNT + 1 }, (_, id) => ({ id, op: id === 0 ? null : "neg", name: id === 0 ? "x" : `v${id}`, inputs: id === 0 ? [] : [id - 1], shape: [], span: null })),
    inputs: [0], outputs: [COUNT], labels: {},
  },
  events: Array.from({ length: COUNT + 1 }, (_, node) => (node === 0 ? { kind: "input", line: 1, node, value: 1 } : { kind: "compute", line: 2, node, value: (-1) ** node })),
};

it("draws a big picture as a map, and in full what the step is about", () => {
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  const view = graphView(host, hooks());
  for (const k of [1, 2, 150, COUNT + 1]) {
    view.update(scene(nesting, k));
    expect(host.querySelectorAll(".far")).toHaveLength(COUNT + 1);
    expect(host.querySelectorAll(".far.done")).toHaveLength(k);
    expect(host.querySelectorAll(".node").length).toBeLessThan(10);
    expect(host.querySelector(".node.active")?.getAttribute("data-key")).toBe(`n:${k - 1}`);
    expect(host.querySelectorAll('.node[tabindex="0"]')).toHaveLength(1);
  }
});

it("the lines of a map bend only at corners", () => {
  const straight = Array.from({ length: 31 }, (_, i) => ({ x: i * 10, y: 5 }));
  expect(plainPath(straight)).toBe("M0 5L300 5");
});

it("a sum of many terms shares the lines of what its terms read", () => {
  const terms = 400;
  const box = { width: 100, height: 40 };
  const nodes = [{ id: 0, ...box, inputs: [] as number[], role: "input" as const }];
  for (let i = 1; i <= terms; i++) nodes.push({ id: i, ...box, inputs: [0] } as never);
  for (let i = 1; i < terms; i++) nodes.push({ id: terms + i, ...box, inputs: [i === 1 ? 1 : terms + i - 1, i + 1] } as never);
  const found = layout(nodes, { mode: "overlay", labelLimit: 120 });
  expect(found.edges).toHaveLength(terms + 2 * (terms - 1));
  expect(found.edges.reduce((sum, edge) => sum + edge.path.length, 0)).toBeLessThan(60 * terms);
  for (const edge of found.edges) {
    const from = found.nodes.get(edge.source);
    expect(edge.path[0]?.x).toBeGreaterThanOrEqual((from?.x ?? 0) + (from?.width ?? 0) - 10);
  }
});

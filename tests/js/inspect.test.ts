import { describe, expect, test } from "vitest";
import { agree, asksWhy, asNumber, cured, DIGITS, inOrder, known, oddInputs, oddNodes, parted, stepOf } from "../../static/src/inspect/reading";
import type { Cure, Inspection, NodeReport, Trouble } from "../../static/src/inspect/types";
import type { TraceDocument, TraceEvent, TraceNode } from "../../static/src/trace";

const node = (id: number, op: string | null, span: [number, number] | null, more: Partial<TraceNode> = {}): TraceNode => ({ id, op, name: `v${id}`, inputs: [], shape: [], span, ...more });
const report = (id: number, more: Partial<NodeReport> = {}): NodeReport => ({
  node: id, name: `v_${id}`, statement: "x", value: 1, value_kind: "number", value_reason: null, derivative: 1, derivative_kind: "number", derivative_reason: null,
  condition: 1, lost: 0, error: 1, left: DIGITS, ...more,
});
const cure = (at: number | null, source: string | null): Cure => ({ key: "cosine", latex: null, instead: null, source, node: at, said: null });
const trouble = (kind: Trouble["kind"]): Trouble => ({ phase: "forward", node: 2, argnum: null, source: null, kind, value: 0, path: [2], reason: null, cure: cure(null, null) });

/** (1-cos(y))/y^2: y, 1, cos y, 1 - cos y. */
const inspection = (more: Partial<Inspection> = {}): Inspection => ({
  source: "(1-cos(y))/y^2",
  graph: { nodes: [node(0, null, [7, 8]), node(1, null, [1, 2], { const: 1 }), node(2, "cos", [3, 9]), node(3, "sub", [1, 9])], inputs: [0], outputs: [3], labels: {} },
  names: ["y", "1", "v_1", "v_2"], nodes: [0, 1, 2, 3].map((id) => report(id)), derivatives: [{ name: "y", node: 0, derivative: 1, kind: "number", reason: null }],
  troubles: [], first: null, conditioning: { error: 1, left: 15, worst: 3, condition: 1, said: null }, kinks: [], ...more,
});

describe("a cure in the place of what it cures", () => {
  test("brackets that are there are enough", () => expect(cured(inspection(), cure(3, "2 * sin(y / 2)**2"))).toBe("(2 * sin(y / 2)**2)/y^2"));
  test("elsewhere it gets its own", () => expect(cured(inspection(), cure(2, "1 + y"))).toBe("(1-(1 + y))/y^2"));
  test("a whole line needs none", () => {
    const { graph } = inspection();
    const whole = { ...graph, nodes: [node(0, null, [4, 5]), node(1, "log", [4, 17])] };
    expect(cured(inspection({ source: "u = log(1+exp(x))\nu", graph: whole }), cure(1, "softplus(x)"))).toBe("u = softplus(x)\nu");
  });
  test("without a place or a formula there is nothing to write", () => {
    expect(cured(inspection(), cure(null, "y"))).toBeNull();
    expect(cured(inspection(), cure(3, null))).toBeNull();
  });
});

test("the first trouble stands alone, the others keep their order", () => {
  const troubles = [trouble("imprecise"), trouble("pole"), trouble("overflow")];
  const { first, others } = parted(inspection({ troubles, first: 1 }));
  expect([first?.kind, others.map(({ kind }) => kind)]).toEqual(["pole", ["imprecise", "overflow"]]);
  expect(parted(inspection())).toEqual({ first: null, others: [] });
});

describe("the step of a node", () => {
  const events = [{ kind: "input", node: 0 }, { kind: "compute", node: 2 }, { kind: "seed", node: 2 }, { kind: "contribute", node: 2, source: 0 }, { kind: "contribute", node: 2, source: 0 }];
  const doc = { text: { names: ["y", "1", "v_1"] }, events } as unknown as TraceDocument;
  test("forward, where its value is; backward, where its adjoint is complete", () => {
    expect([stepOf(doc, inspection(), 2, "forward"), stepOf(doc, inspection(), 2, "backward"), stepOf(doc, inspection(), 0, "backward")]).toEqual([2, 3, 5]);
  });
  test("a trace of something else has none", () => {
    expect(stepOf(doc, inspection({ names: ["y", "1", "u"] }), 2, "forward")).toBeNull();
    expect(stepOf(doc, inspection(), 3, "forward")).toBeNull();
    expect(stepOf(null, inspection(), 0, "forward")).toBeNull();
  });
});

test("kinds of nothing: no constants, and of an input only its value", () => {
  const nodes = [report(0, { value_kind: "zero", derivative_kind: "no_path" }), report(1, { derivative_kind: "not_computed" }), report(2), report(3, { derivative_kind: "zero" })];
  const found = inspection({ nodes, derivatives: [{ name: "y", node: 0, derivative: 0, kind: "no_path", reason: null }] });
  expect(oddInputs(found).map(({ name }) => name)).toEqual(["y"]);
  expect(oddNodes(found).map(({ node: { node: id }, value, derivative }) => [id, value, derivative])).toEqual([[0, true, false], [3, false, true]]);
});

test("digits: operations only, and a mark only for a whole digit lost", () => {
  const nodes = [report(0), report(1), report(2, { left: null }), report(3, { lost: "Infinity", left: DIGITS / 2 })];
  expect(known(inspection({ nodes })).map(({ report: { node: id }, sure, worst }) => [id, sure, worst])).toEqual([[2, null, false], [3, 0.5, true]]);
  expect(known(inspection()).map(({ worst }) => worst)).toEqual([false, false]);
  expect([asNumber("Infinity"), asNumber("-Infinity"), asNumber(2)]).toEqual([Infinity, -Infinity, 2]);
  expect(DIGITS).toBeCloseTo(15.65, 2);
});

test("frameworks: in the order of the inputs, and whether they agree", () => {
  expect(inOrder({ y: 6, x: null }, ["x", "y"])).toEqual([null, 6]);
  expect(inOrder(null, ["x"])).toBeNull();
  expect([agree({ x: "NaN" }, { x: "NaN" }), agree({ x: 0 }, { x: 1 }), agree({ x: 0 }, null)]).toEqual([true, false, true]);
});

test("a step asks why where its number is none, or where there is no derivative", () => {
  const asks = (event: object): boolean => asksWhy({ line: 1, node: 0, ...event } as TraceEvent);
  expect([{ kind: "absent", reason: "no_path" }, { kind: "compute", value: 0, state: "underflow" }, { kind: "compute", value: "NaN" }, { kind: "contribute", cotangent: ["NaN", 1], adjoint: 0 },
    { kind: "contribute", cotangent: 0, adjoint: 0, state: "underflow" }, { kind: "compute", value: 1, tangent: 0, tangent_state: "underflow" }, { kind: "append", created: [1], values: [0], states: ["underflow"] }].map(asks)).toEqual(Array(7).fill(true));
  expect([{ kind: "compute", value: 0 }, { kind: "contribute", cotangent: 1, adjoint: [1, 2] }, { kind: "seed", adjoint: 1 }, { kind: "input", value: 0 }].map(asks)).toEqual([false, false, false, false]);
});

import { describe, expect, test } from "vitest";
import { groupsOf, opening, phasesOf } from "../../static/src/phases";
import { questionAt } from "../../static/src/predict";
import { replay } from "../../static/src/replay";
import { boundAt } from "../../static/src/views/algorithm";
import { arrange } from "../../static/src/views/graph/arrange";
import { matrixOf, sideAt } from "../../static/src/views/matrix-model";
import { columnsOf, tableOf } from "../../static/src/views/table-model";
import { hessian, polar } from "./fixtures/jacobian";

const forward = polar("forward");
const reverse = polar("reverse");

describe("the fold", () => {
  test("a column is a tangent of 1 in one input, 0 in the others, and what comes out", () => {
    const { tangents } = replay(forward, 8);
    expect([...tangents]).toEqual([[0, 1], [1, 0], [6, [1, 0]]]);
    expect([...replay(forward, 9).tangents]).toEqual([[0, 0], [1, 1], [6, [0, 2]]]);
  });

  test("a row is a cotangent of 1 in one element of the output, and what comes back", () => {
    expect([...replay(reverse, 9).adjoints]).toEqual([[6, [0, 1]], [0, 0], [1, 2]]);
  });

  test("nothing is known before the first of them", () => {
    const state = replay(forward, 7);
    expect([state.tangents.size, state.slices.length]).toEqual([0, 0]);
  });
});

describe("the matrix", () => {
  const at = (doc: typeof forward, k: number) => matrixOf(doc, replay(doc, k));

  test("is filled by columns, and what is not yet known is no 0", () => {
    expect(at(forward, 7).entries).toEqual([[null, null], [null, null]]);
    expect(at(forward, 8).entries).toEqual([[1, null], [0, null]]);
    expect(at(forward, 9).entries).toEqual([[1, 0], [0, 2]]);
  });

  test("or by rows", () => {
    expect(at(reverse, 8).entries).toEqual([[1, 0], [null, null]]);
    expect(at(reverse, 9).entries).toEqual([[1, 0], [0, 2]]);
  });

  test("knows which line is the step's, and in which frame the first is filled", () => {
    expect(at(forward, 7)).toMatchObject({ now: false, filled: 0, first: 8, kind: "column" });
    expect(at(reverse, 8)).toMatchObject({ now: true, filled: 1, first: 8, kind: "row" });
  });

  test("has the elements of the outputs beside it and those of the inputs above", () => {
    const { rows, columns } = at(forward, 0);
    expect(rows).toMatchObject([{ node: 6, shape: [2], start: 0, size: 2 }]);
    expect(columns.map(({ latex, start }) => [latex, start])).toEqual([["x", 0], ["y", 1]]);
    expect(sideAt(columns, 1)).toMatchObject({ side: { node: 1 }, place: 0 });
  });

  test("of a gradient is the Hessian: a row for each entry, also where entries share a node", () => {
    expect(matrixOf(hessian, replay(hessian, 4)).entries).toEqual([[0, 1], [1, 0]]);
    expect(matrixOf(hessian, replay(hessian, 4)).rows.map(({ latex }) => latex)).toEqual(["\\partial f / \\partial x", "\\partial f / \\partial y"]);
  });
});

test("the passes are a phase of their own, grouped by what they start from", () => {
  expect(phasesOf(forward).map(({ kind, start, end }) => [kind, start, end])).toEqual([["forward", 0, 7], ["column", 7, 9]]);
  expect(phasesOf(reverse).map(({ title }) => title)).toEqual(["phase.evaluate", "phase.row"]);
  expect(groupsOf(forward).map(({ kind, node }) => [kind, node])).toEqual([["column", 0], ["column", 1]]);
  expect(groupsOf(reverse).map(({ node, start, end }) => [node, start, end])).toEqual([[6, 7, 9]]);
  expect(opening(forward)).toBe(8);
});

test("the table has what the passes carry, at the two ends only", () => {
  expect([columnsOf(forward), columnsOf(reverse)]).toEqual([["value", "partials", "tangent"], ["value", "partials", "adjoint"]]);
  const kinds = (k: number) => tableOf(forward, replay(forward, k)).map((row) => row.cells.tangent?.kind);
  expect(kinds(7)).toEqual(["pending", "pending", "blank", "blank", "blank", "blank", "pending"]);
  expect(kinds(8)).toEqual(["number", "number", "blank", "blank", "blank", "blank", "number"]);
});

test("the loop over columns says at which it is", () => {
  expect([...boundAt(forward, replay(forward, 9))]).toEqual([[4, "j = 2"]]);
  expect([...boundAt(forward, replay(forward, 3))]).toEqual([[2, "i = v_1"]]);
});

test("a row that is one number can be predicted, one of several not", () => {
  expect(questionAt(reverse, 7)).toBeNull();
  const single = { ...reverse, wrt: ["x"], events: [{ kind: "row" as const, line: 9, node: 6, place: 0, cotangents: [0.5] }] };
  expect(questionAt(single, 0)).toMatchObject({ node: 0, answer: 0.5 });
});

test("in the picture inputs and outputs have room for what the passes carry, and lines for the way", () => {
  const plan = arrange(forward, { lanes: "mirror", direction: "right", hall: false, height: 720 });
  expect([0, 2, 6].map((id) => plan.boxes.get(`n:${id}`)?.quantities)).toEqual([["primal", "tangent"], ["primal"], ["primal", "tangent"]]);
  const back = arrange(reverse, { lanes: "overlay", direction: "right", hall: false, height: 720 });
  expect(back.boxes.get("n:6")?.quantities).toEqual(["primal", "adjoint"]);
});

/** The card of a node: which node, what of it is known at a step, in which rows, and how one element comes about. */
import { describe, expect, test, vi } from "vitest";
import { signal } from "@preact/signals-core";
import { Refusal, type TraceRequest, Unreachable } from "../../static/src/api";
import type { Card, CardProduct } from "../../static/src/card";
import { replay } from "../../static/src/replay";
import type { TraceDocument, TraceEvent, Value } from "../../static/src/trace";
import { corners, extents } from "../../static/src/views/card/block";
import { agreement } from "../../static/src/views/card/closed";
import { type Row, rowsOf, type Term } from "../../static/src/views/card/fold";
import { cellText, heatTable, tilesOf } from "../../static/src/views/card/heat";
import { argumentOf, directionOf, hasArrays, knownAt, subjectOf } from "../../static/src/views/card/known";
import { createCards, emptyShelf } from "../../static/src/views/card/request";
import { summingRow } from "../../static/src/views/card/sums";
import { stretchedPlace, summedPlaces, sumText, uprightIn, workingsOf } from "../../static/src/views/card/workings";
import json from "./fixtures/card.json";
import { tensorTrace, W, X } from "./fixtures/tensors";
import { traceOf } from "./fixtures/trace";

const card = json as unknown as Card;
const doc = tensorTrace("reverse");
const knownOf = (k: number, node = 3, trace: TraceDocument = doc) => knownAt(trace, replay(trace, k), node);
const [toX, toW] = card.pulls as [CardProduct, CardProduct];
const term = (value: Value | null, shape: number[], latex = "x"): Term => ({ latex, role: "primal", shape, value });
const row = (op: string, args: Term[], result: Term, params = {}): Row => ({ op, sign: null, params, args, result });

describe("what is known at a step", () => {
  test("nothing before the node is computed, then its value, then its adjoint, then one product after the other", () => {
    const seen = [3, 4, 11, 13, 14].map((k) => {
      const { roles, product } = knownOf(k);
      return [roles.primal, roles.adjoint, product("pull", 0), product("pull", 1)];
    });
    expect(seen).toEqual([
      [false, false, false, false], [true, false, false, false], [true, true, false, false], [true, true, true, false], [true, true, true, true],
    ]);
  });

  test("every adjoint is there at the end of a reverse pass only", () => {
    expect([knownOf(13).finished, knownOf(14).finished]).toEqual([false, true]);
    const evaluated = tensorTrace("evaluate");
    expect(knownOf(evaluated.events.length, 3, evaluated).finished).toBe(false);
  });

  test("a pass computes one of the two products, or neither", () => {
    expect((["evaluate", "forward", "reverse", "adjoint_graph", "simplify"] as const).map((pass) => directionOf({ pass }))).toEqual([null, "push", "pull", "pull", null]);
  });

  test("a step is about the node whose rule it uses, and names the argument it sends to", () => {
    const [computed, sent] = [doc.events[3], doc.events[13]] as [TraceEvent, TraceEvent];
    expect([subjectOf(computed), argumentOf(computed)]).toEqual([3, null]);
    expect([subjectOf(sent), argumentOf(sent)]).toEqual([3, 1]);
    expect(argumentOf(null)).toBe(null);
  });

  test("graphs of numbers have no arrays", () => {
    expect([hasArrays(doc), hasArrays(traceOf("reverse"))]).toEqual([true, false]);
  });
});

describe("the rows of a product", () => {
  test("a transpose is folded into the row that reads it", () => {
    const [only, ...others] = rowsOf(toX, "pull", knownOf(14));
    expect(others).toEqual([]);
    expect([only?.op, only?.sign]).toEqual(["matmul", "@"]);
    expect(only?.args.map(({ latex, role, value }) => [latex, role, value])).toEqual([
      ["\\bar{v}_1", "adjoint", [[-1, 7], [-1, 15], [-1, 23]]], ["W^{\\top}", "primal", [[1, -1], [0, 2]]],
    ]);
    expect(only?.result).toMatchObject({ latex: "\\bar{X}", role: "adjoint", value: [[-1, 15], [-1, 31], [-1, 47]] });
  });

  test("before it is computed, a product has its shapes and the values that are there", () => {
    const values = (k: number) => rowsOf(toW, "pull", knownOf(k)).flatMap(({ args, result }) => [...args, result].map(({ value }) => value !== null));
    expect(values(3)).toEqual([false, false, false]);
    expect(values(4)).toEqual([true, false, false]);
    expect(values(13)).toEqual([true, true, false]);
    expect(values(14)).toEqual([true, true, true]);
    expect(rowsOf(toW, "pull", knownOf(4))[0]?.result.shape).toEqual([2, 2]);
  });

  test("what is made of values alone is a partial, and known with them", () => {
    const square: CardProduct = {
      ...toX, operands: [{ latex: "2", role: "primal", shape: [], value: 2 }, { latex: "v", role: "primal", shape: [], value: 3 }, { latex: "\\bar{w}", role: "adjoint", shape: [], value: 5 }],
      lines: [
        { op: "mul", sign: "*", latex: "2 v", args: [0, 1], params: {}, shape: [], value: 6, cost: 1 },
        { op: "mul", sign: "*", latex: "\\bar{w} 2 v", args: [2, 3], params: {}, shape: [], value: 30, cost: 1 },
      ],
    };
    const [partial, sent] = rowsOf(square, "pull", knownOf(4));
    expect([partial?.result.role, partial?.result.value]).toEqual(["partial", 6]);
    expect([sent?.result.role, sent?.result.value]).toEqual(["adjoint", null]);
  });
});

describe("how one element comes about", () => {
  const [toLeft, toRight] = [rowsOf(toX, "pull", knownOf(14))[0], rowsOf(toW, "pull", knownOf(14))[0]] as [Row, Row];

  test("of a matrix product: a row times a column", () => {
    expect(workingsOf(toRight, 3)).toEqual({ text: "2 · 7 + 4 · 15 + 6 · 23 = 212", marks: [[3, 4, 5], [1, 3, 5]], row: 1, column: 1 });
    expect(workingsOf(toLeft, 0)?.text).toBe("−1 · 1 + 7 · 0 = −1");
    expect(workingsOf(toLeft, 1)?.text).toBe("−1 · (−1) + 7 · 2 = 15");
  });

  test("nothing is written while a number is not known, or where the numbers were not sent", () => {
    expect(workingsOf(rowsOf(toW, "pull", knownOf(13))[0] as Row, 3)).toBe(null);
    const large = { shape: [64, 784], min: 0, max: 1, mean: 0.5, norm: 1, nan: 0 };
    expect(workingsOf(row("matmul", [term(large, [64, 784]), term(large, [784, 64])], term(large, [64, 64])), 0)).toBe(null);
    expect(workingsOf(row("exp", [term([1, 2], [2])], term([3, 7], [2])), 0)).toBe(null);
  });

  test("of vectors, which have rows or columns but not both", () => {
    const times = row("matmul", [term(X, [3, 2]), term([1, -1], [2])], term([-1, -1, -1], [3]));
    expect(workingsOf(times, 2)).toEqual({ text: "5 · 1 + 6 · (−1) = −1", marks: [[4, 5], [0, 1]], row: 2, column: null });
    const inner = row("dot", [term([1, 2], [2]), term([3, 4], [2])], term(11, []));
    expect(workingsOf(inner, 0)).toEqual({ text: "1 · 3 + 2 · 4 = 11", marks: [[0, 1], [0, 1]], row: null, column: null });
    const outer = row("outer", [term([1, 2], [2]), term([3, 4, 5], [3])], term([[3, 4, 5], [6, 8, 10]], [2, 3]));
    expect(workingsOf(outer, 5)).toMatchObject({ text: "2 · 5 = 10", marks: [[1], [2]] });
  });

  test("of elements, also where one side is stretched", () => {
    expect(workingsOf(row("mul", [term(2, []), term(W, [2, 2])], term([[2, 0], [-2, 4]], [2, 2])), 2)).toMatchObject({ text: "2 · (−1) = −2", marks: [[0], [2]] });
    expect(workingsOf(row("sub", [term(W, [2, 2]), term([1, 5], [2])], term([[0, -5], [-2, -3]], [2, 2])), 3)).toMatchObject({ text: "2 − 5 = −3", marks: [[3], [1]] });
    expect(workingsOf(row("div", [term([6], [1]), term([-3], [1])], term([-2], [1])), 0)?.text).toBe("6 / (−3) = −2");
  });

  test("of sums: the axes that were said, or those that a shape has lost", () => {
    const all = row("sum", [term(W, [2, 2])], term(2, []), { axis: null });
    expect(workingsOf(all, 0)).toMatchObject({ text: "1 + 0 − 1 + 2 = 2", marks: [[0, 1, 2, 3]] });
    const last = row("sum", [term(X, [3, 2])], term([[3], [7], [11]], [3, 1]), { axis: -1, keepdims: true });
    expect(workingsOf(last, 1)).toMatchObject({ text: "3 + 4 = 7", marks: [[2, 3]] });
    const back = row("sum_to", [term([[-1, 7], [-1, 15], [-1, 23]], [3, 2])], term([-3, 45], [2]), { shape: [2] });
    expect(workingsOf(back, 0)).toMatchObject({ text: "−1 − 1 − 1 = −3", marks: [[0, 2, 4]] });
    expect(summingRow([last, row("exp", [], term(1, []))])).toBe(last);
    expect(summingRow([row("exp", [], term(1, []))])).toBe(undefined);
  });

  test("a long sum leaves out its middle", () => {
    expect(sumText(Array.from({ length: 12 }, (_, i) => String(i + 1)))).toBe("1 + 2 + 3 + … + 11 + 12");
    expect(sumText(["1", "−2", "3"])).toBe("1 − 2 + 3");
  });

  test("places under stretching and summing", () => {
    expect([0, 1, 2, 3, 4, 5].map((place) => stretchedPlace(place, [3, 2], [2]))).toEqual([0, 1, 0, 1, 0, 1]);
    expect([0, 1, 2, 3, 4, 5].map((place) => stretchedPlace(place, [3, 2], [3, 1]))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(summedPlaces([2, 3], [0])).toEqual([[0, 3], [1, 4], [2, 5]]);
    expect(summedPlaces([2, 3], [0, 1])).toEqual([[0, 1, 2, 3, 4, 5]]);
  });
});

describe("arrays as they are drawn", () => {
  test("a vector is a row, on the right of a matrix a column", () => {
    expect(uprightIn({ op: "matmul", args: [{ shape: [3, 2] }, { shape: [2] }], result: { shape: [3] } })).toEqual([false, true, true]);
    expect(uprightIn({ op: "matmul", args: [{ shape: [2] }, { shape: [2, 3] }], result: { shape: [3] } })).toEqual([false, false, false]);
    expect(uprightIn({ op: "outer", args: [{ shape: [2] }, { shape: [3] }], result: { shape: [2, 3] } })).toEqual([true, false, false]);
    expect(uprightIn({ op: "add", args: [{ shape: [2] }, { shape: [2] }], result: { shape: [2] } })).toEqual([false, false, false]);
    expect(tilesOf([3], true)).toMatchObject({ rows: 3, columns: 1 });
    expect(tilesOf([5, 2, 3, 4], false)).toEqual({ rows: 3, columns: 4, across: 2, down: 5 });
  });

  test("numbers up to 8 by 8, colours above, a dashed cell for what is not known", () => {
    const cells = (made: { element: HTMLElement }) => [...made.element.querySelectorAll("td")].map((cell) => cell.textContent);
    expect(cells(heatTable(term(W, [2, 2])))).toEqual(["1", "0", "−1", "2"]);
    const wide = heatTable(term([Array.from({ length: 9 }, (_, i) => i - 4)], [1, 9]));
    expect(cells(wide).join("")).toBe("");
    expect(wide.element.querySelectorAll("td.below")).toHaveLength(4);
    expect(wide.element.querySelector("td")?.title).toBe("−4");
    const pending = heatTable(term(null, [3, 2]));
    expect([cells(pending), pending.element.querySelectorAll(".dashes > span").length]).toEqual([[], 6]);
    expect(pending.element.getAttribute("aria-label")).toContain("not yet computed");
    const large = heatTable(term({ shape: [64, 784], min: -1.5, max: 2, mean: 0, norm: 9, nan: 0 }, [64, 784]));
    expect(large.element.textContent).toBe("64×784−1.5 … 2");
  });

  test("a mark runs around its cells", () => {
    const made = heatTable(term(X, [3, 2]));
    made.mark([2, 3]);
    const cells = [...made.element.querySelectorAll("td")];
    expect(cells.map((cell) => cell.classList.contains("marked"))).toEqual([false, false, true, true, false, false]);
    expect(["--top", "--right", "--bottom", "--left"].map((side) => cells[2]?.style.getPropertyValue(side))).toEqual(["2px", "0px", "2px", "2px"]);
    made.mark([]);
    expect(made.element.querySelectorAll(".marked")).toHaveLength(0);
  });

  test("where columns are many, six characters are enough", () => {
    expect([cellText(-0.61176, 3), cellText(-0.61176, 5), cellText(0.042214, 5), cellText(12.25, 5)]).toEqual(["−0.6118", "−0.612", "0.0422", "12.25"]);
  });

  test("equal blocks begin on the diagonal", () => {
    expect(corners({ rows: 6, columns: 6, block: [2, 2] })).toEqual([{ row: 0, column: 0 }, { row: 2, column: 2 }, { row: 4, column: 4 }]);
    expect(corners({ rows: 3, columns: 9, block: [1, 3] }).at(-1)).toEqual({ row: 2, column: 6 });
    expect(corners({ rows: 6, columns: 4, block: null })).toEqual([]);
    expect(extents({ rows: 8192, columns: 100352 })).toBe("8,192 × 100,352");
  });
});

test("agreement is said in words", () => {
  expect(agreement(0, [1, 2])).toBe("The same as found, to the last digit.");
  expect(agreement(2.2e-16, [1, 2])).toBe("What was found agrees to 2×10⁻¹⁶.");
  expect(agreement(0.3, [1, 2])).toBe("What was found differs by 0.3.");
});

describe("cards from the server", () => {
  const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
  const request: TraceRequest = { source: "X @ W", inputs: {}, pass: "reverse", text: "en" };

  function set(answer: (node: number, abort: AbortSignal) => Promise<Card>) {
    const ask = vi.fn((asked: TraceRequest & { node: number }, _: string, abort: AbortSignal) => answer(asked.node, abort));
    const [trace, node, attempt] = [signal<TraceRequest | null>(request), signal<number | null>(3), signal(0)];
    return { ask, trace, node, attempt, cards: createCards(emptyShelf(), trace, node, attempt, { card: ask }) };
  }

  test("one request for each node of a trace; another trace asks again", async () => {
    const { ask, trace, node, cards } = set(async (one) => ({ ...card, node: one }));
    await settled();
    expect(cards.found.value?.card.node).toBe(3);
    for (const one of [4, 3, null, 4]) {
      node.value = one;
      await settled();
    }
    expect(ask.mock.calls.map(([asked]) => asked.node)).toEqual([3, 4]);
    trace.value = { ...request, source: "X @ W + b" };
    await settled();
    expect(ask.mock.calls.map(([asked]) => [asked.node, asked.source])).toEqual([[3, "X @ W"], [4, "X @ W"], [4, "X @ W + b"]]);
    expect(cards.found.value?.of).toBe(trace.value);
  });

  test("a request that is no longer wanted is aborted, and its answer is not shown", async () => {
    const waiting: ((made: Card) => void)[] = [];
    const aborts: AbortSignal[] = [];
    const { node, cards } = set((one, abort) => new Promise((done, fail) => {
      aborts.push(abort);
      abort.addEventListener("abort", () => fail(new DOMException("aborted", "AbortError")));
      waiting.push(() => done({ ...card, node: one }));
    }));
    node.value = 4;
    expect(aborts.map((abort) => abort.aborted)).toEqual([true, false]);
    waiting.forEach((answer) => answer(card));
    await settled();
    expect(cards.found.value?.card.node).toBe(4);
  });

  test("what the server says against it is shown, and it can be asked again", async () => {
    let answer: () => Promise<Card> = async () => Promise.reject(new Unreachable("503"));
    const { attempt, cards } = set(() => answer());
    await settled();
    expect([cards.found.value, cards.problem.value]).toEqual([null, "offline"]);
    answer = async () => Promise.reject(new Refusal({ code: "unknown_node", message: "The graph has no node 3.", span: null, hint: null }));
    attempt.value += 1;
    await settled();
    expect(cards.problem.value).toBe("The graph has no node 3.");
    answer = async () => card;
    attempt.value += 1;
    await settled();
    expect([cards.found.value?.card.node, cards.problem.value]).toEqual([3, null]);
  });
});

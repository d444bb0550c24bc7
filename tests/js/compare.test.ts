import { signal } from "@preact/signals-core";
import { describe, expect, test } from "vitest";
import { createAnswers } from "../../static/src/compare/answers";
import { digitsRight, split } from "../../static/src/compare/digits";
import { checkFigure, costFigure, crossing, csv, errorFigure, FLOOR, rowsOf, swellFigure } from "../../static/src/compare/figures";
import { countScale, decades, logScale, spread } from "../../static/src/compare/scale";
import type { Check, CompareRequest, Comparison, Errors } from "../../static/src/compare/types";
import { Refusal, Unreachable } from "../../static/src/api";

const errors: Errors = {
  name: "x", exact: { digits: "9.0660864", value: 9.0660864 }, h: [1, 1e-2, 1e-4, 1e-8],
  curves: { forward_difference: [1e6, 1e-2, 1e-4, "NaN"], complex_step: [10, 1e-3, 1e-7, 0] },
  best: { forward_difference: { h: 1e-4, error: 1e-4 }, complex_step: { h: 1e-8, error: 0 } },
  theory: {}, truncation_order: { forward_difference: 1, complex_step: 2 }, rounding_slope: { forward_difference: -1, complex_step: null },
};

describe("scales", () => {
  test("whole decades around the numbers; zero and infinity have none", () => {
    expect(decades([0.02, 300, 0, Infinity, NaN])).toEqual([0.01, 1000]);
    expect(decades([1, 1024])).toEqual([1, 1000]);
    expect(decades([1e-20, 1], 1e-17)[0]).toBeCloseTo(1e-17, 30);
    expect(decades([])).toEqual([1, 10]);
    expect(decades([10])).toEqual([10, 100]);
  });

  test("a decade is as wide as any other, and larger numbers may go up", () => {
    const { at } = logScale([1e-4, 1], [400, 0], 10);
    expect([1, 0.1, 1e-4].map(at)).toEqual([0, expect.closeTo(100), 400]);
  });

  test("ticks are powers of ten, no closer than there is room", () => {
    const values = (room: number): number[] => logScale([1e-16, 1], [0, 320], room).ticks.map(({ value }) => Math.round(Math.log10(value)));
    expect(values(20)).toHaveLength(17);
    expect(values(40)).toEqual([-16, -14, -12, -10, -8, -6, -4, -2, 0]);
    expect(values(70)).toEqual([-16, -12, -8, -4, 0]);
    expect(countScale([1, 8], [0, 700], 30).ticks.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(countScale([1, 8], [0, 70], 25).ticks.map(({ value }) => value)).toEqual([3, 6]);
  });

  test("labels keep their order and their distance, within the ends", () => {
    expect(spread([50, 10, 52], 16, [0, 100])).toEqual([50, 10, 66]);
    expect(spread([98, 97, 99], 16, [0, 100])).toEqual([84, 68, 100]);
    expect(spread([-5, 2], 16, [0, 100])).toEqual([0, 16]);
    expect(spread([], 16, [0, 100])).toEqual([]);
  });
});

describe("figures", () => {
  test("error against h: a gap where there is no number, and nothing beyond use", () => {
    const { lines, x, y } = errorFigure(errors, "forward_difference");
    expect(lines.map(({ id }) => id)).toEqual(["forward_difference", "complex_step"]);
    expect(lines[0]?.points.map((point) => point.y)).toEqual([1e4, 1e-2, 1e-4, NaN]);
    expect(x.domain[0]).toBeCloseTo(1e-8, 20);
    expect(y.domain).toEqual([FLOOR, 1e4].map((end) => expect.closeTo(end, 25)));
  });

  test("the regimes are those of the chosen method, parted at its best step", () => {
    const { regions, marks } = errorFigure(errors, "forward_difference");
    expect(regions.map(({ kind, slope, from, to }) => [kind, slope, Math.log10(from), Math.log10(to)])).toEqual([["rounding", -1, -8, -4], ["truncation", 1, -4, 0]]);
    expect(errorFigure(errors, "complex_step").regions.map(({ kind }) => kind)).toEqual(["truncation"]);
    expect(marks.map(({ id, x }) => [id, x])).toEqual([["forward_difference", 1e-4], ["complex_step", 1e-8]]);
  });

  test("cost: forward and reverse cross where both take as many operations", () => {
    const by = { count: [1, 10, 100], forward: [10, 100, 1000], reverse: [40, 40, 40], central_difference: [5, 50, 500] };
    expect(costFigure(by).marks).toEqual([{ id: "reverse", kind: "crossover", x: expect.closeTo(4), y: expect.closeTo(40) }]);
    expect(crossing([1, 10], [1, 10], [2, 20])).toBeNull();
  });

  test("swell and check have their lines", () => {
    const swell = { depth: [1, 2], f: [3, 9], raw: [7, 29], simplified: [4, 20], shared: [4, 11], reverse: [8, 16] };
    expect(swellFigure(swell).lines.map(({ id, points }) => [id, points.at(-1)?.y])).toEqual([["raw", 29], ["simplified", 20], ["f", 9], ["reverse", 16], ["shared", 11]]);
    expect(swellFigure(swell).y.domain).toEqual([1, 100]);
    const check: Check = { h: [0.5, 0.25], first: [1, 0.5], second: [0.1, 0], order: 2, verdict: "right", direction: {}, gradient: {}, reason: null };
    expect(checkFigure(check).y).toEqual({ kind: "log", domain: [0.1, 1], floor: 0.1 });
  });

  test("the numbers as rows and as CSV", () => {
    const rows = rowsOf(errorFigure(errors, "complex_step"), "step, h", (id) => id);
    expect(rows[0]).toEqual(["step, h", "forward_difference", "complex_step"]);
    expect(rows[4]).toEqual(["1e-8", "", "0"]);
    expect(csv(rows.slice(0, 2))).toBe('"step, h",forward_difference,complex_step\n1,10000,10');
    expect(csv([['a"b']])).toBe('"a""b"');
  });
});

describe("digits", () => {
  test.each([[5.55e-8, 7], [1e-8, 8], [2.7e-16, 15], [0, 16], [4.3e-17, 16], [0.3, 0], [40, 0], ["Infinity", 0], ["NaN", null], [null, null]] as const)("an error of %s", (error, digits) => {
    expect(digitsRight(error)).toBe(digits);
  });

  test.each([
    ["9.066086903214455", 7, ["9.066086", "903214455", ""]],
    ["−0.00123456", 3, ["−0.00123", "456", ""]],
    ["1.2345×10⁻⁸", 2, ["1.2", "345", "×10⁻⁸"]],
    ["5.5", 7, ["5.5", "", ""]],
    ["12", 0, ["", "12", ""]],
  ] as const)("%s with %s digits right", (text, count, parts) => {
    expect(split(text, count)).toEqual(parts);
  });
});

describe("answers", () => {
  const request = (source: string): CompareRequest => ({ source, inputs: { x: 1 }, want: ["cost"], text: "en" });
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done));

  test("asked for once, kept, and given up when stale", async () => {
    const asked: [string, AbortSignal][] = [];
    const compare = async (wanted: CompareRequest, _: string, signal: AbortSignal): Promise<Comparison> => {
      asked.push([wanted.source, signal]);
      await settle();
      return { reference: null };
    };
    const wanted = signal<CompareRequest | null>(request("a"));
    const outcome = createAnswers(wanted, signal(0), { compare });
    wanted.value = request("b");
    expect(asked.map(([source, { aborted }]) => [source, aborted])).toEqual([["a", true], ["b", false]]);
    expect(outcome.value).toBeNull();
    await settle();
    await settle();
    expect(outcome.value).toEqual({ request: request("b"), answer: { reference: null } });
    wanted.value = null;
    expect(outcome.value).toBeNull();
    wanted.value = request("b");
    expect(outcome.value).not.toBeNull();
    expect(asked).toHaveLength(2);
  });

  test("a refusal and a silence are outcomes", async () => {
    const error = { code: "bad", message: "No.", span: null, hint: null };
    const wanted = signal<CompareRequest | null>(request("a"));
    const refused = createAnswers(wanted, signal(0), { compare: () => Promise.reject(new Refusal(error)) });
    const silent = createAnswers(wanted, signal(0), { compare: () => Promise.reject(new Unreachable("502")) });
    await settle();
    expect([refused.value, silent.value]).toEqual([{ error }, { offline: true }]);
  });
});

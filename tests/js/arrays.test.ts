import { describe, expect, test } from "vitest";
import { elements, FORMATS, indexAt, isSummary, looksLikeArray, norm, placeAt, rankOf, shapeOf, shapeText, slices, uniform, unit, unitPlace } from "../../static/src/arrays";
import { brief, finite, full, short } from "../../static/src/numbers";
import type { Summary, Value } from "../../static/src/trace";
import { read, written } from "../../static/src/views/inputs";

const large: Summary = { shape: [300, 20], min: -3, max: 4, mean: 0.1, norm: 77.5, nan: 2 };
const cube: Value = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]];

describe("arrays", () => {
  test("shape, numbers and size", () => {
    expect([shapeOf(3), shapeOf([1, 2]), shapeOf([[1, 2], [3, 4], [5, 6]]), shapeOf(cube), shapeOf(large)]).toEqual([[], [2], [3, 2], [2, 2, 2], [300, 20]]);
    expect(elements(cube)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([norm([3, 4]), norm(large), norm([])]).toEqual([5, 77.5, 0]);
    expect([isSummary(large), isSummary([1]), isSummary("NaN")]).toEqual([true, false, false]);
    expect([uniform([[1, 1]]), uniform([1, 2]), uniform([])]).toEqual([1, null, null]);
    expect(shapeText([3, 2])).toBe("3×2");
  });

  test("on one line: up to six numbers, then the shape", () => {
    expect(short([[1, 2], [-3, 1 / 3]])).toBe("[[1, 2], [−3, 0.3333]]");
    expect(short([1, "NaN", "-Infinity"])).toBe("[1, ?, −∞]");
    expect([short(cube), short(large), short("linear")]).toEqual(["2×2×2 array", "300×20 array", "linear"]);
    expect([brief([1, 2, 3]), brief([0.1234, 0.5678, 1]), brief([[1, 2]]), brief(large), brief(0.5)]).toEqual(["[1, 2, 3]", "3-vector", "1×2", "300×20", "0.5"]);
    expect(full([0.1, -0.25])).toBe("[0.1, −0.25]");
    expect(full(large)).toBe("300×20 array, ‖·‖ = 77.5");
    expect([finite(2), finite([2]), finite(large), finite("NaN")]).toEqual([true, false, false, false]);
  });

  test("to copy", () => {
    const value: Value = [[1, -2.5e-7], ["NaN", "-Infinity"]];
    expect(FORMATS.numpy(value)).toBe("np.array([[1, -2.5e-7], [np.nan, -np.inf]])");
    expect(FORMATS.latex(value)).toBe("\\begin{bmatrix} 1 & -2.5 \\cdot 10^{-7} \\\\ \\mathrm{NaN} & -\\infty \\end{bmatrix}");
    expect(FORMATS.latex([1, 2])).toBe("\\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}");
    expect(FORMATS.csv(value)).toBe("1,-2.5e-7\nnan,-inf\n");
    expect(FORMATS.csv(cube)).toBe("1,2\n3,4\n\n5,6\n7,8\n");
    expect(slices([cube]).map((slice) => slice.index)).toEqual([[0, 0], [0, 1]]);
  });
});

test("an element has a place, counted row by row, and a place an element", () => {
  for (let place = 0; place < 24; place += 1) expect(placeAt([2, 3, 4], indexAt([2, 3, 4], place))).toBe(place);
  expect([indexAt([2, 3, 4], 17), indexAt([], 0), placeAt([], [])]).toEqual([[1, 1, 1], [], 0]);
});

test("a unit array is 1 at one place", () => {
  expect([unit([2, 2], 2), unit([2]), unit([], 0), unit([])]).toEqual([[[0, 0], [1, 0]], [0, 0], 1, 0]);
  expect([unitPlace([[0, 0], [1, 0]]), unitPlace([1, 1]), unitPlace([0, 2]), unitPlace([0, 0])]).toEqual([2, null, null, null]);
});

describe("what is typed", () => {
  test.each([
    ["[1, 2; 3, 4]", 2], ["[[1,2],[3,4]]", 2], ["[ [[1]] ]", 3], ["1 2\n3 4", 2], ["1\t2", 1], ["1, 2, 3", 1], ["[1, -2e-3, 1/3]", 1], ["[−1， 2]", 1],
  ])("%j is an array with %d axes", (text, axes) => {
    expect(looksLikeArray(text)).toBe(true);
    expect(rankOf(text)).toBe(axes);
  });

  test("of a call only the server knows the shape", () => expect([looksLikeArray("randn(3, 2, seed=1)"), rankOf("randn(3, 2, seed=1)")]).toEqual([true, null]));

  test.each(["[1, 2", "[1, 2)", "1, x", "abc", "", "-", "[1]]", "randn(3"])("%j is not yet one", (text) => expect(looksLikeArray(text)).toBe(false));

  test("a number is a number, an array is its text", () => {
    expect([read("−1/4"), read(" [1, 2] "), read("[1,"), read("x")]).toEqual([-0.25, "[1, 2]", null, null]);
    expect([written(-2), written("-Infinity"), written("[-1; 2]"), written([[1, -2]])]).toEqual(["−2", "−Infinity", "[-1; 2]", "[[1, −2]]"]);
  });
});

import { describe, expect, test } from "vitest";
import {
  blockOf, extent, filled, fitsGrid, flat, type Grid, gridOf, indices, inserted, moved, numberText, pasted, removed, resized, textOf, transposed, withCell,
} from "../../static/src/grid";

const matrix = gridOf([[1, -2], [3, 4], [5, 6]]);
const vector = gridOf([1, 2, 3]);
const cube = gridOf([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]);
const at = (row: number, column: number, slice = 0) => ({ slice, row, column });

describe("a grid", () => {
  test("has the cells of its array in order, with true minus signs", () => {
    expect(matrix).toEqual({ shape: [3, 2], cells: ["1", "−2", "3", "4", "5", "6"] });
    expect([extent(matrix), extent(vector), extent(cube)]).toEqual([[3, 2], [1, 3], [2, 2]]);
    expect([flat(matrix, at(2, 1)), flat(cube, at(0, 1, 1)), indices(cube, 5), indices(matrix, 4)]).toEqual([5, 5, [1, 0, 1], [2, 0]]);
  });

  test("is written as nested lists once every cell holds a number", () => {
    expect(textOf(matrix)).toBe("[[1, -2], [3, 4], [5, 6]]");
    expect(textOf(vector)).toBe("[1, 2, 3]");
    expect(textOf(cube)).toBe("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]");
    expect(textOf(withCell(vector, 1, "2."))).toBe("[1, 2, 3]");
    expect(textOf(withCell(vector, 1, "x"))).toBe(null);
    expect(textOf(withCell(vector, 1, ""))).toBe(null);
  });

  test.each([
    ["1/3", "1/3"], [" −1 / 4 ", "-1/4"], ["１．５", "1.5"], ["1e-3", "0.001"], ["-0", "0"], ["2,5", null], ["1/0", null], ["", null], ["-", null], ["1/2/3", null],
  ])("a cell with %j says %j", (typed, text) => expect(numberText(typed)).toBe(text));
});

describe("size", () => {
  test("what stays inside keeps its place", () => {
    expect(textOf(resized(matrix, [2, 3]))).toBe("[[1, -2, 0], [3, 4, 0]]");
    expect(textOf(resized(cube, [1, 2, 3]))).toBe("[[[1, 2, 0], [3, 4, 0]]]");
    expect(textOf(resized(vector, [2, 3]))).toBe("[[1, 2, 3], [0, 0, 0]]");
  });

  test("rows and columns come and go where one is", () => {
    expect(textOf(inserted(matrix, "row", 1))).toBe("[[1, -2], [0, 0], [3, 4], [5, 6]]");
    expect(textOf(inserted(matrix, "column", 2))).toBe("[[1, -2, 0], [3, 4, 0], [5, 6, 0]]");
    expect(textOf(removed(matrix, "row", 1))).toBe("[[1, -2], [5, 6]]");
    expect(textOf(removed(cube, "column", 0))).toBe("[[[2], [4]], [[6], [8]]]");
    expect(textOf(inserted(vector, "column", 0))).toBe("[0, 1, 2, 3]");
  });

  test("the last row and the last column stay", () => {
    const one = gridOf([[7]]);
    expect([removed(one, "row", 0), removed(one, "column", 0)]).toEqual([one, one]);
  });

  test("at most 400 cells", () => expect([fitsGrid([20, 20]), fitsGrid([401]), fitsGrid([2, 10, 21])]).toEqual([true, false, false]));
});

test("transposing exchanges the last two axes; a vector has but one", () => {
  expect(textOf(transposed(matrix))).toBe("[[1, 3, 5], [-2, 4, 6]]");
  expect(textOf(transposed(cube))).toBe("[[[1, 3], [2, 4]], [[5, 7], [6, 8]]]");
  expect(transposed(vector)).toBe(vector);
});

test("filling", () => {
  expect(textOf(filled(matrix, "zeros"))).toBe("[[0, 0], [0, 0], [0, 0]]");
  expect(textOf(filled(vector, "ones"))).toBe("[1, 1, 1]");
  expect(textOf(filled(matrix, "identity"))).toBe("[[1, 0], [0, 1], [0, 0]]");
  expect(textOf(filled(cube, "identity"))).toBe("[[[1, 0], [0, 1]], [[1, 0], [0, 1]]]");
});

describe("pasting", () => {
  test.each<[string, string[][]]>([
    ["1\t2\r\n3\t−4\r\n", [["1", "2"], ["3", "−4"]]],
    ["1\t\t3", [["1", "", "3"]]],
    ["array([[1.  , 2.5 ],\n       [3.  , 4.  ]])", [["1.", "2.5"], ["3.", "4."]]],
    ["[[ 1.  2.\n   3. ]\n [ 4.  5.  6.]]", [["1.", "2.", "3."], ["4.", "5.", "6."]]],
    ["[1, 2; 3, 4]", [["1", "2"], ["3", "4"]]],
    ["1, 2\n3, 4", [["1", "2"], ["3", "4"]]],
    ["1/3", [["1/3"]]],
    ["", []],
  ])("%j is a block", (text, block) => expect(blockOf(text)).toEqual(block));

  const paste = (grid: Grid, row: number, column: number, text: string) => {
    const done = pasted(grid, at(row, column), blockOf(text));
    return done && textOf(done);
  };

  test("fills from the cell, and the grid grows", () => {
    expect(paste(matrix, 0, 0, "9\t8")).toBe("[[9, 8], [3, 4], [5, 6]]");
    expect(paste(matrix, 2, 1, "7\t8\n9\t10")).toBe("[[1, -2, 0], [3, 4, 0], [5, 7, 8], [0, 9, 10]]");
    expect(textOf(pasted(cube, at(1, 1, 1), [["9", "9"]]) as Grid)).toBe("[[[1, 2, 0], [3, 4, 0]], [[5, 6, 0], [7, 9, 9]]]");
  });

  test("a vector takes a row or a column; a block makes it a matrix", () => {
    expect(paste(vector, 0, 1, "8\t9\t10")).toBe("[1, 8, 9, 10]");
    expect(paste(vector, 0, 0, "8\n9")).toBe("[8, 9, 3]");
    expect(paste(vector, 0, 0, "8\t9\n6\t7")).toBe("[[8, 9, 3], [6, 7, 0]]");
  });

  test("what is missing from a ragged block is left to be filled in", () => {
    const done = pasted(matrix, at(0, 0), blockOf("1\t2\n3"));
    expect(done?.cells).toEqual(["1", "2", "3", "", "5", "6"]);
    expect(textOf(done as Grid)).toBe(null);
  });

  test("not past the largest size", () => expect(paste(vector, 0, 0, Array.from({ length: 21 }, () => Array(20).fill("1").join("\t")).join("\n"))).toBe(null));
});

describe("keys", () => {
  test.each([
    ["ArrowRight", false, 1, 0, 1, 1], ["ArrowLeft", false, 1, 1, 1, 0], ["ArrowUp", false, 1, 0, 0, 0], ["ArrowDown", false, 1, 0, 2, 0],
    ["Enter", false, 0, 1, 1, 1], ["Enter", true, 1, 1, 0, 1], ["Tab", false, 0, 1, 1, 0], ["Tab", true, 1, 0, 0, 1],
  ])("%s (shift %s) from (%d, %d)", (key, back, row, column, nextRow, nextColumn) => expect(moved(matrix, at(row, column), key, back)).toEqual(at(nextRow, nextColumn)));

  test.each([["ArrowRight", false, 0, 1], ["ArrowUp", false, 0, 0], ["Enter", false, 2, 0], ["Tab", false, 2, 1], ["Tab", true, 0, 0]])("%s (shift %s) stops at the edge", (key, back, row, column) =>
    expect(moved(matrix, at(row, column), key, back)).toBe(null));

  test("in a vector, Enter goes on to the right", () => expect([moved(vector, at(0, 0), "Enter", false), moved(vector, at(0, 2), "Enter", false)]).toEqual([at(0, 1), null]));
});

import { describe, expect, test } from "vitest";
import { column, nextCotangent, nextTangents, readCotangent, readTangents, sentCotangent, sentTangents, writeCotangent, writeTangents } from "../../static/src/seed";

const INPUTS = [{ name: "X", shape: [2, 2] }, { name: "y", shape: [] }];

describe("a direction", () => {
  test.each([
    ["X", { X: 1, y: 0 }],
    ["y", { X: 0, y: 1 }],
    ["X[1,0]", { X: [[0, 0], [1, 0]], y: 0 }],
    ["X[ 0 , 1 ]", { X: [[0, 1], [0, 0]], y: 0 }],
    ["X=[1, 0; 0, 2];y=-1/2", { X: "[1, 0; 0, 2]", y: -0.5 }],
    ["y=2", { X: 0, y: 2 }],
  ])("%s", (text, sent) => expect(sentTangents(readTangents(text, INPUTS), INPUTS)).toEqual(sent));

  test.each(["", "z", "X[2,0]", "X[0]", "y[0]", "[1]", "=1", "z=3", "X=", ";;"])("%j says nothing of these inputs: the first is meant", (text) => {
    expect(readTangents(text, INPUTS)).toEqual({ kind: "input", name: "X" });
  });

  test.each(["X", "X[1,0]", "X=[1, 0; 0, 2];y=3"])("%s is written as it was read", (text) => expect(writeTangents(readTangents(text, INPUTS))).toBe(text));

  test("a name such as __proto__ is a name", () => {
    const odd = [{ name: "__proto__", shape: [] }, { name: "constructor", shape: [] }];
    expect(Object.entries(sentTangents(readTangents("constructor", odd), odd))).toEqual([["__proto__", 0], ["constructor", 1]]);
  });
});

describe("a cotangent", () => {
  test.each([
    ["", [3], [1, 0, 0]],
    ["[2]", [3], [0, 0, 1]],
    ["[3]", [3], [1, 0, 0]],
    ["[0,1]", [2, 2], [[0, 1], [0, 0]]],
    ["=1", [3], 1],
    ["=[1, 2, 3]", [3], "[1, 2, 3]"],
    ["X[1,0]", [2], [1, 0]],
  ])("%j of shape %j", (text, shape, sent) => {
    const seed = readCotangent(text, shape);
    expect(seed && sentCotangent(seed, shape)).toEqual(sent);
  });

  test("of a number is 1, and need not be sent", () => expect(["", "[0]", "x"].map((text) => readCotangent(text, []))).toEqual([null, null, null]));
  test("of a number may be typed", () => expect(readCotangent("=2", [])).toEqual({ kind: "text", text: "2" }));
  test.each(["[0,1]", "=[[1, 0], [0, 0]]"])("%s is written as it was read", (text) => expect(writeCotangent(readCotangent(text, [2, 2]) as never)).toBe(text));
});

describe("the next seed", () => {
  const walk = (from: string, steps: number): string[] => {
    const seen = [from];
    for (let i = 0; i < steps; i += 1) seen.push(nextTangents(readTangents(seen.at(-1) as string, INPUTS), INPUTS));
    return seen;
  };
  test("goes from input to input", () => expect(walk("X", 2)).toEqual(["X", "y", "X"]));
  test("or from element to element, and on to the next input", () => expect(walk("X[0,1]", 3)).toEqual(["X[0,1]", "X[1,0]", "X[1,1]", "y"]));
  test("after a typed direction begins anew", () => expect(walk("y=2", 1)).toEqual(["y=2", "X"]));
  test("of an output is its next element", () => {
    expect(["", "[0,1]", "[1,1]", "=1"].map((text) => nextCotangent(readCotangent(text, [2, 2]), [2, 2]))).toEqual(["[0,1]", "[1,0]", "[0,0]", "[0,0]"]);
    expect(nextCotangent(null, [])).toBe("");
  });
});

test("a column of the Jacobian is the seed of one element, of a number its name", () => {
  expect([column({ name: "X", shape: [2, 3] }, 4), column({ name: "y", shape: [] }, 0)]).toEqual(["X[1,1]", "y"]);
});

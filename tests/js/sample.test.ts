import { expect, test } from "vitest";
import { sample, starting } from "../../static/src/sample";

test("an input starts with simple numbers, all different", () => {
  expect([sample([2]), sample([2, 2]), sample([1, 2, 2], 3)]).toEqual(["[1, 2]", "[[1, 2], [3, 4]]", "[[[3, 4], [5, 6]]]"]);
  expect(sample([64, 10], 2)).toBe("randn(64, 10, seed=2)");
});

test("labels are classes that there are", () => {
  const labels = { kind: "labels", classes: 3 } as const;
  expect([sample([5], 6, labels), sample([2, 2], 1, labels), sample([100], 6, labels)]).toEqual(["[0, 1, 2, 0, 1]", "[[0, 1], [2, 0]]", "zeros(100)"]);
});

test("signs are -1 or 1, probabilities lie between, a distribution adds up to 1", () => {
  expect([sample([3], 2, { kind: "signs" }), sample([80], 2, { kind: "signs" })]).toEqual(["[1, -1, 1]", "ones(80)"]);
  expect([sample([2], 2, { kind: "probabilities" }), sample([80], 2, { kind: "probabilities" })]).toEqual(["[1/3, 2/3]", "rand(80, seed=2)"]);
  expect(sample([2, 3], 2, { kind: "distribution" })).toBe("[[1/6, 2/6, 3/6], [1/6, 2/6, 3/6]]");
  expect(sample([20, 4], 2, { kind: "distribution" })).toBe("full(20, 4, 1/4)");
});

test("a single number too is one that its operation can take", () => {
  expect([0, 1, 5].map((place) => starting([], place, {}))).toEqual([2, 3, 2]);
  expect((["labels", "signs", "probabilities"] as const).map((kind) => starting([], 3, { kind }))).toEqual([0, 1, 0.5]);
  expect(starting([2], 1, {})).toBe("[2, 3]");
});

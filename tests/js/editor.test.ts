import { expect, test } from "vitest";
import { optionsOf } from "../../static/src/editor/complete";
import { kindOf, TOKEN } from "../../static/src/editor/language";

const paint = (text: string): string[] => [...text.matchAll(TOKEN)].map((found) => `${found[0]} ${kindOf(found[0], text.slice(found.index + found[0].length))}`);

test("brackets, products and transposes are painted", () => {
  expect(paint("A' @ x.T")).toEqual(["A name", "' operator", "@ operator", "x name", ".T operator"]);
  expect(paint("(X @ W)' + [1, 2.5]")).toEqual(["X name", "@ operator", "W name", "' operator", "[ bracket", "1 number", "2.5 number", "] bracket"]);
  expect(paint("X''")).toEqual(["X name", "'' operator"]);
});

test("scalar formulas are painted as before", () => {
  expect(paint("ln(x1) + .5*x2 # note")).toEqual(["ln function", "x1 name", ".5 number", "x2 name", "# note comment"]);
});

test("every name of a row completes a word, but not that of an internal one", () => {
  const row = { arity: 1, latex: "", python: "", precedence: 100, partials: [], domain: "", about: { en: "Sine.", zh: "正弦。" } };
  const options = optionsOf([{ ...row, name: "trace", aliases: ["tr"] }, { ...row, name: "scatter", aliases: [], internal: true }]);
  expect(options.map((option) => [option.label, option.apply])).toEqual([["trace", "trace("], ["tr", "tr("]]);
});

import { describe, expect, test } from "vitest";
import { assign, createStore, type Fields, fieldsOf, fromHash, initialFields, remember, toHash } from "../../static/src/store";

const some: Partial<Fields>[] = [
  {},
  { source: "sin(x*y) + x", inputs: { x: 1.5, y: -1 }, pass: "reverse", k: 7 },
  { source: "a = x\nb = a & y # 100%\nb", inputs: { x: "NaN", y: "-Infinity" } },
  { source: "sum(A @ x)", inputs: { A: [[1, 2], [3, 4]], x: [0.1, -2e-7] } },
  { source: "sum(A @ x)", inputs: { A: "[1, 2; 3, 4]", x: "1\t2\n3\t\"4:5\"", B: "randn(3, 2, seed=1)", c: 2 } },
  { source: "α + （x）× 中", locale: "zh", theme: "dark", lanes: "overlay", predict: true, present: true, card: true },
  { of: ["x1", "x2"], wrt: ["x1"], seed: "x2", pass: "forward" },
  { pass: "jacobian", mode: "reverse", gradient: true, seed: "[0,2]" },
  { pass: "forward", seed: "x=[1, 0; 0, 1];y=2" },
  { pass: "reverse", seed: "=[[1,0],[0,0]]" },
  { compare: "check", by: "x2", step: "1e-6", claim: { x1: "x2 + 1/x1", x2: -0.5 } },
  { source: "" },
];

describe("a link opens the same frame", () => {
  test.each(some)("%j", (fields) => {
    const wanted: Fields = { ...initialFields(), ...fields };
    const opened = createStore(`#${toHash(wanted)}`, null, ["en"]);
    expect(fieldsOf(opened)).toEqual(wanted);
  });
});

test("a formula stays readable in a link", () => {
  expect(toHash({ ...initialFields(), source: "ln(x)*x", inputs: { x: 2 } })).toBe("f=ln(x)*x&at=x:2&lang=en");
});

test("an array is its text", () => {
  expect(fromHash("#at=A:[[1,2],[3,4]];x:2").inputs).toEqual({ A: [[1, 2], [3, 4]], x: 2 });
  expect(toHash({ ...initialFields(), source: "A", inputs: { A: "[1; 2]" } })).toBe("f=A&at=A:%22[1;%202]%22&lang=en");
});

test("what a link does not say keeps its default", () => {
  expect(fromHash("#")).toEqual({});
  expect(fromHash("#k=7&nonsense=1&pass=backwards&k=-2&%E0%A4%A=x")).toEqual({ k: 7 });
  expect(fromHash("#at=x:[1,")).toEqual({});
});

test("of two dialogs in one link, the later one opens", () => {
  expect(fromHash("#compare=cost&inspect=1")).toEqual({ compare: "", inspect: true });
  expect(fromHash("#inspect=1&compare=cost")).toEqual({ compare: "cost", inspect: false });
  expect(fromHash("#inspect=1&compare=")).toEqual({ compare: "", inspect: true });
  expect(fromHash("#compare=cost&inspect=0")).toEqual({ compare: "cost", inspect: false });
});

test("names such as __proto__ and constructor are names", () => {
  const { inputs } = fromHash("#at=__proto__:1;constructor:2;toString:3");
  expect(Object.keys(inputs ?? {})).toEqual(["__proto__", "constructor", "toString"]);
  expect(({} as Record<string, unknown>)["constructor"]).toBe(Object);
});

test("a link to another function does not inherit the first example's values", () => {
  expect(createStore("#f=x*y", null, ["en"]).inputs.value).toEqual({});
  expect(createStore("", null, ["en"]).inputs.value).toEqual({ x1: 2, x2: 5 });
});

test("language and theme: the link, then what was chosen last, then the browser", () => {
  const kept = new Map<string, string>();
  const memory = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  expect(createStore("", memory, ["zh-CN", "en"]).locale.value).toBe("zh");
  expect(createStore("", memory, ["de", "en"]).locale.value).toBe("en");
  const store = createStore("#theme=dark&lang=zh", memory, ["en"]);
  store.singleKeys.value = false;
  remember(store, memory);
  const next = createStore("", memory, ["en"]);
  expect([next.locale.value, next.theme.value, next.singleKeys.value]).toEqual(["zh", "dark", false]);
  expect(createStore("#theme=light", memory, ["en"]).theme.value).toBe("light");
});

test("assigning a link changes only what it says", () => {
  const store = createStore("", null, ["en"]);
  assign(store, { k: 3, pass: "reverse" });
  expect(fieldsOf(store)).toEqual({ ...initialFields(), k: 3, pass: "reverse" });
});

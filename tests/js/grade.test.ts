/** The grading page's own arithmetic: fields of a task from its schema, places of an answer, requests for programs. */

import { describe, expect, test } from "vitest";
import { changed, fieldsOf, parts, read, written } from "../../static/src/grade/fields";
import { python, quoted } from "../../static/src/grade/request";
import { answerOf, slotsOf, textsOf } from "../../static/src/grade/slots";
import { frameIn, hashOf } from "../../static/src/grade/frame";
import type { Json, Schema } from "../../static/src/grade/types";

const SCHEMA: Schema = {
  $ref: "#/$defs/Derivative",
  $defs: {
    Derivative: {
      type: "object",
      required: ["kind", "source", "wrt"],
      properties: {
        kind: { enum: ["derivative"] },
        points: { type: "number", default: 1 },
        source: { type: "string", description: "The function." },
        wrt: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
        domain: { anyOf: [{ type: "object", additionalProperties: { type: "array" } }, { type: "null" }], default: null },
        want: { enum: ["value", "gradient"] },
        edges: { type: "boolean", default: false },
        answer: { anyOf: [{ type: "number" }, { type: "string" }, { type: "array" }] },
      },
    },
  },
};

describe("the fields of a task", () => {
  test("what a task must have comes first, and the kind is no field", () => {
    expect(fieldsOf(SCHEMA).map(({ name, input, required }) => [name, input, required])).toEqual([
      ["source", "text", true], ["wrt", "list", true], ["points", "number", false], ["domain", "pairs", false],
      ["want", "choice", false], ["edges", "switch", false], ["answer", "json", false],
    ]);
    expect(fieldsOf(SCHEMA)[0]?.about).toBe("The function.");
    expect(fieldsOf(SCHEMA)[4]?.choices).toEqual(["value", "gradient"]);
  });

  const cases: [Parameters<typeof read>[0]["input"], string, Json | undefined][] = [
    ["text", "x^2 ", "x^2 "], ["text", "  ", undefined], ["number", "2.5", 2.5], ["number", "two", "two"],
    ["list", "x", "x"], ["list", "x, y", ["x", "y"]], ["list", '["x"]', ["x"]],
    ["pairs", "x = 2; y = 5", { x: 2, y: 5 }], ["pairs", "x=2, y=5", { x: 2, y: 5 }],
    ["pairs", "A = [[1, 2], [3, 4]]; x = [1, 2]", { A: [[1, 2], [3, 4]], x: [1, 2] }],
    ["pairs", "A = [1, 2; 3, 4]\nx = 1", { A: "[1, 2; 3, 4]", x: 1 }], ["pairs", '{"x": 2}', { x: 2 }], ["pairs", "x", { x: "" }],
    ["json", "[1, 2]", [1, 2]], ["json", "x1", "x1"], ["switch", "true", true],
  ];
  test.each(cases)("%s: %s", (input, text, value) => {
    expect(read({ input }, text)).toEqual(value);
  });

  const there: [Parameters<typeof read>[0]["input"], Json][] = [
    ["text", "2x"], ["number", 0.5], ["list", "x"], ["list", ["x", "y"]], ["list", ["x"]], ["pairs", { x: [0.5, 2], y: "NaN" }], ["json", [[1]]],
  ];
  test.each(there)("what is written is read back: %s %j", (input, value) => {
    expect(read({ input }, written({ input }, value))).toEqual(value);
  });

  test("brackets and quotes hold a part together", () => {
    expect(parts('a = [1; 2]; b = "x;y"; ; c')).toEqual(["a = [1; 2]", 'b = "x;y"', "c"]);
  });

  test("an empty field leaves the task", () => {
    expect(changed({ kind: "derivative", source: "x" }, "source", undefined)).toEqual({ kind: "derivative" });
  });
});

describe("the places of an answer", () => {
  const table = { v1: { value: 0.6931, tangent: 0.5 }, v2: { value: 10, tangent: 5 } };

  test("a formula has one place, a table one for each number", () => {
    expect(slotsOf("2*x")).toMatchObject([{ path: [], long: false, json: false }]);
    expect(slotsOf(table).map(({ path }) => path.join("."))).toEqual(["v1.value", "v1.tangent", "v2.value", "v2.tangent"]);
    expect(slotsOf("v1 = x*x\nv2 = sin(v1)")).toMatchObject([{ long: true }]);
  });

  test("what is left empty is missing", () => {
    const slots = slotsOf(table);
    expect(answerOf(slots, ["0.7", "", "", "1/3"])).toEqual({ v1: { value: 0.7 }, v2: { tangent: "1/3" } });
    expect(answerOf(slots, ["", "", "", ""])).toEqual({});
    expect(answerOf(slotsOf("2*x"), ["x + x"])).toBe("x + x");
    expect(answerOf(slotsOf("2*x"), ["2"])).toBe("2");
    expect(answerOf(slotsOf(1.5), ["2"])).toBe(2);
  });

  test.each<[Json]>([["2*x"], [3.5], [table], [["x", "v1"]], [[["x", "v1"], ["v1", "v2"]]], [{ W: [[1, 2], [3, 4]], b: "[1, 2]" }]])("an answer fills the places and comes back: %j", (answer) => {
    const slots = slotsOf(answer);
    const texts = textsOf(slots, answer);
    expect(texts).not.toBeNull();
    const back = answerOf(slots, texts ?? []);
    expect(Array.isArray(answer) && typeof answer[0] === "string" ? String(back).split(", ") : back).toEqual(answer);
  });

  test("an answer of another shape has no place here", () => {
    expect(textsOf(slotsOf(table), "2x")).toBeNull();
    expect(textsOf(slotsOf(table), { v9: { value: 1 } })).toBeNull();
    expect(textsOf(slotsOf("2x"), { x: 1 })).toBeNull();
    expect(textsOf(slotsOf(table), { v2: { value: 10 } })).toEqual(["", "", "10", ""]);
  });
});

describe("the same for a program", () => {
  test("a shell keeps quotes as they are", () => {
    expect(quoted(`{"answer": "f'(x)"}`)).toBe(`'{"answer": "f'\\''(x)"}'`);
  });

  test("JSON as Python", () => {
    expect(python({ a: [true, false, null], b: "x\n", c: 0.5 })).toBe('{"a": [True, False, None], "b": "x\\n", "c": 0.5}');
  });

  test("a link opens what it was made from; a broken one opens nothing", () => {
    const frame = { task: { kind: "derivative", source: "100%·x²" }, answer: "f'(x) = 2x", help: "full" as const };
    expect(frameIn(hashOf(frame))).toEqual(frame);
    for (const broken of ["", "#", "#%", "#[1]", "#null", "#{"]) expect(frameIn(broken)).toEqual({});
  });
});

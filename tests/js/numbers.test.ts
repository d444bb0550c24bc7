import { describe, expect, test } from "vitest";
import { full, parse, short } from "../../static/src/numbers";
import { adapted, rangeFor, roundUp, tidy } from "../../static/src/ranges";
import type { Num } from "../../static/src/trace";

describe("four digits", () => {
  test.each<[Num, string]>([
    [2, "2"], [0.5, "0.5"], [201.5, "201.5"], [0, "0"], [-0, "0"], [1536, "1536"], [0.6931471805599453, "0.6931"], [1.9999999, "2.000"], [-0.28366, "−0.2837"],
    [10.693147, "10.69"], [10000, "10000"], [999900, "999900"], [123456.7, "1.235×10⁵"], [999999.9, "1.000×10⁶"], [1e6, "1×10⁶"], [1.23456e8, "1.235×10⁸"],
    [-0.00001234, "−1.234×10⁻⁵"], [0.0001, "0.0001"], [1e-5, "1×10⁻⁵"], [12345, "1.234×10⁴"], ["NaN", "?"], ["Infinity", "+∞"], ["-Infinity", "−∞"],
    [5e-324, "5×10⁻³²⁴"], [1.7976931348623157e308, "1.798×10³⁰⁸"],
    // Ties go to the even digit, as in Python.
    [1.5625, "1.562"], [1.0635, "1.063"], [-1.0625, "−1.062"], [10.375, "10.38"], [10.625, "10.62"], [1234.5, "1234"],
  ])("%s is %s", (value, text) => expect(short(value)).toBe(text));

  test("the full value keeps every digit", () => {
    expect(full(-0.28366218546322625)).toBe("−0.28366218546322625");
    expect(full(1.5e-10)).toBe("1.5×10⁻¹⁰");
    expect(full("Infinity")).toBe("+∞");
  });
});

describe("what a person types", () => {
  test.each<[string, number | null]>([
    ["2", 2], [" −0.5 ", -0.5], ["1/3", 1 / 3], ["１．５", 1.5], ["1e3", 1000], ["", null], ["x", null], ["1/0", null], ["1/2/3", null], ["/", null], ["1,5", null], ["–2", -2],
  ])("%j is %s", (text, value) => expect(parse(text)).toBe(value));
});

describe("slider ranges", () => {
  test.each([[0.3, 0.5], [1, 1], [1.01, 2], [3.2, 5], [8, 10], [11, 20], [0.0007, 0.001]])("%d rounds up to %d", (size, up) => expect(roundUp(size)).toBe(up));
  test("both sides of zero, round steps", () => expect(rangeFor(2)).toEqual({ limit: 5, step: 0.025 }));
  test("it grows at its end", () => expect(adapted(rangeFor(2), 5, false).limit).toBeGreaterThan(5));
  test("a small value that was typed gets a small range", () => {
    expect(adapted(rangeFor(2), 0.01, true).limit).toBe(0.02);
    expect(adapted(rangeFor(2), 0.01, false).limit).toBe(5);
  });
  test("zero, huge and tiny values have a range", () => {
    for (const value of [0, 1e308, -5e-324]) expect(rangeFor(value).limit).toBeGreaterThan(0);
  });
  test("no dust", () => expect(tidy(0.1 + 0.2, 0.025)).toBe(0.3));
});

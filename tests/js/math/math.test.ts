import { describe, expect, it } from "vitest";
import { mathHTML, mathText, measure, mixedHTML, parse, plain, spoken, writeMath } from "../../../static/src/math";

const text = (latex: string): string => mathText(latex).map((run) => run.text + (run.over === "dot" ? "\u0307" : "")).join("");

describe("a line of our LaTeX", () => {
  it.each([
    ["x_1", "x1", "x1"],
    ["x_1 \\cdot x_2", "x1 · x2", "x1 times x2"],
    ["\\ln x_1", "ln x1", "ln x1"],
    ["\\bar{v}_2 \\cdot \\cos x_2", "v\u03042 · cos x2", "v2 bar times cos x2"],
    ["\\dot{x}", "x\u0307", "x dot"],
    ["-\\bar{v}_5", "−v\u03045", "minus v5 bar"],
    ["v_4 - v_3", "v4 − v3", "v4 minus v3"],
    ["a = -b", "a = −b", "a equals minus b"],
    ["a \\cdot -2", "a · −2", "a times minus 2"],
    ["1/x_1", "1/x1", "1 over x1"],
    ["\\frac{1}{x}", "1/x", "1 over x"],
    ["\\frac{a + b}{c \\cdot d}", "(a + b)/(c · d)", "a plus b over c times d"],
    ["\\frac{1}{2x}", "1/(2x)", "1 over 2 x"],
    ["\\frac{\\partial v_3}{\\partial v_1}", "∂v3/∂v1", "partial v3 over partial v1"],
    ["\\frac{1}{\\cos x}", "1/cos x", "1 over cos x"],
    ["\\sqrt{x}", "√x", "root of x"],
    ["\\sqrt[3]{x + 1}", "3√(x + 1)", "3-th root of x plus 1"],
    ["x^{2}", "x2", "x squared"],
    ["\\left|x\\right|", "|x|", "bar x bar"],
    ["\\left\\|x\\right\\|_{1}", "‖x‖1", "double bar x double bar1"],
    ["\\lfloor x \\rfloor", "⌊x⌋", "⌊ x ⌋"],
    ["\\operatorname{relu}(x)", "relu(x)", "relu ( x )"],
    ["\\sin(x + 1)", "sin(x + 1)", "sin ( x plus 1 )"],
    ["2 \\sin x", "2 sin x", "2 sin x"],
    ["\\mathrm{loss}", "loss", "loss"],
    ["\\bar{x}_{2 \\to v_2}", "x\u03042→v2", "x2tov2 bar"],
    ["\\bar{v_5}", "v\u03045", "v5 bar"],
    ["\\bar{x_2}_{\\to v_3}", "x\u03042→v3", "x2tov3 bar"],
    ["f(x, y)", "f(x, y)", "f ( x , y )"],
    ["x \\le \\infty", "x ≤ ∞", "x is at most infinity"],
    ["1.5 \\cdot x", "1.5 · x", "1.5 times x"],
    ["\\alpha + \\pi", "α + π", "α plus π"],
    ["X^\\top \\, \\bar{v}_1", "X⊤ v\u03041", "X transposed v1 bar"],
    ["\\operatorname{sum\\_to}(\\bar{v}_2)", "sum_to(v\u03042)", "sum_to ( v2 bar )"],
    ["\\Sigma_{i} x_i", "Σixi", "sumi xi"],
    ["\\det A", "det A", "det A"],
    ["\\frac{d}{dx}\\left[ x^{2} \\right] \\cdot \\ln 2", "d/(dx) [x2] · ln 2", "d over d x [ x squared ] times ln 2"],
    ["\\frac{\\partial}{\\partial x_1}\\left[ u \\right]", "∂/∂x1 [u]", "partial over partial x1 [ u ]"],
    ["\\mathrm{tr}(A)", "tr(A)", "tr ( A )"],
    ["[[1, -2], [3, 4]]", "[[1, −2], [3, 4]]", "[ [ 1 , minus 2 ] , [ 3 , 4 ] ]"],
  ])("%s", (latex, line, words) => {
    expect(text(latex)).toBe(line);
    expect(spoken(latex, "en")).toBe(words);
  });

  it("sets names in italic and puts subscripts below", () => {
    expect(mathText("\\cos x_2 + 1")).toEqual([
      { text: "cos ", italic: false, level: "base", over: false },
      { text: "x", italic: true, level: "base", over: false },
      { text: "2", italic: false, level: "sub", over: false },
      { text: " + 1", italic: false, level: "base", over: false },
    ]);
  });

  it("reads anything at all", () => {
    for (const odd of ["", "{", "}", "\\", "\\frac", "\\frac{", "_", "^^", "x_", "\\left", "\\sqrt[", "\\bar", "\\constructor", "\\__proto__", "\\left(x", "a}b", "<script>"]) {
      expect(() => [parse(odd), mathHTML(odd), mathText(odd), plain(odd), spoken(odd)]).not.toThrow();
    }
    expect(plain("\\constructor")).toBe("constructor");
  });

  it("speaks Chinese", () => {
    expect(spoken("x_1 \\cdot x_2", "zh")).toBe("x1 乘 x2");
  });

  it("keeps letters apart as ASCII in plain text", () => {
    expect(plain("\\bar{v}_2 \\cdot x^{2}")).toBe("v\u03042 · x^2");
  });
});

describe("maths in the page", () => {
  it("is spans with the words as its name", () => {
    const made = mathHTML("\\frac{\\partial v_2}{\\partial x_2}");
    expect(made.getAttribute("aria-label")).toBe("partial v2 over partial x2");
    expect(made.querySelectorAll(".frac > span")).toHaveLength(2);
    expect(made.querySelector("i")?.textContent).toBe("v");
    expect(made.querySelector("sub")?.textContent).toBe("2");
  });

  it("stands between dollar signs in a sentence", () => {
    const host = document.createElement("p");
    host.append(mixedHTML("The partial of $x_1 \\cdot x_2$ is <b>$x_1$</b>."));
    expect(host.textContent).toBe("The partial of x1 · x2 is <b>x1</b>.");
    expect(host.querySelectorAll(".m")).toHaveLength(2);
    expect(host.querySelector("b")).toBeNull();
  });

  it("draws a bar over a name of several letters", () => {
    expect(mathHTML("\\bar{\\mathrm{loss}}").querySelector(".over-bar")?.textContent).toBe("loss");
  });

  it("draws a dot, which is copied as a character", () => {
    const made = mathHTML("\\dot{v}_3");
    expect(made.querySelector(".over-dot")?.textContent).toBe("v\u0307");
    expect(mathHTML("\\dot{A}").querySelector(".over-dot.tall")).not.toBeNull();
  });

  it("never makes markup of a name", () => {
    expect(mathHTML("\\mathrm{<img src=x>}").querySelector("img")).toBeNull();
  });
});

describe("maths in a picture", () => {
  it("comes back to the line after a subscript", () => {
    const target = document.createElementNS("http://www.w3.org/2000/svg", "text");
    writeMath(target, "x_1 \\cdot x_2", 20);
    const shifts = [...target.children].map((span) => Number(span.getAttribute("dy") ?? 0));
    expect(shifts).toEqual([0, 4.4, -4.4, 0, 4.4]);
    expect(target.textContent).toBe("x1 · x2");
  });

  it("draws a dot over its letter and goes on behind it", () => {
    const target = document.createElementNS("http://www.w3.org/2000/svg", "text");
    writeMath(target, "\\dot{v}_3 + \\dot{A}", 20);
    expect([...target.children].map((span) => span.textContent)).toEqual(["v", "•", "3", " + ", "A", "•"]);
    const [, dot, behind, plus, , high] = [...target.children].map((span) => ["dx", "dy"].map((shift) => Number(span.getAttribute(shift) ?? 0)) as [number, number]);
    const point = 0.6 * 0.42 * 1.12 * 20;
    expect((dot?.[0] ?? 0) + point + (behind?.[0] ?? 0)).toBeCloseTo(0);
    expect((dot?.[1] ?? 0) + (behind?.[1] ?? 0) + (plus?.[1] ?? 0)).toBeCloseTo(0);
    expect(high?.[1]).toBeLessThan(dot?.[1] ?? 0);
  });

  it("is measured before it is drawn", () => {
    expect(measure("\\dot{v}", 10)).toBe(measure("v", 10));
    expect(measure("x_1", 20)).toBeCloseTo(20 * (0.6 * 1.12 + 0.6 * 0.72));
    expect(measure("x_1 + x_2", 10)).toBeGreaterThan(measure("x_1", 10) * 2);
    expect(measure("\\bar{v}", 10)).toBe(measure("v", 10));
  });
});

it("a Chinese name is never slanted, with a bar or without", () => {
  const names = [...mathHTML("\\mathrm{权重} + x + \\bar{\\mathrm{权重}}").querySelectorAll("i")];
  expect(names.map((name) => [name.textContent, name.classList.contains("han")])).toEqual([["权重", true], ["x", false], ["权重", true]]);
  expect(mathText("\\mathrm{权重} + x").map((run) => [run.text, run.italic])).toEqual([["权重 + ", false], ["x", true]]);
});

import { describe, expect, test } from "vitest";
import { command, curl, elementNames, hessianMatrix, hessianOrder, jacobianMatrix, OBJECTS, requestFor, unit } from "../../static/src/derivatives";

const asked = { direction: { x: 1, y: 0 }, cotangent: "[1, 0]", of: ["x", "x"] };
const request = (wanted: (typeof OBJECTS)[number]) => requestFor("x*y", { x: 2, y: 3 }, { wanted, ...asked });

describe("a request", () => {
  test("asks for the object and gives what it needs, nothing else", () => {
    const base = { source: "x*y", inputs: { x: 2, y: 3 } };
    expect(request("value")).toEqual({ ...base, want: ["value"] });
    expect(request("gradient")).toEqual({ ...base, want: ["value", "gradient"] });
    expect(request("jacobian")).toEqual({ ...base, want: ["value", "jacobian"] });
    expect(request("hessian")).toEqual({ ...base, want: ["hessian"] });
    expect(request("jvp")).toEqual({ ...base, want: [], jvp: { x: 1, y: 0 } });
    expect(request("vjp")).toEqual({ ...base, want: [], vjp: "[1, 0]" });
    expect(request("hvp")).toEqual({ ...base, want: [], hvp: { x: 1, y: 0 } });
    expect(request("directional")).toEqual({ ...base, want: [], directional: { x: 1, y: 0 } });
    expect(request("derivative")).toEqual({ ...base, want: [], of: ["x", "x"] });
  });

  test("a direction starts as 1, or as the first unit vector; a large one as a number for all", () =>
    expect([unit([]), unit([3]), unit([2, 2]), unit([20, 20])]).toEqual([1, "[1, 0, 0]", "[[1, 0], [0, 0]]", 1]));
});

describe("one matrix out of blocks", () => {
  test("a name for each element", () => {
    expect(elementNames("x", [])).toEqual(["x"]);
    expect(elementNames("X", [2, 2])).toEqual(["X[0, 0]", "X[0, 1]", "X[1, 0]", "X[1, 1]"]);
  });

  test("rows are elements of the output, columns those of the inputs", () => {
    const blocks = { A: [[[1, 1], [0, 0]], [[0, 0], [1, 1]]], x: [[1, 2], [3, 4]] };
    expect(jacobianMatrix(blocks, [2])).toEqual({
      rows: ["f[0]", "f[1]"], columns: ["A[0, 0]", "A[0, 1]", "A[1, 0]", "A[1, 1]", "x[0]", "x[1]"], numbers: [[1, 1, 0, 0, 1, 2], [0, 0, 1, 1, 3, 4]],
    });
    expect(jacobianMatrix({ x: 5, y: "NaN" }, [])).toEqual({ rows: ["f"], columns: ["x", "y"], numbers: [[5, "NaN"]] });
    expect(jacobianMatrix({ x: Array(25).fill(1) }, [])).toBe(null);
  });

  test("second derivatives of numbers and vectors together", () => {
    const blocks = { s: { s: 1, v: [2, 3] }, v: { s: [2, 3], v: [[4, 5], [5, 6]] } };
    expect(hessianMatrix(blocks)).toEqual({ rows: ["s", "v[0]", "v[1]"], columns: ["s", "v[0]", "v[1]"], numbers: [[1, 2, 3], [2, 4, 5], [3, 5, 6]] });
    expect(hessianOrder(blocks)).toBe(3);
  });
});

describe("for a terminal", () => {
  test("curl, with quotes that a shell keeps", () => {
    expect(curl(request("vjp"), "http://h/api/v1/derivatives")).toBe(
      `curl -s http://h/api/v1/derivatives -H 'Content-Type: application/json' -d '{"source":"x*y","inputs":{"x":2,"y":3},"want":[],"vjp":"[1, 0]"}'`);
    expect(curl({ source: "f' ", inputs: {}, want: ["value"] }, "u")).toContain(`"f'\\'' "`);
  });

  test("the command", () => {
    expect(command(request("gradient"))).toBe("wengert derivatives 'x*y' 'x=2' 'y=3' --want value,gradient");
    expect(command(request("jvp"))).toBe("wengert derivatives 'x*y' 'x=2' 'y=3' --want '' --jvp 'x=1,y=0'");
    expect(command(request("vjp"))).toBe("wengert derivatives 'x*y' 'x=2' 'y=3' --want '' --vjp='[1, 0]'");
    expect(command({ ...request("vjp"), vjp: -1 })).toContain("--vjp=-1");
    expect(command(request("derivative"))).toBe("wengert derivatives 'x*y' 'x=2' 'y=3' --want '' --of x,x");
    expect(command({ source: "sum(X)", inputs: { X: [[1, 2]] }, want: ["hessian"] })).toBe("wengert derivatives 'sum(X)' 'X=[[1,2]]' --want hessian");
  });

  test("a formula that begins with a minus sign is no option", () =>
    expect(command({ source: "-x", inputs: { x: -2 }, want: ["value"] })).toBe("wengert derivatives --want value -- '-x' 'x=-2'"));
});

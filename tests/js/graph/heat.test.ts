import { beforeEach, describe, expect, it } from "vitest";
import { questionsOf } from "../../../static/src/predict";
import { replay } from "../../../static/src/replay";
import type { TraceDocument, Value } from "../../../static/src/trace";
import { nodeOf, partsOf, showArray } from "../../../static/src/views/array";
import { graphView } from "../../../static/src/views/graph";
import { arrange } from "../../../static/src/views/graph/arrange";
import { heatCells, heatPlan, lineHeat } from "../../../static/src/views/graph/heat";
import { metricsFor } from "../../../static/src/views/graph/metrics";
import { tableOf } from "../../../static/src/views/table-model";
import { onlyTrace, tensorTrace, W, X } from "../fixtures/tensors";
import { hooks, scene } from "./traces";

const metrics = metricsFor({ twoQuantities: false, down: false, hall: false, compact: false, matrix: false, height: 800 });
const grid = (rows: number, columns: number): Value => Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => i - j));

describe("the map of an array", () => {
  it("has digits up to 4×4, and then only colours", () => {
    expect(heatPlan(grid(4, 4), metrics)?.text).toBeGreaterThan(0);
    expect(heatPlan(grid(5, 4), metrics)).toMatchObject({ text: 0, rows: 5, columns: 4 });
    expect(heatPlan([[1 / 3e9, -1 / 7e9]], metrics)?.text).toBe(0);
    expect(heatPlan([1, 2, 3], metrics)).toMatchObject({ rows: 1, columns: 3 });
  });

  it("stays small, tiles the leading axes, and leaves dust to words", () => {
    for (const [rows, columns] of [[20, 20], [1, 128], [128, 1], [2, 100]] as const) {
      const plan = heatPlan(grid(rows, columns), metrics);
      expect(Math.max(plan?.height ?? Infinity, plan?.width ?? Infinity)).toBeLessThanOrEqual(3 * 128);
    }
    expect(heatPlan([grid(2, 3), grid(2, 3)], metrics)).toMatchObject({ across: 2, down: 1, rows: 2, columns: 3, text: 0 });
    expect(heatPlan([[grid(2, 3)], [grid(2, 3)]], metrics)).toMatchObject({ across: 1, down: 2 });
    expect(heatPlan(grid(21, 20), metrics)).toBeNull();
    expect([heatPlan(grid(1, 129), metrics), heatPlan(grid(129, 1), metrics)]).toEqual([null, null]);
    expect(heatPlan({ shape: [9, 900], min: 0, max: 1, mean: 0, norm: 1, nan: 0 }, metrics)).toBeNull();
    expect(heatPlan([], metrics)).toBeNull();
    expect(heatPlan(2, metrics)).toBeNull();
  });

  it("fits a line: with digits for a short vector", () => {
    expect(lineHeat([1, 2, 3], 20, 12)).toMatchObject({ height: 20, text: 12 });
    expect(lineHeat(grid(3, 3), 20, 12)).toMatchObject({ text: 0 });
    for (const value of [grid(3, 3), grid(5, 2), grid(1, 9)]) expect(lineHeat(value, 20, 12)?.height).toBeLessThanOrEqual(20.001);
    expect([lineHeat(2, 20, 12), lineHeat([], 20, 12)]).toEqual([null, null]);
  });

  it("has a scale of its own, centred on zero", () => {
    expect(heatCells([[2, -4], [0, "NaN"]]).map((cell) => cell.level)).toEqual([0.5, -1, 0, null]);
    expect(heatCells([1, "Infinity", "-Infinity"]).map((cell) => cell.level)).toEqual([1, 1, -1]);
    expect(heatCells([0, 0]).map((cell) => cell.level)).toEqual([0, 0]);
  });
});

let host: HTMLElement;
beforeEach(() => {
  document.body.replaceChildren();
  host = document.createElement("div");
  document.body.append(host);
});
const box = (key: string): Element => host.querySelector(`[data-key="${key}"]`) as Element;
const digits = (key: string): (string | null)[] => [...box(key).querySelectorAll(".heat:not(.hidden) .heat-num")].map((text) => text.textContent);

describe.each(["overlay", "mirror"] as const)("the picture of a tensor trace, %s", (lanes) => {
  const doc = tensorTrace("reverse");

  it("shows numbers, shape and adjoint of every array", () => {
    const view = graphView(host, hooks());
    view.update(scene(doc, doc.events.length, { lanes }));
    expect(digits("n:0").slice(0, 6)).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(digits(lanes === "overlay" ? "n:1" : "a:1").slice(-4)).toEqual(["−9", "167", "−12", "212"]);
    expect(box("n:0").querySelector(".badge")?.textContent).toBe("3×2");
    expect(box("n:2").querySelector(".badge")?.textContent).toBe("2");
    expect(box("n:6").querySelector(".heat")).toBeNull();
    expect(box("n:0").getAttribute("aria-label")).toContain("3×2");
    expect(host.querySelector(".picture")?.innerHTML).not.toMatch(/NaN|undefined|Infinity|object Object/);
  });

  it("shows nothing before its time, and the same forwards and backwards", () => {
    const view = graphView(host, hooks());
    const seen: string[] = [];
    for (let k = 0; k <= doc.events.length; k += 1) {
      view.update(scene(doc, k, { lanes, animate: k > 0 }));
      view.settle();
      seen.push(host.querySelector(".picture")?.innerHTML ?? "");
      if (k === 0) expect(digits("n:0")).toEqual([]);
    }
    for (const k of [5, 9, 0]) {
      view.update(scene(doc, k, { lanes }));
      expect(host.querySelector(".picture")?.innerHTML).toBe(seen[k]);
    }
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("gives every box the room that its maps take", () => {
    for (const direction of ["right", "down"] as const) {
      const plan = arrange(doc, { lanes, direction, hall: false, height: 800 });
      const boxes = [...plan.boxes.values()];
      for (const one of boxes) {
        const maps = one.heats.reduce((sum, heat) => sum + (heat?.height ?? 0), 0);
        expect(one.height).toBeGreaterThan(maps);
        expect(one.width).toBeGreaterThan(Math.max(0, ...one.heats.map((heat) => heat?.width ?? 0)));
        for (const other of boxes) {
          const apart = one === other || one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
          expect(apart, `${one.key} ${other.key}`).toBe(true);
        }
      }
    }
  });
});

describe("other values", () => {
  it("a large array is shape and norm", () => {
    const doc: TraceDocument = onlyTrace({ shape: [120, 20], min: -3, max: 3, mean: 0, norm: 49.24, nan: 0 }, [120, 20]);
    graphView(host, hooks()).update(scene(doc));
    expect(box("n:0").querySelector(".row .num")?.textContent).toBe("‖·‖ 49.24");
    expect(box("n:0").querySelector(".badge")?.textContent).toBe("120×20");
  });

  it.each<[string, Value, number[]]>([["rank 3", [grid(2, 2), grid(2, 2)], [2, 2, 2]], ["rank 4", [[grid(2, 2)]], [1, 1, 2, 2]], ["an empty one", [], [0]], ["not finite", ["NaN", "Infinity"], [2]]])("%s is drawn", (_, value, shape) => {
    graphView(host, hooks()).update(scene(onlyTrace(value, shape)));
    expect(host.querySelectorAll(".picture .node").length).toBe(2);
    expect(host.querySelector(".picture")?.innerHTML).not.toMatch(/NaN|undefined|object Object/);
  });
});

it("a map that is not finite has a warning beside it, and no word across it", () => {
  const doc = onlyTrace(["NaN", "Infinity"], [2]);
  const broken = { ...doc, events: doc.events.map((event) => (event.kind === "compute" ? { ...event, state: "pole" as const } : event)) };
  graphView(host, hooks()).update(scene(broken));
  const [node] = host.querySelectorAll(".node.broken");
  expect(node?.getAttribute("aria-label")).toContain("pole");
  expect([...(node?.querySelectorAll(".heat-num") ?? [])].map((text) => text.textContent)).toEqual(["?", "+∞"]);
  expect(node?.querySelector(".row .num")?.textContent).toBe("");
});

describe("around the picture", () => {
  it("no number stands below a product of arrays: it would be the partial's", () => {
    graphView(host, hooks()).update(scene(tensorTrace("reverse")));
    const plates = [...host.querySelectorAll(".plate")];
    expect(plates.length).toBeGreaterThan(0);
    for (const plate of plates) expect(plate.querySelector(".num")?.textContent ?? "").toBe("");
  });

  it("only steps that are a number are asked for", () => {
    const doc = tensorTrace("reverse");
    expect([...questionsOf(doc, 1)].map((index) => doc.events[index]?.kind)).toEqual(["compute"]);
  });

  it("the table has arrays and the word for what is never built", () => {
    const doc = tensorTrace("reverse");
    const rows = tableOf(doc, replay(doc, doc.events.length));
    expect(rows[3]?.cells.partials).toMatchObject({ entries: [{ value: "linear" }, { value: "linear" }] });
    expect(rows[0]?.cells.value).toMatchObject({ kind: "number", entry: { value: X } });
  });

  it("the dialog has all numbers of the node of the step, and ways to copy them", () => {
    const doc = tensorTrace("reverse");
    const state = replay(doc, doc.events.length);
    const node = nodeOf(state.event as NonNullable<typeof state.event>);
    expect(node).toBe(1);
    expect(partsOf(doc, state, node)).toMatchObject([{ role: "primal", value: W }, { role: "adjoint" }]);
    expect(partsOf(doc, state, 6)).toEqual([]);
    showArray(doc, state, node);
    const dialog = document.querySelector("dialog");
    expect([...(dialog?.querySelectorAll("td") ?? [])].map((cell) => cell.textContent)).toEqual(["1", "0", "−1", "2", "−9", "167", "−12", "212"]);
    expect(dialog?.querySelectorAll(".copies button").length).toBe(6);
  });
});

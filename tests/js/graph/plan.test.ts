import { describe, expect, it } from "vitest";
import { measure, measureText, plain } from "../../../static/src/math";
import { replay } from "../../../static/src/replay";
import type { TraceDocument } from "../../../static/src/trace";
import { arrange, CROWD } from "../../../static/src/views/graph/arrange";
import { chipsOf } from "../../../static/src/views/graph/chip";
import { focusOf } from "../../../static/src/views/graph/focus";
import { backwards, boxPath, overlapArea, shortened, upTo } from "../../../static/src/views/graph/geometry";
import type { BoxPlan, Plan } from "../../../static/src/views/graph/plan";
import { chain, resolve } from "../../../static/src/views/graph/rewrites";
import { barred, statements } from "../../../static/src/views/graph/statements";
import { neighbour } from "../../../static/src/views/graph/walk";
import type { Lanes } from "../../../static/src/views/types";
import { read, traces } from "./traces";

const plan = (doc: TraceDocument, lanes: Lanes = "mirror", direction: "right" | "down" = "right", hall = false): Plan =>
  arrange(doc, { lanes, direction, hall, height: 720 });

const cases = traces.flatMap(([name, doc]) => (["mirror", "overlay"] as const).flatMap((lanes) => (["right", "down"] as const).map((direction) => ({ name, doc, lanes, direction }))));

describe.each(cases)("$name, $lanes, $direction", ({ doc, lanes, direction }) => {
  const found = plan(doc, lanes, direction);
  const boxes = [...found.boxes.values()];

  it("has room for every title, badge and number", () => {
    const { metrics } = found;
    for (const box of boxes) {
      const room = box.width - 2 * metrics.pad - (box.cells.length > 0 ? box.cellWidth + 8 : 0);
      expect(measure(box.title, metrics.name), box.title).toBeLessThanOrEqual(room + 1);
      const values = doc.events.flatMap((event) => (event.kind === "contribute" && event.source === box.of && box.cells.length > 0 ? [event.cotangent] : []));
      for (const value of values) expect(measureText(String(value).slice(0, 5), metrics.plate)).toBeLessThan(box.cellWidth);
    }
  });

  it("lays no box on another, and no plate on a box", () => {
    boxes.forEach((box, i) => boxes.slice(i + 1).forEach((other) => expect(overlapArea(box, other), `${box.key} ${other.key}`).toBe(0)));
    for (const plate of found.plates) for (const box of boxes) expect(overlapArea(plate, box), `${plate.key} ${box.key}`).toBe(0);
  });

  it("keeps everything in the frame", () => {
    for (const part of [...boxes, ...found.plates]) {
      expect(part.x).toBeGreaterThanOrEqual(found.x);
      expect(part.y).toBeGreaterThanOrEqual(found.y);
      expect(part.x + part.width).toBeLessThanOrEqual(found.x + found.width);
      expect(part.y + part.height).toBeLessThanOrEqual(found.y + found.height);
    }
  });

  it("puts chips where they hide little, one for one message at most", () => {
    for (let k = 1; k <= doc.events.length; k += 1) {
      const focus = focusOf(found, { doc, state: replay(doc, k), lanes, direction, hover: null, animate: false });
      const chips = chipsOf(found, focus);
      expect(chips.length).toBeLessThanOrEqual(focus.messages.length);
      for (const chip of chips) {
        const room = { x: chip.x - chip.width / 2, y: chip.y - chip.height / 2, width: chip.width, height: chip.height };
        for (const box of boxes) expect(overlapArea(room, box)).toBeLessThan(0.3 * chip.width * chip.height);
      }
    }
  });

  it("keys every line once", () => {
    for (const parts of [found.links, found.plates, found.rails, found.seeds]) expect(new Set(parts.map((part) => part.key)).size).toBe(parts.length);
  });
});

describe("the adjoint graph", () => {
  const found = plan(read("baydin-adjoint_graph"));
  const titles = (reverse: boolean): string[] => [...found.boxes.values()].filter((box) => box.reverse === reverse).map((box) => plain(box.title));

  it("puts what was built for one input into that input's adjoint, and what is summed half-way", () => {
    expect(titles(true)).toEqual(expect.arrayContaining(["v\u03044 = −v\u03045", "v\u03043 = v\u03045", "x\u03042 = Σ", "v\u03042 · x1"]));
    expect([...found.boxes.values()].filter((box) => box.kind === "contribution")).toHaveLength(4);
    expect([...found.boxes.values()].filter((box) => box.kind === "partial").map((box) => box.title)).toEqual(["\\cos x_2"]);
  });

  it("has one tap for every stored value that is read", () => {
    expect(found.rails.map((rail) => rail.key).sort()).toEqual(["0>c:2:0", "0>c:3:1", "1>c:3:0", "1>p:9"]);
  });

  it("puts v and its adjoint into one column", () => {
    for (const box of found.boxes.values()) {
      if (box.kind !== "adjoint") continue;
      const forward = found.boxes.get(`n:${box.of}`) as BoxPlan;
      expect(box.x + box.width / 2).toBeCloseTo(forward.x + forward.width / 2);
    }
  });
});

describe("many nodes", () => {
  it("make an overview without plates", () => {
    const size = CROWD + 20;
    const nodes = Array.from({ length: size }, (_, id) => ({ id, op: id === 0 ? null : "sin", name: id === 0 ? "x" : `v${id}`, inputs: id === 0 ? [] : [id - 1], shape: [], span: null }));
    const doc = { ...read("baydin-reverse"), graph: { nodes, inputs: [0], outputs: [size - 1], labels: {} }, events: [] };
    delete (doc as Partial<TraceDocument>).text;
    const found = plan(doc as TraceDocument);
    expect(found.crowded).toBe(true);
    expect(found.plates).toHaveLength(0);
    expect(found.boxes.size).toBe(size);
  });
});

describe("walking", () => {
  const found = plan(read("baydin-reverse"), "overlay");

  it("goes along edges and to neighbours in a layer", () => {
    expect(neighbour(found, "n:3", "input", false)).toMatch(/n:[01]/);
    expect(neighbour(found, "n:3", "user", false)).toBe("n:4");
    expect(neighbour(found, "n:0", "input", false)).toBeNull();
    const [down, up] = [neighbour(found, "n:0", "next", false), neighbour(found, "n:0", "previous", false)];
    expect([down, up].filter(Boolean)).toEqual(["n:1"]);
  });
});

describe("small sums", () => {
  const line = { path: [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 20, y: 0 }, { x: 30, y: 0 }], arrow: { x: 30, y: 0, angle: 0 } };

  it("shortens, turns round and joins lines", () => {
    expect(shortened(line, 8).at(-1)).toEqual({ x: 22, y: 0 });
    expect(backwards(line.path).arrow).toEqual({ x: 0, y: 0, angle: Math.PI });
    const joined = upTo(line.path, [{ x: 15, y: 0 }, { x: 15, y: 5 }, { x: 15, y: 8 }, { x: 15, y: 10 }]);
    expect(joined.at(-1)).toEqual({ x: 15, y: 10 });
    expect(joined).toHaveLength(7);
  });

  it("a flat box has two round corners", () => {
    expect(boxPath(20, 10, 4, true).match(/q/g)).toHaveLength(2);
    expect(boxPath(20, 10, 4, false).match(/q/g)).toHaveLength(4);
  });

  it("follows replacements, even in a circle", () => {
    expect(resolve(new Map([[1, 2], [2, 3]]), 1)).toBe(3);
    expect(chain(new Map([[1, 2], [2, 1]]), 1)).toEqual([1, 2]);
  });

  it("writes statements without the server's texts", () => {
    const doc = structuredClone(read("baydin-reverse"));
    delete doc.text;
    const text = statements(doc);
    expect(text.name(3)).toBe("v_{2}");
    expect(text.body(2)).toBe("\\ln x_{1}");
    expect(barred("x_1")).toBe("\\bar{x_1}");
  });
});

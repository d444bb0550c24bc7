import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TraceDocument } from "../../../static/src/trace";
import { graphView } from "../../../static/src/views/graph";
import type { GraphHooks, GraphView, Scene } from "../../../static/src/views/types";
import { hooks, read, scene, traces } from "./traces";

let host: HTMLElement;

beforeEach(() => {
  document.body.replaceChildren();
  host = document.createElement("div");
  document.body.append(host);
});

const draw = (more: Partial<GraphHooks> = {}): GraphView => graphView(host, hooks(more));
const all = (selector: string): Element[] => [...(host.querySelector("svg.picture")?.querySelectorAll(selector) ?? [])];
const picture = (): string => host.querySelector("svg.picture")?.innerHTML ?? "";
const box = (key: string): Element => host.querySelector(`[data-key="${key}"]`) as Element;
const numbers = (key: string): (string | null)[] => [...box(key).querySelectorAll(":scope > .row")].map((row) => row.querySelector(".num")?.textContent || null);

const places: [string, Partial<Scene>][] = [["mirror", { lanes: "mirror" }], ["overlay", { lanes: "overlay" }]];

const once = traces.filter(([name]) => !name.endsWith("-zh"));

describe.each(once)("the picture of %s", (_, doc: TraceDocument) => {
  it.each(places)("%s: is the same by steps, by jumps and backwards", (__, place) => {
    const view = draw();
    const seen: string[] = [];
    for (let k = 0; k <= doc.events.length; k += 1) {
      view.update(scene(doc, k, { ...place, animate: k > 0 }));
      view.settle();
      seen.push(picture());
    }
    const half = Math.floor(doc.events.length / 2);
    for (const k of [half, half, 1, doc.events.length, 0]) {
      view.update(scene(doc, k, place));
      expect(picture(), `at ${k}`).toBe(seen[k]);
    }
    host.replaceChildren();
    draw().update(scene(doc, half, place));
    expect(picture()).toBe(seen[half]);
    expect(new Set(seen).size, "every event changes the picture").toBe(seen.length);
    expect(picture()).not.toMatch(/NaN|Infinity|undefined"/);
  });

  it("can be drawn downwards at any step", () => {
    for (const lanes of ["mirror", "overlay"] as const) {
      const view = draw();
      for (const k of [0, 3, doc.events.length]) view.update(scene(doc, k, { lanes, direction: "down" }));
      expect(picture()).not.toMatch(/NaN|Infinity|undefined"/);
    }
  });

  it("never moves a box", () => {
    const view = draw();
    const where = (): string => [...all(".node")].map((node) => `${node.getAttribute("data-key")} ${node.getAttribute("transform")}`).join("\n");
    view.update(scene(doc, 0));
    const before = where();
    view.update(scene(doc));
    expect(where()).toBe(before);
  });

  it("says every box in words, and has one tab stop", () => {
    draw().update(scene(doc));
    const nodes = [...all(".node")];
    for (const node of nodes) {
      expect(node.getAttribute("role")).toBe("graphics-object");
      expect(node.getAttribute("aria-label")).toMatch(/\S/);
      expect(node.getAttribute("aria-label")).not.toMatch(/[\\{}$]/);
    }
    expect(nodes.filter((node) => node.getAttribute("tabindex") === "0")).toHaveLength(1);
  });

  it("draws no literal", () => {
    draw().update(scene(doc));
    const literals = doc.graph.nodes.filter((node) => node.const !== undefined && node.created === undefined && !doc.graph.outputs.includes(node.id));
    for (const node of literals) expect(box(`n:${node.id}`)).toBeNull();
  });
});

describe("one picture after another", () => {
  it.each(places)("%s: is the one that is drawn on an empty sheet", (_, place) => {
    const view = draw();
    for (const [name, doc] of [...once, ...once.slice(0, 1)]) {
      const half = Math.floor(doc.events.length / 2);
      view.update(scene(doc, half, place));
      const seen = picture();
      const other = document.createElement("div");
      graphView(other, hooks()).update(scene(doc, half, place));
      expect(seen, name).toBe(other.querySelector("svg.picture")?.innerHTML);
    }
  });

  it("keeps every part that is what it was", () => {
    const view = draw();
    const doc = read("baydin-reverse");
    view.update(scene(doc, 5));
    const before = all(".viewport > g > g");
    view.update(scene(structuredClone(doc), 5));
    expect(before.length).toBeGreaterThan(20);
    expect(all(".viewport > g > g").map((part, i) => part === before[i])).toEqual(before.map(() => true));
    view.update(scene({ ...structuredClone(doc), text: { ...doc.text, locale: "zh" } } as TraceDocument, 5));
    expect(all(".viewport > g > g").filter((part) => before.includes(part))).toEqual([]);
  });
});

describe("reverse mode", () => {
  const doc = read("baydin-reverse");

  it("leaves a dashed slot, never a zero, for what is not known", () => {
    draw().update(scene(doc, 0, { lanes: "overlay" }));
    expect(numbers("n:0")).toEqual([null, null]);
    expect(box("n:0").querySelectorAll(".row.unknown .slot")).toHaveLength(2);
    expect(box("n:0").querySelector(".badge")?.textContent).toBe("Σ 0/2");
  });

  it("strikes the old adjoint through for one step", () => {
    const view = draw();
    const second = doc.events.findIndex((event, i) => event.kind === "contribute" && doc.events.slice(0, i).some((other) => other.kind === "contribute" && other.source === event.source)) + 1;
    view.update(scene(doc, second, { lanes: "overlay" }));
    expect(all(".strike[d^=M]")).toHaveLength(1);
    expect(host.querySelector(".chip.adjoint .num")?.textContent).toMatch(/^[+−]/);
    view.update(scene(doc, second + 1, { lanes: "overlay" }));
    expect(all(".strike").length).toBeLessThan(2);
  });

  it("shows a partial when its event records it, and keeps it", () => {
    const view = draw();
    view.update(scene(doc, 2, { lanes: "overlay" }));
    expect(all(".plate:not(.hidden)")).toHaveLength(0);
    view.update(scene(doc, 3, { lanes: "overlay" }));
    expect([...all(".plate:not(.hidden) .num")].map((text) => text.textContent)).toEqual(["0.5"]);
    view.update(scene(doc, undefined, { lanes: "overlay" }));
    expect(all(".plate:not(.hidden)")).toHaveLength(8);
  });

  it("marks one node as now", () => {
    const view = draw();
    for (let k = 1; k <= doc.events.length; k += 1) {
      view.update(scene(doc, k, { lanes: "overlay" }));
      expect(all(".node.active")).toHaveLength(1);
    }
  });

  it("fills one Σ cell per contribution in the mirror", () => {
    const view = draw();
    view.update(scene(doc));
    expect([...box("a:1").querySelectorAll(".cell .num")].map((text) => text.textContent).sort()).toEqual(["2", "−0.2837"].sort());
    expect(numbers("a:1")).toEqual(["1.716"]);
    expect(all(".cell.fresh").length).toBeLessThan(2);
  });

  it("draws both edges of x · x", () => {
    draw().update(scene(read("square"), undefined, { lanes: "overlay" }));
    expect(all(".link.forward")).toHaveLength(2);
    expect(all(".link.adjoint.done")).toHaveLength(2);
  });
});

describe("the adjoint graph", () => {
  const doc = read("baydin-adjoint_graph");

  it("shows ghosts with their numbers before they are built", () => {
    const view = draw();
    view.update(scene(doc, 7));
    expect(all(".node.reverse.ghost").length).toBe(all(".node.reverse").length);
    expect([...all(".badge")].map((text) => text.textContent).filter(Boolean).sort()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    view.update(scene(doc));
    expect(all(".node.ghost")).toHaveLength(0);
  });

  it("gives the same node again a thin box without a number", () => {
    draw().update(scene(doc));
    const aliases = [...all(".node.alias")];
    expect(aliases.length).toBeGreaterThan(0);
    for (const alias of aliases) expect(alias.querySelector(".badge")).toBeNull();
  });

  it("lights the rail of the stored value that is read", () => {
    draw().update(scene(doc, 20));
    expect(all(".rail.lit")).toHaveLength(1);
    expect(host.querySelector(".chip.primal .num")?.textContent).toBe("2");
    expect([...all(".cell.fresh .num")].map((text) => text.textContent)).toEqual(["2"]);
    expect(host.querySelector(".node.active .num")?.textContent).toBe("2");
  });
});

describe("forward mode", () => {
  const doc = read("baydin-forward");

  it("has a plug at every input, and moves the seed on request", () => {
    const onSeed = vi.fn();
    draw({ onSeed }).update(scene(doc));
    const plugs = [...all(".plug.movable")];
    expect(plugs).toHaveLength(2);
    plugs[1]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    plugs[1]?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(onSeed.mock.calls).toEqual([[1], [1]]);
  });

  it("reaches a plug by arrow key from its input", () => {
    const view = draw();
    view.update(scene(doc));
    (box("n:0") as SVGElement).focus();
    view.move("input");
    expect(document.activeElement?.getAttribute("data-seed")).toBe("0");
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    expect(document.activeElement?.getAttribute("data-key")).toBe("n:0");
  });

  it("carries the terms along the tangent edges", () => {
    draw().update(scene(doc, 4));
    expect([...all(".chip.tangent .num")].map((text) => text.textContent)).toEqual(["5", "0"]);
    expect(all(".link.tangent.now")).toHaveLength(2);
  });
});

describe("values that are not numbers", () => {
  it("are words with a sign", () => {
    draw().update(scene(read("not-finite"), undefined, { lanes: "overlay" }));
    expect(all(".node.broken, .row.word").length).toBeGreaterThan(0);
    expect(host.textContent).not.toContain("NaN");
  });

  it.each(["odd-forward", "odd-reverse", "odd-adjoint_graph"])("a derivative that is none says why in its box: %s", (name) => {
    draw().update(scene(read(name), undefined, { lanes: "overlay" }));
    const rows = [...all(".row.tangent.word, .row.adjoint.word")].map((row) => row.textContent);
    expect(rows.some((text) => text?.includes("∞ pole"))).toBe(true);
    expect(rows.some((text) => text?.includes("∞ inherited"))).toBe(true);
  });

  it("no path and stopped are different words", () => {
    draw().update(scene(read("kinds-of-nothing"), undefined, { lanes: "overlay" }));
    expect(host.textContent).toContain("no path");
    expect(host.textContent).toContain("stopped");
  });
});

describe("hands", () => {
  const doc = read("baydin-reverse");

  it("a click jumps to the step that computed the node", () => {
    const onJump = vi.fn();
    draw({ onJump }).update(scene(doc));
    box("n:3").dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(onJump).toHaveBeenCalledWith(4, 3);
  });

  it("the pointer marks a node, and leaves it", () => {
    const onHover = vi.fn();
    const view = draw({ onHover });
    view.update(scene(doc));
    box("a:3").dispatchEvent(new MouseEvent("pointerover", { bubbles: true }));
    box("a:3").dispatchEvent(new MouseEvent("pointerout", { bubbles: true }));
    expect(onHover.mock.calls).toEqual([[3], [null]]);
    view.update(scene(doc, undefined, { hover: 3 }));
    expect([...all(".node.hover")].map((node) => node.getAttribute("data-key")).sort()).toEqual(["a:3", "n:3"]);
  });

  it("arrow keys walk along the edges and do not leave the picture", () => {
    const view = draw();
    view.update(scene(doc, undefined, { lanes: "overlay" }));
    (box("n:0") as SVGElement).focus();
    box("n:0").dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    const outside = vi.fn();
    document.body.addEventListener("keydown", outside);
    box("n:0").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    expect(outside).not.toHaveBeenCalled();
    const at = host.querySelector('[tabindex="0"][data-key]')?.getAttribute("data-key");
    expect(["n:2", "n:3"]).toContain(at);
    view.move("input");
    view.move("previous");
    view.move("next");
    expect(host.querySelectorAll('[tabindex="0"][data-key]')).toHaveLength(1);
  });

  it("never makes markup of what a user wrote", () => {
    const nasty = structuredClone(doc);
    const text = nasty.text;
    if (text) text.names[0] = "\\mathrm{<img src=x onerror=alert(1)>}";
    nasty.source = "<script>";
    draw().update(scene(nasty));
    expect(host.querySelector("img, script, foreignObject")).toBeNull();
  });

  it("draws without the server's texts", () => {
    const bare = structuredClone(doc);
    delete bare.text;
    draw().update(scene(bare, undefined, { lanes: "overlay" }));
    expect(box("n:3").querySelector(".title")?.textContent).toBe("v2 = x1 · x2");
  });

  it("a step is over at once when another comes", () => {
    const view = draw();
    view.update(scene(doc, 14, { lanes: "overlay" }));
    view.update(scene(doc, 15, { lanes: "overlay", animate: true }));
    expect(host.querySelector("[opacity]")).not.toBeNull();
    view.settle();
    expect(host.querySelector("[opacity], [stroke-dashoffset]")).toBeNull();
  });
});

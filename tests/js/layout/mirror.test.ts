import { describe, expect, test, vi } from "vitest";
import { type Box, layout, type LayoutResult } from "../../../static/src/layout/index";
import { corpus, everything, overlaps, touches } from "./corpus";
import { reverseOf } from "./graphs";

vi.setConfig({ testTimeout: 60_000 });

const mirrored = corpus.map(({ name, nodes, labels }, k) => {
  const reverse = reverseOf(nodes, k);
  return { name, nodes, reverse, result: layout(nodes, { mode: "mirror", labels, reverse, mirrorLimit: 80 }) };
});

const middle = (box: Box) => box.y + box.height / 2;

describe("the mirror", () => {
  test("overlaps nothing in either half of 200 graphs", () => {
    for (const { name, result } of mirrored) expect(overlaps(result), name).toEqual([]);
  });

  test("puts every adjoint below the axis at the x of its node", () => {
    for (const { nodes, result } of mirrored)
      for (const { id } of nodes) {
        const [above, below] = [result.nodes.get(id)!, result.mirror!.boxes.get(`a${id}`)!];
        expect([below.x, below.width]).toEqual([above.x, above.width]);
        expect(above.y + above.height).toBeLessThan(result.mirror!.axis);
        expect(below.y).toBeGreaterThan(above.y + above.height);
      }
  });

  test("reverses the order of every column", () => {
    for (const { nodes, result } of mirrored)
      for (const a of nodes)
        for (const b of nodes) {
          const [above, other] = [result.nodes.get(a.id)!, result.nodes.get(b.id)!];
          if (above.x !== other.x || middle(above) >= middle(other)) continue;
          expect(middle(result.mirror!.boxes.get(`a${a.id}`)!)).toBeGreaterThan(middle(result.mirror!.boxes.get(`a${b.id}`)!));
        }
  });

  test("puts contributions and partials into the column of their edge's label", () => {
    for (const { reverse, result } of mirrored)
      for (const item of reverse) {
        if (typeof item.of === "number") continue;
        const { node, argnum } = item.of;
        const label = result.edges.find((e) => e.node === node && e.argnum === argnum)!.label!;
        const box = result.mirror!.boxes.get(item.key)!;
        expect(box.x + box.width / 2).toBeCloseTo(label.x + label.width / 2);
      }
  });

  test("has one rail for every stored value and a tap for every reading", () => {
    for (const { reverse, result } of mirrored) {
      const readings = reverse.flatMap((item) => item.reads.map((of) => `${of} to ${item.key}`)).sort();
      expect(result.mirror!.rails.flatMap((rail) => rail.taps.map((tap) => `${rail.of} to ${tap.reader}`)).sort()).toEqual(readings);
      expect(new Set(result.mirror!.rails.map((rail) => rail.of)).size).toBe(result.mirror!.rails.length);
    }
  });

  test("rails run in gutters: their trunks meet no box and no plate", () => {
    for (const { name, result } of mirrored) expect(trunksThroughBoxes(result), name).toEqual([]);
  });

  test("has an edge for every input of every reverse item, each ending at its box", () => {
    for (const { reverse, result } of mirrored) {
      const wanted = reverse.flatMap((item) => item.inputs.map((key) => `${key} to ${item.key}`)).sort();
      expect(result.mirror!.edges.map((e) => `${e.from} to ${e.to}`).sort()).toEqual(wanted);
      const astray = result.mirror!.edges.filter(({ to, arrow }) => {
        const box = result.mirror!.boxes.get(to)!;
        const apart = Math.max(box.x - arrow.x, arrow.x - box.x - box.width, box.y - arrow.y, arrow.y - box.y - box.height);
        return apart > 0.01;
      });
      expect(astray).toEqual([]);
    }
  });

  test("falls back to a single graph when there are too many nodes", () => {
    const { nodes, reverse } = mirrored.at(-1)!;
    expect(layout(nodes, { mode: "mirror", reverse, mirrorLimit: 20 }).mirror).toBeNull();
  });
});

function trunksThroughBoxes(result: LayoutResult): string[] {
  return result.mirror!.rails.flatMap((rail) => everything(result).flatMap(([name, box]) => (touches(rail.path, box) ? [`${rail.of} through ${name}`] : [])));
}

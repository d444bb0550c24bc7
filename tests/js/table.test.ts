import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replay } from "../../static/src/replay";
import type { PassName, TraceDocument } from "../../static/src/trace";
import { bindings } from "../../static/src/views/algorithm";
import { nodeAt } from "../../static/src/views/formula";
import { columnsOf, tableOf, writtenIn } from "../../static/src/views/table-model";
import { SOURCE, traceOf } from "./fixtures/trace";

const at = (pass: PassName, k: number) => {
  const doc = traceOf(pass);
  return tableOf(doc, replay(doc, k));
};

describe("the Wengert table", () => {
  test("has a row for each node that was typed, and the columns of its pass", () => {
    for (const pass of ["evaluate", "reverse", "adjoint_graph"] as const) {
      const rows = at(pass, 0);
      expect(rows.map((row) => row.node)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      for (const row of rows) expect(Object.keys(row.cells)).toEqual([...columnsOf(traceOf(pass))]);
    }
  });

  test("nothing is a zero before it is computed", () => {
    for (const row of at("reverse", 0)) expect(row.cells.adjoint).toEqual({ kind: "pending" });
  });

  test("fills down, then up", () => {
    const filled = (k: number, column: "value" | "adjoint") => at("reverse", k).map((row) => row.cells[column]?.kind === "number");
    expect(filled(3, "value")).toEqual([true, true, true, false, false, false, false]);
    expect(filled(8, "adjoint")).toEqual([false, false, false, false, false, false, true]);
    expect(filled(16, "adjoint").every(Boolean)).toBe(true);
  });

  test("the adjoint that was replaced stays for one step", () => {
    const doc = traceOf("reverse");
    const second = doc.events.findIndex((event, i) => event.kind === "contribute" && event.source === 1 && i > 11);
    expect(at("reverse", second + 1)[1]?.cells.adjoint).toMatchObject({ kind: "number", replaced: -Math.cos(5), entry: { now: true } });
    expect(at("reverse", second + 2)[1]?.cells.adjoint).toMatchObject({ replaced: null });
  });

  test("what is odd about a tangent or an adjoint is a word beside it", () => {
    const words = (name: string, column: "tangent" | "adjoint") => {
      const doc = JSON.parse(readFileSync(join(import.meta.dirname, `../golden/traces/${name}.json`), "utf8")) as TraceDocument;
      return Object.fromEntries(tableOf(doc, replay(doc, doc.events.length)).map(({ node, cells: { [column]: cell } }) => [node, cell?.kind === "number" ? cell.word : "?"]));
    };
    expect(words("odd-forward", "tangent")).toMatchObject({ 0: null, 2: null, 3: "state.pole", 8: "state.inherited" });
    expect(words("odd-reverse", "adjoint")).toMatchObject({ 0: "state.inherited", 2: "state.pole", 3: null });
    expect(words("odd-adjoint_graph", "adjoint")).toMatchObject({ 0: "state.inherited", 2: "state.pole", 3: null });
  });

  test("node_to_grad at the frame of the first picture", () => {
    const rows = at("adjoint_graph", 20);
    const list = rows[1]?.cells.lists;
    expect(list).toMatchObject({ kind: "list", entries: [{ value: -Math.cos(5), now: false, at: 14 }, { value: 2, now: true, at: 20 }] });
    expect(rows.filter((row) => row.now).map((row) => row.node)).toEqual([3]);
    expect(rows.map((row) => row.cells.adjoint?.kind)).toEqual(["pending", "pending", "pending", "number", "number", "number", "number"]);
  });

  test("a cell leads to the step that wrote it", () => {
    const doc = traceOf("adjoint_graph");
    for (const row of at("adjoint_graph", 24)) {
      const value = row.cells.value;
      const adjoint = row.cells.adjoint;
      if (value?.kind === "number") expect(doc.events[value.entry.at - 1]).toMatchObject({ node: row.node });
      if (adjoint?.kind === "number") expect(doc.events[adjoint.entry.at - 1]).toMatchObject({ kind: "visit", node: row.node });
    }
    expect(writtenIn(doc)).toBe(writtenIn(doc));
  });
});

test("loop variables stand at the loops above the current line", () => {
  const doc = traceOf("reverse");
  const send = doc.events.find((event) => event.kind === "contribute") ?? null;
  expect([...bindings(doc, send)]).toEqual([[5, "i"], [6, "k"]]);
  expect([...bindings(doc, doc.events[3] ?? null)]).toEqual([[2, "i"]]);
  expect([...bindings(doc, null)]).toEqual([]);
});

test("the node at a character is the smallest around it", () => {
  const doc = traceOf("evaluate");
  expect(nodeAt(doc, SOURCE.indexOf("ln") + 1)).toBe(2);
  expect(nodeAt(doc, SOURCE.indexOf("*"))).toBe(3);
  expect(nodeAt(doc, SOURCE.indexOf("sin"))).toBe(5);
  expect(nodeAt(doc, SOURCE.indexOf("-"))).toBe(6);
  expect(nodeAt(doc, 999)).toBe(null);
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replay, type State } from "../../static/src/replay";
import type { Value, TraceDocument } from "../../static/src/trace";
import { traceOf } from "./fixtures/trace";

const FOLDER = join(import.meta.dirname, "../golden/traces");
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".json")) : [];
/** A golden file is a document, or holds one beside the request that made it. */
function document(name: string): TraceDocument {
  const read = JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Record<string, unknown>;
  return (read["events"] ? read : (read["trace"] ?? read["document"] ?? read["response"])) as TraceDocument;
}
const golden = files.map((name): [string, TraceDocument] => [name, document(name)]);
const all: [string, TraceDocument][] = [
  ...(["evaluate", "reverse", "adjoint_graph"] as const).map((pass): [string, TraceDocument] => [`fixture: ${pass}`, traceOf(pass)]), ...golden,
];

/** The gradient as the last state has it. */
function gradient(doc: TraceDocument, state: State): Record<string, Value | undefined> {
  return Object.fromEntries(doc.wrt.map((name) => {
    const node = doc.graph.nodes.findIndex((one) => one.op === null && one.name === name);
    const adjoint = state.adjointNode.get(node);
    const built = adjoint === undefined ? undefined : (state.values.get(adjoint) ?? doc.graph.nodes[adjoint]?.const);
    return [name, doc.pass === "adjoint_graph" ? built : state.adjoints.get(node)];
  }));
}

describe.each(all)("%s", (_, doc) => {
  test("folding k events at once is folding them one by one", () => {
    const { events } = doc;
    for (let k = 0; k <= events.length; k += Math.max(1, Math.floor(events.length / 50))) {
      const state = replay(doc, k);
      expect(state.k).toBe(k);
      expect(state.event).toEqual(events[k - 1] ?? null);
      expect(replay({ ...doc, events: events.slice(0, k) }, Infinity)).toEqual(state);
    }
  });

  test("k outside the trace is its nearest end", () => {
    expect(replay(doc, -3)).toEqual(replay(doc, 0));
    expect(replay(doc, doc.events.length + 9)).toEqual(replay(doc, doc.events.length));
  });

  test("every node that was computed has a value in the end", () => {
    const state = replay(doc, doc.events.length);
    for (const event of doc.events) if (event.kind === "compute") expect(state.values.get(event.node)).toEqual(event.value);
  });

  test("the fold ends at the result", () => {
    const expected = doc.result["gradient"] as Record<string, Value> | undefined;
    if (!expected || !["reverse", "adjoint_graph"].includes(doc.pass)) return;
    const found = gradient(doc, replay(doc, doc.events.length));
    const status = (doc.result["status"] ?? {}) as Record<string, string>;
    for (const [name, value] of Object.entries(expected)) if ((status[name] ?? "path") === "path") expect(found[name]).toEqual(value);
  });
});

test("tangents, adjoints and created nodes have states of their own", () => {
  const end = (name: string): State => {
    const doc = document(`${name}.json`);
    return replay(doc, doc.events.length);
  };
  const [forward, reverse, built] = [end("odd-forward"), end("odd-reverse"), end("odd-adjoint_graph")];
  expect(forward.tangentStates).toEqual(new Map([[3, "pole"], [7, "underflow"], [8, "inherited"]]));
  expect(forward.states).toEqual(new Map());
  expect(reverse.adjointStates).toEqual(new Map([[2, "pole"], [0, "inherited"]]));
  expect([...built.states.values()].sort()).toEqual(["inherited", "inherited", "pole", "underflow"]);
});

test("the state of an adjoint goes when an ordinary sum takes its place", () => {
  const step = { line: 1, node: 1, argnum: 0, source: 0, cotangent: 0 };
  const doc = { ...traceOf("reverse"), events: [{ ...step, kind: "contribute" as const, adjoint: 0, state: "underflow" as const }, { ...step, kind: "contribute" as const, adjoint: 3 }] };
  expect([1, 2].map((k) => replay(doc, k).adjointStates.get(0))).toEqual(["underflow", undefined]);
});

test("a second contribution replaces the first, and shows it for one step", () => {
  const doc = traceOf("reverse");
  const seconds = doc.events.flatMap((event, i) => (event.kind === "contribute" && replay(doc, i + 1).replaced ? [i] : []));
  expect(seconds.length).toBe(2);
  const at = seconds[0] as number;
  expect(replay(doc, at + 1).replaced).toEqual({ node: 1, adjoint: -Math.cos(5) });
  expect(replay(doc, at + 2).replaced?.node).not.toBe(1);
});

import { describe, expect, test, vi } from "vitest";
import { type Api, type GraphAnswer, latest, Refusal, Unreachable } from "../../static/src/api";
import { createSession, keep } from "../../static/src/session";
import { createStore } from "../../static/src/store";
import { traceOf } from "./fixtures/trace";

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

function set(answers: Partial<Api> = {}, frame?: (run: () => void) => void) {
  const graph = vi.fn(async (source: string): Promise<GraphAnswer> => ({
    source, graph: traceOf("evaluate").graph, latex: "", ops: {},
    inputs: [...new Set(source.match(/[a-z]\w*(?!\w*\()/g) ?? [])].map((name) => ({ name, shape: [], span: null })),
  }));
  const trace = vi.fn(async (request: Parameters<Api["trace"]>[0]) => ({ ...traceOf(request.pass), source: request.source, options: request.options ?? {} }));
  const api = { graph, trace, ops: vi.fn(), examples: vi.fn(), ...answers } as unknown as Api;
  const store = createStore("#f=x*y&k=3&pass=reverse", null, ["en"]);
  return { store, graph, trace, session: createSession(store, api, frame ?? queueMicrotask) };
}

describe("the session", () => {
  test("asks for the inputs, gives them values, asks for the trace once", async () => {
    const { store, graph, trace, session } = set();
    await settled();
    expect([graph.mock.calls.length, trace.mock.calls.length]).toEqual([1, 1]);
    expect(Object.keys(store.inputs.value)).toEqual(["x", "y"]);
    expect(session.k.value).toBe(3);
    expect(session.stale.value).toBe(false);
  });

  test("tells which request its trace answers", async () => {
    const { store, trace, session } = set();
    expect(session.request.value).toBe(null);
    await settled();
    expect(session.request.value).toBe(trace.mock.calls[0]?.[0]);
    store.source.value = "";
    await settled();
    expect(session.request.value).toBe(null);
  });

  test("a moved slider asks for the trace only, and keeps the step", async () => {
    const { store, graph, trace, session } = set();
    await settled();
    for (const x of [1, 2, 3, 4]) store.inputs.value = { ...store.inputs.value, x };
    await settled();
    expect([graph.mock.calls.length, trace.mock.calls.length]).toEqual([1, 2]);
    expect(trace.mock.lastCall?.[0].inputs).toMatchObject({ x: 4 });
    expect(session.k.value).toBe(3);
  });

  test("the first change is asked for at once, the next with the frame", async () => {
    const frames: (() => void)[] = [];
    const { store, trace } = set({}, (run) => frames.push(run));
    await settled();
    frames.splice(0).forEach((run) => run());
    store.inputs.value = { ...store.inputs.value, x: 1 };
    await settled();
    expect(trace.mock.calls.length).toBe(2);
    for (const x of [2, 3]) store.inputs.value = { ...store.inputs.value, x };
    await settled();
    expect(trace.mock.calls.length).toBe(2);
    frames.splice(0).forEach((run) => run());
    await settled();
    expect(trace.mock.calls.length).toBe(3);
    expect(trace.mock.lastCall?.[0].inputs).toMatchObject({ x: 3 });
  });

  test("while the names stay, the trace is asked for first, and the form after it", async () => {
    const { store, graph, trace } = set();
    await settled();
    store.source.value = "x*y + 1";
    await settled();
    expect(trace.mock.lastCall?.[0].source).toBe("x*y + 1");
    expect([graph.mock.calls.length, trace.mock.calls.length]).toEqual([2, 2]);
    expect(trace.mock.invocationCallOrder.at(-1)).toBeLessThan(graph.mock.invocationCallOrder.at(-1) as number);
  });

  test("a value comes back with its name", async () => {
    const { store } = set();
    await settled();
    store.inputs.value = { ...store.inputs.value, y: 7 };
    for (const source of ["x", "x*y"]) {
      store.source.value = source;
      await settled();
    }
    expect(store.inputs.value["y"]).toBe(7);
  });

  test("a refusal keeps the last picture and says why", async () => {
    const { store, session } = set({
      graph: async (source) => {
        if (source === "x*") throw new Refusal({ code: "syntax", message: "m", span: { start: 2, end: 2 }, hint: null });
        return { source, graph: traceOf("evaluate").graph, latex: "", inputs: [], ops: {} };
      },
    });
    await settled();
    store.source.value = "x*";
    await settled();
    expect(session.error.value?.code).toBe("syntax");
    expect(session.doc.value?.source).toBe("x*y");
    expect(session.stale.value).toBe(true);
    store.source.value = "x*y";
    await settled();
    expect([session.error.value, session.stale.value]).toEqual([null, false]);
  });

  test("without a server it says so, and works again after", async () => {
    let up = false;
    const { session } = set({ graph: async (source) => {
      if (!up) throw new Unreachable("");
      return { source, graph: traceOf("evaluate").graph, latex: "", inputs: [], ops: {} };
    } });
    await settled();
    expect([session.offline.value, session.doc.value]).toEqual([true, null]);
    up = true;
    session.retry();
    await settled();
    expect([session.offline.value, session.doc.value?.pass]).toEqual([false, "reverse"]);
  });

  test("an empty field is an empty page, not a mistake", async () => {
    const { store, session } = set();
    await settled();
    store.source.value = "  ";
    await settled();
    expect([session.doc.value, session.error.value, session.k.value]).toEqual([null, null, 0]);
  });

  test("an input has the shape that the formula wants, until its reader says otherwise", async () => {
    const shapes: Record<string, number[]> = { A: [2, 2], x: [2], y: [] };
    const { store, trace } = set({ graph: async (source) => ({ source, graph: traceOf("evaluate").graph, latex: "", ops: {}, inputs: Object.entries(shapes).map(([name, shape]) => ({ name, shape, span: null })) }) });
    await settled();
    expect(trace.mock.lastCall?.[0].inputs).toEqual({ A: "[[1, 2], [3, 4]]", x: "[2, 3]", y: 0.5 });
    store.inputs.value = { ...store.inputs.value, A: "[1 0; 0 1]" };
    shapes["A"] = [2, 3];
    shapes["x"] = [3];
    shapes["y"] = [2];
    store.source.value = "A @ x + y + z";
    await settled();
    expect(trace.mock.lastCall?.[0].inputs).toEqual({ A: "[1 0; 0 1]", x: "[2, 3, 4]", y: "[3, 4]" });
    store.inputs.value = { ...store.inputs.value, y: 7 };
    store.source.value = "A @ x + y - w";
    await settled();
    expect(trace.mock.lastCall?.[0].inputs).toMatchObject({ y: 7 });
  });

  test("a Jacobian is asked for whole, in the mode and of the function that were chosen", async () => {
    const { store, trace } = set();
    await settled();
    store.pass.value = "jacobian";
    await settled();
    expect(trace.mock.lastCall?.[0]).toMatchObject({ pass: "jacobian", arrays: "full" });
    expect(trace.mock.lastCall?.[0].options).toBeUndefined();
    store.mode.value = "reverse";
    store.gradient.value = true;
    await settled();
    expect(trace.mock.lastCall?.[0].options).toEqual({ gradient: true, mode: "reverse" });
  });

  test("where the output turns out to be an array, the pass back starts at its first element, or at the one in the link", async () => {
    const graph = { nodes: [{ id: 0, op: null, name: "x", inputs: [], shape: [3], span: null }], inputs: [0], outputs: [0], labels: {} };
    const asked: unknown[] = [];
    const { store, session } = set({
      graph: async (source, _language, _signal, inputs) => ({ source, graph: inputs ? graph : traceOf("evaluate").graph, latex: "", ops: {}, inputs: [{ name: "x", shape: inputs ? [3] : [], span: null }] }),
      trace: async (request) => {
        asked.push(request.seed);
        if (!Array.isArray(request.seed)) throw new Refusal({ code: "output_not_scalar", message: "m", span: null, hint: null });
        return { ...traceOf("reverse"), source: request.source, graph };
      },
    });
    await settled();
    expect(asked).toEqual([undefined, [1, 0, 0]]);
    expect([session.error.value, session.shapes.value.output]).toEqual([null, [3]]);
    store.seed.value = "[2]";
    await settled();
    expect(asked.at(-1)).toEqual([0, 0, 1]);
  });

  test("a seed of the wrong shape is refused once, and the last picture stays", async () => {
    const refusal = { code: "bad_shape", message: "m", span: null, hint: null };
    const trace = vi.fn(async (request: Parameters<Api["trace"]>[0]) => {
      if (request.seed === "[1, 2]") throw new Refusal(refusal);
      return { ...traceOf("reverse"), source: request.source };
    });
    const { store, session } = set({ trace });
    await settled();
    store.seed.value = "=[1, 2]";
    await settled();
    expect([session.error.value, session.doc.value?.pass]).toEqual([refusal, "reverse"]);
    expect(trace.mock.calls.length).toBe(2);
  });

  test("an array has no gradient: f is shown in its place", async () => {
    const { store, session } = set({ trace: async (request) => {
      if (request.options?.["gradient"]) throw new Refusal({ code: "output_not_scalar", message: "m", span: null, hint: null });
      return { ...traceOf("evaluate"), pass: request.pass, source: request.source };
    } });
    await settled();
    store.pass.value = "jacobian";
    store.gradient.value = true;
    await settled();
    expect([store.gradient.value, session.error.value, session.doc.value?.pass]).toEqual([false, null, "jacobian"]);
  });

  test("simplifying starts from the adjoint graph", async () => {
    const { store, trace } = set();
    await settled();
    store.pass.value = "simplify";
    store.of.value = ["x"];
    await settled();
    expect(trace.mock.lastCall?.[0].options).toEqual({ of: ["x"], gradient: true });
  });
});

describe("the step is kept", () => {
  const doc = traceOf("reverse");
  test("with the same formula", () => expect(keep(5, doc, doc)).toBe(5));
  test("at the end, with another formula", () => expect(keep(doc.events.length, doc, { ...doc, source: "y", events: doc.events.slice(0, 4) })).toBe(4));
  test("through a shorter formula", () => expect(keep(12, { ...doc, source: "y", events: doc.events.slice(0, 4) }, doc)).toBe(12));
  test("another pass opens where it gets interesting", () => expect(keep(3, doc, traceOf("adjoint_graph"))).toBe(8));
  test("a link without a step, too", () => expect(keep(-1, null, doc)).toBe(8));
});

describe("the newest task wins", () => {
  test("what came in between is dropped, what runs may finish", async () => {
    const run = latest();
    const done: number[] = [];
    for (const n of [1, 2, 3]) run(async () => void done.push(n), false);
    await settled();
    expect(done).toEqual([1, 3]);
  });

  test("or is aborted", async () => {
    const run = latest();
    const seen: string[] = [];
    run(async (signal) => {
      await settled();
      seen.push(signal.aborted ? "aborted" : "finished");
      signal.throwIfAborted();
    }, false);
    run(async () => void seen.push("second"), true);
    await settled();
    await settled();
    expect(seen).toEqual(["aborted", "second"]);
  });
});

/** From what the reader asks for to the trace on the page: newest request wins, the step is kept. */

import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import { type Api, type GraphAnswer, latest, Refusal, type TraceRequest, Unreachable } from "./api";
import { LANGUAGE } from "./i18n";
import { opening } from "./phases";
import { initial, replay, type State } from "./replay";
import { starting } from "./sample";
import { readCotangent, readTangents, sentCotangent, sentTangents, type Shaped } from "./seed";
import type { Input, Inputs, Store } from "./store";
import type { ApiError, EventText, TraceDocument, TraceGraph } from "./trace";

export interface Session {
  /** The last trace that arrived: it stays while the next one is on its way, or is refused. */
  readonly doc: ReadonlySignal<TraceDocument | null>;
  /** The request that `doc` answers. */
  readonly request: ReadonlySignal<TraceRequest | null>;
  readonly form: ReadonlySignal<GraphAnswer | null>;
  readonly error: ReadonlySignal<ApiError | null>;
  readonly offline: ReadonlySignal<boolean>;
  /** How many events of `doc` have happened: the clock, within its bounds. */
  readonly k: ReadonlySignal<number>;
  readonly state: ReadonlySignal<State>;
  /** The texts of the last event that happened. */
  readonly said: ReadonlySignal<EventText | null>;
  /** The inputs with their shapes, and the shape of the output, as far as they are known. */
  readonly shapes: ReadonlySignal<Shapes>;
  /** True when `doc` is not the trace of what stands in the editor. */
  readonly stale: ReadonlySignal<boolean>;
  retry(): void;
}

/** What a seed has to fit. */
export interface Shapes { inputs: Shaped[]; output: readonly number[] }

const shapeAt = (graph: TraceGraph, id: number | undefined): number[] => graph.nodes[id ?? -1]?.shape ?? [];

const shapesOf = (graph: TraceGraph): Shapes =>
  ({ inputs: graph.inputs.map((id) => ({ name: graph.nodes[id]?.name ?? "", shape: shapeAt(graph, id) })), output: shapeAt(graph, graph.outputs[0]) });

/** Refusals of a seed that was made for other shapes, or was left out because the output seemed to be a number. */
const OTHER_SHAPES = ["bad_seed", "bad_shape", "output_not_scalar"];

const RETRY = 4_000;

/** While the names in a formula stay, so do its inputs, as a rule: then its trace can be asked for at once. */
const namesIn = (source: string): string => [...new Set(source.match(/[\p{L}_][\p{L}\p{N}_]*/gu))].sort().join(" ");

type Frame = (run: () => void) => unknown;

export function createSession(store: Store, api: Api, frame: Frame = requestAnimationFrame): Session {
  const doc = signal<TraceDocument | null>(null);
  const requested = signal<TraceRequest | null>(null);
  const form = signal<GraphAnswer | null>(null);
  const error = signal<ApiError | null>(null);
  const offline = signal(false);
  const attempt = signal(0);
  const shapes = signal<Shapes & { source: string; of: string } | null>(null);
  const known = new Map<string, Input>();
  /** What was put in an input without being asked, and the shape and kind that the formula then seemed to want. */
  const given = new Map<string, { value: Input; wanted: string }>();
  const run = latest();
  let formOf: string | null = null;
  let asked = "";
  let answered = "";
  let resting = false;
  let asksAgain = false;
  let lastSource = "";

  const request = (): TraceRequest => ({
    source: store.source.value,
    inputs: store.inputs.value,
    pass: store.pass.value,
    ...(store.wrt.value.length > 0 ? { wrt: store.wrt.value } : {}),
    ...seed(),
    ...options(),
    text: store.locale.value,
    ...(store.pass.value === "jacobian" ? { arrays: "full" } : {}),
  });

  /** The shapes that the formula has with these inputs; before its first trace, what the form guesses. */
  function shapesNow(): Shapes {
    const last = shapes.peek();
    if (last?.source === store.source.value && last.of === String(store.of.value)) return last;
    const guess = form.value;
    return { inputs: guess?.inputs ?? [], output: guess?.source === store.source.value ? shapesOf(guess.graph).output : [] };
  }

  function seed(): Pick<TraceRequest, "seed"> {
    const { inputs, output } = shapesNow();
    const pass = store.pass.value;
    if (pass === "forward") return { seed: sentTangents(readTangents(store.seed.value, inputs), inputs) };
    const back = pass === "reverse" || pass === "adjoint_graph" ? readCotangent(store.seed.value, output) : null;
    return back ? { seed: sentCotangent(back, output) } : {};
  }

  /** Simplifying starts from the adjoint graph; both start from the derivative that was asked for. */
  function options(): Pick<TraceRequest, "options"> {
    const of = store.of.value;
    const pass = store.pass.value;
    const chosen = {
      ...(of.length > 0 ? { of } : {}),
      ...(pass === "simplify" || (pass === "jacobian" && store.gradient.value) ? { gradient: true } : {}),
      ...(pass === "jacobian" && store.mode.value !== "auto" ? { mode: store.mode.value } : {}),
    };
    return Object.keys(chosen).length > 0 ? { options: chosen } : {};
  }

  /** Values for the inputs the formula has now: those it had before come back when the name does, unless the shape no longer fits. */
  function valuesFor(wanted: GraphAnswer["inputs"]): Inputs {
    for (const [name, value] of Object.entries(store.inputs.value)) known.set(name, value);
    const inputs: Inputs = Object.create(null) as Inputs;
    wanted.forEach(({ name, shape, ...reading }, place) => {
      const before = known.get(name);
      const last = given.get(name);
      const now = [shape, reading.kind, reading.classes].join(";");
      const changed = last !== undefined && last.wanted !== now && (before === last.value || (typeof before === "number" && shape.length > 0));
      const value = before === undefined || changed ? starting(shape, place, reading) : before;
      given.set(name, { value: before === undefined || changed ? value : (last?.value ?? NaN), wanted: now });
      inputs[name] = value;
    });
    return inputs;
  }

  async function readForm(source: string, language: string, abort: AbortSignal): Promise<void> {
    const answer = await api.graph(source, language, abort);
    formOf = source;
    const names = answer.inputs.map((input) => input.name);
    batch(() => {
      form.value = answer;
      store.inputs.value = valuesFor(answer.inputs);
      store.of.value = store.of.value.filter((name) => names.includes(name));
      store.wrt.value = store.wrt.value.filter((name) => names.includes(name));
    });
  }

  /** Learns the shapes of a formula that refused its seed; false where the seed would be the same. */
  async function fits(wanted: TraceRequest, language: string, abort: AbortSignal): Promise<boolean> {
    const { graph } = await api.graph(wanted.source, language, abort, wanted.inputs);
    const found = shapesOf(graph);
    const by = wanted.options?.["of"] as string[] | undefined;
    // A derivative by an input has the shape of that input.
    const output = found.inputs.find(({ name }) => name === by?.at(-1))?.shape ?? found.output;
    shapes.value = { ...found, output, source: wanted.source, of: String(by ?? []) };
    return changed(wanted);
  }

  const changed = (wanted: TraceRequest): boolean => JSON.stringify(seed().seed) !== JSON.stringify(wanted.seed);

  function learn({ source, graph, options: { of, gradient } }: TraceDocument): void {
    if (!gradient) shapes.value = { ...shapesOf(graph), source, of: String(of ?? []) };
  }

  async function readTrace(source: string, language: string, abort: AbortSignal): Promise<{ wanted: TraceRequest; trace: TraceDocument } | null> {
    const wanted = request();
    asked = JSON.stringify(wanted);
    if (asked === answered) return null;
    try {
      const trace = await api.trace(wanted, language, abort);
      learn(trace);
      if (changed(wanted)) return await readTrace(source, language, abort);
      answered = asked;
      return { wanted, trace };
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      if (OTHER_SHAPES.includes(problem.error.code) && (await fits(wanted, language, abort))) return readTrace(source, language, abort);
      if (formOf === source) throw problem;
      await readForm(source, language, abort); // the same names, but not the same inputs
      return readTrace(source, language, abort);
    }
  }

  async function load(abort: AbortSignal): Promise<void> {
    const language = LANGUAGE[store.locale.value];
    const source = store.source.value;
    try {
      if (formOf === null || namesIn(formOf) !== namesIn(source)) await readForm(source, language, abort);
      const before = doc.value;
      const answer = await readTrace(source, language, abort);
      if (!answer) return;
      const { wanted, trace } = answer;
      batch(() => {
        if (!store.pinned) store.k.value = keep(store.k.value, before, trace);
        store.pinned = false;
        doc.value = trace;
        requested.value = wanted;
        error.value = null;
        offline.value = false;
      });
      if (formOf !== source) await readForm(source, language, abort);
    } catch (problem) {
      if (problem instanceof Refusal) {
        answered = "";
        if (store.pass.peek() === "jacobian" && store.gradient.peek() && problem.error.code === "output_not_scalar") return void (store.gradient.value = false);
        batch(() => {
          error.value = problem.error;
          offline.value = false;
        });
      } else if (problem instanceof Unreachable) {
        answered = "";
        offline.value = true;
        setTimeout(() => offline.value && attempt.value++, RETRY);
      } else throw problem;
    }
  }

  effect(() => {
    attempt.value;
    const source = request().source;
    if (source.trim() === "") {
      batch(() => {
        doc.value = null;
        requested.value = null;
        form.value = null;
        error.value = null;
      });
      formOf = null;
      answered = "";
      lastSource = source;
      run(async () => {}, true);
      return;
    }
    asksAgain = true;
    if (!resting) ask();
  });

  /** At once, but for what is set in the same breath; then not again before the next frame. */
  function ask(): void {
    resting = true;
    queueMicrotask(() => {
      asksAgain = false;
      const now = untracked(() => store.source.value);
      if (now.trim() !== "") run(load, now !== lastSource);
      lastSource = now;
    });
    frame(() => {
      resting = false;
      if (asksAgain) ask();
    });
  }

  const k = computed(() => {
    if (!doc.value) return 0;
    return store.k.value < 0 ? opening(doc.value) : Math.min(store.k.value, doc.value.events.length);
  });
  const state = computed(() => (doc.value ? replay(doc.value, k.value) : initial()));
  return {
    doc, request: requested, form, error, offline, k, state,
    shapes: computed(() => {
      shapes.value;
      return shapesNow();
    }),
    said: computed(() => (k.value > 0 ? (doc.value?.text?.events[k.value - 1] ?? null) : null)),
    stale: computed(() => doc.value !== null && (error.value !== null || doc.value.source !== store.source.value)),
    retry: () => attempt.value++,
  };
}

/** The step of the new trace that is the same place as step `k` of the old one. */
export function keep(k: number, before: TraceDocument | null, after: TraceDocument): number {
  const end = after.events.length;
  if (k < 0) return opening(after);
  if (before === null) return k;
  if (before.pass !== after.pass || JSON.stringify(before.options) !== JSON.stringify(after.options)) return opening(after);
  // Who was at the end stays there. Anyone else keeps the step, also through a shorter formula on the way to the next.
  return before.source !== after.source && k === before.events.length ? end : k;
}

/** From what the reader asks for to the trace on the page: newest request wins, the step is kept. */

import { batch, computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import { type Api, type GraphAnswer, latest, Refusal, type TraceRequest, Unreachable } from "./api";
import { LANGUAGE } from "./i18n";
import { opening } from "./phases";
import { initial, replay, type State } from "./replay";
import { starting } from "./sample";
import type { Input, Inputs, Store } from "./store";
import type { ApiError, EventText, TraceDocument } from "./trace";

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
  /** True when `doc` is not the trace of what stands in the editor. */
  readonly stale: ReadonlySignal<boolean>;
  retry(): void;
}

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
    ...(store.pass.value === "forward" ? { seed: direction() } : {}),
    ...options(),
    text: store.locale.value,
  });

  /** Simplifying starts from the adjoint graph; both start from the derivative that was asked for. */
  function options(): Pick<TraceRequest, "options"> {
    const of = store.of.value;
    const chosen = { ...(of.length > 0 ? { of } : {}), ...(store.pass.value === "simplify" ? { gradient: true } : {}) };
    return Object.keys(chosen).length > 0 ? { options: chosen } : {};
  }

  function direction(): Record<string, number> {
    const names = form.value?.inputs.map((input) => input.name) ?? [];
    const chosen = names.includes(store.seed.value) ? store.seed.value : names[0];
    return Object.fromEntries(names.map((name) => [name, name === chosen ? 1 : 0]));
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

  async function readTrace(source: string, language: string, abort: AbortSignal): Promise<{ wanted: TraceRequest; trace: TraceDocument } | null> {
    const wanted = request();
    asked = JSON.stringify(wanted);
    if (asked === answered) return null;
    try {
      const trace = await api.trace(wanted, language, abort);
      answered = asked;
      return { wanted, trace };
    } catch (problem) {
      if (!(problem instanceof Refusal) || formOf === source) throw problem;
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
  if (before.pass !== after.pass || String(before.options["of"]) !== String(after.options["of"])) return opening(after);
  // Who was at the end stays there. Anyone else keeps the step, also through a shorter formula on the way to the next.
  return before.source !== after.source && k === before.events.length ? end : k;
}

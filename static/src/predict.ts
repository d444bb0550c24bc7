/** Prediction: at which steps to ask, what the answer is, and which wrong answers are worth offering. */

import { type ReadonlySignal, type Signal, signal, effect, untracked } from "@preact/signals-core";
import { finite } from "./numbers";
import { replay, wrtNodes } from "./replay";
import type { NodeId, Partial, TraceDocument, TraceEvent, Value } from "./trace";

export interface Question {
  /** The event that is held back. */
  index: number;
  node: NodeId;
  answer: number;
  /** How many parts are summed, when the step is a sum. */
  parts: number;
}

interface Asked { node: NodeId; answer: Value | undefined; parts: number }

/** What a step computes, if that is a number someone could have predicted. */
function asked(doc: TraceDocument, event: TraceEvent): Asked | null {
  switch (event.kind) {
    case "compute":
      return { node: event.node, answer: event.tangent ?? event.value, parts: 0 };
    case "contribute":
      return { node: event.source, answer: event.adjoint, parts: 0 };
    case "visit":
      return event.parts.length > 1 ? { node: event.node, answer: event.values.at(-1), parts: event.parts.length } : null;
    case "append":
      return event.created.length > 0 && doc.pass === "adjoint_graph"
        ? { node: event.source, answer: event.values.at(-1), parts: 0 }
        : null;
    case "column":
      return event.tangents.length === 1 ? { node: doc.graph.outputs[0] ?? event.node, answer: event.tangents[0], parts: 0 } : null;
    case "row":
      return event.cotangents.length === 1 ? { node: wrtNodes(doc)[0] ?? event.node, answer: event.cotangents[0], parts: 0 } : null;
    default:
      return null;
  }
}

export function questionAt(doc: TraceDocument, index: number): Question | null {
  const event = doc.events[index];
  const found = event ? asked(doc, event) : null;
  if (!found || found.answer === undefined || !finite(found.answer)) return null;
  return { index, ...found, answer: found.answer };
}

/** The events to ask at: every `stride`-th that computes a number, and every sum of several parts. */
export function questionsOf(doc: TraceDocument, stride: number): Set<number> {
  const chosen = new Set<number>();
  const arrived = new Map<NodeId, number>();
  let since = 0;
  doc.events.forEach((event, index) => {
    const question = questionAt(doc, index);
    if (event.kind === "contribute") arrived.set(event.source, (arrived.get(event.source) ?? 0) + 1);
    if (!question) return;
    const sum = question.parts > 1 || (event.kind === "contribute" && (arrived.get(event.source) ?? 0) > 1);
    since += 1;
    if (sum || since >= stride) {
      chosen.add(index);
      since = 0;
    }
  });
  return chosen;
}

/** Right to two digits is right: the point is the idea, not the arithmetic. */
export const matches = (given: number, answer: number): boolean => Math.abs(given - answer) <= Math.max(0.01 * Math.abs(answer), 1e-9);

/** Up to four options in ascending order: the answer, and what one gets by a known mistake. */
export function optionsFor(doc: TraceDocument, question: Question): number[] {
  const event = doc.events[question.index] as TraceEvent;
  const state = replay(doc, question.index);
  const { answer } = question;
  const wrong: (Partial | undefined)[] = [];
  if (event.kind === "contribute") {
    const above = state.adjoints.get(event.node);
    const partial = state.partials.get(event.node)?.[event.argnum];
    wrong.push(event.cotangent, state.adjoints.get(event.source), partial, above);
  } else if (event.kind === "visit") {
    const parts = event.parts.map((part) => state.values.get(part)).filter((part) => typeof part === "number");
    wrong.push(parts.at(-1), parts[0], parts.reduce((product, part) => product * part, 1));
  } else {
    wrong.push(...(doc.graph.nodes[event.node]?.inputs ?? []).map((input) => state.values.get(input)));
  }
  wrong.push(-answer, answer + 1, 2 * answer, answer / 2, 0, 1);
  const options = [answer];
  for (const value of wrong) {
    if (options.length === 4) break;
    if (typeof value === "number" && !options.some((option) => matches(value, option) || matches(option, value))) options.push(value);
  }
  return options.sort((a, b) => a - b);
}

export interface Gate { question: Question; given: number | null; verdict: "open" | "right" | "wrong" | "shown" }

export interface Prediction {
  readonly questions: ReadonlySignal<Set<number>>;
  readonly gate: ReadonlySignal<Gate | null>;
  /** True when event `index` is to be asked for first: the gate is then open. */
  holds(index: number): boolean;
  /** Checks the answer and reveals; null skips. */
  answer(given: number | null, reveal: () => void): void;
}

const STRIDE = 3;

/** Asks at one step in three, and at one in six after three right answers in a row. */
export function createPrediction(on: Signal<boolean>, doc: ReadonlySignal<TraceDocument | null>, k: ReadonlySignal<number>): Prediction {
  const gate = signal<Gate | null>(null);
  const streak = signal(0);
  const questions = signal(new Set<number>());

  effect(() => {
    questions.value = on.value && doc.value ? questionsOf(doc.value, streak.value >= 3 ? 2 * STRIDE : STRIDE) : new Set();
  });
  // A gate belongs to one step: before it, it is open, after it, it says what was right; anywhere else it is gone.
  effect(() => {
    const at = k.value;
    const trace = doc.value;
    const last = untracked(() => gate.value);
    if (!last) return;
    const { index } = last.question;
    const question = trace && on.value ? questionAt(trace, index) : null;
    if (question && last.verdict === "open" && at === index) gate.value = { ...last, question };
    else if (question && at === index + 1) gate.value = { ...last, question, verdict: last.verdict === "open" ? "shown" : last.verdict };
    else gate.value = null;
  });

  return {
    questions,
    gate,
    holds(index) {
      if (!doc.value || !questions.value.has(index) || gate.value?.question.index === index) return false;
      const question = questionAt(doc.value, index);
      if (question) gate.value = { question, given: null, verdict: "open" };
      return question !== null;
    },
    answer(given, reveal) {
      const open = gate.value;
      if (open?.verdict !== "open") return;
      if (given !== null) {
        const right = matches(given, open.question.answer);
        streak.value = right ? streak.value + 1 : 0;
        gate.value = { ...open, given, verdict: right ? "right" : "wrong" };
      }
      reveal();
    },
  };
}

import { computed, signal } from "@preact/signals-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { groupsOf, opening, phasesOf } from "../../static/src/phases";
import { createPlayer, DWELL } from "../../static/src/player";
import { createPrediction, matches, optionsFor, questionAt, questionsOf } from "../../static/src/predict";
import type { TraceDocument } from "../../static/src/trace";
import { placesOf } from "../../static/src/views/timeline";
import { traceOf } from "./fixtures/trace";

function clock(doc: TraceDocument | null = traceOf("adjoint_graph"), ask = false) {
  const wanted = signal(0);
  const trace = signal(doc);
  const k = computed(() => Math.min(wanted.value, trace.value?.events.length ?? 0));
  const settle = vi.fn();
  const prediction = createPrediction(signal(ask), trace, k);
  return { player: createPlayer({ wanted, k, doc: trace, settle, holds: prediction.holds }), k, settle, prediction, trace };
}

describe("the clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("steps, and stays within the trace", () => {
    const { player, k } = clock();
    player.previous();
    expect(k.value).toBe(0);
    player.next();
    expect(k.value).toBe(1);
    player.last();
    expect(k.value).toBe(24);
    player.next();
    expect(k.value).toBe(24);
    player.seek(-4);
    expect(k.value).toBe(0);
  });

  test("jumps by phases", () => {
    const { player, k } = clock();
    const seen = [player.nextPhase, player.nextPhase, player.nextPhase, player.previousPhase, player.previousPhase, player.previousPhase].map((jump) => {
      jump();
      return k.value;
    });
    expect(seen).toEqual([1, 8, 24, 8, 1, 0]);
  });

  test("plays at its speed, stops at the end and by hand", () => {
    const { player, k } = clock();
    player.toggle();
    expect(k.value).toBe(1);
    vi.advanceTimersByTime(DWELL * 2);
    expect(k.value).toBe(3);
    player.speed.value = 4;
    vi.advanceTimersByTime(DWELL);
    expect(k.value).toBe(7);
    player.previous();
    vi.advanceTimersByTime(DWELL * 5);
    expect([k.value, player.playing.value]).toEqual([6, false]);
    player.toggle();
    vi.advanceTimersByTime(DWELL * 30);
    expect([k.value, player.playing.value]).toEqual([24, false]);
    player.toggle();
    expect(k.value).toBe(1);
  });

  test("finishes the running animation before it moves", () => {
    const { player, settle } = clock();
    player.next();
    player.seek(9);
    expect(settle).toHaveBeenCalledTimes(2);
  });

  test("nothing happens without a trace", () => {
    const { player, k } = clock(null);
    for (const move of [player.next, player.last, player.nextPhase, player.previousPhase, player.toggle]) move();
    expect(k.value).toBe(0);
  });
});

describe("phases", () => {
  test("of the adjoint graph", () => {
    const doc = traceOf("adjoint_graph");
    expect(phasesOf(doc).map(({ kind, start, end }) => [kind, start, end])).toEqual([["forward", 0, 7], ["reverse", 7, 24]]);
    expect(groupsOf(doc).map(({ node, start, end }) => [node, start, end])).toEqual([[6, 7, 11], [5, 11, 14], [4, 14, 17], [3, 17, 20], [2, 20, 22], [1, 22, 23], [0, 23, 24]]);
    expect(opening(doc)).toBe(8);
    expect(opening(traceOf("evaluate"))).toBe(1);
  });

  test("dots stand in order, from 0 to 1", () => {
    const places = placesOf(traceOf("reverse"));
    expect([places[0], places.at(-1)]).toEqual([0, 1]);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });
});

describe("prediction", () => {
  test("asks at sums, and at one in three of the other steps", () => {
    const doc = traceOf("adjoint_graph");
    const asked = questionsOf(doc, 3);
    expect([...asked]).toContain(22);
    expect([...asked]).toContain(23);
    expect(questionsOf(doc, 6).size).toBeLessThan(asked.size);
    for (const index of asked) expect(questionAt(doc, index)).not.toBe(null);
  });

  test("holds the step back, checks, reveals; a skipped question is not asked twice in a row", () => {
    const { player, k, prediction } = clock(traceOf("reverse"), true);
    const first = Math.min(...prediction.questions.value);
    player.seek(first);
    player.next();
    expect([k.value, prediction.gate.value?.verdict]).toEqual([first, "open"]);
    const answer = prediction.gate.value?.question.answer as number;
    prediction.answer(answer * 1.005, () => player.seek(first + 1));
    expect([k.value, prediction.gate.value?.verdict]).toEqual([first + 1, "right"]);
    player.previous();
    player.next();
    prediction.answer(answer + 5, () => player.seek(first + 1));
    expect(prediction.gate.value?.verdict).toBe("wrong");
    player.previous();
    player.next();
    player.next();
    expect([k.value, prediction.gate.value?.verdict]).toEqual([first + 1, "shown"]);
  });

  test("another place or another trace closes the question", () => {
    const { player, prediction, trace } = clock(traceOf("reverse"), true);
    const first = Math.min(...prediction.questions.value);
    player.seek(first);
    player.next();
    player.seek(0);
    expect(prediction.gate.value).toBe(null);
    player.seek(first);
    player.next();
    trace.value = null;
    expect(prediction.gate.value).toBe(null);
  });

  test("options ascend, hold the answer once, and named mistakes", () => {
    const doc = traceOf("adjoint_graph");
    const question = questionAt(doc, 23);
    if (!question) throw new Error("no question at the sum");
    const options = optionsFor(doc, question);
    expect(options.toSorted((a, b) => a - b)).toEqual(options);
    expect(options).toContain(5);
    expect(options).toContain(0.5);
    expect(options.filter((option) => matches(option, 5.5))).toEqual([5.5]);
    expect(options.length).toBe(4);
  });
});

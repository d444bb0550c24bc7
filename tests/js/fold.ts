/**
 * Reads traces, one JSON document a line, and says where the fold disagrees with itself or with the trace's result.
 * Run by tests/server/test_fold.py; Node strips the types.
 */

import { deepStrictEqual } from "node:assert";
import { createInterface } from "node:readline";
import { replay, type State } from "../../static/src/replay.ts";

type Line = Parameters<typeof replay>[0] & { pass: string; adjoints: Record<string, unknown>; values: Record<string, unknown>; slices: unknown[][] }

/** Visits every k forwards, backwards and in leaps; each must give the state that the first visit gave. */
function roam(trace: Line): State {
  const { length } = trace.events;
  const forwards = Array.from({ length: length + 1 }, (_, k) => replay(trace, k));
  for (let k = length; k >= 0; k -= 1) deepStrictEqual(replay(trace, k), forwards[k]);
  for (let i = 0; i <= length; i += 1) {
    const k = (i * 7919) % (length + 1);
    deepStrictEqual(replay(trace, k), forwards[k]);
  }
  forwards.forEach((state, k) => {
    deepStrictEqual(state.k, k);
    deepStrictEqual(state.event, trace.events[k - 1] ?? null);
  });
  return forwards[length] as State;
}

let traces = 0;
let frames = 0;
for await (const text of createInterface({ input: process.stdin })) {
  const trace = JSON.parse(text) as Line;
  const end = roam(trace);
  const adjoint = (node: number): unknown => (trace.pass === "reverse" ? end.adjoints.get(node) : end.values.get(end.adjointNode.get(node) as number));
  for (const [node, value] of Object.entries(trace.values)) deepStrictEqual(end.values.get(Number(node)), value);
  deepStrictEqual(end.slices.map(({ parts }) => parts), trace.slices);
  for (const [node, value] of Object.entries(trace.adjoints)) deepStrictEqual(adjoint(Number(node)), value);
  traces += 1;
  frames += trace.events.length + 1;
}
console.log(JSON.stringify({ traces, frames }));

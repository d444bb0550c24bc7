/** The only module that talks to the server. */

import type { Card } from "./card";
import type { CompareRequest, Comparison, Lesson } from "./compare/types";
import type { DerivativesAnswer, DerivativesRequest } from "./derivatives";
import type { Inspection, InspectRequest, Kinks } from "./inspect/types";
import type { Help, Json, Kind, Report, Task, TaskAnswer } from "./grade/types";
import type { Input, Inputs } from "./store";
import type { ApiError, NodeId, OpRow, PassName, TraceDocument, TraceGraph } from "./trace";

/** What an operation takes the elements of an input for, where not every number will do; `labels` are classes from 0. */
export interface Reading { kind?: "labels" | "signs" | "probabilities" | "distribution"; classes?: number }

export interface GraphAnswer {
  source: string;
  graph: TraceGraph;
  latex: string;
  inputs: ({ name: string; shape: number[]; span: [number, number] | null } & Reading)[];
  ops: Record<string, OpRow>;
}

export interface TraceRequest {
  source: string;
  inputs: Inputs;
  pass: PassName;
  wrt?: string[];
  seed?: Input | Record<string, Input>;
  options?: Record<string, unknown>;
  text: string;
  arrays?: "full";
}

export interface Example {
  id: string;
  title: { en: string; zh: string };
  about: { en: string; zh: string };
  reference: string;
  source: string;
  inputs: Inputs;
  pass: PassName;
  k?: number;
}

/** The server answered, and says what is wrong. */
export class Refusal extends Error {
  readonly error: ApiError;
  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

/** No answer, or none that we understand. */
export class Unreachable extends Error {}

function isApiError(body: unknown): body is ApiError {
  return typeof body === "object" && body !== null && "code" in body && "message" in body;
}

async function call<T>(path: string, language: string, signal: AbortSignal | null, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(new URL(`api/v1/${path}`, document.baseURI), {
      method: body === undefined ? "GET" : "POST",
      headers: { "Accept-Language": language, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable(String(error));
  }
  const answer: unknown = await response.json().catch(() => null);
  if (signal?.aborted) throw new DOMException("aborted", "AbortError");
  if (response.ok && answer !== null) return answer as T;
  if (isApiError(answer)) throw new Refusal(answer);
  throw new Unreachable(`${response.status}`);
}

export interface Api {
  /** With values for the inputs, their shapes are known; without, they are guessed. */
  graph(source: string, language: string, signal: AbortSignal, inputs?: Inputs): Promise<GraphAnswer>;
  trace(request: TraceRequest, language: string, signal: AbortSignal): Promise<TraceDocument>;
  card(request: TraceRequest & { node: NodeId }, language: string, signal: AbortSignal): Promise<Card>;
  derivatives(request: DerivativesRequest, language: string, signal: AbortSignal): Promise<DerivativesAnswer>;
  compare(request: CompareRequest, language: string, signal: AbortSignal): Promise<Comparison>;
  inspect(request: InspectRequest, language: string, signal: AbortSignal): Promise<Inspection>;
  kinks(language: string, signal: AbortSignal): Promise<Kinks>;
  lessons(language: string): Promise<Lesson[]>;
  ops(language: string): Promise<OpRow[]>;
  examples(language: string): Promise<Example[]>;
}

/** A list, also when the server sends it under a name or as a table by name. */
function listed<T>(answer: unknown, name: string): T[] {
  const inner = Array.isArray(answer) ? answer : (answer as Record<string, unknown>)[name] ?? answer;
  return (Array.isArray(inner) ? inner : Object.values(inner as Record<string, T>)) as T[];
}

export const api: Api = {
  graph: (source, language, signal, inputs) => call("graph", language, signal, inputs ? { source, inputs } : { source }),
  trace: (request, language, signal) => call("trace", language, signal, request),
  card: (request, language, signal) => call("card", language, signal, request),
  derivatives: (request, language, signal) => call("derivatives", language, signal, request),
  compare: (request, language, signal) => call("compare", language, signal, request),
  inspect: (request, language, signal) => call("inspect", language, signal, request),
  kinks: (language, signal) => call("kinks", language, signal),
  lessons: async (language) => listed<Lesson>(await call("lessons", language, null), "lessons"),
  ops: async (language) => listed<OpRow>(await call("ops", language, null), "ops"),
  examples: async (language) => listed<Example>(await call("examples", language, null), "examples"),
};

/** The grader's part of the API. */
export const gradingApi = {
  kinds: async (language: string): Promise<Kind[]> => listed<Kind>(await call("task-kinds", language, null), "kinds"),
  task: (request: { task: Task; text: string }, language: string, signal: AbortSignal): Promise<TaskAnswer> => call("task", language, signal, request),
  draw: (request: { kind: string; seed: number }, language: string): Promise<{ task: Task }> => call("task/draw", language, null, request),
  grade: (request: { task: Task; answer: Json; help: Help; text: string }, language: string, signal: AbortSignal): Promise<Report> => call("grade", language, signal, request),
};

/**
 * Runs the newest of a stream of tasks: one at a time, those in between dropped. While the task that runs is still wanted
 * (a slider that moves) it may finish, so that the picture follows the hand; otherwise it is aborted.
 */
export function latest(): (task: (signal: AbortSignal) => Promise<void>, abort: boolean) => void {
  let running: AbortController | null = null;
  let next: ((signal: AbortSignal) => Promise<void>) | null = null;

  async function drain(): Promise<void> {
    try {
      while (next) {
        const task = next;
        next = null;
        running = new AbortController();
        await task(running.signal).catch((error: unknown) => {
          if (!running?.signal.aborted) throw error;
        });
      }
    } finally {
      running = null;
    }
  }

  return (task, abort) => {
    next = task;
    if (!running) void drain();
    else if (abort) running.abort();
  };
}

/** What the server says about tasks and answers: docs/grading.md. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Help = "none" | "hint" | "full";
export type Task = { kind: string } & Record<string, Json>;
export type Verdict = "correct" | "partial" | "incorrect" | "malformed";
export type CellVerdict = "correct" | "follow_through" | "incorrect" | "missing";

/** As much of JSON Schema as tasks need. */
export interface Schema {
  type?: string;
  enum?: Json[];
  const?: Json;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema | false;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  default?: Json;
  description?: string;
  $ref?: string;
  $defs?: Record<string, Schema>;
}

export interface Kind { kind: string; schema: Schema; task: Task; statement: { en: string; zh: string }; answer: Json }

export interface Share { cell: string; weight: number; about: string }
export interface Submission { answer: Json; verdict: Verdict; score: number; mistake: string | null; title: string | null }

export interface TaskAnswer {
  id: string;
  task: Task;
  statement: string;
  model: Json;
  scheme: Share[];
  submissions: Submission[];
}

export interface Cell { cell: string; verdict: CellVerdict; earned: number; weight?: number; got?: Json; expected?: Json }

export interface Evidence {
  points: number;
  seed: number;
  rtol: number;
  digits?: number;
  differs?: { at: Record<string, Json>; expected: Json; got: Json } | null;
}

export interface Report {
  kind: string;
  verdict: Verdict;
  score: number;
  points: number;
  max_points: number;
  gradable: boolean;
  feedback: string;
  cells: Cell[];
  diagnosis?: { mistake: string; cell: string; title?: string; text?: string }[];
  evidence?: Record<string, Evidence>;
  model?: Json;
  error?: { code: string; message: string; span: [number, number] | null; hint: string | null; cell?: string };
}

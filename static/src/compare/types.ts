/** What /compare takes and answers: see docs/api.md. */

import type { Inputs } from "../store";
import type { Num, RuleColumn, Value } from "../trace";

/** The parts of a comparison; each is asked for when it is looked at. */
export const PARTS = ["methods", "errors", "swell", "cost", "check"] as const;
export type Part = (typeof PARTS)[number];

export const METHODS = ["forward_difference", "backward_difference", "central_difference", "richardson", "complex_step", "symbolic", "forward", "reverse"] as const;
export type MethodName = (typeof METHODS)[number];

export interface CompareRequest {
  source: string;
  inputs: Inputs;
  wrt?: string[];
  want: Part[];
  h?: number;
  claim?: Inputs;
  text: string;
}

/** Why there is no number, or none to trust. */
export interface Reason { code: string; node: number | null; name: string | null; said: string | null }

/** A step of a method. `whole` is the derivative after a symbolic step, null where it is long. */
export interface Worked { title: string | null; why: string | null; rule: RuleColumn[]; numbers: Record<string, Num>; whole: string | null }

/** Operations of the formula and of its derivatives as trees, and with common parts shared. */
export interface Sizes { function: number; raw: number; simplified: number; shared: number }

export interface Method {
  name: MethodName;
  gradient: Record<string, Value> | null;
  /** The largest relative error. */
  error: Num | null;
  h: Num | null;
  evaluations: number;
  passes: number;
  operations: number | null;
  memory: number | null;
  size: number | null;
  sizes: Sizes | null;
  reason: Reason | null;
  table: Num[][] | null;
  steps: Worked[];
}

export interface Exact { digits: string; value: Num }
export interface Best { h: Num; error: Num }

export interface Errors {
  name: string;
  exact: Exact;
  h: Num[];
  curves: Partial<Record<MethodName, Num[]>>;
  best: Partial<Record<MethodName, Best>>;
  theory: Partial<Record<MethodName, Best>>;
  truncation_order: Partial<Record<MethodName, Num | null>>;
  rounding_slope: Partial<Record<MethodName, Num | null>>;
}

export interface Check {
  h: Num[];
  first: Num[];
  second: Num[];
  order: Num | null;
  verdict: "right" | "wrong" | "undecided";
  direction: Record<string, Value>;
  gradient: Record<string, Value>;
  reason: Reason | null;
}

export interface Swell { depth: number[]; f: number[]; raw: number[]; simplified: number[]; shared: number[]; reverse: number[] }

export interface ByCount { count: number[]; forward: number[]; reverse: number[]; central_difference: number[] }

export interface Cost {
  inputs: number;
  outputs: number;
  function: number;
  push: number;
  pull: number;
  values: number;
  live: number;
  passes: Record<string, number>;
  /** From so many inputs on, reverse mode takes fewer operations. */
  crossover: Num | null;
  by_inputs: ByCount;
  by_outputs: ByCount;
}

export interface Comparison {
  reference: Record<string, Exact> | null;
  reasons?: Record<string, Reason>;
  methods?: Method[];
  errors?: Errors;
  check?: Check;
  swell?: Swell;
  cost?: Cost;
}

type Bilingual = { en: string; zh: string };
/** What a method does, what it costs, how far off it is, and when to use it. */
export interface Lesson { method: MethodName; title: Bilingual; what: Bilingual; cost: Bilingual; error: Bilingual; use: Bilingual }

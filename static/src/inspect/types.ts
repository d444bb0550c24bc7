/** An inspection as the server sends it: see docs/api.md. */

import type { Inputs } from "../store";
import type { NodeId, Num, TraceGraph, Value } from "../trace";

export interface InspectRequest { source: string; inputs: Inputs; wrt?: string[]; of?: string[]; text: string }

export type ValueKind = "number" | "zero" | "underflow" | "cancelled" | "overflow" | "pole" | "undefined" | "inherited";
export type SlopeKind = Exclude<ValueKind, "cancelled"> | "not_computed" | "no_path" | "stopped";
export type TroubleKind = "undefined" | "pole" | "overflow" | "underflow" | "cancelled" | "imprecise";

export interface NodeReport {
  node: NodeId;
  name: string;
  /** The right-hand side of its assignment, in LaTeX. */
  statement: string;
  value: Value;
  value_kind: ValueKind;
  value_reason: string | null;
  derivative: Value | null;
  derivative_kind: SlopeKind;
  derivative_reason: string | null;
  /** The condition number of its operation, and the digits that this costs. */
  condition: Num | null;
  lost: Num | null;
  /** The bound of its relative error in eps, and the digits that are sure. */
  error: Num | null;
  left: Num | null;
}

export interface InputReport { name: string; node: NodeId; derivative: Value; kind: SlopeKind; reason: string | null }

export interface Cure {
  key: string;
  /** What was found and what to write instead, in LaTeX; null where the advice is in words only. */
  latex: string | null;
  instead: string | null;
  /** The same to type, and the node that it replaces. */
  source: string | null;
  node: NodeId | null;
  said: string | null;
}

export interface Trouble {
  phase: "forward" | "backward";
  node: NodeId;
  argnum: number | null;
  source: NodeId | null;
  kind: TroubleKind;
  value: Value;
  path: NodeId[];
  reason: string | null;
  cure: Cure;
}

export interface Inspection {
  source: string;
  graph: TraceGraph;
  names: string[];
  nodes: NodeReport[];
  derivatives: InputReport[];
  troubles: Trouble[];
  first: number | null;
  conditioning: { error: Num | null; left: Num | null; worst: NodeId | null; condition: Num | null; said: string | null };
  kinks: { node: NodeId; row: string; said: string | null }[];
}

/** Derivatives by the name of the input; null is the framework's own None. */
export type Slopes = Record<string, Value | null>;

/** Where frameworks choose differently; null for one that was not asked. */
export interface Kink {
  row: { key: string; op: string | null; source: string; inputs: Inputs; ours: Slopes; tensorflow: Slopes | null; pytorch: Slopes | null; jax: Slopes | null };
}

export interface Kinks { versions: Record<Framework, string>; kinks: Kink[] }

export const FRAMEWORKS = ["tensorflow", "pytorch", "jax"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

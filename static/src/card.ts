/** The card of one node as the server sends it: see docs/api.md. */

import type { NodeId, Num, Role, Value } from "./trace";

export type PartRole = Exclude<Role, "op">;

/** `value` is null where the pass never computes it. */
export interface CardPart { latex: string; role: PartRole; shape: number[]; value: Value | null }

/** The Jacobian that would be, by one argument: a row for each element of the output, a column for each of the argument. */
export interface CardBlock {
  argnum: number;
  latex: string;
  rows: number;
  columns: number;
  /** A null entry is zero by structure; without entries it is too large to draw. */
  entries: (Num | null)[][] | null;
  empty: number | null;
  structure: "diagonal" | "blocks" | "lower" | "upper" | "selection" | "sparse" | "dense" | "empty";
  /** For `blocks`: the size of the equal blocks on the diagonal. */
  block: [number, number] | null;
  caption: string | null;
}

/** One primitive that is really computed. `args` count the operands first, then the lines. */
export interface CardLine {
  op: string;
  /** How it is written between two arguments; null for a function. */
  sign: string | null;
  latex: string;
  args: number[];
  params: Record<string, unknown>;
  shape: number[];
  value: Value | null;
  cost: number;
}

/** What is computed instead of a Jacobian. Without lines the operand is passed on as it is. */
export interface CardProduct {
  argnum: number;
  to: CardPart;
  latex: string;
  operands: CardPart[];
  lines: CardLine[];
  /** The axes that un-broadcasting sums, or along which a tangent was stretched. */
  summed: { axes: number[]; from: number[]; to: number[] } | null;
  cost: number;
  said: string | null;
}

/** A formula of the literature beside what reverse mode found. */
export interface ClosedForm {
  latex: string;
  reference: string;
  rows: { name: string; latex: string; value: Value; found: Value; difference: number }[];
}

export interface Card {
  node: NodeId;
  op: string | null;
  name: string;
  statement: string;
  /** Its value, then its tangent, then its adjoint. */
  output: CardPart[];
  inputs: CardPart[];
  /** By argument; null where nothing is differentiated through it. */
  jacobians: (CardBlock | null)[];
  pushes: (CardProduct | null)[];
  pulls: (CardProduct | null)[];
  cost: number;
  closed: ClosedForm[];
  text: { shapes: string; jacobian: string; product: string; layout: string; about: string } | null;
}

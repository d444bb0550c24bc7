/** Requests for derivatives as numbers: which object, along which direction; and the same request for a terminal. No DOM. */

import { elements, indicesAt, nestedText, shapeOf, sizeOf } from "./arrays";
import type { Input, Inputs } from "./store";
import type { Num, Value } from "./trace";

export const OBJECTS = ["value", "gradient", "jacobian", "hessian", "jvp", "vjp", "hvp", "directional", "derivative"] as const;
export type Wanted = (typeof OBJECTS)[number];

/** The objects that need a direction: a tangent for each input. */
export const ALONG = ["jvp", "hvp", "directional"] as const satisfies readonly Wanted[];
export const isAlong = (wanted: Wanted): wanted is (typeof ALONG)[number] => (ALONG as readonly Wanted[]).includes(wanted);

export interface DerivativesRequest {
  source: string;
  inputs: Inputs;
  want: Wanted[];
  jvp?: Inputs;
  vjp?: Input;
  hvp?: Inputs;
  directional?: Inputs;
  of?: string[];
}

export interface Passes { mode: "forward" | "reverse"; forward: number; reverse: number }

export interface DerivativesAnswer {
  value?: Value;
  gradient?: Record<string, Value>;
  jacobian?: Record<string, Value>;
  passes?: Passes;
  hessian?: Record<string, Record<string, Value>>;
  jvp?: Value;
  vjp?: Record<string, Value>;
  hvp?: Record<string, Value>;
  directional?: Value;
  derivative?: Value;
  status?: Record<string, "path" | "no_path" | "stopped">;
}

/** What a reader may say besides the object; what is left out is asked for as it starts. */
export interface Asked { wanted: Wanted; direction: Inputs; cotangent: Input; of: string[] }

export function requestFor(source: string, inputs: Inputs, { wanted, direction, cotangent, of }: Asked): DerivativesRequest {
  const request = { source, inputs };
  if (isAlong(wanted)) return { ...request, want: [], [wanted]: direction };
  if (wanted === "vjp") return { ...request, want: [], vjp: cotangent };
  if (wanted === "derivative") return { ...request, want: [], of };
  return { ...request, want: wanted === "gradient" || wanted === "jacobian" ? ["value", wanted] : [wanted] };
}

/** Larger directions are one number, which stands for all elements. */
const WRITTEN = 64;

/** 1 for a number, the first unit vector for an array. */
export function unit(shape: readonly number[]): Input {
  return shape.length === 0 || sizeOf(shape) > WRITTEN ? 1 : nestedText(shape, (place) => (place === 0 ? "1" : "0"));
}

// ---- one matrix out of blocks ----

/** A matrix with a name for each row and each column. */
export interface Labelled { rows: string[]; columns: string[]; numbers: Num[][] }

/** Matrices past this are shown block by block. */
export const MOST_LINES = 24;

/** `x` for a number; `X[0, 1]` for each element of an array, in row-major order. */
export function elementNames(name: string, shape: readonly number[]): string[] {
  return shape.length === 0 ? [name] : Array.from({ length: sizeOf(shape) }, (_, place) => `${name}[${indicesAt(shape, place).join(", ")}]`);
}

/** A row for each element of the output, a column for each element of the inputs; null where that is too large to read. */
export function jacobianMatrix(blocks: Record<string, Value>, output: readonly number[]): Labelled | null {
  const rows = elementNames("f", output);
  const parts = Object.entries(blocks).map(([name, block]) => ({ names: elementNames(name, shapeOf(block).slice(output.length)), all: elements(block) }));
  const columns = parts.flatMap(({ names }) => names);
  if (rows.length > MOST_LINES || columns.length > MOST_LINES) return null;
  return { rows, columns, numbers: rows.map((_, row) => parts.flatMap(({ names, all }) => all.slice(row * names.length, (row + 1) * names.length))) };
}

/** The shape of an input from its own second derivative, which has its axes twice. */
function halved(block: Value | undefined): number[] {
  const shape = block === undefined ? [] : shapeOf(block);
  return shape.slice(0, shape.length / 2);
}

/** The second derivatives, with the elements of all inputs in one line; null where that is too large to read. */
export function hessianMatrix(blocks: Record<string, Record<string, Value>>): Labelled | null {
  const names = Object.entries(blocks).flatMap(([name, row]) => elementNames(name, halved(row[name])));
  if (names.length > MOST_LINES) return null;
  const numbers = Object.entries(blocks).flatMap(([name, row]) => jacobianMatrix(row, halved(row[name]))?.numbers ?? []);
  return { rows: names, columns: names, numbers };
}

/** How many second derivatives there are by each input: the elements of the point. */
export const hessianOrder = (blocks: Record<string, Record<string, Value>>): number =>
  Object.entries(blocks).reduce((sum, [name, row]) => sum + sizeOf(halved(row[name])), 0);

// ---- for a terminal ----

const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

export const curl = (request: DerivativesRequest, address: string): string =>
  `curl -s ${address} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(request))}`;

const pair = ([name, value]: [string, Input]): string => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`;
const pairs = (inputs: Inputs): string => Object.entries(inputs).map(pair).join(",");

export function command({ source, inputs, want, jvp, vjp, hvp, directional, of }: DerivativesRequest): string {
  const options = [
    `--want ${want.length > 0 ? want.join(",") : "''"}`,
    jvp && `--jvp ${quoted(pairs(jvp))}`,
    hvp && `--hvp ${quoted(pairs(hvp))}`,
    directional && `--directional ${quoted(pairs(directional))}`,
    vjp !== undefined && `--vjp=${typeof vjp === "number" ? vjp : quoted(typeof vjp === "string" ? vjp : JSON.stringify(vjp))}`,
    of && `--of ${of.join(",")}`,
  ].filter(Boolean);
  const what = [quoted(source), ...Object.entries(inputs).map((one) => quoted(pair(one)))];
  // A formula that begins with a minus sign would be taken for an option.
  return ["wengert derivatives", ...(source.startsWith("-") ? [...options, "--", ...what] : [...what, ...options])].join(" ");
}

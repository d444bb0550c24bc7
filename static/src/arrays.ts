/** Values that are more than one number: nested lists, and summaries of what is too large to send. No DOM. */

import type { Num, Summary, Value } from "./trace";

export const isArray = (value: Value | "linear" | null | undefined): value is Value[] => Array.isArray(value);

export const isSummary = (value: unknown): value is Summary => typeof value === "object" && value !== null && !Array.isArray(value);

export const isNum = (value: unknown): value is Num => typeof value === "number" || value === "NaN" || value === "Infinity" || value === "-Infinity";

export function shapeOf(value: Value): number[] {
  if (isSummary(value)) return value.shape;
  const shape: number[] = [];
  for (let inner: Value | undefined = value; isArray(inner); inner = inner[0]) shape.push(inner.length);
  return shape;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The indices of the element at a place, counted row by row; and back. */
export function indexAt(shape: readonly number[], place: number): number[] {
  let rest = place;
  return shape.toReversed().map((length) => {
    const index = rest % length;
    rest = Math.floor(rest / length);
    return index;
  }).reverse();
}

export const placeAt = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((place, length, axis) => place * length + (index[axis] ?? 0), 0);

/** An array of this shape that is 1 at one place and 0 elsewhere; only 0 where no place is given. */
export function unit(shape: readonly number[], place = -1): Value {
  const [length, ...inner] = shape;
  if (length === undefined) return place === 0 ? 1 : 0;
  const size = sizeOf(inner);
  return Array.from({ length }, (_, i) => unit(inner, Math.floor(place / size) === i ? place % size : -1));
}

/** The place of the 1 in an array that is 0 elsewhere; null for any other. */
export function unitPlace(value: Value): number | null {
  const all = elements(value);
  const place = all.indexOf(1);
  return place >= 0 && all.every((one, i) => one === (i === place ? 1 : 0)) ? place : null;
}

/** Every number, the last axis fastest. A summary has none to give. */
export const elements = (value: Value): Num[] => (isArray(value) ? value.flatMap(elements) : isSummary(value) ? [] : [value]);

/** The indices of the element at a place in row-major order, as in NumPy. */
export function indicesAt(shape: readonly number[], place: number): number[] {
  const found: number[] = [];
  let rest = place;
  for (const length of [...shape].reverse()) {
    found.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return found;
}

/** `[3, 2]` is 3×2; a vector of three numbers is 3. */
export const shapeText = (shape: readonly number[]): string => shape.join("×");

/** A number that stands for all elements, where they are all the same. */
export function uniform(value: Value): Num | null {
  const all = elements(value);
  const [first] = all;
  return first !== undefined && all.every((one) => one === first) ? first : null;
}

/** The Euclidean norm: how large an array is, in one number. */
export function norm(value: Value): number {
  if (isSummary(value)) return typeof value.norm === "number" ? value.norm : Number(value.norm);
  return Math.hypot(...elements(value).map(Number));
}

/** `[[1, 2], [3, 4]]`, each number as `write` says. */
export const nested = (value: Value, write: (number: Num) => string): string =>
  isArray(value) ? `[${value.map((inner) => nested(inner, write)).join(", ")}]` : isSummary(value) ? shapeText(value.shape) : write(value);

/** The matrices of an array: its last two axes, with the indices that lead to each. A vector is one row. */
export function slices(value: Value): { index: number[]; rows: Num[][] }[] {
  if (!isArray(value)) return isSummary(value) ? [] : [{ index: [], rows: [[value]] }];
  const depth = shapeOf(value).length;
  if (depth === 1) return [{ index: [], rows: [value as Num[]] }];
  if (depth === 2) return [{ index: [], rows: value as Num[][] }];
  return value.flatMap((inner, i) => slices(inner).map(({ index, rows }) => ({ index: [i, ...index], rows })));
}

const spelled = (words: Record<"NaN" | "Infinity" | "-Infinity", string>) => (number: Num): string =>
  typeof number === "number" ? String(number) : words[number];

const inNumpy = spelled({ "NaN": "np.nan", "Infinity": "np.inf", "-Infinity": "-np.inf" });
const inLatex = spelled({ "NaN": "\\mathrm{NaN}", "Infinity": "\\infty", "-Infinity": "-\\infty" });
const inCsv = spelled({ "NaN": "nan", "Infinity": "inf", "-Infinity": "-inf" });

/** `1.5e-7` as TeX sets it. */
const tex = (number: Num): string => inLatex(number).replace(/e([+-]?)0*(\d+)$/, (_, sign: string, power: string) => ` \\cdot 10^{${sign === "-" ? "-" : ""}${power}}`);

/** A vector is a column, as on the blackboard. */
const matrix = (rows: string[][]): string => `\\begin{bmatrix} ${rows.map((row) => row.join(" & ")).join(" \\\\ ")} \\end{bmatrix}`;

export const FORMATS = {
  numpy: (value: Value): string => `np.array(${nested(value, inNumpy)})`,
  latex: (value: Value): string => {
    const column = shapeOf(value).length === 1;
    return slices(value).map(({ rows }) => matrix(column ? (rows[0] ?? []).map((number) => [tex(number)]) : rows.map((row) => row.map(tex)))).join(",\\ ");
  },
  csv: (value: Value): string => slices(value).map(({ rows }) => rows.map((row) => `${row.map(inCsv).join(",")}\n`).join("")).join("\n"),
} as const;

export type Format = keyof typeof FORMATS;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:\/\d+\.?\d*)?$/i;

/** Whether someone has typed an array to its end: brackets closed, a call such as `randn(3, 2)`, or a table of numbers. */
export function looksLikeArray(text: string): boolean {
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").trim();
  if (/^[\p{L}_][\p{L}\p{N}_.]*\(/u.test(plain) || plain.startsWith("[") || plain.startsWith("(")) return /[\])]$/.test(plain) && closed(plain);
  const parts = plain.split(/[\s,;|]+/).filter(Boolean);
  return parts.length > 1 && parts.every((part) => NUMBER.test(part));
}

function closed(text: string): boolean {
  const open: string[] = [];
  for (const one of text) {
    if (one === "[" || one === "(") open.push(one);
    else if ((one === "]" && open.pop() !== "[") || (one === ")" && open.pop() !== "(")) return false;
  }
  return open.length === 0;
}

/** How many axes the array in a text has; null where only the server can say. */
export function rankOf(text: string): number | null {
  const plain = text.normalize("NFKC").trim();
  if (/^\p{L}/u.test(plain)) return null;
  const [brackets = ""] = /^[[(\s]*/.exec(plain) ?? [];
  const depth = brackets.replace(/\s/g, "").length;
  if (depth === 0) return /[\n;]/.test(plain) ? 2 : 1;
  return depth === 1 && /[;\n]/.test(plain) ? 2 : depth;
}

/** Nested lists of this shape, each element as `write` says of its place in row-major order. */
export function nestedText(shape: readonly number[], write: (place: number) => string): string {
  let next = 0;
  const list = (axis: number): string =>
    axis === shape.length ? write(next++) : `[${Array.from({ length: shape[axis] as number }, () => list(axis + 1)).join(", ")}]`;
  return list(0);
}

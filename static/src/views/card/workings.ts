/** How one element of a result comes about: the numbers, and which elements of the arguments they are. No DOM. */

import { elements, sizeOf } from "../../arrays";
import { short } from "../../numbers";
import type { Num, Value } from "../../trace";
import type { Row } from "./fold";

/** `marks`: for each argument the elements that are read, by their place in row-major order. */
export interface Workings { text: string; marks: number[][]; row: number | null; column: number | null }

/** More terms than this are not all written out. */
const WRITTEN = 8;

const negative = (number: Num): boolean => (typeof number === "number" ? number < 0 : number === "-Infinity");
const bracketed = (number: Num): string => (negative(number) ? `(${short(number)})` : short(number));

/** The terms of a sum, each with its sign; a long one with its middle left out. */
export function sumText(terms: readonly string[]): string {
  const written = terms.length > WRITTEN ? [...terms.slice(0, 3), "…", ...terms.slice(-2)] : terms;
  return written.reduce((text, term) => (text === "" ? term : term.startsWith("−") ? `${text} − ${term.slice(1)}` : `${text} + ${term}`), "");
}

const equation = (left: string, value: Num): string => `${left} = ${short(value)}`;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Row-major places of the elements of `inner` that a place of `outer` reads when it is stretched to it. */
export function stretchedPlace(place: number, outer: readonly number[], inner: readonly number[]): number {
  const lead = outer.length - inner.length;
  let rest = place;
  let found = 0;
  let step = 1;
  for (let axis = outer.length - 1; axis >= 0; axis -= 1) {
    const extent = outer[axis] as number;
    const index = rest % extent;
    rest = Math.floor(rest / extent);
    const own = inner[axis - lead];
    if (own === undefined) continue;
    found += (own === 1 ? 0 : index) * step;
    step *= own;
  }
  return found;
}

/** Places of `from` that a sum over its axes brings to each place of the result. */
export function summedPlaces(from: readonly number[], axes: readonly number[]): number[][] {
  const kept = from.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const groups: number[][] = range(sizeOf(kept)).map(() => []);
  range(sizeOf(from)).forEach((place) => groups[stretchedPlace(place, from, kept)]?.push(place));
  return groups;
}

type Reads = (row: Row, place: number) => { marks: number[][]; row: number | null; column: number | null } | null;

/** Rows of the left factor times columns of the right one; a vector is either. */
const product: Reads = ({ args: [a, b] }, place) => {
  if (!a || !b || a.shape.length > 2 || b.shape.length > 2) return null;
  const inner = a.shape.at(-1) ?? 1;
  const columns = b.shape.length === 2 ? (b.shape[1] as number) : 1;
  const [row, column] = [Math.floor(place / columns), place % columns];
  return {
    marks: [range(inner).map((i) => row * inner + i), range(inner).map((i) => i * columns + column)],
    row: a.shape.length === 2 ? row : null, column: b.shape.length === 2 ? column : null,
  };
};

const outer: Reads = ({ args: [, b] }, place) => {
  const columns = sizeOf(b?.shape ?? []);
  return { marks: [[Math.floor(place / columns)], [place % columns]], row: null, column: null };
};

const pointwise: Reads = ({ args, result }, place) =>
  ({ marks: args.map(({ shape }) => [stretchedPlace(place, result.shape, shape)]), row: null, column: null });

/** The axes of a sum as the engine names them: all, one, several, or those that a shape has lost. */
export function summedAxes({ op, params, args: [x], result }: Row): number[] | null {
  const rank = x?.shape.length ?? 0;
  const turned = (axis: number): number => (axis < 0 ? axis + rank : axis);
  if (op === "sum_to") return range(rank).filter((axis) => axis < rank - result.shape.length || (result.shape[axis - rank + result.shape.length] === 1 && x?.shape[axis] !== 1));
  if (op !== "sum") return null;
  const axis = params["axis"];
  if (axis === null || axis === undefined) return range(rank);
  return (Array.isArray(axis) ? (axis as number[]) : [axis as number]).map(turned);
}

const sum: Reads = (row, place) => {
  const [x] = row.args;
  const axes = summedAxes(row);
  return x && axes ? { marks: [summedPlaces(x.shape, axes)[place] ?? []], row: null, column: null } : null;
};

const SIGNS: Record<string, string> = { mul: "·", add: "+", sub: "−", div: "/" };
const READS: Record<string, Reads> = { matmul: product, dot: product, outer, sum, sum_to: sum, mul: pointwise, add: pointwise, sub: pointwise, div: pointwise };

const at = (value: Value, place: number): Num => (Array.isArray(value) ? (elements(value)[place] as Num) : (value as Num));

function written({ op, args }: Row, marks: number[][]): string {
  const numbers = marks.map((places, i) => places.map((place) => at(args[i]?.value as Value, place)));
  const [left = [], right = []] = numbers;
  if (op === "sum" || op === "sum_to") return sumText(left.map(short));
  const sign = SIGNS[op] ?? "·";
  return sumText(left.map((number, i) => `${short(number)} ${sign} ${bracketed(right[i] as Num)}`));
}

/** The workings of one element of a row's result; null where there are none to write, or a number is not known. */
export function workingsOf(row: Row, place: number): Workings | null {
  const reads = Object.hasOwn(READS, row.op) ? READS[row.op] : undefined;
  const numbers = [...row.args, row.result].every(({ value }) => value !== null && elements(value).length > 0);
  const found = reads && numbers ? reads(row, place) : null;
  if (!found) return null;
  return { ...found, text: equation(written(row, found.marks), at(row.result.value as Value, place)) };
}

/** Whether an axis-less array stands upright in a product: on the right of a matrix, or on the left of an outer product. */
export function uprightIn({ op, args, result }: Pick<Row, "op"> & { args: Pick<Row["args"][number], "shape">[]; result: { shape: number[] } }): boolean[] {
  const ranks = args.map(({ shape }) => shape.length);
  if (op === "outer") return [true, false, false];
  if (op !== "matmul" && op !== "dot") return [...args.map(() => false), false];
  return [false, ranks[1] === 1, ranks[1] === 1 && result.shape.length === 1];
}


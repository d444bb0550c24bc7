/** What each plot shows, from the numbers of an answer: lines, marks and regions. No pixels, no words. */

import type { Num } from "../trace";
import { decades, type Range } from "./scale";
import { type ByCount, type Check, type Errors, METHODS, type MethodName, type Swell } from "./types";

export interface Point { x: number; y: number }
/** `id` chooses colour, dash and name. A point whose `y` is NaN is a gap. */
export interface Line { id: string; points: Point[] }
export interface Mark extends Point { id: string; kind: "best" | "crossover" }
/** From one x to another, one of two errors rules. */
export interface Region { kind: "rounding" | "truncation"; from: number; to: number; slope: number }

export interface Figure {
  x: { kind: "log" | "count"; domain: Range };
  y: { kind: "log"; domain: Range; /** Smaller values are drawn here. */ floor: number };
  lines: Line[];
  marks: Mark[];
  regions: Region[];
}

/** Half a unit in the last place: an error below it cannot be seen in a double. */
export const FLOOR = 1e-17;

const number = (value: Num): number => (typeof value === "string" ? NaN : value);
const points = (xs: readonly Num[], ys: readonly Num[]): Point[] => xs.map((x, i) => ({ x: number(x), y: number(ys[i] ?? "NaN") }));
const heights = (lines: readonly Line[]): number[] => lines.flatMap(({ points: all }) => all.map(({ y }) => y));
const widths = (lines: readonly Line[]): number[] => lines.flatMap(({ points: all }) => all.map(({ x }) => x));

export const drawn = (errors: Errors): MethodName[] => METHODS.filter((name) => errors.curves[name] !== undefined);

/** Errors beyond this are all equally useless, and would flatten the rest. */
const HIGHEST = 1e4;

/** Error against h; the regimes are those of `chosen`. */
export function errorFigure(errors: Errors, chosen: MethodName): Figure {
  const names = drawn(errors);
  const lines = names.map((id): Line => ({ id, points: points(errors.h, errors.curves[id] ?? []).map(({ x, y }) => ({ x, y: Math.min(y, HIGHEST) })) }));
  const domain = decades(errors.h.map(number));
  const marks = names.flatMap((id): Mark[] => {
    const best = errors.best[id];
    return best ? [{ id, kind: "best", x: number(best.h), y: number(best.error) }] : [];
  });
  return {
    x: { kind: "log", domain }, y: { kind: "log", domain: decades([FLOOR, ...heights(lines)], FLOOR), floor: FLOOR },
    lines, marks, regions: regionsOf(errors, chosen, domain),
  };
}

function regionsOf(errors: Errors, chosen: MethodName, [low, high]: Range): Region[] {
  const best = errors.best[chosen];
  if (!best) return [];
  const slope = (value: Num | null | undefined): number | null => (value === null || value === undefined ? null : number(value));
  const [rounding, truncation] = [slope(errors.rounding_slope[chosen]), slope(errors.truncation_order[chosen])];
  const at = number(best.h);
  return [
    ...(rounding !== null && at > low ? [{ kind: "rounding", from: low, to: at, slope: rounding } as const] : []),
    ...(truncation !== null && at < high ? [{ kind: "truncation", from: at, to: high, slope: truncation } as const] : []),
  ];
}

export const SWELL = ["raw", "simplified", "f", "reverse", "shared"] as const;

/** Operations against how often the formula is put into itself. */
export function swellFigure(swell: Swell): Figure {
  const lines = SWELL.map((id): Line => ({ id, points: points(swell.depth, swell[id]) }));
  const depths = swell.depth;
  return {
    x: { kind: "count", domain: [depths[0] ?? 1, depths.at(-1) ?? 1] }, y: { kind: "log", domain: decades([1, ...heights(lines)], 1), floor: 1 },
    lines, marks: [], regions: [],
  };
}

export const COSTS = ["central_difference", "forward", "reverse"] as const;

/** Operations against the number of inputs or of outputs. */
export function costFigure(by: ByCount): Figure {
  const lines = COSTS.map((id): Line => ({ id, points: points(by.count, by[id]) }));
  const meeting = crossing(by.count, by.forward, by.reverse);
  return {
    x: { kind: "log", domain: decades(by.count) }, y: { kind: "log", domain: decades([1, ...heights(lines)], 1), floor: 1 },
    lines, marks: meeting ? [{ id: "reverse", kind: "crossover", ...meeting }] : [], regions: [],
  };
}

/** Where two curves cross, along straight pieces of a drawing in logarithms; null where they do not. */
export function crossing(xs: readonly number[], one: readonly number[], other: readonly number[]): Point | null {
  const log = Math.log10;
  const apart = xs.map((_, i) => log(one[i] as number) - log(other[i] as number));
  const at = apart.findIndex((gap, i) => i > 0 && Math.sign(gap) !== Math.sign(apart[i - 1] as number));
  if (at < 1) return null;
  const [before, after] = [apart[at - 1] as number, apart[at] as number];
  const part = before / (before - after);
  const along = (values: readonly number[]): number => 10 ** (log(values[at - 1] as number) * (1 - part) + log(values[at] as number) * part);
  return { x: along(xs), y: along(one) };
}

/** The Taylor remainders, without the gradient's term and with it. */
export function checkFigure(check: Check): Figure {
  const first: Line = { id: "first", points: points(check.h, check.first) };
  const second: Line = { id: "second", points: points(check.h, check.second) };
  const lines = [first, second];
  const xs = decades(widths(lines));
  const floor = Math.max(FLOOR, Math.min(...heights(lines).filter((y) => y > 0), 1));
  return { x: { kind: "log", domain: xs }, y: { kind: "log", domain: decades(heights(lines), floor), floor }, lines, marks: [], regions: [] };
}

/** The numbers of a figure as rows: the first is the head, an empty cell has no number. */
export function rowsOf({ lines }: Figure, head: string, name: (id: string) => string): string[][] {
  const xs = lines[0]?.points.map(({ x }) => x) ?? [];
  const cell = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? "" : String(value));
  return [[head, ...lines.map(({ id }) => name(id))], ...xs.map((x, i) => [cell(x), ...lines.map(({ points: all }) => cell(all[i]?.y))])];
}

/** Cells with commas, quotes or line ends are quoted (RFC 4180). */
export const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")).join("\n");

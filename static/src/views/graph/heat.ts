/** A small map of the numbers of an array: colour for sign and size, on a scale of its own, and digits where they fit. */

import { elements, isArray, isSummary, norm, shapeOf, shapeText, slices } from "../../arrays";
import { measureText } from "../../math";
import { short } from "../../numbers";
import type { Num, Value } from "../../trace";
import type { Metrics } from "./metrics";
import { s } from "./svg";

export interface HeatPlan {
  /** Rows and columns of one matrix, and how many matrices stand side by side and one below the other. */
  rows: number;
  columns: number;
  across: number;
  down: number;
  cell: { width: number; height: number };
  /** Size of the digits; 0 where there are none. */
  text: number;
  width: number;
  height: number;
}

/** `level`: from -1 to 1, by the largest number of the array; null is undefined. `seed`: a pass starts here. */
export interface HeatCell { text: string; level: number | null; seed?: boolean }

/** More cells than this are dust; then shape and norm say more. */
const MOST = 400;
/** So are the cells of a longer row or column. */
const LONGEST_SIDE = 128;
const WRITTEN = 4;
/** Widest number that gets a cell, in em. */
const LONGEST = 5.2;
const GAP = 5;

type Dimensions = Pick<HeatPlan, "rows" | "columns" | "across" | "down">;

/** Leading axes are tiles. */
function dimensions(value: Value): Dimensions | null {
  const shape = shapeOf(value);
  const count = elements(value).length;
  if (count === 0 || count > MOST || shape.length > 4) return null;
  const tiles = { columns: shape.at(-1) ?? 1, rows: shape.at(-2) ?? 1, across: shape.at(-3) ?? 1, down: shape.at(-4) ?? 1 };
  return Math.max(tiles.columns * tiles.across, tiles.rows * tiles.down) > LONGEST_SIDE ? null : tiles;
}

const sized = (tiles: Dimensions, cell: HeatPlan["cell"], text: number): HeatPlan => ({
  ...tiles, cell, text,
  width: tiles.across * tiles.columns * cell.width + (tiles.across - 1) * GAP,
  height: tiles.down * tiles.rows * cell.height + (tiles.down - 1) * GAP,
});

/** How an array is drawn; null where it is only described. */
export function heatPlan(value: Value, metrics: Metrics): HeatPlan | null {
  const tiles = isArray(value) ? dimensions(value) : null;
  if (!tiles) return null;
  const { rows, columns, across, down } = tiles;
  const text = metrics.number * 0.82;
  const widest = Math.max(...elements(value).map((number) => measureText(short(number), text)), measureText("−0.5", text));
  const digits = columns <= WRITTEN && rows <= WRITTEN && across * down === 1 && widest <= LONGEST * text;
  const side = Math.max(3, Math.min(metrics.number * 0.85, (metrics.number * 10) / (columns * across), (metrics.number * 7) / (rows * down)));
  const cell = digits ? { width: Math.ceil(widest + text * 0.7), height: Math.ceil(text * 1.55) } : { width: side, height: side };
  return sized(tiles, cell, digits ? text : 0);
}

/** A map for one line: digits in a short vector, only colours in a matrix. */
export function lineHeat(value: Value, height: number, text: number): HeatPlan | null {
  const [plan, shape] = [isArray(value) ? dimensions(value) : null, shapeOf(value)];
  if (!plan) return null;
  const { rows, columns, across, down } = plan;
  const widest = Math.max(...elements(value).map((number) => measureText(short(number), text)));
  const digits = shape.length === 1 && columns <= WRITTEN && widest <= LONGEST * text;
  const side = Math.max(1.5, Math.min((height - (down - 1) * GAP) / (rows * down), (height * 5) / (columns * across)));
  const cell = digits ? { width: Math.ceil(widest + text * 0.5), height } : { width: side, height: side };
  return sized({ rows, columns, across, down }, cell, digits ? text : 0);
}

/** What stands for an array that is not drawn. */
export const described = (value: Value): string => `‖·‖ ${short(norm(value))}`;

/** The badge that says the shape; a number has none. */
export const shapeBadge = (shape: readonly number[]): string => shapeText(shape);

/** The cells of a map, matrix by matrix, row by row. */
export function heatCells(value: Value): HeatCell[] {
  if (isSummary(value)) return [];
  const all = elements(value);
  const most = Math.max(0, ...all.filter((number) => typeof number === "number").map(Math.abs));
  const level = (number: Num): number | null => {
    if (typeof number !== "number") return number === "NaN" ? null : number === "Infinity" ? 1 : -1;
    return most === 0 ? 0 : number / most;
  };
  return slices(value).flatMap(({ rows }) => rows.flat()).map((number) => ({ text: short(number), level: level(number) }));
}

export interface HeatParts { element: SVGGElement; show(cells: HeatCell[] | null): void }

/** The weakest shade that is not zero must still differ from it. */
const shade = (level: number): number => Math.round(100 * (level === 0 ? 0 : 0.12 + 0.88 * Math.abs(level))) / 100;

export function heatParts(plan: HeatPlan, left: number, top: number): HeatParts {
  const { rows, columns, across, down, cell, text } = plan;
  const ground = s("g", { class: "grounds" });
  const shades: SVGRectElement[] = [];
  const digits: SVGTextElement[] = [];
  for (let tile = 0; tile < across * down; tile += 1) {
    const x = left + (tile % across) * (columns * cell.width + GAP);
    const y = top + Math.floor(tile / across) * (rows * cell.height + GAP);
    ground.append(s("rect", { class: "heat-ground", x, y, width: columns * cell.width, height: rows * cell.height }));
    for (let i = 0; i < rows * columns; i += 1) {
      const place = { x: x + (i % columns) * cell.width, y: y + Math.floor(i / columns) * cell.height };
      shades.push(s("rect", { class: "shade", ...place, width: cell.width, height: cell.height }));
      if (text > 0) digits.push(s("text", { class: "heat-num", x: place.x + cell.width / 2, y: place.y + cell.height / 2 + text * 0.36, "font-size": text, "text-anchor": "middle" }));
    }
  }
  const element = s("g", { class: "heat", "aria-hidden": "true" }, ground, ...shades, ...digits);
  return {
    element,
    show(cells) {
      element.setAttribute("class", cells === null ? "heat hidden" : "heat");
      shades.forEach((rect, i) => {
        const level = cells?.[i]?.level ?? null;
        rect.setAttribute("class", `shade ${level === null ? "none" : level < 0 ? "below" : "above"}${cells?.[i]?.seed ? " seed" : ""}`);
        rect.setAttribute("fill-opacity", String(level === null ? 0 : shade(level)));
      });
      digits.forEach((digit, i) => {
        digit.textContent = cells?.[i]?.text ?? "";
      });
    },
  };
}

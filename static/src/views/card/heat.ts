/** An array as a table whose cells are shaded by size: numbers where they fit, a picture where they do not, dashes where nothing is known. */

import { elements, isArray, isNum, isSummary, shapeText, sizeOf } from "../../arrays";
import type { PartRole } from "../../card";
import { h } from "../../dom";
import { locale, t } from "../../i18n";
import { mathHTML, spoken } from "../../math";
import { full, short } from "../../numbers";
import type { Num, Value } from "../../trace";
import type { Term } from "./fold";

/** Rows and columns of one matrix, and how many matrices stand side by side and one below the other. */
interface Tiles { rows: number; columns: number; across: number; down: number }

export interface HeatTable {
  element: HTMLElement;
  /** Outlines these elements, given by their place in row-major order. */
  mark(places: readonly number[]): void;
}

/** A matrix of more rows or columns has no numbers, only colours. */
const WRITTEN = 8;
/** More elements are described. */
const DRAWN = 400;
/** The size of what is drawn without numbers, in pixels. */
const PICTURE = 96;
const LEAST = 4;
/** Up to this many columns every number has its four digits. */
const FEW = 4;
const LONGEST = 6;
/** Widths in pixels, at the size of the digits in card.css. */
const DIGIT = 7.6;
const PADDING = 14;
const NARROWEST = 40;

const PALEST = 7;
const FULLEST = 45;

const GLYPHS: Record<PartRole, string> = { primal: "■", tangent: "▲", adjoint: "▼", partial: "" };

/** A vector is a row unless it stands upright; leading axes are tiles. */
export function tilesOf(shape: readonly number[], upright: boolean): Tiles {
  if (shape.length === 1 && upright) return { rows: shape[0] as number, columns: 1, across: 1, down: 1 };
  return { columns: shape.at(-1) ?? 1, rows: shape.at(-2) ?? 1, across: shape.at(-3) ?? 1, down: sizeOf(shape.slice(0, -3)) };
}

const fits = ({ rows, columns, across, down }: Tiles): boolean => rows <= WRITTEN && columns <= WRITTEN && across * down <= WRITTEN / 2;

/** How full the colour of a number is, in percent, by its size beside the largest. */
function fullness(number: Num, most: number): number {
  if (typeof number !== "number") return number === "NaN" ? 0 : FULLEST;
  return most === 0 ? PALEST : Math.round(PALEST + (FULLEST - PALEST) * (Math.abs(number) / most) ** 0.6);
}

const negative = (number: Num): boolean => (typeof number === "number" ? number < 0 : number === "-Infinity");

/** A number for a cell: where columns are many, as many of its four digits as go into six characters. */
export function cellText(number: Num, columns: number): string {
  const text = short(number);
  if (columns <= FEW || text.length <= LONGEST || typeof number !== "number") return text;
  const shorter = [3, 2].map((digits) => short(Number(number.toPrecision(digits))));
  return shorter.find((one) => one.length <= LONGEST) ?? text;
}

const nameOf = ({ latex, shape }: Term): string => [spoken(latex, locale.value), shapeText(shape)].filter(Boolean).join(", ");

function cellsOf(value: Value, columns: number, written: boolean): HTMLTableCellElement[] {
  const numbers = elements(value);
  const most = Math.max(0, ...numbers.filter((number) => typeof number === "number").map(Math.abs));
  return numbers.map((number) => {
    // Without its number a cell says its sign by its colour, as in the boxes of the graph.
    const cell = h("td", { class: written ? "" : negative(number) ? "below" : "above", title: full(number) }, written ? cellText(number, columns) : "");
    // A number by itself has nothing to be compared with.
    const of = numbers.length === 1 ? 2 * PALEST : fullness(number, most);
    cell.style.setProperty("--of", `${written ? of : Math.round((100 / FULLEST) * of)}%`);
    return cell;
  });
}

function tableOf(cells: HTMLTableCellElement[], { rows, columns }: Tiles, label: string, role: PartRole): HTMLTableElement {
  const lines = Array.from({ length: rows }, (_, i) => h("tr", {}, ...cells.slice(i * columns, (i + 1) * columns)));
  return h("table", { class: `shades ${role}`, "aria-label": label }, h("tbody", {}, ...lines));
}

/** A mark runs around neighbours that are both marked. */
function outline(cells: HTMLTableCellElement[], { rows, columns }: Tiles, places: readonly number[]): void {
  const marked = new Set(places);
  cells.forEach((cell, place) => {
    const [row, column] = [Math.floor(place / columns) % rows, place % columns];
    cell.classList.toggle("marked", marked.has(place));
    const edges = { top: row > 0 && marked.has(place - columns), bottom: row < rows - 1 && marked.has(place + columns), left: column > 0 && marked.has(place - 1), right: column < columns - 1 && marked.has(place + 1) };
    for (const [side, open] of Object.entries(edges)) cell.style.setProperty(`--${side}`, open ? "0px" : "2px");
  });
}

function drawn(term: Term, value: Value, tiles: Tiles): HeatTable {
  const written = fits(tiles);
  const cells = cellsOf(value, tiles.columns, written);
  const size = tiles.rows * tiles.columns;
  const tables = Array.from({ length: tiles.across * tiles.down }, (_, i) => tableOf(cells.slice(i * size, (i + 1) * size), tiles, nameOf(term), term.role));
  const element = h("div", { class: written ? "tiles" : "tiles picture" }, ...tables);
  element.style.setProperty("--across", String(tiles.across));
  const widest = Math.max(...cells.map((cell) => (cell.textContent ?? "").length));
  const cell = written ? Math.max(NARROWEST, widest * DIGIT + PADDING) : Math.max(LEAST, Math.floor(PICTURE / Math.max(tiles.rows * tiles.down, tiles.columns * tiles.across)));
  element.style.setProperty("--cell", `${Math.round(cell)}px`);
  return { element, mark: (places) => outline(cells, tiles, places) };
}

/** An array that is too large for its numbers, to scale; `said` is what there is to say instead. */
function outlined(term: Term, { rows, columns, across, down }: Tiles, said: string, className: string): HeatTable {
  const [width, height] = [columns * across, rows * down];
  const scale = PICTURE / Math.max(width, height);
  const element = h("div", { class: `outline-box ${term.role} ${className}`, role: "img", "aria-label": `${nameOf(term)}, ${said}` },
    h("span", { class: "extent" }, shapeText(term.shape)), said === "" ? null : h("span", { class: "range" }, said));
  element.style.setProperty("--width", `${Math.max(8, Math.round(width * scale))}px`);
  element.style.setProperty("--height", `${Math.max(8, Math.round(height * scale))}px`);
  return { element, mark() {} };
}

/** The shape with a dashed cell for every number that is not known. */
function dashed(term: Term, tiles: Tiles): HeatTable {
  const { rows, columns, across, down } = tiles;
  const note = t("table.notyet");
  if (!fits(tiles)) return outlined(term, tiles, "", "pending");
  const tile = (): HTMLElement => {
    const made = h("span", { class: "dashes" }, ...Array.from({ length: rows * columns }, () => h("span")));
    made.style.setProperty("--columns", String(columns));
    return made;
  };
  const element = h("div", { class: "tiles", role: "img", "aria-label": `${nameOf(term)}, ${note}`, title: note }, ...Array.from({ length: across * down }, tile));
  element.style.setProperty("--across", String(across));
  element.style.setProperty("--cell", `${NARROWEST}px`);
  return { element, mark() {} };
}

export function heatTable(term: Term, upright = false): HeatTable {
  const tiles = tilesOf(term.shape, upright);
  const { value } = term;
  if (value === null) return dashed(term, tiles);
  if (sizeOf(term.shape) === 0) return { element: h("div", { class: "literal", role: "img", "aria-label": `${nameOf(term)}, ${shapeText(term.shape)}` }, "[ ]"), mark() {} };
  if (isSummary(value)) return outlined(term, tiles, `${short(value.min)} … ${short(value.max)}`, "");
  if (isNum(value) || (isArray(value) && sizeOf(term.shape) <= DRAWN)) return drawn(term, value, tiles);
  return outlined(term, tiles, "", "");
}

/** The array with its name above it; a number that is written out stands for itself. */
export function labelled(term: Term, table: HeatTable, glyph = false): HTMLElement {
  if (isNum(term.value) && short(term.value) === term.latex) return h("span", { class: "operator literal" }, term.latex);
  return h("figure", { class: "array" },
    h("figcaption", {}, glyph ? h("span", { class: `glyph ${term.role}`, "aria-hidden": "true" }, GLYPHS[term.role]) : null, mathHTML(term.latex)),
    table.element);
}

/** The Jacobian that would be, by one argument: its entries, or how large it is, to scale. */

import type { CardBlock } from "../../card";
import { h } from "../../dom";
import { locale, t } from "../../i18n";
import { mathHTML, mixedHTML, spoken } from "../../math";
import { full, short } from "../../numbers";
import type { Num } from "../../trace";
import { s } from "../graph/svg";

/** The side of the picture, and the sides of a cell, in pixels. */
const SIDE = 168;
const LARGEST = 28;
const SMALLEST = 6;
/** Lower cells, and pictures that would be wider than WIDEST, have no numbers. */
const LOWEST = 20;
const WIDEST = 280;
const TEXT = 12;
const DIGIT = 7;

interface Cell { width: number; height: number; written: boolean }

/** Digits in groups of three. */
const grouped = (count: number): string => count.toLocaleString("en");

export const extents = ({ rows, columns }: Pick<CardBlock, "rows" | "columns">): string => `${grouped(rows)} × ${grouped(columns)}`;

/** Where the equal blocks on the diagonal begin. */
export function corners({ rows, columns, block }: Pick<CardBlock, "rows" | "columns" | "block">): { row: number; column: number }[] {
  if (!block) return [];
  const [high, wide] = block;
  return Array.from({ length: Math.min(Math.floor(rows / high), Math.floor(columns / wide)) }, (_, i) => ({ row: i * high, column: i * wide }));
}

function cellOf({ rows, columns }: CardBlock, numbers: Num[]): Cell {
  const height = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(SIDE / Math.max(rows, columns))));
  const longest = Math.max(1, ...numbers.map((number) => short(number).length));
  const width = Math.max(height, longest * DIGIT + 8);
  const written = height >= LOWEST && width * columns <= WIDEST;
  return { width: written ? width : height, height, written };
}

/** How dark an entry is; one that happens to be zero is not as pale as one that always is. */
function shade(entry: Num, most: number): number {
  if (typeof entry !== "number") return 0.4;
  return most === 0 || entry === 0 ? 0.12 : 0.18 + 0.3 * (Math.abs(entry) / most);
}

function entryOf(entry: Num | null, place: { x: number; y: number }, { width, height, written }: Cell, most: number): SVGElement[] {
  const rect = s("rect", { ...place, width, height, class: entry === null ? "void" : "entry", "fill-opacity": entry === null ? null : shade(entry, most) });
  if (entry === null) return [rect];
  const title = s("title");
  title.textContent = full(entry);
  rect.append(title);
  if (!written) return [rect];
  const text = s("text", { x: place.x + width / 2, y: place.y + height / 2 + TEXT * 0.36, "text-anchor": "middle", "font-size": TEXT });
  text.textContent = short(entry);
  return [rect, text];
}

function picture(block: CardBlock, entries: (Num | null)[][]): SVGElement {
  const numbers = entries.flat().filter((entry) => entry !== null);
  const most = Math.max(0, ...numbers.filter((entry) => typeof entry === "number").map(Math.abs));
  const cell = cellOf(block, numbers);
  const [width, height] = [block.columns * cell.width, block.rows * cell.height];
  const [high, wide] = block.block ?? [0, 0];
  return s("svg", { class: "jacobian", width: width + 2, height: height + 2, viewBox: `-1 -1 ${width + 2} ${height + 2}`, "aria-hidden": "true" },
    ...entries.flatMap((row, i) => row.flatMap((entry, j) => entryOf(entry, { x: j * cell.width, y: i * cell.height }, cell, most))),
    s("rect", { class: "frame", x: 0, y: 0, width, height }),
    ...corners(block).map(({ row, column }) =>
      s("rect", { class: "block", x: column * cell.width, y: row * cell.height, width: wide * cell.width, height: high * cell.height })));
}

/** Too large to draw, or not known yet: the outline, to scale. */
function outlineOf({ rows, columns, structure }: CardBlock, known: boolean): HTMLElement {
  const scale = (known ? SIDE : Math.min(SIDE, LARGEST * Math.max(rows, columns))) / Math.max(rows, columns);
  const made = h("div", { class: `jacobian-outline ${known ? structure : "pending"}`, title: known ? "" : t("table.notyet") });
  made.style.setProperty("--width", `${Math.max(3, Math.round(columns * scale))}px`);
  made.style.setProperty("--height", `${Math.max(3, Math.round(rows * scale))}px`);
  return made;
}

export function blockFigure(block: CardBlock, known: boolean): HTMLElement {
  const drawn = known && block.entries ? picture(block, block.entries) : outlineOf(block, known);
  const said = [spoken(block.latex, locale.value), extents(block), block.empty === null ? "" : t("card.empty", { n: block.empty })].filter(Boolean);
  return h("figure", { class: "block-figure" },
    h("figcaption", {}, mathHTML(block.latex), h("span", { class: "extents" }, extents(block))),
    h("div", { role: "img", "aria-label": said.join(", ") }, drawn),
    block.caption === null ? null : h("p", { class: "note" }, mixedHTML(block.caption)));
}

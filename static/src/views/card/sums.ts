/** An argument that was broadcast: what comes back to each of its copies, and the sums of it. */

import { elements, sizeOf } from "../../arrays";
import type { CardPart } from "../../card";
import { h } from "../../dom";
import { t } from "../../i18n";
import { mixedHTML } from "../../math";
import { short } from "../../numbers";
import { s } from "../graph/svg";
import type { Row } from "./fold";
import { type HeatTable, heatTable, labelled } from "./heat";
import { sumText, summedAxes, summedPlaces } from "./workings";

/** More sums, or longer ones, are not written out. */
const SUMS = 4;
const TERMS = 6;
/** Room for an arrow, in pixels. */
const LONG = 40;
const WIDE = 24;
const HEAD = 7;

/** The row that sums over the stretched axes, if there is one. */
export const summingRow = (rows: readonly Row[]): Row | undefined => rows.findLast((row) => summedAxes(row) !== null);

/** Double arrows, as those of adjoints are: one at the middle of each cell. */
function arrows(count: number, cell: number, sideways: boolean): SVGElement {
  const parts = Array.from({ length: count }, (_, i) => {
    const middle = (i + 0.5) * cell;
    const tip = LONG - 2;
    const line = sideways ? `M2 ${middle}H${tip - HEAD}` : `M${middle} 2V${tip - HEAD}`;
    const head = sideways ? `M${tip} ${middle}l${-HEAD - 3} ${-HEAD}v${2 * HEAD}z` : `M${middle} ${tip}l${-HEAD} ${-HEAD - 3}h${2 * HEAD}z`;
    return s("g", {}, s("path", { class: "outer", d: line }), s("path", { class: "core", d: line }), s("path", { class: "head", d: head }));
  });
  const [width, height] = sideways ? [LONG, count * cell] : [count * cell, LONG];
  return s("svg", { class: "sum-arrows", width, height, "aria-hidden": "true" }, ...parts);
}

const cellWidth = (table: HeatTable): number => Number.parseFloat(table.element.style.getPropertyValue("--cell")) || WIDE;

/** Above and below each other, with the same cells. */
function level(tables: HeatTable[]): number {
  const width = Math.max(...tables.map(cellWidth));
  for (const { element } of tables) element.style.setProperty("--cell", `${width}px`);
  return width;
}

function picture(row: Row, axes: readonly number[]): HTMLElement {
  const [from] = row.args;
  if (!from) return h("div");
  const sideways = from.shape.length === 2 && axes.length === 1 && axes[0] === 1;
  const downwards = axes.length === 1 && axes[0] === from.shape.length - 2;
  const [above, below] = [heatTable(from), heatTable(row.result, sideways)];
  const cell = level([above, below]);
  const drawn = above.element.querySelector("table, .dashes") !== null && !above.element.classList.contains("picture");
  const count = !drawn ? 1 : sideways ? (from.shape[0] as number) : downwards ? (from.shape.at(-1) as number) : 1;
  return h("div", { class: sideways ? "sum-picture sideways" : "sum-picture" }, labelled(from, above),
    h("div", { class: row.result.value === null ? "sum-flow pending" : "sum-flow" }, arrows(count, sideways ? WIDE : cell, sideways), h("span", { class: "operator" }, "Σ")),
    labelled(row.result, below));
}

/** `7 + 15 + 23 = 45`, a line for each element of the result. */
function equations(row: Row, axes: readonly number[]): string[] {
  const [from] = row.args;
  if (!from || from.value === null || row.result.value === null) return [];
  const [terms, sums] = [elements(from.value), elements(row.result.value)];
  const groups = summedPlaces(from.shape, axes);
  if (terms.length === 0 || groups.length > SUMS || groups.some((group) => group.length > TERMS)) return [];
  return groups.map((group, i) => `${sumText(group.map((place) => short(terms[place] ?? 0)))} = ${short(sums[i] ?? 0)}`);
}

/** The section about one stretched argument. */
export function sumsView(row: Row, argument: CardPart, now: boolean): HTMLElement {
  const axes = summedAxes(row) ?? [];
  const times = sizeOf(row.args[0]?.shape ?? []) / Math.max(1, sizeOf(row.result.shape));
  return h("section", { class: "sums" },
    h("h2", {}, mixedHTML(t("card.broadcast", { name: `$${argument.latex}$` }))), h("p", { class: "lead" }, t("card.summed", { n: times })),
    h("div", { class: now ? "product now" : "product" }, picture(row, axes), ...equations(row, axes).map((text) => h("p", { class: "equation" }, text))));
}

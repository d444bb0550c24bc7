/** What is computed instead of a Jacobian: the primitives of one product, each as a row of arrays; hover a result to see how it comes about. */

import { sizeOf } from "../../arrays";
import type { CardProduct } from "../../card";
import { h } from "../../dom";
import { t } from "../../i18n";
import { mixedHTML } from "../../math";
import { short } from "../../numbers";
import type { Row } from "./fold";
import { type HeatTable, heatTable, labelled } from "./heat";
import type { Direction, Known } from "./known";
import { uprightIn, type Workings, workingsOf } from "./workings";

/** Which element of each result was looked at last: it stays looked at when the step changes. */
export type Looked = Map<string, number>;

/** A result whose elements can be chosen. */
interface Choosable { key: string; row: Row; tables: HeatTable[]; result: HeatTable }

/** The sign between two arrays: a product of elements is not that of matrices. */
export function signOf({ sign, args }: { sign: string | null; args: { shape: number[] }[] }): string {
  if (sign === "*") return args.some(({ shape }) => shape.length === 0) ? "·" : "⊙";
  return (sign ?? "").replace("-", "−");
}

/** The axes along which a function works, if it was told. */
function axesOf({ axis }: Record<string, unknown>): string {
  if (axis === null || axis === undefined) return "";
  return t("card.axis", { axis: [axis].flat().map((one) => short(one as number)).join(", ") });
}

const operator = (text: string): HTMLElement => h("span", { class: "operator" }, text);

function called({ op, params, args }: Row, figures: HTMLElement[]): HTMLElement[] {
  if (op === "neg") return [operator("−"), ...figures];
  const axes = axesOf(params);
  const commas = figures.flatMap((figure, i) => (i < args.length - 1 ? [figure, operator(",")] : [figure]));
  return [h("span", { class: "operator function" }, op, axes === "" ? null : h("small", {}, axes), "("), ...commas, operator(")")];
}

function sentence(row: Row, { row: i, column: j }: Workings): DocumentFragment | null {
  const [a, b] = row.args;
  if (!a || !b || (row.op !== "matmul" && row.op !== "dot")) return null;
  const left = i === null ? `$${a.latex}$` : t("card.row", { n: i + 1, name: `$${a.latex}$` });
  const right = j === null ? `$${b.latex}$` : t("card.column", { n: j + 1, name: `$${b.latex}$` });
  return mixedHTML(t("card.times", { left, right }));
}

const MOVES: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The cell to which an arrow key leads. */
function neighbour(cell: HTMLTableCellElement, key: string): HTMLTableCellElement | undefined {
  const [down, right] = MOVES[key] ?? [0, 0];
  const table = cell.closest("table") as HTMLTableElement;
  const row = cell.parentElement as HTMLTableRowElement;
  return table.rows[row.rowIndex + down]?.cells[cell.cellIndex + right];
}

/** The workings of the element that is chosen: one at a time, whichever product it is in. */
function workingsBoard(all: readonly Choosable[], first: string, looked: Looked): HTMLElement | null {
  const line = h("p", { class: "equation" });
  const note = h("p", { class: "note" });
  const start = all.find(({ key }) => key === first) ?? all[0];
  if (!start) return null;

  function show(one: Choosable, place: number): void {
    const workings = workingsOf(one.row, place);
    if (!workings) return;
    // A line breaks between terms only.
    line.textContent = workings.text.replaceAll(" · ", "\u00a0·\u00a0");
    note.replaceChildren(sentence(one.row, workings) ?? "");
    for (const { tables, result } of all) for (const table of [...tables, result]) table.mark([]);
    one.tables.forEach((table, i) => table.mark(workings.marks[i] ?? []));
    one.result.mark([place]);
  }

  let held = start;
  const chosen = (one: Choosable): number => Math.min(looked.get(one.key) ?? Infinity, sizeOf(one.row.result.shape) - 1);
  for (const one of all) {
    choosable(one, chosen(one), (place) => show(one, place), () => show(held, chosen(held)), (place) => {
      held = one;
      looked.set(one.key, place);
      show(one, place);
    });
  }
  show(start, chosen(start));
  return h("div", { class: "workings" }, line, note);
}

/** Lets the cells of a result be looked at with the pointer, and chosen with it or with the arrow keys. */
function choosable({ result: { element }, key }: Choosable, start: number, look: (place: number) => void, leave: () => void, choose: (place: number) => void): void {
  const cells = [...element.querySelectorAll<HTMLTableCellElement>("td")];
  const placeOf = (event: Event): number => cells.indexOf((event.target as Element).closest("td") as HTMLTableCellElement);
  const stop = (place: number): void => cells.forEach((cell, i) => cell.setAttribute("tabindex", i === place ? "0" : "-1"));
  const take = (event: Event): void => {
    const place = placeOf(event);
    if (place < 0) return;
    stop(place);
    choose(place);
  };
  stop(start);
  element.classList.add("choosable");
  element.dataset["key"] = key;
  element.querySelectorAll("table").forEach((table) => table.setAttribute("role", "grid"));
  element.addEventListener("pointerover", (event) => placeOf(event) >= 0 && look(placeOf(event)));
  element.addEventListener("pointerleave", leave);
  element.addEventListener("click", take);
  element.addEventListener("focusin", take);
  element.addEventListener("keydown", (event) => {
    if (!(event.key in MOVES) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    neighbour((event.target as Element).closest("td") as HTMLTableCellElement, event.key)?.focus();
  });
}

interface RowView { element: HTMLElement; row: Row; tables: HeatTable[]; result: HeatTable }

function rowView(row: Row): RowView {
  const upright = uprightIn(row);
  const tables = row.args.map((term, i) => heatTable(term, upright[i]));
  const figures = row.args.map((term, i) => labelled(term, tables[i] as HeatTable));
  const result = heatTable(row.result, upright.at(-1));
  const [left, right] = figures;
  const written = row.sign !== null && left && right ? [left, operator(signOf(row)), right] : called(row, figures);
  return { element: h("div", { class: "arrays" }, ...written, operator("="), labelled(row.result, result)), row, tables, result };
}

/** The operand itself, where it is only passed on. */
function passed({ operands: [part], to }: CardProduct, known: Known, done: boolean): HTMLElement {
  if (!part) return h("div");
  const [from, reached] = [{ ...part, value: known.roles[part.role] ? part.value : null }, { ...to, value: done ? to.value : null }];
  return h("div", { class: "arrays" }, labelled(from, heatTable(from)), operator("="), labelled(reached, heatTable(reached)));
}

export interface Drawn { product: CardProduct; rows: Row[] }

/** The products, one for each argument, and below them how one element comes about. `now`: the argument that the step uses. */
export function productsView(products: readonly Drawn[], direction: Direction, known: Known, now: number | null, looked: Looked): (HTMLElement | null)[] {
  const all: Choosable[] = [];
  const keyOf = (argnum: number): string => `${direction}:${argnum}`;
  const views = products.map(({ product, rows }) => {
    const drawn = rows.map(rowView);
    const worked = drawn.findLast(({ row }) => workingsOf(row, 0) !== null);
    if (worked) all.push({ ...worked, key: keyOf(product.argnum) });
    return h("div", { class: now === product.argnum ? "product now" : "product" },
      ...(product.lines.length === 0 ? [passed(product, known, known.product(direction, product.argnum))] : drawn.map(({ element }) => element)),
      product.said === null || product.lines.length > 0 ? null : h("p", { class: "note" }, mixedHTML(product.said)));
  });
  return [...views, workingsBoard(all, now === null ? "" : keyOf(now), looked)];
}

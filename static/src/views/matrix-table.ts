/** A Jacobian with numbers: a native table, a dashed cell for what is not yet known. */

import { indexAt, shapeText } from "../arrays";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML } from "../math";
import { full, short } from "../numbers";
import { writeIndex } from "../seed";
import type { Drawing, MatrixHooks } from "./matrix";
import { type Matrix, type Side, sideAt } from "./matrix-model";

type Kind = "column" | "row";

/** More rows or columns than these stand closer. */
const MANY = 8;

/** From the matrix when all is known: a column is as wide as its longest number from the start. */
export function tableOf(matrix: Matrix, title: string, hooks: MatrixHooks): Drawing {
  const deep = matrix.columns.some(({ shape }) => shape.length > 0);
  const wide = matrix.rows.some(({ shape }) => shape.length > 0);

  /** The name of one column or row; a way to the pass that computes it. */
  function label(kind: Kind, side: Side, place: number, shown: Node | string): HTMLElement {
    if (!hooks.open) return h("span", { class: "label" }, shown);
    const name = t(`matrix.${kind}`, { name: hooks.nameOf(side, place) });
    return h("button", { type: "button", class: "label", title: name, "aria-label": name, onclick: () => hooks.open?.(kind, side, place) }, shown);
  }

  const index = (side: Side, place: number): string => writeIndex(indexAt(side.shape, place));
  const group = (side: Side): HTMLElement[] => [mathHTML(side.latex), h("span", { class: "shape" }, shapeText(side.shape))];
  const isNumber = (side: Side): boolean => side.shape.length === 0;

  const names = h("tr", {}, h("td", { colspan: wide ? 2 : 1, rowspan: deep ? 2 : 1 }), ...matrix.columns.map((side) =>
    isNumber(side)
      ? h("th", { scope: "col", rowspan: deep ? 2 : 1, "data-column": side.start, class: "left-edge" }, label("column", side, 0, mathHTML(side.latex)))
      : h("th", { scope: "colgroup", colspan: side.size, class: "group left-edge" }, ...group(side))));
  const indices = h("tr", {}, ...matrix.columns.filter((side) => !isNumber(side)).flatMap((side) => Array.from({ length: side.size }, (_, place) =>
    h("th", { scope: "col", "data-column": side.start + place, class: place === 0 ? "left-edge" : "" }, label("column", side, place, index(side, place))))));

  function heads(at: number): HTMLElement[] {
    const { side, place } = sideAt(matrix.rows, at);
    if (isNumber(side)) return [h("th", { scope: "row", colspan: wide ? 2 : 1, "data-row": at }, label("row", side, 0, mathHTML(side.latex)))];
    return [
      ...(place === 0 ? [h("th", { scope: "rowgroup", rowspan: side.size, class: "group" }, ...group(side))] : []),
      h("th", { scope: "row", "data-row": at }, label("row", side, place, index(side, place))),
    ];
  }

  const cells: HTMLTableCellElement[][] = [];
  const rows = Array.from({ length: matrix.height }, (_, i) => {
    const line = Array.from({ length: matrix.width }, (_, j) => {
      const cell = h("td", { onclick: () => hooks.seek(matrix.first + (matrix.kind === "column" ? j : i)) });
      cell.style.setProperty("--length", String(short(matrix.entries[i]?.[j] ?? 0).length));
      return cell;
    });
    cells.push(line);
    return h("tr", {}, ...heads(i), ...line);
  });
  const dense = matrix.height > MANY || matrix.width > MANY;
  const table = h("table", { class: dense ? "jacobian dense" : "jacobian" }, h("caption", { class: "spoken" }, title), h("thead", {}, names, deep ? indices : null), h("tbody", {}, ...rows));
  const starts = new Set(matrix.columns.map(({ start }) => start));
  const tops = new Set(matrix.rows.map(({ start }) => start));

  function show({ entries, filled, now, kind, first }: Matrix): void {
    const current = now ? filled - 1 : -1;
    cells.forEach((line, i) => line.forEach((cell, j) => {
      const value = entries[i]?.[j] ?? null;
      const at = kind === "column" ? j : i;
      const classes = [value === null ? "unknown" : value === 0 ? "zero" : "", at === current ? `now in-${kind}` : "", starts.has(j) ? "left-edge" : "", tops.has(i) ? "upper-edge" : "", ends(kind, i, j)];
      const written = `${value}|${classes.join()}`;
      if (cell.dataset["shown"] === written) return;
      cell.dataset["shown"] = written;
      cell.className = classes.filter(Boolean).join(" ");
      cell.title = value === null ? "" : t("table.jump", { value: full(value), k: first + at });
      cell.replaceChildren(value === null ? h("span", { class: "pending" }, h("span", { class: "spoken" }, t("table.notyet"))) : short(value));
    }));
    for (const head of table.querySelectorAll<HTMLElement>("[data-column], [data-row]")) {
      const active = Number(head.dataset[kind] ?? -1) === current && current >= 0;
      head.classList.toggle("now", active);
      if (active) head.setAttribute("aria-current", "step");
      else head.removeAttribute("aria-current");
    }
  }

  /** The two ends of a column or row, where its frame is closed. */
  function ends(kind: Kind, i: number, j: number): string {
    const [at, last] = kind === "column" ? [i, matrix.height - 1] : [j, matrix.width - 1];
    return [at === 0 ? "first" : "", at === last ? "last" : ""].filter(Boolean).join(" ");
  }

  return { element: table, show };
}

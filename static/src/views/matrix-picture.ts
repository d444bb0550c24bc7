/** A Jacobian that is too large for numbers: a picture, and each number on pointing at its cell. */

import { shapeText } from "../arrays";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML } from "../math";
import { short } from "../numbers";
import type { Num } from "../trace";
import type { Drawing, MatrixHooks } from "./matrix";
import { type Matrix, type Side, sideAt } from "./matrix-model";

/** Sides of a cell, in pixels. */
const LEAST = 2;
const MOST = 14;
const ROOM = 512;

const names = (sides: readonly Side[]): HTMLElement[] =>
  sides.map((side) => h("span", {}, mathHTML(side.latex), h("span", { class: "shape" }, shapeText(side.shape))));

/** From -1 to 1, by the largest number there is. */
function levels(entries: (Num | null)[][]): (number | null)[][] {
  const known = entries.flat().filter((one): one is number => typeof one === "number");
  const most = known.reduce((largest, one) => Math.max(largest, Math.abs(one)), 0);
  return entries.map((row) => row.map((one) => (typeof one !== "number" ? null : most === 0 ? 0 : one / most)));
}

export function pictureOf(matrix: Matrix, title: string, hooks: MatrixHooks): Drawing {
  const side = Math.max(LEAST, Math.min(MOST, Math.floor(ROOM / Math.max(matrix.width, 1))));
  const canvas = h("canvas", { role: "img", "aria-label": title });
  const element = h("div", { class: "matrix-picture" },
    h("div", { class: "of columns" }, ...names(matrix.columns)), h("div", { class: "of rows" }, ...names(matrix.rows)), canvas,
    h("p", { class: "note" }, t("matrix.picture")));
  let shown = matrix;

  function paint(): void {
    const scale = devicePixelRatio || 1;
    canvas.width = matrix.width * side * scale;
    canvas.height = matrix.height * side * scale;
    canvas.style.width = `${matrix.width * side}px`;
    canvas.style.height = `${matrix.height * side}px`;
    const brush = canvas.getContext("2d");
    if (!brush) return;
    const style = getComputedStyle(canvas);
    const colour = (name: string): string => style.getPropertyValue(name);
    brush.scale(scale, scale);
    levels(shown.entries).forEach((row, i) => row.forEach((level, j) => {
      if (level === null || level === 0) return;
      brush.globalAlpha = 0.12 + 0.88 * Math.abs(level);
      brush.fillStyle = colour(level < 0 ? "--heat-below" : "--heat-above");
      brush.fillRect(j * side, i * side, side, side);
    }));
    brush.globalAlpha = 1;
    if (!shown.now) return;
    const at = (shown.filled - 1) * side;
    brush.strokeStyle = colour("--ink");
    brush.lineWidth = 2;
    if (shown.kind === "column") brush.strokeRect(at, 1, side, matrix.height * side - 2);
    else brush.strokeRect(1, at, matrix.width * side - 2, side);
  }

  function cellAt(event: MouseEvent): [number, number] {
    const box = canvas.getBoundingClientRect();
    const at = (x: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(x / side)));
    return [at(event.clientY - box.top, matrix.height), at(event.clientX - box.left, matrix.width)];
  }

  canvas.addEventListener("pointermove", (event) => {
    const [i, j] = cellAt(event);
    const [row, column] = [sideAt(matrix.rows, i), sideAt(matrix.columns, j)];
    const value = shown.entries[i]?.[j] ?? null;
    canvas.title = `∂${hooks.nameOf(row.side, row.place)} / ∂${hooks.nameOf(column.side, column.place)} = ${value === null ? t("table.notyet") : short(value)}`;
  });
  canvas.addEventListener("click", (event) => {
    const [i, j] = cellAt(event);
    hooks.seek(matrix.first + (matrix.kind === "column" ? j : i));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  return {
    element,
    show(next) {
      shown = next;
      // The canvas has its colours once it stands in the page.
      requestAnimationFrame(paint);
    },
  };
}

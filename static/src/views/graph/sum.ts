/** The Σ of a node with fan-out: one cell per contribution, empty until it arrives. */

import { glyphPath } from "./glyph";
import { heatParts } from "./heat";
import type { CellLook } from "./look";
import type { Metrics } from "./metrics";
import type { BoxPlan } from "./plan";
import { s } from "./svg";

export interface SumParts {
  element: SVGGElement;
  /** Where the cells begin. */
  left: number;
  title: number;
  baseline: number;
  show(cells: CellLook[]): void;
}

export function sumParts(box: BoxPlan, metrics: Metrics): SumParts {
  const { cell, glyph, name, number } = metrics;
  const width = box.cellWidth;
  const left = box.width - width - 8;
  const pitch = cell.height + cell.gap;
  const top = (box.height - box.cells.length * pitch + cell.gap) / 2;
  const cells = box.cells.map(({ heat: plan }, i) => {
    const y = top + i * pitch;
    const baseline = y + cell.height / 2 + cell.text * 0.36;
    const text = s("text", { class: "num", x: left + 10 + glyph * 1.6, y: baseline, "font-size": cell.text });
    const mark = s("path", { class: "glyph", d: glyphPath("adjoint", left + 8 + glyph / 2, y + cell.height / 2, glyph) });
    const heat = plan ? heatParts(plan, left + 10 + glyph * 1.6, y + (cell.height - plan.height) / 2) : null;
    const element = s("g", { class: "cell" }, s("rect", { class: "slot", x: left, y, width, height: cell.height, rx: 4 }), mark, heat?.element ?? null, text);
    return { element, text, heat };
  });
  const middle = box.height / 2;
  return {
    element: s("g", { class: "cells" }, ...cells.map((one) => one.element)),
    left,
    title: middle - name * 0.38,
    baseline: middle + number * 1.14,
    show(looks) {
      looks.forEach((look, i) => {
        const one = cells[i] as (typeof cells)[number];
        one.element.setAttribute("class", `cell${look.text === null ? " unknown" : ""}${look.fresh ? " fresh" : ""}`);
        one.heat?.show(look.cells);
        one.text.textContent = one.heat ? "" : (look.text ?? "");
      });
    },
  };
}

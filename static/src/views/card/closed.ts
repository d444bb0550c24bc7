/** The textbook's formula for the same gradient, and whether what was found agrees with it. */

import { elements, shapeOf } from "../../arrays";
import type { ClosedForm } from "../../card";
import { h } from "../../dom";
import { t } from "../../i18n";
import { mathHTML } from "../../math";
import { short } from "../../numbers";
import type { Value } from "../../trace";
import { heatTable, labelled } from "./heat";

/** Rounding alone stays far below this share of the largest number. */
const ROUNDING = 1e-6;

/** How two values of the same thing compare, in words. */
export function agreement(difference: number, value: Value): string {
  const largest = Math.max(0, ...elements(value).map(Number).map(Math.abs));
  if (difference === 0) return t("card.same");
  return t(difference <= ROUNDING * Math.max(1, largest) ? "card.agree" : "card.differ", { difference: short(Number(difference.toPrecision(1))) });
}

function rowView({ name, latex, value, difference }: ClosedForm["rows"][number], known: boolean): HTMLElement {
  const term = { latex: `\\frac{\\partial f}{\\partial ${name}} = ${latex}`, role: "adjoint", shape: shapeOf(value), value: known ? value : null } as const;
  return h("div", { class: "closed-row" }, labelled(term, heatTable(term)), known ? h("p", { class: "note" }, agreement(difference, value)) : null);
}

/** `known`: the reverse pass has come to its end, so the numbers can be compared. */
export function closedView(form: ClosedForm, known: boolean): HTMLElement {
  return h("section", { class: "closed" },
    h("h2", {}, t("card.closed")), h("p", { class: "lead" }, mathHTML(`f = ${form.latex}`)),
    ...form.rows.map((row) => rowView(row, known)), known ? null : h("p", { class: "note" }, t("card.later")), h("p", { class: "note reference" }, form.reference));
}

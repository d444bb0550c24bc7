/** Conditioning: how much each operation magnifies errors, and how many digits of its value are sure. */

import { h } from "../../dom";
import { t } from "../../i18n";
import { DIGITS, known, type Known } from "../../inspect/reading";
import type { Inspection } from "../../inspect/types";
import { mixedHTML } from "../../math";
import type { Num } from "../../trace";
import type { Actions } from "./index";
import { statementHTML, tableHTML, valueHTML, valueText } from "./words";

export function conditioningView(answer: Inspection, actions: Actions): HTMLElement[] {
  const rows = known(answer);
  const said = h("p", { class: "calm" }, mixedHTML(answer.conditioning.said ?? ""));
  if (rows.length === 0) return [said];
  const heads = (["node", "value", "condition", "lost", "error", "sure"] as const).map((name) => t(`inspect.column.${name}`));
  return [said, tableHTML("inspect.conditioning", heads, rows.map((row) => line(answer, row, actions))), h("p", { class: "about" }, mixedHTML(t("inspect.conditioning.about")))];
}

function line(answer: Inspection, { report, sure, worst }: Known, actions: Actions): HTMLElement {
  const { node, value, condition, lost, error, left } = report;
  return h("tr", { class: worst ? "worst" : "" },
    h("th", { scope: "row" }, statementHTML(answer, node, "forward", actions), worst && h("span", { class: "mark" }, t("inspect.worst"))),
    h("td", {}, valueHTML(value, "primal")), number(condition), number(lost, 1), number(error), bar(sure, left));
}

/** A dash where it is not counted; with `digits`, so many after the point. */
function number(value: Num | null, digits?: number): HTMLElement {
  if (value === null) return h("td", { class: "none" }, h("span", { "aria-hidden": "true" }, "–"), h("span", { class: "spoken" }, t("inspect.uncounted")));
  return h("td", {}, typeof value === "number" && digits !== undefined ? value.toFixed(digits) : valueText(value));
}

/** As long as the digits that are sure, in a place as long as all of them. */
function bar(sure: number | null, left: Num | null): HTMLElement {
  if (sure === null || left === null) return number(null);
  const fill = h("span", { class: "fill" });
  fill.style.width = `${100 * sure}%`;
  return h("td", {}, h("div", { class: "digits" }, h("span", { class: "gauge", "aria-hidden": "true" }, fill), h("span", { title: t("inspect.of", { n: DIGITS.toFixed(1) }) }, (sure * DIGITS).toFixed(1))));
}

/** Kinks: the nodes that sit exactly at one, and what each framework takes as the derivative there. */

import { h } from "../../dom";
import { type Key, t } from "../../i18n";
import { agree, inOrder } from "../../inspect/reading";
import { FRAMEWORKS, type Framework, type Inspection, type Kink, type Kinks, type Slopes } from "../../inspect/types";
import { mixedHTML } from "../../math";
import { written } from "../inputs";
import type { Actions } from "./index";
import { statementHTML, tableHTML, valueText } from "./words";

const PROPER: Record<Framework, string> = { tensorflow: "TensorFlow", pytorch: "PyTorch", jax: "JAX" };

export function kinksView(answer: Inspection, table: Kinks | null, actions: Actions): HTMLElement[] {
  if (answer.kinks.length === 0) return [h("p", { class: "calm" }, t("inspect.kinks.none"))];
  const heads = [t("inspect.column.node"), t("inspect.column.kink"), t("inspect.column.ours"), ...FRAMEWORKS.map((one) => `${PROPER[one]} ${table?.versions[one] ?? ""}`)];
  const rows = answer.kinks.flatMap(({ node, row, said }) => {
    const kink = table?.kinks.find((one) => one.row.key === row);
    const place = h("th", { scope: "row" }, statementHTML(answer, node, "forward", actions));
    const note = h("tr", { class: "note" }, h("td", { colspan: heads.length }, mixedHTML(said ?? "")));
    return kink ? [line(place, kink), note] : [note];
  });
  return [tableHTML("inspect.kinks", heads, rows), h("p", { class: "about" }, t("inspect.kinks.about"))];
}

function line(place: HTMLElement, { row }: Kink): HTMLElement {
  const inputs = Object.keys(row.inputs);
  const point = Object.entries(row.inputs).map(([name, value]) => `${name} = ${written(value)}`).join(", ");
  return h("tr", {}, place,
    h("td", {}, h("code", {}, row.source), h("span", { class: "point" }, t("derive.at", { values: point }))),
    h("td", { class: "ours" }, slopesText(row.ours, inputs)),
    ...FRAMEWORKS.map((one) => cell(row[one], row.ours, inputs)));
}

/** What differs from ours is marked, by a sign too. */
function cell(theirs: Slopes | null, ours: Slopes, inputs: string[]): HTMLElement {
  if (theirs === null) return h("td", { class: "none" }, t("inspect.kinks.unasked" satisfies Key));
  const same = agree(ours, theirs);
  return h("td", { class: same ? "" : "differs" }, same ? "" : h("span", { class: "sign", title: t("inspect.differs") }, "≠ "), slopesText(theirs, inputs));
}

const slopesText = (slopes: Slopes, inputs: string[]): string =>
  (inOrder(slopes, inputs) ?? []).map((value) => (value === null ? "None" : valueText(value))).join(", ");

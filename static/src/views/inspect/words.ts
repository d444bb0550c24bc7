/** What the sections of an inspection share: names that lead to a step, statements, numbers that are none, tables. */

import { h } from "../../dom";
import { type Key, t } from "../../i18n";
import type { Inspection, Trouble } from "../../inspect/types";
import { mathHTML, plain } from "../../math";
import { full, short } from "../../numbers";
import type { NodeId, Value } from "../../trace";
import type { Actions } from "./index";

/** Also as words: these tables tell one kind of nothing from another. */
export const valueText = (value: Value): string => short(value).replace(/\?/g, "NaN");

/** In four digits; a title has them all. */
export const valueHTML = (value: Value, role: "primal" | "adjoint"): HTMLElement => h("b", { class: role, title: full(value).replace(/\?/g, "NaN") }, valueText(value));

/** The name of a node; a button where the page can go to its step. */
export function nameHTML(answer: Inspection, node: NodeId, phase: Trouble["phase"], { jump }: Actions): HTMLElement {
  const name = answer.names[node] ?? "";
  const go = jump(node, phase);
  if (!go) return h("span", { class: "name" }, mathHTML(name));
  const said = t("inspect.jump", { name: plain(name) });
  return h("button", { type: "button", class: "name", title: said, "aria-label": said, onclick: go }, mathHTML(name));
}

/** `v₂ = 1 − v₁`; an input is its name alone. */
export function statementHTML(answer: Inspection, node: NodeId, phase: Trouble["phase"], actions: Actions): HTMLElement {
  const statement = answer.nodes[node]?.statement ?? "";
  const input = answer.graph.nodes[node]?.op === null;
  return h("span", { class: "statement" }, nameHTML(answer, node, phase, actions), ...(input ? [] : [" = ", mathHTML(statement)]));
}

/** A wide table is scrolled, also from the keyboard. */
export function tableHTML(label: Key, heads: (Node | string)[], rows: HTMLElement[]): HTMLElement {
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, ...rows));
  return h("div", { class: "scroll", role: "group", "aria-label": t(label), tabindex: 0 }, table);
}

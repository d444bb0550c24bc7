/** The steps of one method, each with its rule and its numbers, and its lesson beside them. */

import { ChevronLeft, ChevronRight } from "lucide";
import type { Lesson, Method, MethodName, Worked } from "../../compare/types";
import { h, iconButton } from "../../dom";
import { locale, t } from "../../i18n";
import { mathHTML, mixedHTML } from "../../math";
import { short } from "../../numbers";
import { grid } from "../rule";

/** What of the table is open, and the lessons once they are there. */
export interface Looking { opened: Set<MethodName>; step: Map<MethodName, number>; lessons: Lesson[] }

function stepView({ title, why, rule, whole }: Worked): HTMLElement {
  return h("div", { class: "worked-step" }, title === null ? null : h("p", { class: "title" }, mixedHTML(title)),
    rule.length === 0 ? null : h("div", { class: "scroll", tabindex: 0 }, grid(rule)),
    why === null || why === "" ? null : h("p", { class: "why" }, mixedHTML(why)),
    whole === null ? null : h("div", { class: "whole" }, h("p", { class: "why" }, t("compare.whole")), h("div", { class: "scroll", tabindex: 0 }, mathHTML(whole))));
}

/** Laws are read one at a time. */
function lawsView({ name, steps }: Method, looking: Looking): HTMLElement {
  const made = h("div", { class: "laws" });
  const place = h("div", { "aria-live": "polite" });
  const count = h("span", { class: "count" });
  const draw = (to: number): void => {
    const at = Math.max(0, Math.min(to, steps.length - 1));
    looking.step.set(name, at);
    count.textContent = t("compare.law", { k: at + 1, n: steps.length });
    back.setAttribute("aria-disabled", String(at === 0));
    on.setAttribute("aria-disabled", String(at === steps.length - 1));
    place.replaceChildren(...steps.slice(at, at + 1).map(stepView));
  };
  const move = (by: number) => (): void => draw((looking.step.get(name) ?? 0) + by);
  const back = iconButton(ChevronLeft, () => t("compare.law.previous"), move(-1));
  const on = iconButton(ChevronRight, () => t("compare.law.next"), move(+1));
  made.append(h("div", { class: "walk" }, back, count, on), place);
  draw(looking.step.get(name) ?? 0);
  return made;
}

/** The triangle of an extrapolation: each column has two orders more. */
function triangle(table: Method["table"]): HTMLElement | null {
  if (table === null) return null;
  const most = Math.max(...table.map((row) => row.length));
  return h("div", { class: "scroll", tabindex: 0 }, h("table", { class: "triangle" },
    h("caption", {}, t("compare.triangle")),
    h("tbody", {}, ...table.map((row, i) => h("tr", {}, h("th", { scope: "row" }, mathHTML(i === 0 ? "h" : `h/${2 ** i}`)),
      ...Array.from({ length: most }, (_, k) => h("td", {}, row[k] === undefined ? "" : long(row[k]))))))));
}

const long = (value: number | string): string => (typeof value === "number" ? value.toPrecision(12) : short(value as "NaN")).replace(/^-/, "−");

function sizes({ sizes: found }: Method): HTMLElement | null {
  if (found === null) return null;
  const { function: f, raw, simplified, shared } = found;
  return h("p", { class: "sizes" }, mixedHTML(t("compare.sizes", { f, raw, simplified, shared })));
}

const PARTS = ["what", "cost", "error", "use"] as const;

function lesson(name: MethodName, lessons: readonly Lesson[]): HTMLElement | null {
  const found = lessons.find(({ method }) => method === name);
  if (!found) return null;
  return h("section", { class: "lesson" }, h("h3", {}, found.title[locale.value]),
    h("dl", {}, ...PARTS.flatMap((part) => [h("dt", {}, t(`compare.lesson.${part}`)), h("dd", {}, mixedHTML(found[part][locale.value]))])));
}

export function workedView(method: Method, looking: Looking): HTMLElement {
  const { name, steps } = method;
  const worked = steps.length === 0 ? null : name === "symbolic" ? lawsView(method, looking) : h("ol", { class: "worked" }, ...steps.map((step) => h("li", {}, stepView(step))));
  return h("div", { class: "opened" },
    h("section", { class: "steps-of" }, h("h3", {}, t("compare.steps")), worked ?? h("p", { class: "why" }, t("compare.steps.none")), triangle(method.table), sizes(method)),
    lesson(name, looking.lessons));
}

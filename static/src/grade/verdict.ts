/** The right side, below: the verdict as a student reads it, cell by cell, and how it was reached. */

import { effect } from "@preact/signals-core";
import { h, live } from "../dom";
import { t } from "../i18n";
import { mixedHTML } from "../math";
import type { Bench } from "./state";
import { short } from "./task";
import type { Cell, CellVerdict, Help, Json, Report, Verdict } from "./types";

/** A sign for each verdict, so that none is told by its colour alone. */
export const MARKS: Record<Verdict | CellVerdict, string> = {
  correct: "✓", partial: "◐", incorrect: "✗", malformed: "!", follow_through: "↪", missing: "·",
};
const LEVELS: readonly Help[] = ["none", "hint", "full"];

export function verdictView(root: HTMLElement, bench: Bench): void {
  const body = h("div", { class: "verdict-body", "aria-live": "polite" });
  root.append(h("div", { class: "verdict-head" }, live(h("h2"), () => t("grade.verdict")), helpSwitch(bench)), body);
  effect(() => {
    const report = bench.report.value;
    if (report) body.replaceChildren(...whole(report, bench.answer.value));
    else body.replaceChildren(h("p", { class: "calm" }, t(bench.offline.value ? "grade.offline" : "grade.nothing")));
    if (!report && bench.offline.value) body.append(h("button", { type: "button", class: "outlined", onclick: bench.retry }, t("grade.retry")));
  });
}

function helpSwitch(bench: Bench): HTMLElement {
  const group = h("div", { class: "segments", role: "group" });
  effect(() => {
    group.setAttribute("aria-label", t("grade.help"));
    group.replaceChildren(...LEVELS.map((level) => h("button", { type: "button", "aria-pressed": String(bench.help.value === level), onclick: () => (bench.help.value = level) }, t(`grade.help.${level}`))));
  });
  return group;
}

function whole(report: Report, answer: Json): HTMLElement[] {
  const { verdict, points, max_points: most } = report;
  const first = h("p", { class: `verdict ${verdict}` }, h("span", { class: "mark", "aria-hidden": "true" }, MARKS[verdict]), h("b", {}, t(`grade.verdict.${verdict}`)),
    h("span", { class: "points" }, report.gradable ? t("grade.of", { points: short(points), most: short(most) }) : t("grade.no_attempt")));
  return [first, ...said(report, answer), ...cellsOf(report), ...evidenceOf(report), ...modelOf(report)];
}

/** What a tutor says; where the answer cannot be read, the place in it. */
function said({ diagnosis = [], error, verdict }: Report, answer: Json): HTMLElement[] {
  if (error) {
    const cell = error.cell && error.cell !== "answer" ? [h("code", {}, error.cell), " "] : [];
    return [h("div", { class: "refusal" }, ...cell, h("b", {}, error.message), ...(error.hint ? [" ", error.hint] : []), placed(error, answer))];
  }
  const found = diagnosis.map(({ title, text, cell }) => h("div", { class: "diagnosis" },
    h("p", {}, h("b", {}, mixedHTML(title ?? "")), ...(cell === "answer" ? [] : [h("code", {}, cell)])), h("p", {}, mixedHTML(text ?? ""))));
  return found.length || verdict === "correct" ? found : [h("p", { class: "calm" }, t("grade.undiagnosed"))];
}

/** The text that cannot be read, with the place marked. */
function placed({ span, cell }: NonNullable<Report["error"]>, answer: Json): HTMLElement | null {
  const record = typeof answer === "object" && answer !== null && !Array.isArray(answer) ? answer : null;
  const text = record ? record[cell ?? ""] : answer;
  if (!span || typeof text !== "string") return null;
  const letters = [...text];
  const part = (from: number, to?: number): string => letters.slice(from, to).join("");
  return h("p", { class: "placed" }, part(0, span[0]), h("mark", {}, part(span[0], span[1]) || " "), part(span[1]));
}

const textOf = (value: Json | undefined): string => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));

/** A number to as many digits as tell it from its neighbours; all of them under the pointer. */
function number(value: Json | undefined): HTMLElement {
  const shown = typeof value === "number" ? String(Number(value.toPrecision(7))) : textOf(value);
  return h("td", { class: "number", title: textOf(value) }, shown);
}

function cellsOf({ cells, max_points: most }: Report): HTMLElement[] {
  if (cells.length < 2) return [];
  const weights = cells.reduce((sum, cell) => sum + (cell.weight ?? 1), 0) || 1;
  const answers = cells.some((cell) => cell.expected !== undefined);
  const answered = cells.some((cell) => cell.got !== undefined);
  const row = (cell: Cell): HTMLElement => h("tr", { class: cell.verdict },
    h("th", { scope: "row" }, h("code", {}, cell.cell)),
    h("td", {}, h("span", { class: "mark", "aria-hidden": "true" }, MARKS[cell.verdict]), t(`grade.cell.${cell.verdict}`)),
    ...(answered ? [number(cell.got)] : []),
    ...(answers ? [number(cell.expected)] : []),
    h("td", { class: "number" }, `${short((most * cell.earned * (cell.weight ?? 1)) / weights)}/${short((most * (cell.weight ?? 1)) / weights)}`));
  const titles = ["grade.cell", "grade.verdict", ...(answered ? (["grade.got"] as const) : []), ...(answers ? (["grade.expected"] as const) : []), "grade.points"] as const;
  return [h("div", { class: "scroll", tabindex: "0" }, h("table", {}, h("thead", {}, h("tr", {}, ...titles.map((key, index) => h("th", { scope: "col", class: index > 1 ? "number" : "" }, t(key))))), h("tbody", {}, ...cells.map(row))))];
}

/** How formulas were compared, in one sentence for each, and where they first differ. */
function evidenceOf({ evidence = {} }: Report): HTMLElement[] {
  const lines = Object.entries(evidence).map(([cell, { points, seed, rtol, digits = 16, differs }]) => {
    const at = differs ? Object.entries(differs.at).map(([name, value]) => `${name} = ${textOf(value)}`).join(", ") : "";
    return h("li", {}, ...(cell === "answer" ? [] : [h("code", {}, cell), " "]), t("grade.compared", { points, seed, rtol: rtol.toExponential().replace("e-", "e−"), digits }),
      ...(differs ? [" ", t("grade.differs", { at, got: textOf(differs.got), expected: textOf(differs.expected) })] : []));
  });
  return lines.length ? [h("details", {}, h("summary", {}, t("grade.evidence")), h("ul", { class: "evidence" }, ...lines))] : [];
}

function modelOf({ model }: Report): HTMLElement[] {
  if (model === undefined || model === null) return [];
  return [h("div", { class: "right-answer" }, h("h3", {}, t("grade.model")), h("pre", { class: "model" }, typeof model === "string" ? model : JSON.stringify(model, null, 1)))];
}

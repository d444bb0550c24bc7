/** The table of all methods; a row opens its steps and its lesson. */

import { digitsRight, DIGITS, split } from "../../compare/digits";
import type { Comparison, Method, MethodName } from "../../compare/types";
import { h } from "../../dom";
import { type Key, t } from "../../i18n";
import { isArray, isSummary } from "../../arrays";
import { mathHTML, mixedHTML } from "../../math";
import { full, short } from "../../numbers";
import { latexName } from "../../symbols";
import type { Num, Value } from "../../trace";
import { type Looking, workedView } from "./worked";

/** More inputs than this are counted. */
const SHOWN = 4;

const COLUMNS = ["method", "derivative", "right", "h", "evaluations", "passes", "operations", "memory", "size"] as const;
type Column = (typeof COLUMNS)[number];

export const partial = (name: string, many: boolean): string => `\\frac{${many ? "\\partial" : "d"} f}{${many ? "\\partial" : "d"} ${latexName(name)}}`;

/** A number with the digits that are right in ink, the others pale. */
function judgedNumber(value: Value, right: number | null): HTMLElement {
  if (isArray(value) || isSummary(value)) return h("span", { class: "value" }, short(value));
  const [good, bad, power] = split(full(value), right === null || right === DIGITS ? Infinity : right);
  return h("span", { class: "value" }, good, bad === "" ? null : h("span", { class: "wrong-digits" }, bad), power);
}

function derivativeCell({ gradient, reason, error }: Method): HTMLElement {
  const why = reason?.said ? h("p", { class: "why" }, mixedHTML(reason.said)) : null;
  if (gradient === null) return h("div", {}, why);
  const all = Object.entries(gradient);
  const right = digitsRight(error);
  const lines = all.slice(0, SHOWN).map(([name, value]) =>
    h("p", { class: "line" }, all.length > 1 ? mathHTML(partial(name, true)) : null, judgedNumber(value, right)));
  return h("div", {}, ...lines, all.length > SHOWN ? h("p", { class: "why" }, t("compare.more", { n: all.length - SHOWN })) : null, why);
}

export function rightWords(error: Num | null): string {
  const right = digitsRight(error);
  if (right === null) return t("compare.right.unknown");
  if (right === 0) return t("compare.right.none");
  return right >= DIGITS ? t("compare.right.all") : right === 1 ? t("compare.right.one") : t("compare.right.some", { n: right });
}

function rightCell({ error, gradient }: Method): HTMLElement {
  if (gradient === null) return h("div", {});
  const right = digitsRight(error);
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.setProperty("--part", String((right ?? 0) / DIGITS));
  return h("div", { class: "judged" }, right === null ? null : bar, h("span", {}, rightWords(error)),
    error === null || right === null ? null : h("span", { class: "error" }, error === 0 ? "0" : short(error)));
}

const counted = (value: Num | null): string => (value === null || value === 0 ? "–" : short(value));

const CELLS: Record<Exclude<Column, "method">, (method: Method) => HTMLElement | string> = {
  derivative: derivativeCell,
  right: rightCell,
  h: ({ h: step }) => counted(step),
  evaluations: ({ evaluations }) => counted(evaluations),
  passes: ({ passes }) => counted(passes),
  operations: ({ operations }) => counted(operations),
  memory: ({ memory }) => counted(memory),
  size: ({ size }) => counted(size),
};

const heading = (column: Column): Key => `compare.column.${column}`;

/** On a narrow screen the counts have no columns: they stand in the opened row. */
const counts = (method: Method): HTMLElement => h("dl", { class: "counts" }, ...COLUMNS.slice(3).flatMap((column) =>
  [h("dt", {}, mixedHTML(t(heading(column)))), h("dd", {}, CELLS[column as Exclude<Column, "method">](method))]));

function rows(method: Method, looking: Looking): HTMLElement[] {
  const { name } = method;
  const id = `compare-${name}`;
  const opened = (): boolean => looking.opened.has(name);
  const detail = h("tr", { class: "detail", id }, h("td", { colspan: COLUMNS.length }));
  const button = h("button", { type: "button", "aria-controls": id }, h("span", { class: "twist", "aria-hidden": "true" }, "▸"), t(`compare.method.${name}`));
  const row = h("tr", { class: `method kind-${kindOf(name)}` }, h("th", { scope: "row" }, button),
    ...COLUMNS.slice(1).map((column) => h("td", { class: column }, CELLS[column as Exclude<Column, "method">](method))));
  const show = (): void => {
    button.setAttribute("aria-expanded", String(opened()));
    row.classList.toggle("open", opened());
    detail.hidden = !opened();
    if (opened()) detail.cells[0]?.replaceChildren(counts(method), workedView(method, looking));
  };
  row.addEventListener("click", (event) => {
    if (getSelection()?.toString() && event.target !== button) return; // a number is being selected
    if (!looking.opened.delete(name)) looking.opened.add(name);
    show();
  });
  show();
  return [row, detail];
}

const kindOf = (name: MethodName): "numerical" | "symbolic" | "automatic" => (name === "symbolic" ? "symbolic" : name === "forward" || name === "reverse" ? "automatic" : "numerical");
const KINDS = ["numerical", "symbolic", "automatic"] as const;

function reference({ reference: found, reasons }: Comparison, by: string, many: boolean): HTMLElement {
  const exact = found?.[by];
  if (!exact) return h("p", { class: "reference" }, mixedHTML(reasons?.["reference"]?.said ?? ""));
  return h("p", { class: "reference" }, h("span", {}, t("compare.reference")), " ", mathHTML(partial(by, many)), " = ", h("code", {}, exact.digits.replace(/^-/, "−")));
}

export function methodsView(answer: Comparison, by: string, looking: Looking): HTMLElement[] {
  const methods = answer.methods ?? [];
  if (by === "") return [h("p", { class: "finding" }, t("compare.none"))];
  const many = Object.keys(methods.find(({ gradient }) => gradient)?.gradient ?? {}).length > 1;
  const head = COLUMNS.map((column) => h("th", { scope: "col", class: column, title: t(`compare.about.${column}`) }, mixedHTML(t(heading(column)))));
  const groups = KINDS.map((kind) => h("tbody", {},
    h("tr", { class: "kind" }, h("th", { scope: "colgroup", colspan: COLUMNS.length }, t(`compare.kind.${kind}`))),
    ...methods.filter(({ name }) => kindOf(name) === kind).flatMap((method) => rows(method, looking))));
  return [reference(answer, by, many),
    h("div", { class: "table-place" }, h("table", { class: "methods" }, h("caption", { class: "spoken" }, t("compare.part.methods")), h("thead", {}, h("tr", {}, ...head)), ...groups)),
    h("p", { class: "hint" }, t("compare.hint"))];
}

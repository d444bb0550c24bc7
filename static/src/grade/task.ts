/** The left side: which kind of task, its fields, what it asks, its marking scheme and a model answer. */

import { effect, signal } from "@preact/signals-core";
import { Dices } from "lucide";
import { attributes, h, icon, live } from "../dom";
import { type Key, locale, t } from "../i18n";
import { mixedHTML } from "../math";
import { changed, type Field, fieldsOf, read, written } from "./fields";
import type { Bench } from "./state";
import type { Json, Task } from "./types";

/** Kinds under headings; one that is not here stands under the last. */
const GROUPS: readonly [Key, readonly string[]][] = [
  ["grade.group.formulas", ["derivative", "gradient", "expression", "choice"]],
  ["grade.group.numbers", ["numeric", "forward_table", "reverse_table", "partials", "predict"]],
  ["grade.group.graphs", ["graph", "order", "shapes", "reverse_graph"]],
];

export const kindName = (kind: string): string => t(`grade.kind.${kind}` as Key);

export function taskView(root: HTMLElement, bench: Bench): void {
  root.append(kindView(bench), fieldsView(bench), problemView(bench), statementView(bench), schemeView(bench), modelView(bench));
}

function kindView(bench: Bench): HTMLElement {
  const select = h("select", { class: "field", id: "kind", onchange: () => bench.choose(select.value) });
  effect(() => {
    const known = bench.kinds.value.map((one) => one.kind);
    const placed = new Set(GROUPS.flatMap(([, names]) => names));
    const groups = GROUPS.map(([title, names], index) => {
      const own = [...names.filter((name) => known.includes(name)), ...(index === GROUPS.length - 1 ? known.filter((name) => !placed.has(name)) : [])];
      return own.length ? h("optgroup", { label: t(title) }, ...own.map((name) => h("option", { value: name }, kindName(name)))) : null;
    });
    select.replaceChildren(...groups.filter((group) => group !== null));
    select.value = bench.task.value?.kind ?? "";
  });
  const seed = signal(1);
  const number = h("input", { class: "field seed", type: "number", min: 0, step: 1, value: "1", onchange: () => (seed.value = Math.max(0, Math.trunc(Number(number.value) || 0))) });
  attributes(number, () => ({ "aria-label": t("grade.seed") }));
  const draw = h("button", { type: "button", class: "outlined", onclick: () => {
    void bench.draw(seed.value);
    seed.value += 1;
    number.value = String(seed.value);
  } }, icon(Dices, 18), live(h("span"), () => t("grade.draw")));
  attributes(draw, () => ({ title: t("grade.draw.about") }));
  return h("div", { class: "kind-row" }, live(h("label", { for: "kind", class: "spoken" }), () => t("grade.kind")), select,
    h("span", { class: "drawing-lot" }, live(h("span", { class: "label" }), () => t("grade.seed")), number, draw));
}

/** A field keeps what is being typed in it; all others follow the task. */
function fieldsView(bench: Bench): HTMLElement {
  const root = h("div", { class: "task-fields" });
  const asJson = signal(false);
  const grid = h("div", { class: "grid" });
  const json = h("textarea", { class: "field monospaced", rows: 8, spellcheck: "false", oninput: () => {
    try {
      const found = JSON.parse(json.value) as Task;
      json.removeAttribute("aria-invalid");
      bench.task.value = found;
    } catch {
      json.setAttribute("aria-invalid", "true");
    }
  } });
  attributes(json, () => ({ "aria-label": t("grade.task.json"), hidden: !asJson.value }));
  const toggle = h("button", { type: "button", class: "quiet", onclick: () => (asJson.value = !asJson.value) });
  live(toggle, () => t(asJson.value ? "grade.as_form" : "grade.as_json"));
  let drawn = "";
  effect(() => {
    const task = bench.task.value;
    const kind = bench.kinds.value.find((one) => one.kind === task?.kind);
    grid.hidden = asJson.value;
    const language = locale.value;
    if (document.activeElement !== json) json.value = task ? JSON.stringify(task, null, 1) : "";
    if (!task || !kind) return;
    const fields = fieldsOf(kind.schema);
    if (drawn !== kind.kind + language) {
      drawn = kind.kind + language;
      grid.replaceChildren(...parted(fields, bench));
    }
    for (const field of fields) {
      const control = grid.querySelector<HTMLInputElement>(`[name="${field.name}"]`);
      if (!control || control === document.activeElement) continue;
      if (field.input === "switch") control.checked = (task[field.name] ?? field.initial) === true;
      else control.value = written(field, task[field.name]);
    }
  });
  root.append(grid, json, toggle);
  return root;
}

/** What a task must have, then what it may have, folded away. */
function parted(fields: readonly Field[], bench: Bench): HTMLElement[] {
  const rows = (some: readonly Field[]): HTMLElement[] => some.map((field) => row(field, bench));
  const [musts, mays] = [fields.filter((field) => field.required), fields.filter((field) => !field.required)];
  return [h("div", { class: "rows" }, ...rows(musts)),
    h("details", {}, h("summary", {}, t("grade.more")), h("div", { class: "rows" }, ...rows(mays)))];
}

function row(field: Field, bench: Bench): HTMLElement {
  const id = `task-${field.name}`;
  const change = (value: Json | undefined): void => {
    if (bench.task.value) bench.task.value = changed(bench.task.value, field.name, value);
  };
  const control = controlOf(field, id, change);
  const about = field.about ? { title: field.about } : {};
  return h("div", { class: "row", ...about }, h("label", { for: id }, h("code", {}, field.name)), control);
}

function controlOf(field: Field, id: string, change: (value: Json | undefined) => void): HTMLElement {
  const shared = { id, name: field.name };
  if (field.input === "switch") {
    const box = h("input", { ...shared, type: "checkbox", onchange: () => change(box.checked === (field.initial === true) ? undefined : box.checked) });
    return box;
  }
  if (field.input === "choice") {
    const select = h("select", { ...shared, class: "field", onchange: () => change(select.value || undefined) },
      ...(field.required ? [] : [h("option", { value: "" }, field.initial === undefined || field.initial === null ? "" : String(field.initial))]),
      ...field.choices.map((one) => h("option", { value: one }, one)));
    return select;
  }
  const input = h("input", { ...shared, class: "field", type: "text", spellcheck: "false", autocomplete: "off", placeholder: written(field, field.initial), oninput: () => change(read(field, input.value)) });
  return input;
}

function problemView(bench: Bench): HTMLElement {
  const root = h("div", { class: "refusal", role: "alert" });
  effect(() => {
    const error = bench.refused.value;
    root.hidden = !error;
    if (error) root.replaceChildren(h("b", {}, error.message), ...(error.hint ? [" ", error.hint] : []));
  });
  return root;
}

function statementView(bench: Bench): HTMLElement {
  const text = h("p", { class: "statement" });
  effect(() => text.replaceChildren(bench.shown.value ? mixedHTML(bench.shown.value.statement) : ""));
  return attributes(h("section", {}, live(h("h2"), () => t("grade.statement")), text), () => ({ hidden: bench.shown.value === null }));
}

function schemeView(bench: Bench): HTMLElement {
  const body = h("tbody");
  effect(() => {
    const [scheme, task] = [bench.shown.value?.scheme ?? [], bench.task.value];
    const whole = scheme.reduce((sum, { weight }) => sum + weight, 0) || 1;
    const points = typeof task?.["points"] === "number" ? task["points"] : 1;
    body.replaceChildren(...scheme.map(({ cell, weight, about }) => h("tr", {},
      h("th", { scope: "row" }, h("code", {}, cell)), h("td", {}, mixedHTML(about)), h("td", { class: "number" }, short((points * weight) / whole)))));
  });
  const head = h("thead", {}, h("tr", {}, ...(["grade.cell", "grade.what", "grade.points"] as const).map((key) => live(h("th", { scope: "col" }), () => t(key)))));
  return unfolded(bench, { class: "scheme", open: true }, live(h("summary"), () => t("grade.scheme")), h("div", { class: "scroll" }, h("table", {}, head, body)));
}

/** Points, without a tail of digits. */
export const short = (value: number): string => String(Number(value.toPrecision(3)));

function modelView(bench: Bench): HTMLElement {
  const code = h("pre", { class: "model" });
  effect(() => {
    const model = bench.shown.value?.model;
    code.textContent = model === undefined ? "" : typeof model === "string" ? model : JSON.stringify(model, null, 1);
  });
  return unfolded(bench, {}, live(h("summary"), () => t("grade.model")), code);
}

/** Something to unfold, once there is a task. */
function unfolded(bench: Bench, fixed: Parameters<typeof h>[1], ...content: HTMLElement[]): HTMLElement {
  return attributes(h("details", fixed, ...content), () => ({ hidden: bench.shown.value === null }));
}

/** The right side, above: an answer in the shape the task asks for, and answers to try. */

import { effect } from "@preact/signals-core";
import { attributes, h, live } from "../dom";
import { t } from "../i18n";
import type { Bench } from "./state";
import type { Slot } from "./slots";
import { MARKS } from "./verdict";

/** Answers to try that are shown before one asks for more. */
const FEW = 12;

export function answerView(root: HTMLElement, bench: Bench): void {
  root.append(live(h("h2"), () => t("grade.answer")), slotsView(bench), rawView(bench), triesView(bench));
}

function slotsView(bench: Bench): HTMLElement {
  const root = h("div", { class: "slots" });
  let drawn: readonly Slot[] = [];
  effect(() => {
    const slots = bench.slots.value;
    root.hidden = bench.raw.value !== null;
    if (slots !== drawn) {
      drawn = slots;
      root.replaceChildren(...slots.map((slot, index) => slotRow(slot, index, bench)));
    }
    root.querySelectorAll<HTMLInputElement>("[data-slot]").forEach((control, index) => {
      const text = bench.texts.value[index] ?? "";
      if (control.value !== text) control.value = text;
    });
  });
  effect(() => {
    const wrong = new Map((bench.report.value?.cells ?? []).map(({ cell, verdict }) => [cell, verdict]));
    const at = bench.report.value?.error?.cell;
    root.querySelectorAll<HTMLInputElement>("[data-slot]").forEach((control) => {
      const name = control.dataset["slot"] ?? "";
      const verdict = wrong.get(name) ?? (bench.report.value?.error && (at === undefined || at === null || at === name) ? "malformed" : undefined);
      if (verdict) control.dataset["verdict"] = verdict;
      else delete control.dataset["verdict"];
      control.setAttribute("aria-invalid", String(verdict === "malformed"));
    });
  });
  return root;
}

/** Parts of a table: their cells are named without them. */
const TABLES = new Set(["adjoints", "edges"]);
const inside = ({ path }: Slot): string[] => (TABLES.has(path[0] ?? "") ? path.slice(1) : path);
/** What a slot is called, `v1 · value`, and the cell that it is marked as, `v1.value`. */
const nameOf = (slot: Slot): string => inside(slot).join(" · ");
const cellOf = (slot: Slot): string => inside(slot).join(".") || "answer";

function slotRow(slot: Slot, index: number, bench: Bench): HTMLElement {
  const id = `slot-${index}`;
  const type = (event: Event): void => {
    const texts = [...bench.texts.value];
    texts[index] = (event.currentTarget as HTMLInputElement).value;
    bench.texts.value = texts;
  };
  const shared = { id, class: "field monospaced", spellcheck: "false", autocomplete: "off", autocapitalize: "off", "data-slot": cellOf(slot), oninput: type };
  const control = slot.long ? h("textarea", { ...shared, rows: Math.min(14, slot.initial.split("\n").length + 1) }) : h("input", { ...shared, type: "text" });
  if (slot.path.length === 0) return h("div", { class: "slot whole" }, live(h("label", { for: id, class: "spoken" }), () => t("grade.answer")), control);
  return h("div", { class: "slot" }, h("label", { for: id }, h("code", {}, nameOf(slot))), control);
}

/** The answer as JSON, for one of another shape than the model's. */
function rawView(bench: Bench): HTMLElement {
  const text = h("textarea", { class: "field monospaced", rows: 8, spellcheck: "false", oninput: () => (bench.raw.value = text.value) });
  attributes(text, () => ({ "aria-label": t("grade.answer.json") }));
  const toggle = h("button", { type: "button", class: "quiet", onclick: () => {
    if (bench.raw.value === null) bench.raw.value = JSON.stringify(bench.answer.value, null, 1);
    else bench.raw.value = null;
  } });
  live(toggle, () => t(bench.raw.value === null ? "grade.as_json" : "grade.as_form"));
  effect(() => {
    text.hidden = bench.raw.value === null;
    if (bench.raw.value !== null && text.value !== bench.raw.value) text.value = bench.raw.value;
  });
  return h("div", { class: "raw" }, text, toggle);
}

/** The exercise's own tests: a right answer, simulated mistakes, unreadable ones. */
function triesView(bench: Bench): HTMLElement {
  const list = h("div", { class: "tries" });
  effect(() => {
    const all = bench.shown.value?.submissions ?? [];
    const buttons = all.map((one) => h("button", { type: "button", class: `try ${one.verdict}`, title: typeof one.answer === "string" ? one.answer : JSON.stringify(one.answer), onclick: () => bench.fill(one.answer) },
      h("span", { class: "mark", "aria-hidden": "true" }, MARKS[one.verdict]), one.title ?? t(`grade.verdict.${one.verdict}`)));
    const rest = buttons.slice(FEW);
    list.replaceChildren(...buttons.slice(0, FEW),
      ...(rest.length ? [h("details", {}, h("summary", {}, t("grade.tries.more", { count: rest.length })), ...rest)] : []));
  });
  return h("div", { class: "to-try" }, live(h("h3"), () => t("grade.tries")), list);
}

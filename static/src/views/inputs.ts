/** A field for each input, and a slider for each scalar one. Moving it recomputes the trace; the step stays. */

import { effect, untracked } from "@preact/signals-core";
import { select } from "d3-selection";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML, plain } from "../math";
import { parse } from "../numbers";
import { adapted, type Range, rangeFor, tidy } from "../ranges";
import { isValue, type Store, type Value } from "../store";
import { latexName } from "../symbols";
import type { Page } from "./page";

interface Control { root: HTMLElement; show(value: Value): void; name(): void }

const written = (value: Value): string => (typeof value === "string" ? value : JSON.stringify(value)).replace(/,/g, ", ").replace(/-/g, "−");

function read(text: string): Value | null {
  const number = parse(text);
  if (number !== null) return number;
  try {
    const value: unknown = JSON.parse(text.normalize("NFKC").replace(/[−–]/g, "-"));
    return isValue(value) ? value : null;
  } catch {
    return null;
  }
}

function control(name: string, start: Value, store: Store): Control {
  let range: Range = rangeFor(typeof start === "number" ? start : 1);
  const field = h("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", class: "field" });
  const slider = h("input", { type: "range", class: "slider" });
  const root = h("div", { class: "input", role: "group", "aria-label": name }, h("span", { class: "name" }, mathHTML(latexName(name))), field, slider);

  const put = (value: Value): void => {
    store.inputs.value = { ...store.inputs.value, [name]: value };
  };

  function fit(value: Value): void {
    slider.hidden = typeof value !== "number";
    if (typeof value !== "number") return;
    if (Math.abs(value) > range.limit) range = rangeFor(value);
    slider.min = String(-range.limit);
    slider.max = String(range.limit);
    slider.step = "any";
    slider.value = String(value);
    slider.style.setProperty("--at", `${50 + (50 * value) / range.limit}%`);
  }

  field.addEventListener("input", () => {
    const value = read(field.value);
    const wrong = value === null;
    field.setAttribute("aria-invalid", String(wrong));
    field.title = wrong ? t("inputs.bad") : "";
    if (!wrong) put(value);
  });
  field.addEventListener("change", () => {
    const value = read(field.value);
    if (typeof value === "number") range = adapted(range, value, true);
    show(store.inputs.value[name] ?? 0);
  });
  // ↑ and ↓ move by one step, Shift by ten: the same as the slider, without the mouse.
  field.addEventListener("keydown", (event) => {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const value = store.inputs.value[name];
    if (event.key === "Enter" || event.key === "Escape") field.blur();
    if (direction === 0 || typeof value !== "number") return;
    event.preventDefault();
    put(tidy(value + direction * range.step * (event.shiftKey ? 10 : 1), range.step));
  });
  slider.addEventListener("input", () => {
    const value = Math.round(Number(slider.value) / range.step) * range.step;
    put(tidy(value, range.step));
  });
  slider.addEventListener("keydown", (event) => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const value = store.inputs.value[name];
    if (!direction || typeof value !== "number") return;
    event.preventDefault();
    put(tidy(value + direction * range.step * (event.shiftKey ? 10 : 1), range.step));
  });
  slider.addEventListener("change", () => {
    range = adapted(range, Number(slider.value), false);
    fit(store.inputs.value[name] ?? 0);
  });

  function show(value: Value): void {
    fit(value);
    root.classList.toggle("list", Array.isArray(value));
    if (field.matches(":focus") && read(field.value) !== null && JSON.stringify(read(field.value)) === JSON.stringify(value)) return;
    field.value = written(value);
    field.setAttribute("aria-invalid", "false");
    field.title = "";
    field.style.setProperty("--length", String(Math.min(24, Math.max(4, field.value.length))));
  }

  return {
    root,
    show,
    name() {
      const spokenName = plain(latexName(name));
      field.setAttribute("aria-label", t("inputs.value", { name: spokenName }));
      slider.setAttribute("aria-label", t("inputs.slider", { name: spokenName }));
    },
  };
}

export function inputsView(root: HTMLElement, { store, session }: Page): void {
  const controls = new Map<string, Control>();

  effect(() => {
    const names = session.form.value?.inputs.map((input) => input.name) ?? Object.keys(store.inputs.value);
    const values = store.inputs.value;
    for (const name of controls.keys()) if (!names.includes(name)) controls.delete(name);
    for (const name of names) {
      if (!controls.has(name)) controls.set(name, untracked(() => control(name, values[name] ?? 1, store)));
    }
    select(root).selectAll<HTMLElement, string>(".input").data(names, (name) => name)
      .join((enter) => enter.append((name) => controls.get(name)?.root as HTMLElement))
      .order();
    for (const name of names) controls.get(name)?.show(values[name] ?? 0);
    root.closest(".app")?.classList.toggle("many-inputs", names.length > 2 || names.some((name) => Array.isArray(values[name])));
    root.hidden = names.length === 0;
  });
  effect(() => {
    session.form.value;
    store.inputs.value;
    root.setAttribute("aria-label", t("inputs.name"));
    for (const { name } of controls.values()) name();
  });
}

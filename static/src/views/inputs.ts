/** A field for each input, and a slider for each scalar one. Moving it recomputes the trace; the step stays. */

import { effect, untracked } from "@preact/signals-core";
import { select } from "d3-selection";
import { Grid3x3 } from "lucide";
import { looksLikeArray, nested, rankOf, shapeText } from "../arrays";
import { h, iconButton } from "../dom";
import { type Key, t } from "../i18n";
import { mathHTML, plain } from "../math";
import { parse } from "../numbers";
import { adapted, type Range, rangeFor, tidy } from "../ranges";
import { sample } from "../sample";
import type { Input } from "../store";
import { latexName } from "../symbols";
import type { Value } from "../trace";
import { openGrid } from "./grid";
import { attachMenu, menuPanel } from "./menu";
import type { Page } from "./page";

interface Control { root: HTMLElement; show(value: Input): void; name(): void }

const isList = (value: Input): boolean => Array.isArray(value) || (typeof value === "string" && !/^-?Infinity$|^NaN$/.test(value));

/** A number with a true minus sign; the text of an array as it was typed. */
export function written(value: Input): string {
  if (Array.isArray(value)) return nested(value as Value, (number) => String(number).replace(/-/g, "−"));
  return isList(value) ? String(value) : String(value).replace(/-/g, "−");
}

/** What was typed: a number, or the text of an array, which the server reads. */
export function read(text: string): Input | null {
  return parse(text) ?? (looksLikeArray(text) ? text.trim() : null);
}

const KINDS: readonly Key[] = ["kind.number", "kind.vector", "kind.matrix"];
const MOST_LINES = 6;

function control(name: string, start: Input, page: Page): Control {
  const { store, session } = page;
  let range: Range = rangeFor(typeof start === "number" ? start : 1);
  const line = h("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", class: "field" });
  const area = h("textarea", { autocomplete: "off", spellcheck: "false", class: "field", rows: 1 });
  let field: HTMLInputElement | HTMLTextAreaElement = line;
  const slider = h("input", { type: "range", class: "slider" });
  const shape = h("span", { class: "shape" });
  const kind = h("button", { type: "button", class: "name" }, mathHTML(latexName(name)), shape);
  const kinds = menuPanel();
  const toGrid = iconButton(Grid3x3, () => t("grid.open", { name: plain(latexName(name)) }), () => {
    root.closest(".sheet")?.classList.remove("open"); // on a phone it would hide the picture
    void openGrid(name, page);
  }, 18);
  toGrid.classList.add("to-grid");
  const root: HTMLElement = h("div", { class: "input", role: "group", "aria-label": name }, kind, kinds, field, toGrid, slider);

  const put = (value: Input): void => {
    store.inputs.value = { ...store.inputs.value, [name]: value };
  };
  const now = (): Input => store.inputs.value[name] ?? 0;

  /** What the formula seems to want, and the shape that the trace has. */
  const wanted = () => session.form.value?.inputs.find((input) => input.name === name) ?? { shape: [] };
  const found = (): number[] => {
    const graph = session.doc.value?.graph;
    return graph?.inputs.map((id) => graph.nodes[id]).find((node) => node?.name === name)?.shape ?? [];
  };

  function rank(value: Input): number {
    if (!isList(value)) return 0;
    return (typeof value === "string" ? rankOf(value) : rankOf(written(value))) ?? found().length;
  }

  attachMenu(kind, kinds, () => {
    const place = Math.max(0, session.form.value?.inputs.findIndex((input) => input.name === name) ?? 0);
    kinds.replaceChildren(...KINDS.map((key, axes) => {
      const become = (): void => {
        kinds.hidePopover();
        if (axes === rank(now())) return;
        const { shape, ...reading } = wanted();
        const like = shape.length === axes ? shape : Array.from({ length: axes }, () => 2);
        put(axes === 0 ? place + 1 : sample(like, place + 1, reading));
      };
      return h("button", { type: "button", "aria-pressed": String(axes === rank(now())), onclick: become }, t(key));
    }));
  });

  function fit(value: Input): void {
    slider.hidden = typeof value !== "number";
    if (typeof value !== "number") return;
    if (Math.abs(value) > range.limit) range = rangeFor(value);
    slider.min = String(-range.limit);
    slider.max = String(range.limit);
    slider.step = "any";
    slider.value = String(value);
    slider.style.setProperty("--at", `${50 + (50 * value) / range.limit}%`);
  }

  function mark(wrong: boolean): void {
    field.setAttribute("aria-invalid", String(wrong));
    field.title = wrong ? t("inputs.bad") : "";
  }

  function typed(text: string): void {
    const value = read(text);
    mark(value === null);
    if (value !== null) put(value);
  }

  for (const one of [line, area]) {
    one.addEventListener("input", () => {
      if (one === area) area.rows = lines(area.value);
      typed(one.value);
    });
    one.addEventListener("change", () => {
      const value = read(one.value);
      if (typeof value === "number") range = adapted(range, value, true);
    });
    one.addEventListener("blur", () => show(now()));
  }
  // A field of one line would lose the rows of what is pasted.
  line.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (!/[\n\t]/.test(text) || !looksLikeArray(text)) return;
    event.preventDefault();
    put(text);
    line.blur();
  });
  // ↑ and ↓ move by one step, Shift by ten: the same as the slider, without the mouse.
  line.addEventListener("keydown", (event) => {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const value = store.inputs.value[name];
    if (event.key === "Enter" || event.key === "Escape") line.blur();
    if (direction === 0 || typeof value !== "number") return;
    event.preventDefault();
    put(tidy(value + direction * range.step * (event.shiftKey ? 10 : 1), range.step));
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") area.blur();
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
    fit(now());
  });

  const lines = (text: string): number => Math.min(MOST_LINES, text.split("\n").length);

  /** One line for a number, more for an array; not while someone types in it. */
  function change(list: boolean): void {
    const next = list ? area : line;
    if (next === field || field.matches(":focus")) return;
    field.replaceWith(next);
    field = next;
    label();
  }

  function show(value: Input): void {
    fit(value);
    const list = isList(value);
    change(list);
    root.classList.toggle("list", list);
    toGrid.hidden = !list;
    shape.textContent = list ? shapeText(found()) : "";
    if (field.matches(":focus") && JSON.stringify(read(field.value)) === JSON.stringify(value)) return;
    field.value = written(value);
    area.rows = lines(area.value);
    mark(false);
    field.style.setProperty("--length", String(Math.min(24, Math.max(4, ...field.value.split("\n").map((row) => row.length)))));
  }

  function label(): void {
    const spokenName = plain(latexName(name));
    field.setAttribute("aria-label", t("inputs.value", { name: spokenName }));
    slider.setAttribute("aria-label", t("inputs.slider", { name: spokenName }));
  }

  function title(): void {
    label();
    const text = t("inputs.kind", { name: plain(latexName(name)), kind: t(KINDS[rank(now())] ?? "kind.array") });
    kind.title = text;
    // What the server says of an array is said at its field too.
    const error = session.error.value;
    const refused = error?.code === "bad_array" && error.input === name;
    if (refused) {
      field.setAttribute("aria-invalid", "true");
      field.title = error.message;
    } else if (root.classList.contains("refused")) mark(read(field.value) === null);
    root.classList.toggle("refused", refused);
  }

  return { root, show, name: title };
}

export function inputsView(root: HTMLElement, page: Page): void {
  const { store, session } = page;
  const controls = new Map<string, Control>();

  effect(() => {
    const names = session.form.value?.inputs.map((input) => input.name) ?? Object.keys(store.inputs.value);
    const values = store.inputs.value;
    session.doc.value; // it tells the shapes
    for (const name of controls.keys()) if (!names.includes(name)) controls.delete(name);
    for (const name of names) {
      if (!controls.has(name)) controls.set(name, untracked(() => control(name, values[name] ?? 1, page)));
    }
    select(root).selectAll<HTMLElement, string>(".input").data(names, (name) => name)
      .join((enter) => enter.append((name) => controls.get(name)?.root as HTMLElement))
      .order();
    for (const name of names) controls.get(name)?.show(values[name] ?? 0);
    root.closest(".app")?.classList.toggle("many-inputs", names.length > 2 || names.some((name) => isList(values[name] ?? 0)));
    root.hidden = names.length === 0;
  });
  effect(() => {
    session.form.value;
    store.inputs.value;
    session.doc.value;
    root.setAttribute("aria-label", t("inputs.name"));
    for (const { name } of controls.values()) name();
  });
}

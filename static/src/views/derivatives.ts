/** The dialog of derivatives as numbers: which object, along which direction, and what comes out. */

import { computed, effect, signal } from "@preact/signals-core";
import { shapeOf } from "../arrays";
import { api, latest, Refusal } from "../api";
import {
  command, curl, type DerivativesAnswer, type DerivativesRequest, isAlong, OBJECTS, requestFor, unit, type Wanted,
} from "../derivatives";
import { attributes, h, live } from "../dom";
import { LANGUAGE, t } from "../i18n";
import { mathHTML, mixedHTML, plain } from "../math";
import type { Input, Inputs } from "../store";
import { latexName } from "../symbols";
import type { ApiError } from "../trace";
import { copyRow } from "./copy";
import { results } from "./derivative-results";
import { dialog } from "./dialogs";
import { read, written } from "./inputs";
import type { Page } from "./page";

const MOST_CHARACTERS = 1_200;

type Outcome = { request: DerivativesRequest; answer: DerivativesAnswer } | { error: ApiError } | { offline: true };

export function derivativesDialog({ store, session }: Page): () => void {
  const open = signal(false);
  const wanted = signal<Wanted>("gradient");
  /** What was typed; the rest of a direction starts as its shape asks. */
  const typed = signal<Inputs>({});
  const weighting = signal<Input | null>(null);
  const firstWeighting = signal<Input>(1);
  const chosen = signal<string[] | null>(null);
  const outcome = signal<Outcome | null>(null);
  const run = latest();

  const names = computed(() => Object.keys(store.inputs.value));
  const shapes = computed(() => Object.fromEntries(Object.entries(session.doc.value?.inputs ?? {}).map(([name, value]) => [name, shapeOf(value)])));
  const direction = computed((): Inputs => Object.fromEntries(names.value.map((name) => [name, typed.value[name] ?? unit(shapes.value[name] ?? [])])));
  const of = computed(() => {
    const [first] = names.value;
    return chosen.value?.filter((name) => names.value.includes(name)) ?? (first === undefined ? [] : [first, first]);
  });
  const asked = () => ({ wanted: wanted.value, direction: direction.value, cotangent: weighting.value ?? firstWeighting.value, of: of.value });

  const choices = h("div", { class: "choices", role: "group" });
  const about = h("p", { class: "about" });
  const fields = h("div", { class: "directions" });
  const shown = h("div", { class: "all-numbers", role: "region" });
  const summary = live(h("summary"), () => t("derive.terminal"));
  const terminal = h("details", { class: "terminal" }, summary);
  const where = h("p", { class: "where" });
  const made = dialog("derive.title", h("div", { class: "derivatives" }, where, choices, about, fields, shown, terminal));
  made.classList.add("derivatives-dialog");
  made.addEventListener("close", () => (open.value = false));

  async function load(language: string, abort: AbortSignal): Promise<void> {
    try {
      const source = store.source.value;
      const inputs = store.inputs.value;
      if (wanted.value === "vjp" && weighting.value === null) {
        const { value = 1 } = await api.derivatives({ source, inputs, want: ["value"] }, language, abort);
        firstWeighting.value = unit(shapeOf(value));
      }
      const request = requestFor(source, inputs, asked());
      outcome.value = { request, answer: await api.derivatives(request, language, abort) };
    } catch (problem) {
      if (abort.aborted) throw problem;
      outcome.value = problem instanceof Refusal ? { error: problem.error } : { offline: true };
    }
  }

  effect(() => {
    if (!open.value) return;
    store.source.value;
    store.inputs.value;
    asked();
    const language = LANGUAGE[store.locale.value];
    run((abort) => load(language, abort), true);
  });

  effect(() => {
    choices.setAttribute("aria-label", t("derive.which"));
    choices.replaceChildren(...OBJECTS.map((one) => h("button", {
      type: "button", class: "outlined", "aria-pressed": String(one === wanted.value),
      onclick: () => {
        wanted.value = one;
        choices.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
      },
    }, t(`derive.${one}`))));
    about.replaceChildren(mixedHTML(t(`derive.about.${wanted.value}`)));
  });

  effect(() => {
    if (!open.value) return;
    const point = Object.entries(store.inputs.value).map(([name, value]) => `${plain(latexName(name))} = ${written(value)}`).join(", ");
    where.replaceChildren(h("code", {}, store.source.value), point === "" ? "" : h("span", {}, t("derive.at", { values: point })));
  });

  const arrays = (): boolean => Object.values(shapes.value).some((shape) => shape.length > 0);

  /** A field that takes a number or an array; `take` gets what can be read. */
  function field(role: "tangent" | "adjoint", name: string, text: string, take: (value: Input) => void): HTMLElement {
    const box = h("input", { type: "text", class: `field ${role}`, autocomplete: "off", spellcheck: "false" });
    box.value = text;
    box.addEventListener("input", () => {
      const value = read(box.value);
      box.setAttribute("aria-invalid", String(value === null));
      box.title = value === null ? t("inputs.bad") : "";
      if (value !== null) take(value);
    });
    return h("label", { class: "one" }, mathHTML(name), box);
  }

  effect(() => {
    if (!open.value) return;
    const now = wanted.value;
    const title = h("span", { class: "title" }, t(now === "vjp" ? "derive.cotangent" : now === "derivative" ? "derive.of" : now === "jvp" ? "derive.tangent" : "derive.direction"));
    const hint = (): HTMLElement => h("p", { class: "hint" }, t("derive.all"));
    if (isAlong(now)) {
      const start = { ...direction.peek() };
      shapes.value;
      const latex = (name: string): string => (now === "jvp" ? `\\dot{${latexName(name)}}` : latexName(name));
      fields.replaceChildren(title, ...names.value.map((name) =>
        field("tangent", latex(name), written(start[name] ?? 1), (value) => (typed.value = { ...typed.peek(), [name]: value }))), ...(arrays() ? [hint()] : []));
    } else if (now === "vjp") {
      fields.replaceChildren(title, field("adjoint", "\\bar{f}", written(weighting.peek() ?? firstWeighting.value), (value) => (weighting.value = value)), hint());
    } else if (now === "derivative") fields.replaceChildren(title, ...orderButtons());
    else fields.replaceChildren();
    fields.hidden = fields.childElementCount === 0;
  });

  function orderButtons(): HTMLElement[] {
    const again = names.value.map((name) => h("button", { type: "button", class: "outlined", onclick: () => (chosen.value = [...of.value, name]) },
      t("derive.by", { name: plain(latexName(name)) })));
    const fewer = h("button", { type: "button", class: "quiet", onclick: () => (chosen.value = of.value.slice(0, -1)), "aria-disabled": String(of.value.length < 2) }, t("derive.fewer"));
    return [...again, ...(of.value.length > 1 ? [fewer] : [])];
  }

  effect(() => {
    shown.setAttribute("aria-label", t(`derive.${wanted.value}`));
    const found = outcome.value;
    terminal.hidden = true;
    if (found === null) return shown.replaceChildren();
    if ("error" in found) return shown.replaceChildren(h("p", { class: "wrong", role: "alert" }, h("b", {}, found.error.message), found.error.hint ? ` ${found.error.hint}` : ""));
    if ("offline" in found) return shown.replaceChildren(h("p", { class: "wrong", role: "alert" }, t("error.offline")));
    shown.replaceChildren(...results(found.request, found.answer));
    terminal.hidden = false;
    const address = new URL("api/v1/derivatives", document.baseURI).href;
    const lines = [["derive.curl", curl(found.request, address)], ["derive.command", command(found.request)], ["derive.answer", JSON.stringify(found.answer)]] as const;
    terminal.replaceChildren(summary, ...lines.map(([key, text]) => line(t(key), text)));
  });

  return () => {
    open.value = true;
    made.showModal();
  };
}

/** A line to copy; of a very long one only the start is shown. */
function line(name: string, text: string): HTMLElement {
  const start = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text;
  return h("div", { class: "line" }, h("span", {}, name), h("pre", { tabindex: 0 }, start),
    copyRow([{ label: t("derive.copy"), name: `${t("derive.copy")}: ${name}`, write: () => text }]));
}

/** The header's button. */
export function derivativesButton(press: () => void): HTMLElement {
  const button = h("button", { type: "button", class: "icon derive-button", onclick: press }, h("span", { "aria-hidden": "true" }, "∂"));
  return attributes(button, () => ({ "aria-label": t("derive.open"), title: t("derive.open") }));
}

/** Compare: numerical, symbolic and automatic differentiation of the function on the page, side by side. */

import { computed, effect, signal } from "@preact/signals-core";
import { api } from "../../api";
import { createAnswers, type Outcome } from "../../compare/answers";
import { type CompareRequest, type Comparison, type Lesson, type MethodName, type Part, PARTS } from "../../compare/types";
import { attributes, h } from "../../dom";
import { LANGUAGE, t } from "../../i18n";
import { mathHTML, mixedHTML, plain } from "../../math";
import { parse } from "../../numbers";
import type { Inputs } from "../../store";
import { latexName } from "../../symbols";
import { dialog } from "../dialogs";
import { written } from "../inputs";
import type { Page } from "../page";
import { tabRow } from "../tabs";
import { checkView, claimForm } from "./check";
import { methodsView } from "./methods";
import { costView, errorsView, swellView } from "./plots";
import type { Looking } from "./worked";

/** More inputs than this are a list to choose from. */
const BUTTONS = 5;

export function compareDialog(page: Page): () => void {
  const { store } = page;
  const attempt = signal(0);
  const lessons = signal<Lesson[]>([]);
  const focused = signal<MethodName>("central_difference");
  const looking: Looking = { opened: new Set(), step: new Map(), lessons: [] };

  const names = computed(() => Object.keys(store.inputs.value));
  const by = computed(() => (names.value.includes(store.by.value) ? store.by.value : (names.value[0] ?? "")));
  const step = computed(() => (store.step.value === "" ? null : parse(store.step.value)));
  const claim = computed((): Inputs => Object.fromEntries(Object.entries(store.claim.value).filter(([name]) => names.value.includes(name))));
  const wanted = computed((): CompareRequest | null => {
    const part = store.compare.value;
    if (part === "") return null;
    const wrt = [by.value, ...names.value.filter((name) => name !== by.value)].filter(Boolean);
    return {
      source: store.source.value, inputs: store.inputs.value, ...(wrt.length > 1 ? { wrt } : {}), want: [part],
      ...(part === "methods" && step.value !== null ? { h: step.value } : {}),
      ...(part === "check" && Object.keys(claim.value).length > 0 ? { claim: claim.value } : {}),
      text: store.locale.value,
    };
  });
  const outcome = createAnswers(wanted, attempt, api);

  const where = h("p", { class: "where" });
  const tabs = tabRow("parts", PARTS, (part) => `compare.part.${part}`, "compare.parts", store.compare, (part) => (store.compare.value = part), "compare-part");
  const settings = h("div", { class: "compare-settings" });
  const form = h("div", { class: "claim-place" });
  const panel = h("div", { id: "compare-part", role: "tabpanel", class: "compare-part" });
  attributes(panel, () => ({ "aria-label": store.compare.value === "" ? "" : t(`compare.part.${store.compare.value}`) }));
  const made = dialog("compare.title", h("div", { class: "compare" }, where, h("div", { class: "compare-bar" }, tabs, settings), form, panel));
  made.classList.add("compare-dialog");
  made.addEventListener("close", () => (store.compare.value = ""));
  const heading = made.querySelector("h2");
  heading?.setAttribute("tabindex", "-1"); // where reading begins

  effect(() => {
    const open = store.compare.value !== "";
    if (open === made.open) return;
    if (!open) return made.close();
    made.showModal();
    heading?.focus();
    if (lessons.peek().length === 0) void api.lessons(LANGUAGE[store.locale.peek()]).then((all) => (lessons.value = all), () => {});
  });

  effect(() => {
    const point = Object.entries(store.inputs.value).map(([name, value]) => `${plain(latexName(name))} = ${written(value)}`).join(", ");
    where.replaceChildren(h("code", {}, store.source.value), point === "" ? "" : h("span", {}, t("derive.at", { values: point })));
  });

  effect(() => settings.replaceChildren(...[byChoice(page, names.value, by.value), store.compare.value === "methods" ? stepField(page) : null].filter((one) => one !== null)));
  effect(() => {
    const shown = store.compare.value === "check" && names.value.length > 0;
    form.replaceChildren(...(shown ? [claimForm(names.value, claim.value, (given) => (store.claim.value = given))] : []));
  });

  let last: Part | "" = "";
  effect(() => {
    const part = store.compare.value;
    const found = outcome.value;
    looking.lessons = lessons.value;
    panel.setAttribute("aria-busy", String(found === null));
    // Until the next answer is there, the last one of the same kind stays.
    if (part === "" || (found === null && part === last)) return;
    panel.replaceChildren(...shown(part, found));
    last = part;
  });

  function shown(part: Part, found: Outcome): HTMLElement[] {
    if (found === null) return [h("p", { class: "waiting", role: "status" }, t("compare.waiting"))];
    if ("error" in found) return [h("p", { class: "refusal", role: "alert" }, h("b", {}, found.error.message), found.error.hint ? ` ${found.error.hint}` : "")];
    if ("offline" in found) {
      return [h("p", { class: "refusal", role: "alert" }, h("b", {}, t("card.offline")), " ", h("button", { type: "button", class: "quiet", onclick: () => (attempt.value += 1) }, t("error.retry")))];
    }
    const { answer, request } = found;
    const [why] = Object.entries(answer.reasons ?? {}).filter(([of]) => of === part);
    return why && part !== "methods" ? [h("p", { class: "finding" }, mixedHTML(why[1].said ?? ""))] : views(part, answer, request);
  }

  function views(part: Part, answer: Comparison, request: CompareRequest): HTMLElement[] {
    if (part === "errors" && answer.errors) return errorsView(answer.errors, focused.value, (method) => {
      focused.value = method;
      panel.querySelector<HTMLElement>(".key [aria-pressed=true]")?.focus();
    });
    if (part === "swell" && answer.swell) return swellView(answer.swell, by.value);
    if (part === "cost" && answer.cost) return costView(answer.cost);
    if (part === "check" && answer.check) return checkView(answer.check, request.claim !== undefined);
    return methodsView(answer, by.value, looking);
  }

  return () => (store.compare.value = "methods");
}

/** The input whose derivative is worked out. */
function byChoice({ store }: Page, names: readonly string[], by: string): HTMLElement | null {
  if (names.length < 2 || store.compare.value === "check" || store.compare.value === "cost") return null;
  const choose = (name: string): void => {
    store.by.value = name;
    document.querySelector<HTMLElement>(".compare-by [aria-pressed=true]")?.focus();
  };
  const word = h("span", {}, t("compare.by"));
  if (names.length > BUTTONS) {
    const list = h("select", { class: "field", "aria-label": t("compare.by"), onchange: () => choose(list.value) }, ...names.map((name) => h("option", { value: name }, plain(latexName(name)))));
    list.value = by;
    return h("div", { class: "compare-by" }, word, list);
  }
  return h("div", { class: "compare-by", role: "group", "aria-label": t("compare.by") }, word, h("div", { class: "segments" }, ...names.map((name) =>
    h("button", { type: "button", "aria-pressed": String(name === by), onclick: () => choose(name) }, mathHTML(latexName(name))))));
}

/** One step h for all differences. */
function stepField({ store }: Page): HTMLElement {
  const box = h("input", { type: "text", class: "field", autocomplete: "off", spellcheck: "false", placeholder: t("compare.step.own") });
  box.value = store.step.peek();
  box.addEventListener("change", () => {
    const wrong = box.value.trim() !== "" && parse(box.value) === null;
    box.setAttribute("aria-invalid", String(wrong));
    box.title = wrong ? t("inputs.bad") : "";
    if (!wrong) store.step.value = box.value.trim();
  });
  const label = h("label", { class: "compare-step" }, box);
  label.prepend(mixedHTML(t("compare.step")));
  return label;
}

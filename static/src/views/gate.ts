/** A question: the number that the next step would show. */

import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML } from "../math";
import { parse, short } from "../numbers";
import { optionsFor, type Question } from "../predict";
import { nameOf } from "../symbols";
import type { TraceDocument } from "../trace";
import type { Page } from "./page";

/** The quantity in symbols: the left-hand side of the rule. */
export function asked(doc: TraceDocument, { index, node }: Question): string {
  return doc.text?.events[index]?.rule[0]?.symbol ?? nameOf(doc, node);
}

export function gateForm(page: Page, question: Question, rule: HTMLElement): Node[] {
  const { session, prediction, player } = page;
  const doc = session.doc.value as TraceDocument;
  const reveal = (): void => player.seek(question.index + 1);
  const field = h("input", { type: "text", inputmode: "text", autocomplete: "off", class: "field", "aria-label": t("gate.answer") });
  const hint = h("p", { class: "hint", role: "status" });

  function check(event: Event): void {
    event.preventDefault();
    const given = parse(field.value);
    if (given === null) hint.textContent = t("gate.notnumber");
    else prediction.answer(given, reveal);
  }

  const form = h("form", { class: "gate", onsubmit: check },
    field,
    h("button", { type: "submit", class: "solid" }, t("gate.check")),
    h("button", { type: "button", class: "quiet", onclick: () => prediction.answer(null, reveal) }, t("gate.skip")));
  if (!page.store.present.value && matchMedia("(hover: hover)").matches) queueMicrotask(() => field.focus({ preventScroll: true }));
  const parts = question.parts > 1 ? h("p", { class: "why" }, t("gate.parts", { n: question.parts })) : null;
  return [
    h("p", { class: "title" }, t("gate.question"), " ", mathHTML(`${asked(doc, question)} =`), " ?"),
    rule, ...(parts ? [parts] : []), form, hint,
  ];
}

/** In the hall: four options, ascending; the class answers by showing hands. Revealed, the right one is marked. */
export function gateOptions(page: Page, question: Question, revealed: boolean): HTMLElement {
  const doc = page.session.doc.value as TraceDocument;
  const options = optionsFor(doc, question);
  const reveal = (): void => page.player.seek(question.index + 1);
  return h("div", { class: "options" }, ...options.map((value, i) =>
    h("button", { type: "button", "data-option": i, disabled: revealed, class: revealed && value === question.answer ? "right" : "", onclick: () => page.prediction.answer(value, reveal) },
      h("b", {}, "ABCD"[i] ?? ""), short(value))));
}

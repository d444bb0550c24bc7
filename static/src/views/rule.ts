/** The rule of the step: its title, every number under its symbol, and why. When a question is open, the number is a field. */

import { effect } from "@preact/signals-core";
import { h, live } from "../dom";
import { t } from "../i18n";
import { asksWhy, oddIn } from "../inspect/reading";
import { mathHTML, mixedHTML } from "../math";
import { full, short } from "../numbers";
import type { State } from "../replay";
import type { RuleColumn, TraceDocument } from "../trace";
import { nodeOf, partsOf, showArray } from "./array";
import { gateForm } from "./gate";
import type { Page } from "./page";

/** Longer vectors stand upright. */
const LONG = 14;

/** A number, or a matrix with each of its rows on a line of its own. */
function numberHTML(number: string): HTMLElement {
  const rows = number.split(/^\[[^[]/.test(number) && number.length > LONG ? /(?<=,) / : /(?<=\],) (?=\[)/);
  return rows.length === 1 ? mathHTML(number) : h("span", { class: "rows" }, ...rows.map((row) => h("span", {}, mathHTML(row))));
}

/** Two rows of columns; the first `asked` numbers are blanks. */
export function grid(columns: RuleColumn[], asked = 0): HTMLElement {
  // With arrays it may be wider than its place, and is then scrolled.
  const made = h("div", { class: "rule-grid", ...(columns.some(({ number }) => number.startsWith("[")) ? { tabindex: 0 } : {}) });
  made.style.gridTemplateColumns = `repeat(${columns.length}, auto)`;
  for (const { symbol, role } of columns) made.append(h("span", { class: `symbol ${role}` }, mathHTML(symbol)));
  if (columns.every(({ number, role }) => number === "" || role === "op")) return made;
  columns.forEach(({ number, role }, i) => {
    const shown = i < asked ? h("span", { class: "blank" }, "?") : number === "" ? null : numberHTML(number);
    made.append(h("span", { class: `number ${role}` }, shown));
  });
  return made;
}

/** A kink, a pole or an overflow at this step is said in words, with its sign. */
function warning(doc: TraceDocument, index: number): HTMLElement | null {
  const event = doc.events[index];
  const odd = event ? oddIn(event) : null;
  if (!odd) return null;
  const symbol = short(odd.value);
  return h("p", { class: "state" }, `⚠ ${t(`state.${odd.state}`)}${symbol === "?" ? "" : ` (${symbol})`}`);
}

/** Where a number is none, the way to what explains it. */
function whyButton({ store, open }: Page, state: State): HTMLElement | null {
  if (!state.event || store.present.value || !asksWhy(state.event)) return null;
  return h("button", { type: "button", class: "quiet ask", "aria-label": t("inspect.why.name"), onclick: open.inspect }, t("inspect.why"));
}

/** The way to every number of the array that this step is about. */
function numbersButton(doc: TraceDocument, state: State): HTMLElement | null {
  if (!state.event) return null;
  const node = nodeOf(state.event);
  if (partsOf(doc, state, node).length === 0) return null;
  return h("button", { type: "button", class: "outlined numbers", onclick: () => showArray(doc, state, node) }, t("array.show"));
}

export function ruleView(root: HTMLElement, page: Page): void {
  const { session, prediction } = page;
  const body = h("div", { class: "rule-body" });
  root.append(body, live(h("span", { class: "position", "aria-hidden": "true" }), () => `${session.k.value} / ${session.doc.value?.events.length ?? 0}`));

  effect(() => {
    const doc = session.doc.value;
    const gate = prediction.gate.value;
    const k = session.k.value;
    if (!doc) return body.replaceChildren();
    if (gate?.verdict === "open") {
      const columns = doc.text?.events[gate.question.index]?.rule ?? [];
      body.replaceChildren(...gateForm(page, gate.question, grid(columns, columns.findIndex((column) => column.symbol === "="))));
      return;
    }
    const text = session.said.value;
    if (k === 0 || !text) {
      body.replaceChildren(h("p", { class: "title" }, t("rule.before")), h("p", { class: "why" }, t("rule.before.why")));
      return;
    }
    const parts: Node[] = [h("p", { class: "title" }, mixedHTML(text.title))];
    if (gate && gate.verdict !== "shown" && gate.question.index === k - 1) {
      const value = short(gate.question.answer);
      const message = gate.verdict === "right" ? `✓ ${t("gate.right", { value })}` : `✗ ${t("gate.wrong", { value, given: short(gate.given ?? 0) })}`;
      parts.push(h("p", { class: `verdict ${gate.verdict}`, role: "status", title: full(gate.question.answer) }, message));
    }
    if (text.rule.length > 0) parts.push(grid(text.rule));
    const state = warning(doc, k - 1);
    const why = whyButton(page, session.state.value);
    if (state) parts.push(state);
    if (why) (state ?? parts[0])?.appendChild(why);
    const numbers = numbersButton(doc, session.state.value);
    if (numbers) parts.push(numbers);
    if (text.why) parts.push(h("p", { class: "why" }, mixedHTML(text.why)));
    body.replaceChildren(...parts);
  });
}

/** The gradient check: fields for a gradient of one's own, the verdict, and the Taylor remainders. */

import { checkFigure } from "../../compare/figures";
import type { Check } from "../../compare/types";
import { h } from "../../dom";
import { type Key, t } from "../../i18n";
import { mathHTML, mixedHTML } from "../../math";
import { parse, short } from "../../numbers";
import type { Input, Inputs } from "../../store";
import { written } from "../inputs";
import { figureView } from "./figure";
import { partial } from "./methods";
import type { Wording } from "./plot";

const lineName = (id: string): string => t(`compare.line.${id}` as Key);

/** A number where it is one, else the formula as it was typed. */
const read = (text: string): Input => parse(text) ?? text.trim();

/** Fields for the gradient that is claimed; nothing is asked for before the button is pressed. */
export function claimForm(names: readonly string[], claim: Inputs, use: (claim: Inputs) => void): HTMLElement {
  const fields = names.map((name) => {
    const box = h("input", { type: "text", class: "field", autocomplete: "off", spellcheck: "false", placeholder: t("compare.claim.form") });
    if (claim[name] !== undefined) box.value = written(claim[name]);
    return { name, box };
  });
  const claimed = (): Inputs => Object.fromEntries(fields.filter(({ box }) => box.value.trim() !== "").map(({ name, box }) => [name, read(box.value)]));
  const submit = (event: Event): void => {
    event.preventDefault();
    use(claimed());
  };
  const ours = h("button", { type: "button", class: "quiet", onclick: () => use({}) }, t("compare.claim.ours"));
  ours.hidden = Object.keys(claim).length === 0;
  return h("form", { class: "claim", onsubmit: submit }, h("p", { class: "title" }, t("compare.claim.title")),
    ...fields.map(({ name, box }) => h("label", {}, mathHTML(`${partial(name, names.length > 1)} =`), box)),
    h("button", { type: "submit", class: "solid" }, t("compare.claim.check")), ours);
}

const SIGNS = { right: "✓", wrong: "✗", undecided: "?" } as const;

function verdict({ verdict: found, order, reason }: Check, own: boolean): HTMLElement {
  const shown = typeof order === "number" ? order.toFixed(2) : null;
  const measured = shown === null ? "" : t("compare.order", { order: shown });
  return h("div", { class: `verdict ${found}`, role: "status" },
    h("p", {}, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[found]), t(`compare.verdict.${found}.${own ? "own" : "ours"}`)),
    h("p", { class: "why" }, mixedHTML([measured, reason?.said ?? ""].filter(Boolean).join(" "))));
}

export function checkView(check: Check, own: boolean): HTMLElement[] {
  const wording: Wording = { title: t("compare.check.title"), x: t("compare.check.x"), y: t("compare.check.y"), name: lineName, mark: () => "", region: () => "" };
  const scalars = Object.entries(check.direction).every(([, value]) => typeof value === "number");
  const along = Object.entries(check.direction).map(([, value]) => short(value)).join(", ");
  return [verdict(check, own), h("p", { class: "about" }, mixedHTML(t("compare.check.about"))),
    ...(check.second.some((remainder) => typeof remainder === "number") ? [figureView("wengert-check", checkFigure(check), wording)] : []),
    ...(scalars ? [h("p", { class: "hint" }, mixedHTML(t("compare.direction", { values: `(${along})` })))] : [])];
}

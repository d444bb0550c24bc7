/** The plots of a comparison with what they say in words. */

import { costFigure, drawn, errorFigure, type Figure, type Mark, swellFigure } from "../../compare/figures";
import type { ByCount, Cost, Errors, MethodName, Swell } from "../../compare/types";
import { h } from "../../dom";
import { type Key, t } from "../../i18n";
import { mixedHTML, plain } from "../../math";
import { short } from "../../numbers";
import { latexName } from "../../symbols";
import type { Num } from "../../trace";
import { figureView } from "./figure";
import { sample, type Wording } from "./plot";

const said = (text: string, className = "about"): HTMLElement => h("p", { class: className }, mixedHTML(text));
const lineName = (id: string): string => t(`compare.line.${id}` as Key);
const costName = (id: string): string => (id === "central_difference" ? t("compare.line.differences") : lineName(id));

const RAISED = new Map([..."−.0123456789"].map((sign, i) => [sign, [..."⁻·⁰¹²³⁴⁵⁶⁷⁸⁹"][i] as string]));
/** A fitted slope as an exponent: to the nearest whole number where it is near one. */
const raised = (slope: number): string =>
  [...(Math.abs(slope - Math.round(slope)) < 0.15 ? slope.toFixed(0) : slope.toFixed(1)).replace("-", "−")].map((sign) => RAISED.get(sign) ?? sign).join("");

/** The numbers of the best step, found and expected. */
function bestWords(errors: Errors, chosen: MethodName): string {
  const found = errors.best[chosen];
  if (!found) return "";
  const words = t("compare.best", { method: t(`compare.method.${chosen}`), h: short(found.h), error: found.error === 0 ? "0" : short(found.error) });
  const expected = errors.theory[chosen];
  return expected && balances(errors, chosen) ? `${words} ${t("compare.theory", { h: short(expected.h), rule: t(`compare.theory.${chosen === "central_difference" ? "cube" : "square"}`) })}` : words;
}

/** Where one error never rules, the steps of theory, which balance two, say nothing. */
const balances = ({ truncation_order, rounding_slope }: Errors, chosen: MethodName): boolean =>
  typeof truncation_order[chosen] === "number" && typeof rounding_slope[chosen] === "number" && chosen !== "richardson";

export function errorsView(errors: Errors, chosen: MethodName, choose: (method: MethodName) => void): HTMLElement[] {
  const names = drawn(errors);
  const one = names.includes(chosen) ? chosen : (names[0] as MethodName);
  const wording: Wording = {
    title: t("compare.errors.title", { name: plain(latexName(errors.name)) }), x: t("compare.errors.x"), y: t("compare.errors.y"), name: lineName,
    mark: (mark: Mark) => t("compare.best.mark", { h: short(mark.x), error: mark.y === 0 ? "0" : short(mark.y) }),
    region: ({ kind, slope }) => t(`compare.region.${kind}`, { power: raised(slope) }),
  };
  const buttons = h("div", { class: "key", role: "group", "aria-label": t("compare.regimes") }, h("span", {}, t("compare.regimes")),
    ...names.map((name) => h("button", { type: "button", class: "outlined", title: t(`compare.method.${name}`), "aria-pressed": String(name === one), onclick: () => choose(name) }, sample(name), lineName(name))));
  return [said(t("compare.errors.about")), buttons, said(bestWords(errors, one), "finding"), figureView("wengert-errors", errorFigure(errors, one), wording, one)];
}

/** How many times as large the last is as the first. */
const times = (values: readonly number[]): string => short(Number(((values.at(-1) ?? 0) / (values[0] || 1)).toPrecision(2)));

/** `by`: the input in whose place the formula is put. */
export function swellView(swell: Swell, by: string): HTMLElement[] {
  const wording: Wording = { title: t("compare.swell.title"), x: t("compare.swell.x"), y: t("compare.operations"), name: lineName, mark: () => "", region: () => "" };
  const depth = swell.depth.at(-1) ?? 1;
  return [said(t("compare.swell.about", { name: latexName(by) })), said(t("compare.swell.finding", { depth, raw: times(swell.raw), shared: times(swell.shared) }), "finding"), figureView("wengert-swell", swellFigure(swell), wording)];
}

function costPlot(by: ByCount, what: "inputs" | "outputs"): HTMLElement {
  const figure: Figure = costFigure(by);
  const mark = ({ x }: Mark): string => t("compare.crossover", { n: short(Number(x.toPrecision(2))) });
  return figureView(`wengert-cost-${what}`, figure, { title: t(`compare.cost.title.${what}`), x: t(`compare.cost.x.${what}`), y: t("compare.operations"), name: costName, mark, region: () => "" });
}

function crossoverWords(crossover: Num | null): string {
  if (typeof crossover !== "number") return t("compare.crossover.never");
  return crossover <= 1 ? t("compare.crossover.always") : t("compare.crossover.from", { n: Math.ceil(crossover) });
}

export function costView(cost: Cost): HTMLElement[] {
  const { inputs, outputs, function: f, push, pull, passes } = cost;
  return [said(t("compare.cost.about", { f, push, pull })),
    said(`${t("compare.cost.here", { inputs, outputs, forward: passes["forward"] ?? inputs, reverse: passes["reverse"] ?? outputs })}${t("compare.between")}${crossoverWords(cost.crossover)}`, "finding"),
    h("div", { class: "pair" }, costPlot(cost.by_inputs, "inputs"), costPlot(cost.by_outputs, "outputs"))];
}

/** Kinds of nothing: every derivative and value that is no ordinary number, and why. */

import { h } from "../../dom";
import { t } from "../../i18n";
import { type Nothing, oddInputs, oddNodes } from "../../inspect/reading";
import type { Inspection, InputReport, SlopeKind, ValueKind } from "../../inspect/types";
import { mathHTML, mixedHTML } from "../../math";
import { bar, latexName } from "../../symbols";
import type { Value } from "../../trace";
import type { Actions } from "./index";
import { nameHTML, valueHTML } from "./words";

/** More nodes than this are folded away. */
const FEW = 3;

/** Of these kinds the value itself says nothing more. */
const WITHOUT = ["not_computed", "no_path", "stopped"];

export function nothingView(answer: Inspection, actions: Actions): HTMLElement[] {
  const inputs = oddInputs(answer);
  const nodes = oddNodes(answer);
  const all = answer.derivatives.length;
  const intro = all === 0 ? "inspect.nothing.none" : inputs.length === 0 ? "inspect.nothing.calm" : "inspect.nothing.some";
  const list = h("ul", { class: "kinds" }, ...nodes.flatMap((row) => nodeRows(answer, row, actions)));
  return [
    h("p", { class: inputs.length === 0 ? "calm" : "about" }, t(intro, { n: inputs.length, all })),
    ...(inputs.length > 0 ? [h("ul", { class: "kinds" }, ...inputs.map(inputRow))] : []),
    ...(nodes.length === 0 ? [] : [h("details", { open: nodes.length <= FEW }, h("summary", {}, t("inspect.nothing.nodes", { n: nodes.length })), list)]),
  ];
}

function row(symbol: HTMLElement, value: Value | null, role: "primal" | "adjoint", kind: ValueKind | SlopeKind, reason: string | null): HTMLElement {
  const number = value === null || WITHOUT.includes(kind) ? [] : [" = ", valueHTML(value, role)];
  return h("li", {}, h("span", { class: "which" }, symbol, ...number), h("span", { class: `kind ${kind}` }, t(`inspect.kind.${kind}`)), h("span", { class: "reason" }, mixedHTML(reason ?? "")));
}

const inputRow = ({ name, derivative, kind, reason }: InputReport): HTMLElement =>
  row(mathHTML(`\\frac{\\partial f}{\\partial ${latexName(name)}}`), derivative, "adjoint", kind, reason);

function nodeRows(answer: Inspection, { node, value, derivative }: Nothing, actions: Actions): HTMLElement[] {
  return [
    ...(value ? [row(nameHTML(answer, node.node, "forward", actions), node.value, "primal", node.value_kind, node.value_reason)] : []),
    ...(derivative ? [row(mathHTML(bar(node.name)), node.derivative, "adjoint", node.derivative_kind, node.derivative_reason)] : []),
  ];
}

/** What /derivatives answers, as numbers and as heat maps with a name for each row and column. */

import { isArray, shapeOf } from "../arrays";
import { type DerivativesAnswer, type DerivativesRequest, hessianMatrix, hessianOrder, jacobianMatrix, type Labelled, type Passes } from "../derivatives";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML, mixedHTML } from "../math";
import { full, short } from "../numbers";
import { bar, latexName } from "../symbols";
import type { Value } from "../trace";
import { type Part, section } from "./array";

type Status = NonNullable<DerivativesAnswer["status"]>[string];
type Role = Part["role"];

const by = (name: string): string => `\\frac{\\partial f}{\\partial ${latexName(name)}}`;
const twice = (a: string, b: string): string => `\\frac{\\partial^2 f}{\\partial ${latexName(a)} \\, \\partial ${latexName(b)}}`;

/** `∂³f/∂x∂y²` for [y, y, x]: the last derivative stands first. */
function highOrder(of: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of [...of].reverse()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const power = (count: number): string => (count === 1 ? "" : `^{${count}}`);
  const below = [...counts].map(([name, count]) => `\\partial ${latexName(name)}${power(count)}`);
  return of.length === 0 ? "f" : `\\frac{\\partial${power(of.length)} f}{${below.join(" \\, ")}}`;
}

/** A number on a line of its own, an array as a map. */
function result(latex: string, value: Value, role: Role, status?: Status): HTMLElement {
  const why = status === "no_path" || status === "stopped" ? h("span", { class: "note" }, mixedHTML(t(`derive.${status}`))) : null;
  if (isArray(value)) {
    const made = section({ role, latex, value });
    if (why) made.querySelector(".about")?.append(" ", why);
    return made;
  }
  return h("p", { class: "scalar" }, mathHTML(latex), " = ", h("b", { class: role, title: full(value) }, short(value)), why);
}

const each = (values: Record<string, Value>, latex: (name: string) => string, role: Role, status: DerivativesAnswer["status"] = {}): HTMLElement[] =>
  Object.entries(values).map(([name, value]) => result(latex(name), value, role, status[name]));

const matrix = (latex: string, { rows, columns, numbers }: Labelled): HTMLElement => section({ role: "adjoint", latex, value: numbers, rows, columns });

function sentence({ mode, forward, reverse }: Passes): HTMLElement {
  const key = forward === reverse ? "derive.passes.equal" : mode === "reverse" ? "derive.passes.reverse" : "derive.passes.forward";
  return h("p", { class: "passes" }, mixedHTML(t(key, { forward, reverse })));
}

/** The Jacobian as one matrix where that can be read, else by inputs. */
function jacobian(blocks: Record<string, Value>, output: Value, passes: Passes | undefined, status: DerivativesAnswer["status"]): HTMLElement[] {
  const whole = jacobianMatrix(blocks, shapeOf(output));
  const zeros = Object.entries(status ?? {}).filter(([, one]) => one !== "path");
  return [
    ...(passes ? [sentence(passes)] : []),
    ...(whole ? [matrix("J", whole)] : each(blocks, by, "adjoint")),
    ...zeros.map(([name, one]) => h("p", { class: "scalar" }, mathHTML(by(name)), " = 0 ", h("span", { class: "note" }, mixedHTML(t(`derive.${one as "no_path" | "stopped"}`))))),
  ];
}

function hessian(blocks: Record<string, Record<string, Value>>): HTMLElement[] {
  const whole = hessianMatrix(blocks);
  const parts = Object.entries(blocks).flatMap(([a, row]) => Object.entries(row).map(([b, value]) => result(twice(a, b), value, "adjoint")));
  return [h("p", { class: "passes" }, t("derive.passes.hessian", { n: hessianOrder(blocks) })), ...(whole ? [matrix("H", whole)] : parts)];
}

export function results({ of = [] }: DerivativesRequest, found: DerivativesAnswer): HTMLElement[] {
  const { value, gradient, jacobian: blocks, hessian: second, jvp, vjp, hvp, directional, derivative, status } = found;
  return [
    ...(value === undefined || blocks ? [] : [result("f", value, "primal")]),
    ...(gradient ? each(gradient, by, "adjoint", status) : []),
    ...(blocks && value !== undefined ? [...jacobian(blocks, value, found.passes, status), result("f", value, "primal")] : []),
    ...(second ? hessian(second) : []),
    ...(jvp === undefined ? [] : [result("\\dot{f} = J \\, \\dot{x}", jvp, "tangent")]),
    ...(vjp ? each(vjp, (name) => bar(latexName(name)), "adjoint") : []),
    ...(hvp ? each(hvp, (name) => `(H d)_{${latexName(name)}}`, "adjoint") : []),
    ...(directional === undefined ? [] : [result("\\nabla f \\cdot \\frac{d}{\\|d\\|}", directional, "tangent")]),
    ...(derivative === undefined ? [] : [result(highOrder(of), derivative, "adjoint")]),
  ];
}

/** The dialog with every number of a node: its value, its tangent, its adjoint. */

import { type Format, FORMATS, elements, isArray, isSummary, norm, shapeOf, shapeText, slices } from "../arrays";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML, plain } from "../math";
import { full, short } from "../numbers";
import type { State } from "../replay";
import { bar, dot, latexName, nameOf } from "../symbols";
import type { NodeId, TraceDocument, TraceEvent, Value } from "../trace";
import { copyRow } from "./copy";
import { openDialog } from "./dialogs";
import { heatCells } from "./graph/heat";

/** `rows` and `columns` name the lines of a matrix. */
export interface Part { role: "primal" | "tangent" | "adjoint"; latex: string; value: Value; rows?: string[]; columns?: string[] }

/** More numbers than this would make the page slow, and no one reads them. */
const MOST_NUMBERS = 2_500;

/** The node whose numbers a step is about. */
export const nodeOf = (event: TraceEvent): NodeId => ("source" in event ? event.source : event.node);

/** What a node holds at this step, as far as it is more than one number. */
export function partsOf(doc: TraceDocument, state: State, node: NodeId): Part[] {
  const name = nameOf(doc, node);
  const made = state.adjointNode.get(node);
  const adjoint = state.adjoints.get(node) ?? (made === undefined ? undefined : (state.values.get(made) ?? doc.graph.nodes[made]?.const));
  const all: [Part["role"], string, Value | undefined][] = [
    ["primal", name, state.values.get(node)], ["tangent", dot(name), state.tangents.get(node)], ["adjoint", bar(name), adjoint],
  ];
  return all.flatMap(([role, latex, value]) => (value !== undefined && (isArray(value) || isSummary(value)) ? [{ role, latex, value }] : []));
}

const GLYPHS = { primal: "■", tangent: "▲", adjoint: "▼" } as const;

/** `X[0, 1]` as it is set: the name as maths, the index as it is. */
export function elementName(name: string): HTMLElement {
  const at = name.indexOf("[");
  return h("span", {}, mathHTML(latexName(at < 0 ? name : name.slice(0, at))), at < 0 ? "" : name.slice(at));
}

function tables({ value, latex, rows: names, columns }: Part): HTMLElement[] {
  const cells = heatCells(value);
  let at = 0;
  return slices(value).map(({ index, rows }) => h("table", {},
    index.length > 0 ? h("caption", {}, t("array.part", { name: plain(latex), index: index.join(", ") })) : h("caption", { class: "spoken" }, plain(latex)),
    columns ? h("thead", {}, h("tr", {}, names ? h("td") : null, ...columns.map((name) => h("th", { scope: "col" }, elementName(name))))) : null,
    h("tbody", {}, ...rows.map((row, i) => h("tr", {}, names ? h("th", { scope: "row" }, elementName(names[i] ?? "")) : null, ...row.map((number) => {
      const level = cells[at++]?.level ?? null;
      const cell = h("td", { title: full(number), class: level === null ? "" : level < 0 ? "below" : "above" }, short(number));
      cell.style.setProperty("--of", String(Math.abs(level ?? 0)));
      return cell;
    }))))));
}

/** Shape in words, range, mean and norm. */
function about(value: Value): string {
  const shape = t("array.shape", { shape: shapeText(shapeOf(value)) });
  if (!isSummary(value)) return `${shape}; ‖·‖ = ${short(norm(value))}`;
  const range = t("array.range", { min: short(value.min), max: short(value.max), mean: short(value.mean), norm: short(value.norm) });
  return [shape, range, value.nan > 0 ? t("array.nan", { n: value.nan }) : "", t("array.large")].filter(Boolean).join("; ");
}

/** Buttons that copy a value in each of the formats. */
export const copies = (value: Value): HTMLElement => copyRow((Object.keys(FORMATS) as Format[]).map((format) => {
  const label = t(`format.${format}`);
  return { label, name: t("array.copy", { format: label }), write: () => FORMATS[format](value) };
}));

export function section(part: Part): HTMLElement {
  const { role, latex, value } = part;
  const heading = h("h3", {}, h("span", { class: role, "aria-hidden": "true" }, GLYPHS[role]), mathHTML(latex), h("span", { class: "shape" }, shapeText(shapeOf(value))));
  const count = elements(value).length;
  if (count === 0) return h("section", {}, heading, h("p", { class: "about" }, about(value)));
  if (count > MOST_NUMBERS) return h("section", {}, heading, h("p", { class: "about" }, `${about(value)}. ${t("derive.large", { n: count })}`), copies(value));
  return h("section", {}, heading, h("p", { class: "about" }, about(value)), h("div", { class: "scroll", tabindex: 0 }, ...tables(part)), copies(value));
}

export function showArray(doc: TraceDocument, state: State, node: NodeId): void {
  openDialog(t("array.heading", { name: plain(nameOf(doc, node)) }), h("div", { class: "all-numbers" }, ...partsOf(doc, state, node).map((part) => section(part))));
}

/** The dialog with every number of a node: its value, its tangent, its adjoint. */

import { type Format, FORMATS, elements, isArray, isSummary, norm, shapeOf, shapeText, slices } from "../arrays";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML, plain } from "../math";
import { full, short } from "../numbers";
import type { State } from "../replay";
import { bar, dot, nameOf } from "../symbols";
import type { NodeId, TraceDocument, TraceEvent, Value } from "../trace";
import { openDialog } from "./dialogs";
import { heatCells } from "./graph/heat";

interface Part { role: "primal" | "tangent" | "adjoint"; latex: string; value: Value }

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

function tables(value: Value, latex: string): HTMLElement[] {
  const cells = heatCells(value);
  let at = 0;
  return slices(value).map(({ index, rows }) => h("table", {},
    index.length > 0 ? h("caption", {}, t("array.part", { name: plain(latex), index: index.join(", ") })) : h("caption", { class: "spoken" }, plain(latex)),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((number) => {
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

function copies(value: Value): HTMLElement {
  const note = h("output", { role: "status" });
  const field = h("textarea", { readonly: true, rows: 3, hidden: true });
  async function copy(format: Format): Promise<void> {
    const text = FORMATS[format](value);
    const name = t(`format.${format}`);
    field.setAttribute("aria-label", name);
    // Without a secure context there is no clipboard to write to: the text is shown, selected.
    const done = (await navigator.clipboard?.writeText(text).then(() => true, () => false)) ?? false;
    field.hidden = done;
    note.textContent = done ? t("array.copied") : "";
    if (done) return;
    field.value = text;
    field.select();
  }
  const buttons = (Object.keys(FORMATS) as Format[]).map((format) => {
    const label = t("array.copy", { format: t(`format.${format}`) });
    return h("button", { type: "button", class: "outlined", title: label, "aria-label": label, onclick: () => void copy(format) }, t(`format.${format}`));
  });
  return h("div", { class: "copies" }, ...buttons, note, field);
}

function section({ role, latex, value }: Part): HTMLElement {
  const heading = h("h3", {}, h("span", { class: role, "aria-hidden": "true" }, GLYPHS[role]), mathHTML(latex), h("span", { class: "shape" }, shapeText(shapeOf(value))));
  if (elements(value).length === 0) return h("section", {}, heading, h("p", { class: "about" }, about(value)));
  return h("section", {}, heading, h("p", { class: "about" }, about(value)), h("div", { class: "scroll", tabindex: 0 }, ...tables(value, latex)), copies(value));
}

export function showArray(doc: TraceDocument, state: State, node: NodeId): void {
  openDialog(t("array.heading", { name: plain(nameOf(doc, node)) }), h("div", { class: "all-numbers" }, ...partsOf(doc, state, node).map(section)));
}

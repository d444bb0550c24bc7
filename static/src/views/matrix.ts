/** The Jacobian below the graph: filled column by column or row by row, with what it costs beside it. */

import { effect } from "@preact/signals-core";
import { indexAt } from "../arrays";
import { attributes, h, live } from "../dom";
import { type Key, t } from "../i18n";
import { mathHTML, plain } from "../math";
import { replay } from "../replay";
import { column, writeIndex } from "../seed";
import type { JacobianMode } from "../store";
import type { TraceDocument } from "../trace";
import { copies } from "./array";
import { isHessian, type Matrix, matrixOf, type Side } from "./matrix-model";
import { pictureOf } from "./matrix-picture";
import { tableOf } from "./matrix-table";
import { fading } from "./fading";
import type { Page } from "./page";
import { derivativeName } from "./tabs";

/** What is drawn: made once for a document and a language, then told what is known. */
export interface Drawing { element: HTMLElement; show(matrix: Matrix): void }

export interface MatrixHooks {
  /** `v2[0,1]`: one element of an input or of an output. */
  nameOf(side: Side, place: number): string;
  /** Opens the pass that computes this one column or row; null where there is none. */
  open: ((kind: "column" | "row", side: Side, place: number) => void) | null;
  seek(at: number): void;
}

/** Rows and columns beyond which there is no room for numbers. */
const WRITTEN = 24;

const elementName = (side: Side, place: number): string => plain(side.latex) + writeIndex(indexAt(side.shape, place));

export function matrixView(root: HTMLElement, page: Page): void {
  const { store, session, player } = page;
  const place = h("div", { class: "matrix-scroll", tabindex: 0, role: "group" });
  const side = h("div", { class: "matrix-side" });
  root.append(h("div", { class: "matrix-window" }, place), side);
  fading(place);
  sideView(side, page);

  function open(kind: "column" | "row", of: Side, at: number): void {
    const name = session.doc.value?.graph.nodes[of.node]?.name ?? "";
    store.seed.value = kind === "column" ? column({ name, shape: of.shape }, at) : writeIndex(indexAt(of.shape, at));
    store.pass.value = kind === "column" ? "forward" : "reverse";
  }

  let drawn: { doc: TraceDocument; locale: string; drawing: Drawing } | null = null;

  function draw(doc: TraceDocument): Drawing {
    const final = matrixOf(doc, replay(doc, doc.events.length));
    const make = final.height <= WRITTEN && final.width <= WRITTEN ? tableOf : pictureOf;
    return make(final, titleOf(doc), { nameOf: elementName, open: isHessian(doc) ? null : open, seek: player.seek });
  }

  effect(() => {
    const doc = session.doc.value;
    store.theme.value; // the picture has its colours from it
    if (doc?.pass !== "jacobian") return;
    const locale = store.locale.value;
    if (drawn?.doc !== doc || drawn.locale !== locale) {
      drawn = { doc, locale, drawing: draw(doc) };
      place.setAttribute("aria-label", titleOf(doc));
      place.replaceChildren(drawn.drawing.element);
    }
    drawn.drawing.show(matrixOf(doc, session.state.value));
    keepInView(place);
  });
  // When a link opens, the place gets its size only after the first step is shown.
  new ResizeObserver(() => keepInView(place)).observe(place);
}

/** The column or row of the step, also where the matrix is larger than its place. */
function keepInView(place: HTMLElement): void {
  const now = place.querySelector("tbody td.now")?.getBoundingClientRect();
  const head = place.querySelector("thead")?.getBoundingClientRect();
  if (!now || !head || (place.scrollWidth <= place.clientWidth && place.scrollHeight <= place.clientHeight)) return;
  const box = place.getBoundingClientRect();
  const column = place.querySelector("tbody td.now.in-column") !== null;
  if (column && (now.left < box.left || now.right > box.right)) place.scrollLeft += now.left - box.left - box.width / 2;
  if (!column && (now.top < box.top + head.height || now.bottom > box.bottom)) place.scrollTop += now.top - box.top - box.height / 2;
}

const titleKey = (doc: TraceDocument): Key => (isHessian(doc) ? "matrix.hessian" : "matrix.jacobian");

/** The function whose matrix it is. */
const functionOf = (doc: TraceDocument): string => derivativeName((doc.options["of"] as string[] | undefined) ?? []);

const titleOf = (doc: TraceDocument): string => t(titleKey(doc), { name: plain(functionOf(doc)) });

/** The same with its name in maths. */
function titleHTML(doc: TraceDocument): HTMLElement {
  const [before = "", after = ""] = t(titleKey(doc), { name: "\u0000" }).split("\u0000");
  return h("span", {}, before, mathHTML(functionOf(doc)), after);
}

/** Title, what either way costs, and what can be chosen. */
function sideView(root: HTMLElement, page: Page): void {
  const { store, session } = page;
  const title = h("h2");
  const cost = h("div", { class: "cost" });
  const copy = h("div", { class: "copy-matrix" });
  root.append(title, cost, h("div", { class: "choices" }, modeChoice(page), gradientChoice(page)), copy);

  effect(() => {
    const doc = session.doc.value;
    store.locale.value;
    if (doc?.pass !== "jacobian") return;
    const matrix = matrixOf(doc, replay(doc, doc.events.length));
    title.replaceChildren(titleHTML(doc), h("span", { class: "shape" }, t("matrix.size", { rows: matrix.height, columns: matrix.width })));
    cost.replaceChildren(...costOf(matrix, isHessian(doc)).map((line) => h("p", {}, line)));
    copy.replaceChildren(h("span", {}, t("matrix.copy")), copies(matrix.entries.map((row) => row.map((one) => one ?? "NaN"))));
  });
}

function costOf({ height, width }: Matrix, hessian: boolean): string[] {
  const many = (kind: "forward" | "reverse" | "gradient", n: number): string => (n === 1 ? t(`matrix.one.${kind}`) : t(`matrix.many.${kind}`, { n }));
  const cheaper: Key = width === height ? "matrix.cheaper.equal" : width < height ? "matrix.cheaper.forward" : "matrix.cheaper.reverse";
  return [many("forward", width), many(hessian ? "gradient" : "reverse", height), t(cheaper)];
}

const MODES: readonly Exclude<JacobianMode, "auto">[] = ["forward", "reverse"];

function modeChoice({ store, session }: Page): HTMLElement {
  const group = h("div", { class: "segments", role: "group" });
  attributes(group, () => ({ "aria-label": t("matrix.mode") }));
  for (const mode of MODES) {
    const button = live(h("button", { type: "button", onclick: () => (store.mode.value = mode) }), () => t(`matrix.mode.${mode}`));
    const used = (): boolean => (store.mode.value === "auto" ? session.doc.value?.result["mode"] : store.mode.value) === mode;
    group.append(attributes(button, () => ({ "aria-pressed": String(used()) })));
  }
  return group;
}

/** f or ∇f: the Jacobian of the gradient is the Hessian, and only a number has one. */
function gradientChoice({ store, session }: Page): HTMLElement {
  const group = h("div", { class: "segments", role: "group" });
  attributes(group, () => ({ "aria-label": t("matrix.of") }));
  const none = (): boolean => !store.gradient.value && session.shapes.value.output.length > 0;
  for (const gradient of [false, true]) {
    const choose = (): void => {
      if (!gradient || !none()) store.gradient.value = gradient;
    };
    const latex = gradient ? "\\nabla f" : "f";
    const button = h("button", { type: "button", onclick: choose }, mathHTML(latex));
    const name = (): string => t(gradient ? (none() ? "matrix.of.none" : "matrix.of.gradient") : "matrix.of.function");
    group.append(attributes(button, () => ({
      "aria-pressed": String(store.gradient.value === gradient), "aria-disabled": gradient && none() ? "true" : null, title: name(), "aria-label": `${plain(latex)}: ${name()}`,
    })));
  }
  return group;
}

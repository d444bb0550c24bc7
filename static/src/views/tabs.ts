/** Which pass is shown and how: the tabs on the left; layout, zoom and what belongs to one pass on the right. */

import { effect, type ReadonlySignal } from "@preact/signals-core";
import { ChevronDown, Minus, Plus } from "lucide";
import { attributes, h, icon, iconButton, live } from "../dom";
import { type Key, t } from "../i18n";
import { mathHTML, plain } from "../math";
import { latexName } from "../symbols";
import type { PassName } from "../trace";
import { hasArrays } from "./card/known";
import { attachMenu, menuPanel } from "./menu";
import type { Page } from "./page";
import { seedView } from "./seed";
import type { Lanes } from "./types";

export const TABS: readonly PassName[] = ["evaluate", "forward", "reverse", "adjoint_graph", "jacobian"];
const LANES: readonly Lanes[] = ["overlay", "mirror"];
const FRONTS = ["graph", "table", "code"] as const;
/** How often a derivative may be differentiated again from the page. */
const ORDERS = 3;

/** `simplify` is a step of the adjoint graph, and has no tab of its own. */
const tabOf = (pass: PassName): PassName => (pass === "simplify" ? "adjoint_graph" : pass);

/** A row of tabs with one tab stop: arrows move and choose. */
export function tabRow<T extends string>(
  className: string, all: readonly T[], key: (one: T) => Key, label: Key, current: ReadonlySignal<T | "">, choose: (one: T) => void, controls = "main",
): HTMLElement {
  const row = h("div", { class: `tabs ${className}`, role: "tablist" });
  attributes(row, () => ({ "aria-label": t(label) }));
  const buttons = all.map((one) => {
    const button = live(h("button", { type: "button", role: "tab", "aria-controls": controls, onclick: () => choose(one) }), () => t(key(one)));
    return attributes(button, () => ({ "aria-selected": String(current.value === one), tabindex: current.value === one ? 0 : -1 }));
  });
  row.append(...buttons);
  row.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const one = to === undefined ? undefined : all[(to + all.length) % all.length];
    if (one === undefined || at < 0) return;
    event.preventDefault();
    choose(one);
    buttons[all.indexOf(one)]?.focus();
  });
  return row;
}

export function choosePass({ store }: Page, pass: PassName): void {
  if (tabOf(store.pass.value) !== pass) store.pass.value = pass;
}

export function tabsView(root: HTMLElement, page: Page, shown: ReadonlySignal<PassName>): void {
  const { store } = page;
  const select = h("select", { class: "pass-select", onchange: () => choosePass(page, select.value as PassName) });
  for (const pass of TABS) select.append(live(h("option", { value: pass }), () => t(`pass.${pass}`)));
  effect(() => {
    select.value = shown.value;
  });
  attributes(select, () => ({ "aria-label": t("nav.pass") }));

  const lanes = h("div", { class: "segments lanes", role: "group" });
  attributes(lanes, () => ({ "aria-label": t("lanes.name"), hidden: !["reverse", "adjoint_graph"].includes(store.pass.value) }));
  for (const one of LANES) {
    const button = live(h("button", { type: "button", onclick: () => (store.lanes.value = one) }), () => t(`lanes.${one}`));
    lanes.append(attributes(button, () => ({ "aria-pressed": String(store.lanes.value === one) })));
  }

  const zoom = h("div", { class: "zoom" },
    iconButton(Minus, () => t("zoom.out"), () => page.drawing.view?.zoomBy(1 / 1.2)),
    attributes(live(h("button", { type: "button", class: "scale", onclick: () => page.drawing.view?.fit() }), () => `${Math.round(100 * store.zoom.value)}%`),
      () => ({ title: t("zoom.fit"), "aria-label": `${t("zoom.fit")}, ${Math.round(100 * store.zoom.value)}%` })),
    iconButton(Plus, () => t("zoom.in"), () => page.drawing.view?.zoomBy(1.2)));

  root.append(
    tabRow("passes", TABS, (pass) => `pass.${pass}` as Key, "nav.pass", shown, (pass) => choosePass(page, pass)),
    tabRow("fronts", FRONTS, (front) => `nav.${front}`, "nav.parts", store.front, (front) => (store.front.value = front)),
    select,
    h("div", { class: "settings" }, seedView(page), simplifyToggle(page), orderMenu(page), cardToggle(page), lanes, zoom));
}

function simplifyToggle({ store, session }: Page): HTMLElement {
  const flip = (): void => {
    store.pass.value = store.pass.value === "simplify" ? "adjoint_graph" : "simplify";
  };
  const button = live(h("button", { type: "button", class: "outlined", onclick: flip }), () => t("simplify.toggle"));
  return attributes(button, () => ({
    "aria-pressed": String(store.pass.value === "simplify"), title: t("simplify.about"),
    // Only the gradient of a number is simplified.
    hidden: tabOf(store.pass.value) !== "adjoint_graph" || (store.pass.value !== "simplify" && session.shapes.value.output.length > 0),
  }));
}

/** Among numbers the boxes already say most of it: there the button stays away, but the key works. */
function cardToggle({ store, session }: Page): HTMLElement {
  const button = live(h("button", { type: "button", class: "outlined card-toggle", onclick: () => (store.card.value = !store.card.value) }), () => t("card.toggle"));
  return attributes(button, () => ({
    "aria-pressed": String(store.card.value), title: t("card.about"),
    // The strip has the matrix there.
    hidden: store.pass.value === "jacobian" || !(store.card.value || (session.doc.value !== null && hasArrays(session.doc.value))),
  }));
}

/** ∂f/∂x, ∂²f/∂x∂y, ...: the function whose adjoint graph is built. */
export function derivativeName(of: readonly string[]): string {
  if (of.length === 0) return "f";
  const order = of.length > 1 ? `^${of.length}` : "";
  return `\\frac{\\partial${order} f}{${[...of].reverse().map((name) => `\\partial ${latexName(name)}`).join(" ")}}`;
}

function orderMenu({ store, session }: Page): HTMLElement {
  const label = h("span", { class: "function" });
  const button = h("button", { type: "button", class: "outlined order" }, label, icon(ChevronDown, 16));
  const panel = menuPanel();
  attachMenu(button, panel, () => {
    const names = session.form.value?.inputs.map((input) => input.name) ?? [];
    const go = (of: string[]) => (): void => {
      store.of.value = of;
      panel.hidePopover();
    };
    panel.replaceChildren(
      h("p", {}, h("b", {}, t("order.again")), h("br"), t("order.about")),
      ...(store.of.value.length < ORDERS ? names.map((name) => {
        const [before = "", after = ""] = t("order.by", { name: "\u0000" }).split("\u0000");
        return h("button", { type: "button", onclick: go([...store.of.value, name]) }, before, mathHTML(latexName(name)), after,
          h("span", { class: "function" }, mathHTML(derivativeName([...store.of.value, name]))));
      }) : []),
      ...(store.of.value.length > 0 ? [h("button", { type: "button", onclick: go([]) }, t("order.back"))] : []));
  });
  effect(() => label.replaceChildren(mathHTML(derivativeName(store.of.value))));
  const holder = h("span", { class: "ordering" }, button, panel);
  attributes(button, () => ({ "aria-label": `${t("order.name")}: ${plain(derivativeName(store.of.value))}`, title: t("order.again") }));
  return attributes(holder, () => ({ hidden: tabOf(store.pass.value) !== "adjoint_graph" }));
}

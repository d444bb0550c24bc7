/** Dialogs: the gallery of examples, help with the list of keys, and those that are made anew each time. */

import { effect } from "@preact/signals-core";
import { X } from "lucide";
import type { Example } from "../api";
import { h, iconButton, live } from "../dom";
import { type Key, locale, t } from "../i18n";
import { BINDINGS } from "../keys";
import type { Store } from "../store";
import { written } from "./inputs";

export function dialog(title: Key, body: HTMLElement): HTMLDialogElement {
  const heading = live(h("h2", { id: `dialog-${title}` }), () => t(title));
  const made: HTMLDialogElement = h("dialog", { "aria-labelledby": `dialog-${title}` },
    h("header", {}, heading, iconButton(X, () => t("help.close"), () => made.close())), body);
  // A click on the backdrop closes: it hits the dialog itself, nothing inside it.
  made.addEventListener("click", (event) => event.target === made && made.close());
  document.body.append(made);
  return made;
}

/** A dialog of the moment: made when it opens, gone when it closes. */
export function openDialog(title: string, body: HTMLElement, className = ""): HTMLDialogElement {
  const made: HTMLDialogElement = h("dialog", { "aria-label": title, class: className },
    h("header", {}, h("h2", {}, title), iconButton(X, () => t("help.close"), () => made.close())), body);
  made.addEventListener("click", (event) => event.target === made && made.close());
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}

export function galleryDialog(list: () => Promise<Example[]>, choose: (example: Example) => void): () => void {
  const cards = h("div", { class: "cards" });
  const made = dialog("gallery.title", cards);

  function card(example: Example): HTMLElement {
    const inputs = Object.entries(example.inputs).map(([name, value]) => `${name} = ${written(value)}`).join(", ");
    return h("button", { type: "button", class: "card", onclick: () => {
      made.close();
      choose(example);
    } },
      h("b", {}, example.title[locale.value]),
      h("code", {}, example.source),
      h("span", { class: "at" }, inputs),
      h("span", { class: "about" }, example.about[locale.value]),
      example.reference ? h("span", { class: "reference" }, example.reference) : null);
  }

  let all: Example[] | null = null;
  const draw = (): void => {
    cards.replaceChildren(...(all ? all.map(card) : [h("p", {}, t("gallery.none"))]));
  };
  effect(() => {
    locale.value;
    if (made.open) draw();
  });
  return () => {
    made.showModal();
    void list().then((examples) => (all = examples), () => {}).finally(draw);
  };
}

const NAMES: Record<string, string> = {
  ArrowRight: "→", ArrowLeft: "←", PageDown: "PgDn", PageUp: "PgUp", " ": "␣", Escape: "Esc",
};
const keyName = (key: string): string => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

export function helpDialog(store: Store): () => void {
  const body = h("div", { class: "help" });
  const made = dialog("help.title", body);
  const READING = ["value", "tangent", "adjoint", "partial", "array", "matrix", "click"] as const;
  const GLYPHS: Record<string, string> = { value: "■", tangent: "▲", adjoint: "▼", partial: "→", array: "▦", matrix: "⊞", click: "•" };
  const ROLES: Record<string, string> = { value: "primal", tangent: "tangent", adjoint: "adjoint" };

  function keyRows(): HTMLElement[] {
    const rows = BINDINGS.filter((binding) => binding.help !== null).map((binding) => {
      const keys = binding.action === "tab1" ? ["1", "2", "3", "4", "5"] : binding.action === "optionA" ? ["A", "B", "C", "D"] : binding.keys.filter((key) => key !== "=" && key !== "−");
      return h("tr", {},
        h("td", {}, ...keys.flatMap((key) => [h("kbd", {}, (binding.shift ? "⇧ " : "") + keyName(key)), " "])),
        h("td", {}, t(binding.help as Key), binding.place === "hall" ? h("span", { class: "hall" }, ` (${t("help.hall")})`) : null));
    });
    return [...rows, h("tr", {}, h("td", {}, ...["↑", "↓", "←", "→"].flatMap((key) => [h("kbd", {}, key), " "])), h("td", {}, t("key.walk")))];
  }

  effect(() => {
    const single = h("input", { type: "checkbox", onchange: () => (store.singleKeys.value = single.checked) });
    single.checked = store.singleKeys.value;
    body.replaceChildren(
      h("section", {}, h("h3", {}, t("help.reading")), h("ul", {}, ...READING.map((one) =>
        h("li", {}, h("span", { class: `glyph ${ROLES[one] ?? ""}`, "aria-hidden": "true" }, GLYPHS[one] ?? ""), t(`help.reading.${one}`))))),
      h("section", {}, h("h3", {}, t("help.keys")), h("table", { class: "keys" }, h("tbody", {}, ...keyRows())),
        h("label", { class: "switch" }, single, t("help.single"))));
  });
  return () => made.showModal();
}

/** Presenting in a hall: no chrome, sizes in vh, a clicker's keys. The graph and the dots are the page's own. */

import { effect, signal } from "@preact/signals-core";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML } from "../math";
import { short } from "../numbers";
import { boundAt, codeLine } from "./algorithm";
import { asked, gateOptions } from "./gate";
import { replay } from "../replay";
import { latexName } from "../symbols";
import type { Page } from "./page";

export type HallPanel = "code" | "table" | "rule" | "none";

export interface Hall {
  /** Puts this below the graph, or takes it away. */
  panel(which: HallPanel): void;
  blank(colour: "black" | "white"): void;
  strip(): void;
  option(index: number): void;
  /** True when a question with options is on the wall. */
  options(): boolean;
  leave(): void;
}

export function presentView(app: HTMLElement, head: HTMLElement, foot: HTMLElement, page: Page): Hall {
  const { store, session, prediction } = page;
  const panel = signal<HallPanel>("code");
  const cover = signal<"" | "black" | "white" | "strip">("");
  const sheet = h("div", { class: "cover", onclick: () => (cover.value = "") });
  document.body.append(sheet);

  effect(() => {
    sheet.className = `cover ${cover.value}`;
    sheet.hidden = cover.value === "";
    sheet.replaceChildren(...(cover.value === "strip" ? [
      h("div", { class: "greys" }, ...Array.from({ length: 8 }, (_, i) => h("span", { class: `grey-${i}` }, String(i + 1)))),
      h("div", { class: "hues" }, h("span", { class: "primal" }, "■ 0.6931"), h("span", { class: "tangent" }, "▲ 0.6931"), h("span", { class: "adjoint" }, "▼ 0.6931")),
      h("p", {}, t("present.strip")),
    ] : []));
  });

  effect(() => {
    const on = store.present.value;
    app.classList.toggle("presenting", on);
    app.dataset["panel"] = panel.value;
    if (!on) cover.value = "";
  });
  effect(() => {
    // Opened by a link, or where it is not allowed, the hall is a window: that is fine.
    if (store.present.value && navigator.userActivation?.isActive) void document.documentElement.requestFullscreen?.().catch(() => {});
    if (!store.present.value && document.fullscreenElement) void document.exitFullscreen().catch(() => {});
  });
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement) store.present.value = false;
  });

  effect(() => {
    const doc = session.doc.value;
    if (!doc || !store.present.value) return head.replaceChildren();
    const latex = session.form.value?.latex;
    const at = Object.entries(doc.inputs).filter(([, value]) => typeof value === "number").map(([name, value]) => `${latexName(name)} = ${value}`);
    head.replaceChildren(
      h("span", {}, latex && latex.length < 120 ? mathHTML(latex) : doc.source, at.length < 4 ? h("span", { class: "at" }, ...at.flatMap((latex) => [",  ", mathHTML(latex)])) : null),
      h("span", { class: "where" }, t("present.step", { pass: t(`pass.${doc.pass}`), k: session.k.value, n: doc.events.length })));
  });

  effect(() => {
    const doc = session.doc.value;
    if (!doc || !store.present.value) return foot.replaceChildren();
    const gate = prediction.gate.value;
    const open = gate?.verdict === "open";
    const state = open ? replay(doc, gate.question.index + 1) : session.state.value;
    const { event } = state;
    const parts: HTMLElement[] = [];
    if (event && panel.value === "code") {
      const bound = [...boundAt(doc, state).values()];
      parts.push(h("div", { class: "hall-line" }, h("span", { class: "line" }, String(event.line)),
        codeLine((doc.algorithm[event.line - 1]?.code ?? "").trim()),
        h("span", { class: "bind" }, ...bound.map((latex) => mathHTML(latex)))));
    }
    if (gate) {
      parts.push(h("div", { class: "hall-gate" },
        h("div", { class: "question" }, mathHTML(`${asked(doc, gate.question)} =`), open ? " ?" : ` ${short(gate.question.answer)}`,
          gate.question.parts > 1 ? h("small", {}, t("gate.parts", { n: gate.question.parts })) : null),
        gateOptions(page, gate.question, !open)));
    }
    foot.replaceChildren(...parts);
  });

  const flip = (colour: "black" | "white" | "strip") => (): void => {
    cover.value = cover.value === colour ? "" : colour;
  };
  return {
    panel: (which) => (panel.value = panel.value === which ? "none" : which),
    blank: (colour) => flip(colour)(),
    strip: flip("strip"),
    option: (index) => foot.querySelector<HTMLButtonElement>(`[data-option="${index}"]`)?.click(),
    options: () => foot.querySelector("[data-option]:enabled") !== null,
    leave: () => (store.present.value = false),
  };
}

/** The algorithm as the textbook prints it, with its line and loop variables at this step. */

import { effect } from "@preact/signals-core";
import { h } from "../dom";
import { t } from "../i18n";
import { mathHTML } from "../math";
import type { State } from "../replay";
import { nameOf } from "../symbols";
import type { TraceDocument, TraceEvent } from "../trace";
import type { Page } from "./page";

/** Where each loop variable is bound last at or above the current line: there its value is shown. */
export function bindings(doc: Pick<TraceDocument, "algorithm">, event: TraceEvent | null): Map<number, "i" | "k"> {
  const shown = new Map<number, "i" | "k">();
  if (!event) return shown;
  for (const variable of ["i", "k"] as const) {
    if (variable === "k" && !("source" in event)) continue;
    const loops = new RegExp(`\\bfor\\b.*\\b${variable}\\b.*\\bin\\b`);
    const above = doc.algorithm.slice(0, event.line);
    const loop = above.findLastIndex(({ code }) => loops.test(code));
    const line = loop >= 0 ? loop : above.findLastIndex(({ bind }) => bind === variable);
    if (line >= 0) shown.set(line + 1, variable);
  }
  return shown;
}

/** What the loop variables of a step stand for, in LaTeX, by the line that binds them. */
export function boundAt(doc: TraceDocument, { event, slices }: State): Map<number, string> {
  if (event?.kind === "column" || event?.kind === "row") {
    const line = doc.algorithm.findIndex(({ code }) => /\bfor j in\b/.test(code));
    return new Map([[line + 1, `j = ${slices.length}`]]);
  }
  const node = (variable: "i" | "k", at: TraceEvent): number => (variable === "i" ? at.node : (at as { source: number }).source);
  return new Map([...bindings(doc, event)].map(([line, variable]) => [line, `${variable} = ${nameOf(doc, node(variable, event as TraceEvent))}`]));
}

/** A line of code, in which a letter with a bar or a dot is set as maths: the fixed-width face has no such letters. */
export function codeLine(code: string): HTMLElement {
  const accents: Record<string, string> = { "\u0304": "bar", "\u0307": "dot" };
  const parts = code.normalize("NFD").split(/(\p{L}[\u0304\u0307]|∂)/u);
  return h("code", {}, ...parts.map((part) => {
    if (part === "∂") return mathHTML("\\partial");
    const accent = accents[part[1] ?? ""];
    return accent && part.length === 2 ? mathHTML(`\\${accent}{${part[0]}}`) : part.normalize("NFC");
  }));
}

export function algorithmView(root: HTMLElement, { session, player }: Page): void {
  const list = h("ol", { class: "code" });
  root.append(list);

  function jump(line: number): void {
    const events = session.doc.value?.events ?? [];
    const after = events.findIndex((event, index) => index >= session.k.value && event.line === line);
    const found = after >= 0 ? after : events.findIndex((event) => event.line === line);
    if (found >= 0) player.seek(found + 1);
  }

  let drawn: TraceDocument["algorithm"] | null = null;
  let signature = "";

  effect(() => {
    const doc = session.doc.value;
    const { event } = session.state.value;
    drawn = doc?.algorithm ?? [];
    const written = `${drawn.map((line) => line.code).join("\n")}\n${t("algorithm.line", { line: 0 })}`;
    if (written !== signature) {
      signature = written;
      list.replaceChildren(...drawn.map(({ code }, i) =>
        h("li", {}, h("button", { type: "button", title: t("algorithm.line", { line: i + 1 }), onclick: () => jump(i + 1) },
          codeLine(code), h("span", { class: "bind" })))));
    }
    const shown = doc ? boundAt(doc, session.state.value) : new Map<number, string>();
    [...list.children].forEach((item, i) => {
      const now = event?.line === i + 1;
      item.classList.toggle("now", now);
      if (now) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      const bound = shown.get(i + 1);
      item.querySelector(".bind")?.replaceChildren(...(bound ? [mathHTML(bound)] : []));
    });
  });
}

/** The formula field with its label, the link between its characters and the nodes, and what is wrong with it. */

import { computed, effect } from "@preact/signals-core";
import { BookOpen } from "lucide";
import { attributes, h, icon, live } from "../dom";
import { formulaEditor } from "../editor/editor";
import type { Marks } from "../editor/marks";
import { t } from "../i18n";
import { mathHTML } from "../math";
import { latexName, nameOf } from "../symbols";
import type { NodeId, TraceDocument } from "../trace";
import type { Page } from "./page";
import { isAboutSeed } from "./seed";

/** The node whose text is the shortest around a character. */
export function nodeAt(doc: Pick<TraceDocument, "graph">, offset: number): NodeId | null {
  let best: NodeId | null = null;
  let least = Infinity;
  for (const { id, span, const: constant } of doc.graph.nodes) {
    if (!span || constant !== undefined || offset < span[0] || offset > span[1] || span[1] - span[0] >= least) continue;
    best = id;
    least = span[1] - span[0];
  }
  return best;
}

/** An input's span is where it is first read; every other place is found by its name. */
function inputAt(doc: TraceDocument, offset: number): NodeId | null {
  for (const found of doc.source.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
    if (offset < found.index || offset > found.index + found[0].length) continue;
    const input = doc.graph.inputs.find((id) => doc.graph.nodes[id]?.name === found[0]);
    if (input !== undefined) return input;
  }
  return null;
}

/** Names of the inputs that the local partial of this step reads. */
function readBy(doc: TraceDocument, node: NodeId, argnum: number): string[] {
  const partial = doc.text?.partials[node]?.[argnum] ?? "";
  const inputs = doc.graph.nodes[node]?.inputs ?? [];
  return inputs.filter((id) => partial.includes(nameOf(doc, id))).map((id) => doc.graph.nodes[id]?.name ?? "");
}

/** Longer lists of inputs are left out before the field: it needs the room itself. */
const LABEL = 20;

export function formulaView(root: HTMLElement, { store, session, open }: Page): void {
  const label = h("span", { class: "fx", "aria-hidden": "true" });
  const host = h("div", { class: "editor-host" });
  const examples = h("button", { type: "button", class: "examples", onclick: open.gallery }, icon(BookOpen, 18), live(h("span", { class: "word" }), () => t("editor.examples")));
  attributes(examples, () => ({ "aria-label": t("editor.examples"), title: t("editor.examples") }));
  root.append(label, host, examples);

  effect(() => {
    const names = session.form.value?.inputs.map((input) => input.name) ?? [];
    const args = names.length > 4 ? [...names.slice(0, 2).map(latexName), "\\ldots"] : names.map(latexName);
    label.hidden = names.length === 0 || names.length > 4 || names.join("").length > LABEL || store.source.value.includes("\n");
    label.replaceChildren(mathHTML(`f(${args.join(", ")}) =`));
  });

  const marks = computed((): Marks => {
    const doc = session.doc.value;
    const span = session.error.value?.span;
    const error: Marks["error"] = span ? [span.start, span.end] : null;
    if (!doc || doc.source !== store.source.value) return { node: null, read: [], error };
    const { event } = session.state.value;
    const hovered = store.hover.value;
    const node = hovered ?? event?.node ?? null;
    const read = hovered === null && event && "argnum" in event ? readBy(doc, event.node, event.argnum) : [];
    return { node: node === null ? null : (doc.graph.nodes[node]?.span ?? null), read, error };
  });

  formulaEditor(host, {
    source: store.source,
    marks,
    onChange: (source) => (store.source.value = source),
    onPoint(offset) {
      const doc = session.doc.value;
      store.hover.value = offset === null || !doc || doc.source !== store.source.value ? null : (inputAt(doc, offset) ?? nodeAt(doc, offset));
    },
  });
}

const PATIENCE = 350;

/** The message under the field, with its hint. */
export function problemView(root: HTMLElement, { session, store }: Page): void {
  effect(() => {
    // What is wrong with a seed is said where it is chosen.
    const error = isAboutSeed(session.error.value) ? null : session.error.value;
    root.replaceChildren(...(error ? [h("b", {}, error.message), error.hint ? h("span", {}, ` ${error.hint}`) : ""] : []));
    root.hidden = true;
    // A text that can be read leaves the inputs to mend: they stay in sight.
    root.classList.toggle("below-inputs", session.form.peek()?.source === store.source.peek());
    // Half a word is no mistake yet: while someone types, the mark is enough.
    const timer = setTimeout(() => (root.hidden = !error), PATIENCE);
    return () => clearTimeout(timer);
  });
}

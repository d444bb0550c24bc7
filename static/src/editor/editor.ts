/** The formula field. It lives in a shadow root, so that CodeMirror's sheet is adopted and no <style> is written into the page. */

import { closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { effect, type ReadonlySignal } from "@preact/signals-core";
import { api } from "../api";
import { h } from "../dom";
import { LANGUAGE, locale, t } from "../i18n";
import type { OpRow } from "../trace";
import { completion } from "./complete";
import { language } from "./language";
import { type Marks, marks, setMarks } from "./marks";
import { theme } from "./theme";

export interface EditorHooks {
  source: ReadonlySignal<string>;
  marks: ReadonlySignal<Marks>;
  onChange(source: string): void;
  /** The pointer or the caret is at this character; null when neither is in the text. */
  onPoint(offset: number | null): void;
}

/** Typing over a selection. Left to itself, Chromium keeps the look of what was there in a style attribute, which our policy refuses. */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const { from, to, empty } = view.state.selection.main;
  const text = event.data;
  if (event.inputType !== "insertText" || text === null || empty || view.composing) return false;
  const insert = () => view.state.update({ ...view.state.replaceSelection(text), userEvent: "input.type" });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
  return true;
}

export function formulaEditor(host: HTMLElement, hooks: EditorHooks): { focus(): void } {
  const root = host.attachShadow({ mode: "open" });
  const holder = h("div");
  root.append(holder);
  const words = new Compartment();
  let ops: Promise<OpRow[]> | null = null;

  const wording = () => [
    placeholder(t("editor.placeholder")),
    EditorView.contentAttributes.of({ "aria-label": t("editor.name"), lang: LANGUAGE[locale.value], autocapitalize: "off", autocorrect: "off" }),
  ];

  function loadOps(): Promise<OpRow[]> {
    ops ??= api.ops(LANGUAGE[locale.value]);
    ops.catch(() => (ops = null));
    return ops;
  }

  const view = new EditorView({
    root,
    parent: holder,
    state: EditorState.create({
      doc: hooks.source.value,
      extensions: [
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        // A quote is a transpose, and has no other half.
        EditorState.languageData.of(() => [{ closeBrackets: { brackets: ["(", "[", "{"] } }]),
        language,
        marks,
        completion(loadOps),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          { key: "Shift-Enter", run: insertNewlineAndIndent },
          // One line is a formula, and Enter leaves it; more lines are a program, and Enter makes another.
          { key: "Enter", run: (editor) => editor.state.doc.lines === 1 && (editor.contentDOM.blur(), true) },
          { key: "Escape", run: (editor) => closeCompletion(editor) || (editor.contentDOM.blur(), true) },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        words.of(wording()),
        theme,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) hooks.onChange(update.state.doc.toString());
          if (update.focusChanged && !update.view.hasFocus) hooks.onPoint(null);
          else if (update.selectionSet && update.view.hasFocus) hooks.onPoint(update.state.selection.main.head);
        }),
        EditorView.domEventHandlers({
          beforeinput: replaceSelection,
          pointermove: (event, editor) => hooks.onPoint(editor.posAtCoords({ x: event.clientX, y: event.clientY })),
          pointerleave: () => hooks.onPoint(null),
        }),
      ],
    }),
  });

  effect(() => {
    const source = hooks.source.value;
    if (source !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source } });
  });
  effect(() => view.dispatch({ effects: setMarks.of(hooks.marks.value) }));
  effect(() => view.dispatch({ effects: words.reconfigure(wording()) }));
  return { focus: () => view.focus() };
}

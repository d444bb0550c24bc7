/** What is marked in the formula: the characters of one node, a name that is read in it, and an error. */

import { type Extension, type Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

export interface Marks {
  node: [number, number] | null;
  read: string[];
  error: [number, number] | null;
}

export const setMarks = StateEffect.define<Marks>();

const node = Decoration.mark({ class: "cm-node" });
const read = Decoration.mark({ class: "cm-read" });
const error = Decoration.mark({ class: "cm-error" });

const within = ([from, to]: [number, number], length: number): [number, number] => [Math.min(from, length), Math.min(to, length)];

function drawn(marks: Marks, text: string): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  if (marks.node) {
    const [from, to] = within(marks.node, text.length);
    if (from < to) ranges.push(node.range(from, to));
    for (const found of text.slice(from, to).matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
      if (marks.read.includes(found[0])) ranges.push(read.range(from + found.index, from + found.index + found[0].length));
    }
  }
  if (marks.error) {
    const [from, to] = within(marks.error, text.length);
    const shown: [number, number] = from < to ? [from, to] : [Math.max(0, from - 1), from];
    if (shown[0] < shown[1]) ranges.push(error.range(...shown));
  }
  return Decoration.set(ranges, true);
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    const change = transaction.effects.find((effect) => effect.is(setMarks));
    // Until the server has read the new text, no mark is better than one that has slipped.
    if (transaction.docChanged && !change) return Decoration.none;
    return change ? drawn(change.value as Marks, transaction.state.doc.toString()) : decorations;
  },
  provide: (self) => EditorView.decorations.from(self),
});

export const marks: Extension = field;

/** Colours of the formula: one expression for its tokens, no grammar. The server reads the text; this only paints it. */

import { Decoration, type DecorationSet, type EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from "@codemirror/view";

export const TOKEN = /#.*|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|(?<=[\p{L}\p{N}_)\]'.])(?:\.T\b|')+|[\p{L}_][\p{L}\p{N}_]*|@|[[\]]/gu;
const KEYWORD = /^(?:def|return|for|in|while|if|elif|else|range|and|or|not|True|False)$/;

const painted = (name: string): Decoration => Decoration.mark({ class: `tok-${name}` });
const paint = { comment: painted("comment"), number: painted("number"), keyword: painted("keyword"), function: painted("function"), name: painted("name"),
  operator: painted("operator"), bracket: painted("bracket") };

export function kindOf(token: string, next: string): keyof typeof paint {
  if (token.startsWith("#")) return "comment";
  if (/^(?:@|'|\.T)/.test(token)) return "operator";
  if (/^[[\]]/.test(token)) return "bracket";
  if (/^[\d.]/.test(token)) return "number";
  if (KEYWORD.test(token)) return "keyword";
  return /^\s*[(（]/.test(next) ? "function" : "name";
}

const matcher = new MatchDecorator({
  regexp: TOKEN,
  decoration(match, view, from) {
    const end = from + match[0].length;
    return paint[kindOf(match[0], view.state.sliceDoc(end, end + 4))];
  },
});

export const language = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = update.docChanged ? matcher.createDeco(update.view) : matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** The name before the caret. */
export const WORD = /[\p{L}_][\p{L}\p{N}_]*$/u;

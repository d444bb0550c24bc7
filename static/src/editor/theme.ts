/** The look of the editor. CodeMirror adopts this sheet into the editor's shadow root, where custom properties reach. */

import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "var(--editor-size, 18px)", width: "100%", minWidth: "0" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "28px", overflowX: "auto", scrollbarWidth: "none", maxHeight: "min(170px, 40vh)" },
  ".cm-content": { padding: "7px 0", caretColor: "var(--ink)", fontFeatureSettings: '"calt" 0' },
  ".cm-line": { padding: "0 2px 0 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-placeholder": { color: "var(--line)" },
  ".tok-number, .tok-comment": { color: "var(--ink2)" },
  ".tok-keyword, .tok-operator": { fontWeight: "600" },
  ".tok-bracket": { color: "var(--ink2)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--surface)", boxShadow: "inset 0 0 0 1px var(--line)", borderRadius: "2px" },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--err)" },
  ".cm-node": { backgroundColor: "var(--active)", padding: "4px 0", boxShadow: "inset 0 -3px var(--ink)" },
  ".cm-read": { fontWeight: "700" },
  ".cm-read, .cm-read *": { color: "var(--primal)" },
  ".cm-error": { textDecoration: "underline wavy var(--err) 2px", textUnderlineOffset: "5px", textDecorationSkipInk: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--primal) 25%, transparent)",
  },
  ".cm-tooltip": { border: "1px solid var(--line)", borderRadius: "8px", backgroundColor: "var(--bg)", color: "var(--ink)", overflow: "hidden",
    boxShadow: "0 8px 24px rgb(0 0 0 / .16)", zIndex: "20" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", fontSize: "14px", maxHeight: "260px", maxWidth: "min(560px, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 12px", lineHeight: "20px", display: "flex", gap: "16px", alignItems: "baseline" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--active)", color: "var(--ink)", boxShadow: "inset 3px 0 var(--ink)" },
  ".cm-completionLabel": { fontFamily: "var(--mono)", flex: "0 0 auto" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--ink2)", marginLeft: "0", overflow: "hidden", textOverflow: "ellipsis" },
});

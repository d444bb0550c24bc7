/** Completion of function names, with the line that says what each does. */

import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { locale } from "../i18n";
import type { OpRow } from "../trace";
import { WORD } from "./language";

const isName = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);

export function optionsOf(ops: OpRow[]): Completion[] {
  return ops.filter((op) => !op.internal).flatMap((op) => [op.name, ...(op.aliases ?? [])].filter(isName).map((name) => ({
    label: name,
    type: "function",
    detail: op.about?.[locale.value] ?? "",
    apply: `${name}(`,
  })));
}

export function completion(ops: () => Promise<OpRow[]>): Extension {
  async function source(context: CompletionContext): Promise<CompletionResult | null> {
    const word = context.matchBefore(WORD);
    if (!word || (word.to - word.from < 2 && !context.explicit)) return null;
    const options = optionsOf(await ops().catch(() => []));
    return options.some((option) => option.label.startsWith(word.text)) ? { from: word.from, options, validFor: /^[\p{L}\p{N}_]*$/u } : null;
  }
  return autocompletion({ override: [source], icons: false, activateOnTyping: true, maxRenderedOptions: 40 });
}

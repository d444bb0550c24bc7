/** The keyboard map: one row per action. The help dialog is written from it. */

import type { Key } from "./i18n";

export type Action =
  | "next" | "previous" | "nextPhase" | "previousPhase" | "first" | "last" | "play" | "lanes" | "seed" | "predict" | "language"
  | "present" | "leave" | "blank" | "white" | "strip" | "zoomIn" | "zoomOut" | "zoomReset" | "help" | "reverse" | "card" | "closeCard" | "derivatives" | "compare" | "inspect"
  | "tab1" | "tab2" | "tab3" | "tab4" | "tab5" | "optionA" | "optionB" | "optionC" | "optionD";

type Place = "both" | "study" | "hall";
interface Binding { action: Action; keys: string[]; place: Place; shift?: boolean; help: Key | null }

/** Names as in KeyboardEvent.key; one letter stands for itself in either case. */
export const BINDINGS: readonly Binding[] = [
  { action: "nextPhase", keys: ["ArrowRight"], shift: true, place: "both", help: "key.nextPhase" },
  { action: "previousPhase", keys: ["ArrowLeft"], shift: true, place: "both", help: "key.previousPhase" },
  { action: "next", keys: ["ArrowRight", "PageDown", "n"], place: "both", help: "key.next" },
  { action: "next", keys: [" ", "Enter"], place: "hall", help: null },
  { action: "previous", keys: ["ArrowLeft", "PageUp", "p"], place: "both", help: "key.previous" },
  { action: "first", keys: ["Home"], place: "both", help: "key.first" },
  { action: "last", keys: ["End"], place: "both", help: "key.last" },
  { action: "play", keys: [" "], place: "study", help: "key.play" },
  { action: "tab1", keys: ["1"], place: "both", help: "key.pass" },
  { action: "tab2", keys: ["2"], place: "both", help: null },
  { action: "tab3", keys: ["3"], place: "both", help: null },
  { action: "tab4", keys: ["4"], place: "both", help: null },
  { action: "tab5", keys: ["5"], place: "both", help: null },
  { action: "reverse", keys: ["r"], place: "study", help: null },
  { action: "lanes", keys: ["m"], place: "both", help: "key.lanes" },
  { action: "seed", keys: ["j"], place: "both", help: "key.seed" },
  { action: "predict", keys: ["d"], place: "study", help: "key.predict" },
  { action: "derivatives", keys: ["g"], place: "study", help: "key.derivatives" },
  { action: "compare", keys: ["v"], place: "both", help: "key.compare" },
  { action: "inspect", keys: ["i"], place: "study", help: "key.inspect" },
  { action: "language", keys: ["l"], place: "both", help: "key.language" },
  { action: "card", keys: ["c"], place: "study", help: "key.card" },
  { action: "closeCard", keys: ["Escape"], place: "study", help: null },
  { action: "present", keys: ["f"], place: "both", help: "key.present" },
  { action: "leave", keys: ["Escape"], place: "hall", help: "key.leave" },
  { action: "blank", keys: ["b", "."], place: "hall", help: "key.blank" },
  { action: "white", keys: ["w"], place: "hall", help: "key.white" },
  { action: "strip", keys: ["t"], place: "hall", help: "key.strip" },
  { action: "optionA", keys: ["a"], place: "hall", help: "key.option" },
  { action: "optionB", keys: ["b"], place: "hall", help: null },
  { action: "optionC", keys: ["c"], place: "hall", help: null },
  { action: "optionD", keys: ["d"], place: "hall", help: null },
  { action: "zoomIn", keys: ["+", "="], place: "both", help: "key.zoomIn" },
  { action: "zoomOut", keys: ["-", "−"], place: "both", help: "key.zoomOut" },
  { action: "zoomReset", keys: ["0"], place: "both", help: "key.zoomReset" },
  { action: "help", keys: ["?"], place: "both", help: "key.help" },
];

export interface Situation { present: boolean; singleKeys: boolean; /** A question with options is on the wall. */ options: boolean; /** The card of a node is open, and nothing above it. */ card?: boolean }
type Press = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing">;

/** The letter of the key, also where an input method or another script hides it. */
function letter(press: Press): string {
  if (/^[a-z]$/i.test(press.key)) return press.key.toLowerCase();
  const [, code] = /^Key([A-Z])$/.exec(press.code) ?? [];
  if (code && (press.key === "Process" || press.key.charCodeAt(0) > 127)) return code.toLowerCase();
  return press.key;
}

export function actionFor(press: Press, { present, singleKeys, options, card = false }: Situation): Action | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.isComposing) return null;
  const key = letter(press);
  const single = [...key].length === 1 && key !== " ";
  if (single && !singleKeys && !present) return null;
  const fits = BINDINGS.filter(
    ({ action, keys, place, shift }) =>
      keys.includes(key) && (card || action !== "closeCard") && (place === "both" || (place === "hall") === present) && (single || (shift ?? false) === press.shiftKey),
  );
  const wanted = fits.find(({ action }) => action.startsWith("option") === options);
  return (wanted ?? fits.find(({ action }) => !action.startsWith("option")))?.action ?? null;
}

const TYPING = "input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable=true]";
const OWN_ARROWS = "input, select, [role=tablist], [role=slider], [role=menu], [role=listbox]";
const OWN_PRESS = "button, a, summary, label, [role=option]";

/** True when the element that has the focus needs this key for itself. */
export function takenBy(press: Press, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING)) return true;
  if (/^(Arrow|Home|End|Page)/.test(press.key)) return target.closest(OWN_ARROWS) !== null;
  return (press.key === " " || press.key === "Enter") && target.closest(OWN_PRESS) !== null;
}

export function listenToKeys(
  situation: () => Situation, actions: Partial<Record<Action, () => void>>, settle: () => void,
): void {
  document.addEventListener("keydown", (press) => {
    const target = press.composedPath()[0] ?? null;
    if (press.defaultPrevented || document.querySelector("dialog[open]")) return;
    settle();
    const present = situation().present;
    if (present && press.key === "F5") return press.preventDefault();
    if (takenBy(press, target)) return;
    const action = actionFor(press, situation());
    const run = action ? actions[action] : undefined;
    if (!run) return;
    press.preventDefault();
    run();
  });
}

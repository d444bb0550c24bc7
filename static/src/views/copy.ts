/** Buttons that copy a text. */

import { h } from "../dom";
import { t } from "../i18n";

export interface Copyable { label: string; name: string; write(): string }

export function copyRow(texts: readonly Copyable[]): HTMLElement {
  const note = h("output", { role: "status" });
  const field = h("textarea", { readonly: true, rows: 3, hidden: true });
  async function copy({ label, write }: Copyable): Promise<void> {
    const text = write();
    field.setAttribute("aria-label", label);
    // Without a secure context there is no clipboard to write to: the text is shown, selected.
    const done = (await navigator.clipboard?.writeText(text).then(() => true, () => false)) ?? false;
    field.hidden = done;
    note.textContent = done ? t("array.copied") : "";
    if (done) return;
    field.value = text;
    field.select();
  }
  const buttons = texts.map((one) =>
    h("button", { type: "button", class: "outlined", title: one.name, "aria-label": one.name, onclick: () => void copy(one) }, one.label));
  return h("div", { class: "copies" }, ...buttons, note, field);
}

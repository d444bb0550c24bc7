/** Language, theme, link, export, help, present: the right end of the header, and the sheet behind ⋮ on a phone. */

import { effect } from "@preact/signals-core";
import { CircleQuestionMark, ClipboardCheck, Contrast, Download, Link, Presentation, Scale, Stethoscope } from "lucide";
import { attributes, h, icon, iconButton, live, save } from "../dom";
import { svgFile } from "../export";
import { hashOf } from "../grade/frame";
import { LANGUAGE, type Locale, t } from "../i18n";
import { fieldsOf, type Theme, toHash } from "../store";
import { derivativesButton } from "./derivatives";
import { attachMenu, menuPanel } from "./menu";
import type { Page } from "./page";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const LANGUAGES: readonly [Locale, string][] = [["en", "EN"], ["zh", "中文"]];

export function toolsView(root: HTMLElement, page: Page): void {
  root.append(languageSwitch(page), themeButton(page), linkButton(page), derivativesButton(() => page.open.derivatives()),
    iconButton(Scale, () => t("compare.open"), () => page.open.compare()),
    iconButton(Stethoscope, () => t("inspect.open"), () => page.open.inspect()), gradeLink(page), ...exportMenu(page),
    iconButton(CircleQuestionMark, () => t("tools.help"), page.open.help), presentButton(page));
}

function languageSwitch({ store }: Page): HTMLElement {
  const group = h("div", { class: "segments", role: "group" });
  attributes(group, () => ({ "aria-label": t("tools.language") }));
  for (const [locale, name] of LANGUAGES) {
    const button = h("button", { type: "button", lang: LANGUAGE[locale], onclick: () => (store.locale.value = locale) }, name);
    attributes(button, () => ({ "aria-pressed": String(store.locale.value === locale) }));
    group.append(button);
  }
  return group;
}

/** The grading page, with the reverse table of this very function as its task. */
function gradeLink({ store }: Page): HTMLElement {
  const link = h("a", { class: "icon" }, icon(ClipboardCheck));
  return attributes(link, () => ({
    "aria-label": t("grade.open"), title: t("grade.open"),
    href: `grade${hashOf({ task: { kind: "reverse_table", source: store.source.value, inputs: store.inputs.value } })}`,
  }));
}

function themeButton({ store }: Page): HTMLElement {
  const turn = (): void => {
    store.theme.value = THEMES[(THEMES.indexOf(store.theme.value) + 1) % THEMES.length] ?? "auto";
  };
  return iconButton(Contrast, () => t("tools.theme", { theme: t(`theme.${store.theme.value}`) }), turn);
}

function linkButton({ store, session }: Page): HTMLElement {
  const note = h("output", { class: "note", role: "status" });
  const field = h("input", { type: "text", readonly: true, class: "field link" });
  const panel = menuPanel(live(h("p"), () => t("tools.linkhere")), field);
  const button = iconButton(Link, () => t("tools.link"), () => void copy());
  attachMenu(button, panel);
  button.popoverTargetElement = null;

  async function copy(): Promise<void> {
    // The address follows the clock with a delay; the link must not.
    const here = new URL(`#${toHash({ ...fieldsOf(store), k: session.k.value })}`, location.href).href;
    // Without a secure context there is no clipboard to write to: the link is shown, selected.
    const written = await navigator.clipboard?.writeText(here).then(() => true, () => false);
    if (written) {
      note.textContent = t("tools.linked");
      setTimeout(() => (note.textContent = ""), 1_600);
    } else {
      field.value = here;
      panel.showPopover();
      field.select();
    }
  }
  effect(() => {
    session.k.value;
    note.textContent = "";
  });
  return h("span", { class: "linking" }, button, panel, note);
}

function exportMenu({ session, drawing }: Page): HTMLElement[] {
  const stem = (): string => `wengert-${session.doc.value?.pass ?? "graph"}-${session.k.value}`;
  const trace = h("button", { type: "button", onclick: () => save(`${stem()}.json`, "application/json", `${JSON.stringify(session.doc.value, null, 1)}\n`) });
  const picture = h("button", { type: "button", onclick: () => {
    const svg = drawing.view && document.querySelector<SVGSVGElement>(".drawing svg");
    if (svg) save(`${stem()}.svg`, "image/svg+xml", svgFile(svg, getComputedStyle(document.body).backgroundColor));
  } });
  const panel = menuPanel(live(trace, () => t("export.trace")), live(picture, () => t("export.graph")));
  panel.addEventListener("click", () => panel.hidePopover());
  const button = iconButton(Download, () => t("tools.export"), () => {});
  attachMenu(button, panel);
  return [button, panel];
}

function presentButton({ store }: Page): HTMLElement {
  const button = h("button", { type: "button", class: "outlined present-button", onclick: () => (store.present.value = true) },
    icon(Presentation, 18), live(h("span", { class: "word" }), () => t("tools.present")));
  return attributes(button, () => ({ "aria-label": t("tools.present"), title: t("tools.present") }));
}

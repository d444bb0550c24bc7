/** The page on which a task is written, answers are typed, and the verdict is watched. */

import "../styles";
import "../../css/grade.css";
import { effect, signal } from "@preact/signals-core";
import { Contrast } from "lucide";
import { attributes, h, iconButton, live } from "../dom";
import { followLocale, LANGUAGE, type Locale, locale, t } from "../i18n";
import { logo } from "../views/logo";
import { answerView } from "./answer";
import { frameIn, hashOf } from "./frame";
import { requestView } from "./request";
import { createBench } from "./state";
import { taskView } from "./task";
import { verdictView } from "./verdict";

type Theme = "auto" | "light" | "dark";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const ADDRESS_PAUSE = 350;

function kept(name: string): string | null {
  try {
    return localStorage.getItem(`wengert.${name}`);
  } catch {
    return null; // storage is switched off
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`wengert.${name}`, value);
  } catch {
    // Nothing is remembered.
  }
}

const root = document.documentElement;
const remembered = kept("locale");
locale.value = remembered === "en" || remembered === "zh" ? remembered : root.lang.startsWith("zh") ? "zh" : "en";
followLocale(root, "grade.page_title");
effect(() => keep("locale", locale.value));

const theme = signal<Theme>(THEMES.find((one) => one === kept("theme")) ?? "auto");
effect(() => {
  if (theme.value === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme.value;
  keep("theme", theme.value);
});

const bench = createBench(frameIn(location.hash));
effect(() => {
  const frame = { ...(bench.task.value ? { task: bench.task.value } : {}), ...(bench.blank.value ? {} : { answer: bench.answer.value }), help: bench.help.value };
  const timer = setTimeout(() => bench.task.value && history.replaceState(null, "", hashOf(frame)), ADDRESS_PAUSE);
  return () => clearTimeout(timer);
});
addEventListener("online", bench.retry);

function languages(): HTMLElement {
  const group = h("div", { class: "segments", role: "group" });
  attributes(group, () => ({ "aria-label": t("tools.language") }));
  for (const [one, name] of [["en", "EN"], ["zh", "中文"]] as const satisfies readonly (readonly [Locale, string])[]) {
    const button = h("button", { type: "button", lang: LANGUAGE[one], onclick: () => (locale.value = one) }, name);
    group.append(attributes(button, () => ({ "aria-pressed": String(locale.value === one) })));
  }
  return group;
}

function region(className: string, label: Parameters<typeof t>[0], fill: (root: HTMLElement) => void): HTMLElement {
  const made = attributes(h("section", { class: className }), () => ({ "aria-label": t(label) }));
  fill(made);
  return made;
}

const turn = (): void => {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "auto";
};
const home = attributes(h("a", { class: "brand", href: "." }, logo(), "Wengert"), () => ({ title: t("grade.home") }));
const header = h("header", { class: "grade-top" }, home, live(h("h1"), () => t("grade.title")),
  h("div", { class: "tools" }, languages(), iconButton(Contrast, () => t("tools.theme", { theme: t(`theme.${theme.value}`) }), turn)));
const main = h("main", { class: "bench" },
  region("side-task", "grade.task", (side) => taskView(side, bench)),
  h("div", { class: "side-answer" },
    region("answer", "grade.answer", (side) => answerView(side, bench)),
    region("outcome", "grade.verdict", (side) => verdictView(side, bench)),
    region("program", "grade.copy", (side) => requestView(side, bench))));
(document.getElementById("app") as HTMLElement).append(h("div", { class: "grade-page" }, header, main));

/** The page's strings. The texts of steps come from the server, in the same language. */

import { effect, signal } from "@preact/signals-core";
import en from "../../server/locale/en/page.json";
import zh from "../../server/locale/zh/page.json";

export type Key = keyof typeof en;
export type Locale = "en" | "zh";

const CATALOGUES: Record<Locale, Record<Key, string>> = { en, zh };
export const LANGUAGE: Record<Locale, string> = { en: "en", zh: "zh-Hans" };

export const locale = signal<Locale>("en");

/** The message of a key in a language, `{name}` replaced. */
export function message(language: Locale, key: Key, values: Record<string, string | number> = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The message of a key. Read inside an effect, it follows the language of the page. */
export const t = (key: Key, values?: Record<string, string | number>): string => message(locale.value, key, values);

/** The catalogue for a language tag. */
export const localeOf = (tag: string): Locale => (/^zh\b/i.test(tag) ? "zh" : "en");

export function preferred(languages: readonly string[]): Locale {
  return languages.find((tag) => /^(en|zh)\b/i.test(tag))?.slice(0, 2).toLowerCase() === "zh" ? "zh" : "en";
}

/** Keeps the document's language and title right. */
export function followLocale(root: HTMLElement, title: Key = "app.title"): void {
  effect(() => {
    root.lang = LANGUAGE[locale.value];
    document.title = t(title);
  });
  // Also in English, where one button says 中文; its long list of faces need not hold up the first picture.
  void import("@fontsource-variable/noto-sans-sc/index.css");
}

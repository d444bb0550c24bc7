/** Maths as plain text, for titles, and in words, for screen readers. */

import { type Key, localeOf, message } from "../i18n";
import { accented } from "./accent";
import { parse } from "./parse";
import type { Maths, MathsOf } from "./tree";
import { itemsOf, needsBrackets, spaceBetween } from "./tree";

/** What a symbol is called: the end of a key of the catalogue. */
const SYMBOLS: Record<string, Word> = {
  "·": "times", "×": "times", "⊙": "hadamard", "+": "plus", "−": "minus", "/": "over", "=": "equals", "<": "less", ">": "greater",
  "≤": "atMost", "≥": "atLeast", "≠": "differs", "→": "to", "∂": "partial", "Σ": "sum", "∞": "infinity", "|": "stroke", "‖": "bars", "⊤": "transposed",
};

type Word = Key extends infer K ? (K extends `spoken.${infer W}` ? W : never) : never;
type Words = (word: Word, values?: Record<string, string>) => string;
type Say = { [K in Maths["kind"]]: (maths: MathsOf<K>, words: Words) => string };

const say = (maths: Maths, words: Words): string => (sayings[maths.kind] as (maths: Maths, words: Words) => string)(maths, words);

const sayings: Say = {
  row: ({ items }, words) => items.map((item) => say(item, words)).filter(Boolean).join(" "),
  name: ({ text }) => text,
  number: ({ text }) => text,
  word: ({ text }) => text,
  symbol({ text }, words) {
    const word = SYMBOLS[text];
    return word ? words(word) : text.trim();
  },
  fraction: ({ top, bottom }, words) => words("fraction", { top: say(top, words), bottom: say(bottom, words) }),
  root: ({ index, body }, words) => (index ? words("index", { index: say(index, words), body: say(body, words) }) : words("root", { body: say(body, words) })),
  accent: ({ mark, body }, words) => words(mark, { name: say(body, words) }),
  script({ base, sub, sup }, words) {
    const name = base.kind === "accent" && sub ? words(base.mark, { name: say({ kind: "script", base: base.body, sub, sup: null }, words) })
      : say(base, words) + (sub ? say(sub, words).replaceAll(" ", "") : "");
    if (!sup) return name;
    if (sup.kind === "symbol" && sup.text === "⊤") return `${name} ${words("transposed")}`;
    return sup.kind === "number" && sup.text === "2" ? words("squared", { base: name }) : words("power", { base: name, power: say(sup, words) });
  },
};

const pageLocale = (): string => (typeof document === "undefined" ? "en" : document.documentElement.lang || "en");

/** `x_1 \cdot x_2` is "x1 times x2". */
export function spoken(latex: string, locale = pageLocale()): string {
  return say(parse(latex), (word, values) => message(localeOf(locale), `spoken.${word}`, values));
}

const bracketed = (maths: Maths, below: boolean): string => (needsBrackets(maths, below) ? `(${write(maths)})` : write(maths));

type Write = { [K in Maths["kind"]]: (maths: MathsOf<K>) => string };

const writings: Write = {
  row: ({ items }) => items.map((item, i) => spaceBetween(items[i - 1], item, false) + write(item)).join(""),
  name: ({ text }) => text,
  number: ({ text }) => text,
  word: ({ text }) => text,
  symbol: ({ text }) => text,
  fraction: ({ top, bottom }) => `${bracketed(top, false)}/${bracketed(bottom, true)}`,
  root: ({ index, body }) => `${index ? write(index) : ""}√${bracketed(body, true)}`,
  script: ({ base, sub, sup }) => bracketed(base, itemsOf(base).length > 1) + (sub ? write(sub).replaceAll(" ", "") : "") + (sup ? `^${bracketed(sup, true)}` : ""),
  accent: ({ mark, body }) => accented(mark, write(body)),
};

function write(maths: Maths): string {
  return (writings[maths.kind] as (maths: Maths) => string)(maths);
}

/** `\bar{v}_2 \cdot x_1` is "v̄2 · x1". */
export const plain = (latex: string): string => write(parse(latex));

/** Maths on one line of text: runs of characters that differ in face, size and height. */

import { type Over, overset, slanted } from "./accent";
import { parse } from "./parse";
import type { Maths, MathsOf } from "./tree";
import { itemsOf, needsBrackets, spaceBetween } from "./tree";

export interface Run {
  text: string;
  /** Names are set in the maths italic, everything else in the sans. */
  italic: boolean;
  level: "base" | "sub" | "sup";
  over: Over;
}

/** Size and drop of a level, in em of the line. */
export const LEVELS = { base: { size: 1, drop: 0 }, sub: { size: 0.72, drop: 0.22 }, sup: { size: 0.7, drop: -0.36 } } as const;
export const NAME_SIZE = 1.12;

type Level = Run["level"];
type Set = { [K in Maths["kind"]]: (maths: MathsOf<K>, level: Level) => Run[] };

const upright = (text: string, level: Level): Run => ({ text, italic: false, level, over: false });

const bracketed = (maths: Maths, level: Level, brackets: boolean): Run[] =>
  brackets ? [upright("(", level), ...set(maths, level), upright(")", level)] : set(maths, level);

const settings: Set = {
  row: ({ items }, level) => items.flatMap((item, i) => {
    const space = spaceBetween(items[i - 1], item, level !== "base");
    return space ? [upright(space, level), ...set(item, level)] : set(item, level);
  }),
  name: ({ text }, level) => [{ text, italic: slanted(text), level, over: false }],
  number: ({ text }, level) => [upright(text, level)],
  word: ({ text }, level) => [upright(text, level)],
  symbol: ({ text }, level) => [upright(text, level)],
  fraction: ({ top, bottom }, level) => [
    ...bracketed(top, level, needsBrackets(top, false)), upright("/", level), ...bracketed(bottom, level, needsBrackets(bottom, true)),
  ],
  root: ({ index, body }, level) => [
    ...(index ? set(index, "sup") : []), upright("√", level), ...bracketed(body, level, itemsOf(body).length > 1 || body.kind === "fraction"),
  ],
  script: ({ base, sub, sup }, level) => [
    ...bracketed(base, level, base.kind === "fraction"),
    ...(sub ? set(sub, level === "base" ? "sub" : level) : []),
    ...(sup ? set(sup, level === "base" ? "sup" : level) : []),
  ],
  accent({ mark, body }, level) {
    const only = itemsOf(body)[0];
    if (itemsOf(body).length !== 1 || only?.kind !== "name") return set(body, level).map((run) => ({ ...run, over: mark === "bar" && mark }));
    return [{ ...overset(mark, only.text), italic: slanted(only.text), level }];
  },
};

function set(maths: Maths, level: Level): Run[] {
  return (settings[maths.kind] as (maths: Maths, level: Level) => Run[])(maths, level);
}

/** Dots are not joined: each stands over its own letters. */
const alike = (a: Run, b: Run): boolean => a.over !== "dot" && a.italic === b.italic && a.level === b.level && a.over === b.over;

/** The runs of a line, neighbours of one style joined. */
export function mathText(latex: string): Run[] {
  const joined: Run[] = [];
  for (const run of set(parse(latex), "base")) {
    const last = joined.at(-1);
    if (last && alike(last, run)) last.text += run.text;
    else if (run.text) joined.push({ ...run });
  }
  return joined;
}

/** How right a number is, in digits. */

import type { Num } from "../trace";

/** As many significant digits as a double holds for sure, and one. */
export const DIGITS = 16;

/** Significant digits that are right; null without an error to judge by. */
export function digitsRight(error: Num | null): number | null {
  if (error === null || error === "NaN") return null;
  if (typeof error === "string") return 0;
  return error === 0 ? DIGITS : Math.max(0, Math.min(DIGITS, Math.floor(-Math.log10(error) + 1e-9)));
}

/** A number in three parts: its first `count` significant digits, the other digits, the power of ten. */
export function split(text: string, count: number): [string, string, string] {
  const [, mantissa = text, power = ""] = /^([^e×]*)(.*)$/.exec(text) ?? [];
  let seen = 0;
  for (let i = 0; i < mantissa.length; i++) {
    const digit = mantissa[i] as string;
    if (!/\d/.test(digit) || (seen === 0 && digit === "0")) continue;
    if (seen === count) return [mantissa.slice(0, i), mantissa.slice(i), power];
    seen += 1;
  }
  return [mantissa, "", power];
}

/** Numbers as they are shown: four significant digits, a true minus sign, words for what is not a number. */

import type { Num } from "./trace";

const DIGITS = 4;
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const minus = (text: string): string => text.replace(/^-/, "−");

const superscript = (power: number): string =>
  (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => SUPERSCRIPT[Number(digit)]).join("");

/** `1.5e-12` as people write it. */
function scientific(digits: string): string {
  const [mantissa = "", power] = digits.split("e");
  return power === undefined ? mantissa : `${mantissa}×10${superscript(Number(power))}`;
}

/** Four digits, `1.562e+0`. A tie goes to the even digit, as in the engine: the rule and the picture must agree. */
function rounded(value: number): string {
  const tie = /^(-?\d\.\d\d[02468])50*(e.*)$/.exec(value.toExponential(60));
  return tie ? `${tie[1]}${tie[2]}` : value.toExponential(DIGITS - 1);
}

const written = new Map<number, string>();

/** A value that four digits say exactly is short (`2`, `0.5`); a rounded one shows all four (`0.6931`, `2.000`). */
export function short(value: Num): string {
  if (typeof value === "string") return value === "NaN" ? "?" : value === "Infinity" ? "+∞" : "−∞";
  if (value === 0) return "0";
  const known = written.get(value);
  if (known !== undefined) return known;
  if (written.size > 10_000) written.clear();
  const text = write(value);
  written.set(value, text);
  return text;
}

function write(value: number): string {
  const digits = rounded(value);
  const exact = Number(digits) === value;
  const power = Number(digits.split("e")[1]);
  if (power < -DIGITS || power >= (exact ? 6 : DIGITS)) return minus(scientific(exact ? value.toExponential() : digits));
  return minus(exact ? String(value) : Number(digits).toPrecision(DIGITS));
}

/** Every digit that the double has, for a title or a screen reader. */
export const full = (value: Num): string => (typeof value === "string" || value === 0 ? short(value) : minus(scientific(String(value))));

export const finite = (value: Num): boolean => typeof value === "number";

/** What a person typed: full-width digits, true minus signs, a fraction. `null` when it is no number. */
export function parse(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").trim();
  if (plain === "") return null;
  const [top = "", bottom, ...rest] = plain.split("/").map((part) => part.trim());
  if (top === "" || bottom === "" || rest.length > 0) return null;
  const value = Number(top) / (bottom === undefined ? 1 : Number(bottom));
  return Number.isFinite(value) ? value : null;
}

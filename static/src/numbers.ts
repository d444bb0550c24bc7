/** Numbers as they are shown: four significant digits, a true minus sign, words for what is not a number. */

import { elements, isArray, isSummary, nested, norm, shapeOf, shapeText, sizeOf } from "./arrays";
import { t } from "./i18n";
import type { Num, Partial, Value } from "./trace";

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

/** As many elements as a line has room for. */
const FEW = 6;

const named = (shape: readonly number[]): string => (shape.length === 1 ? t("array.vector", { n: shape[0] as number }) : t("array.of", { shape: shapeText(shape) }));

/** A number in four digits, a small array in full, a larger one by its shape, `linear` as a word. */
export function short(value: NonNullable<Partial>): string {
  if (value === "linear") return t("table.linear");
  if (isSummary(value)) return named(value.shape);
  if (!isArray(value)) return digits(value);
  const shape = shapeOf(value);
  return sizeOf(shape) <= FEW ? nested(value, digits) : named(shape);
}

const BRIEF = 14;

/** Shorter still, for where there is hardly any room: a few characters, or the shape. */
export function brief(value: Value): string {
  if (!isArray(value) && !isSummary(value)) return digits(value);
  const shape = shapeOf(value);
  if (shape.length !== 1) return shapeText(shape);
  const list = sizeOf(shape) <= 3 ? nested(value, digits) : "";
  return list !== "" && list.length <= BRIEF ? list : named(shape);
}

/** A value that four digits say exactly is short (`2`, `0.5`); a rounded one shows all four (`0.6931`, `2.000`). */
function digits(value: Num): string {
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
  const shown = rounded(value);
  const exact = Number(shown) === value;
  const power = Number(shown.split("e")[1]);
  if (power < -DIGITS || power >= (exact ? 6 : DIGITS)) return minus(scientific(exact ? value.toExponential() : shown));
  return minus(exact ? String(value) : Number(shown).toPrecision(DIGITS));
}

const exactly = (value: Num): string => (typeof value === "string" || value === 0 ? digits(value) : minus(scientific(String(value))));

/** Every digit that the double has, for a title or a screen reader. Of a large array, how large it is. */
export function full(value: NonNullable<Partial>): string {
  if (value === "linear") return short(value);
  if (!isArray(value) && !isSummary(value)) return exactly(value);
  return elements(value).length > 0 && sizeOf(shapeOf(value)) <= 4 * FEW ? nested(value, exactly) : `${short(value)}, ‖·‖ = ${digits(norm(value))}`;
}

/** Whether it is one number, and a finite one. */
export const finite = (value: Value): value is number => typeof value === "number";

/** What a person typed: full-width digits, true minus signs, a fraction. `null` when it is no number. */
export function parse(text: string): number | null {
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").trim();
  if (plain === "") return null;
  const [top = "", bottom, ...rest] = plain.split("/").map((part) => part.trim());
  if (top === "" || bottom === "" || rest.length > 0) return null;
  const value = Number(top) / (bottom === undefined ? 1 : Number(bottom));
  return Number.isFinite(value) ? value : null;
}

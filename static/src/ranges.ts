/** The range of an input's slider: a round number that the value fits into, on both sides of zero. */

export interface Range { limit: number; step: number }

const ROUND = [1, 2, 5, 10];

/** The least of 1, 2, 5, 10, 20, ... (and of 0.5, 0.2, ...) that is at least `size`. */
export function roundUp(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = ROUND.find((one) => one * power >= size * (1 - 1e-9)) ?? 10;
  return Number((factor * power).toPrecision(1));
}

export function rangeFor(value: number): Range {
  const limit = value === 0 ? 5 : roundUp(Math.min(1e300, Math.max(1e-300, Math.abs(value) * 1.6)));
  return { limit, step: Number((limit / 200).toPrecision(2)) };
}

/** The range after a move: it grows when the thumb is let go at its end, and follows a value typed far outside or far inside. */
export function adapted(range: Range, value: number, typed: boolean): Range {
  const size = Math.abs(value);
  if (size >= range.limit * 0.999) return rangeFor(size * 1.25);
  return typed && size > 0 && size < range.limit / 50 ? rangeFor(value) : range;
}

/** A multiple of the step without the dust of binary fractions. */
export const tidy = (value: number, step: number): number => Number(value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(step)))));

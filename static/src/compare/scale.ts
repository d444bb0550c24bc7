/** Scales of a plot: from numbers to pixels, with as many ticks as there is room for. */

export interface Tick { value: number; at: number }
export interface Scale { at(value: number): number; ticks: Tick[] }
export type Range = readonly [number, number];

const between = ([from, to]: Range, part: number): number => from + (to - from) * part;

/** So little of a decade beyond a power of ten is not worth another decade: 1024 is drawn as the end of 1000. */
const NEAR = 0.02;

/** Whole decades around the positive numbers among these; one decade where there is none. */
export function decades(values: Iterable<number>, floor = 0): Range {
  const powers = [...values].filter((value) => value > 0 && Number.isFinite(value)).map((value) => Math.log10(Math.max(value, floor)));
  if (powers.length === 0) return [1, 10];
  const low = Math.floor(Math.min(...powers) + NEAR);
  const high = Math.ceil(Math.max(...powers) - NEAR);
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

const STEPS = [1, 2, 3, 4, 5, 8, 10, 20, 50, 100];

/** A tick at every power of ten, or every second, third, ... where they would be closer than `room` pixels. */
export function logScale(domain: Range, range: Range, room: number): Scale {
  const [low, high] = [Math.round(Math.log10(domain[0])), Math.round(Math.log10(domain[1]))];
  const at = (value: number): number => between(range, (Math.log10(value) - low) / (high - low));
  const decade = Math.abs(range[1] - range[0]) / (high - low);
  const step = STEPS.find((one) => one * decade >= room) ?? 200;
  const ticks = [];
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) ticks.push({ value: 10 ** power, at: at(10 ** power) });
  return { at, ticks };
}

/** A tick at every whole number, or every second, fifth, ... */
export function countScale(domain: Range, range: Range, room: number): Scale {
  const [low, high] = domain;
  const at = (value: number): number => between(range, high === low ? 0.5 : (value - low) / (high - low));
  const unit = Math.abs(range[1] - range[0]) / Math.max(high - low, 1);
  const step = STEPS.find((one) => one * unit >= room) ?? 200;
  const ticks = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) ticks.push({ value, at: at(value) });
  return { at, ticks };
}

/** Places for labels that want to stand at `wanted`: in the same order, `gap` apart, between the two ends where they fit. */
export function spread(wanted: readonly number[], gap: number, [top, bottom]: Range): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number) || a - b);
  const places = order.map((i) => wanted[i] as number);
  places.forEach((place, i) => (places[i] = Math.max(place, i === 0 ? top : (places[i - 1] as number) + gap)));
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i] as number, i === places.length - 1 ? bottom : (places[i + 1] as number) - gap);
  }
  const found: number[] = [];
  order.forEach((original, i) => (found[original] = places[i] as number));
  return found;
}

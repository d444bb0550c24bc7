/** What an input is until its reader says otherwise: simple numbers, such as its operation can take. No DOM. */

import type { Reading } from "./api";
import { nestedText, sizeOf } from "./arrays";
import type { Input } from "./store";

/** Larger arrays are not written out, but drawn by chance. */
const WRITTEN = 64;
const USUAL = [2, 3, 0.5, 1.5, 4];

/** Elements by their place, and a text for arrays that are too large to write. */
interface Recipe { at(place: number): string; large(axes: string): string }

function recipe({ kind, classes = 1 }: Reading, shape: readonly number[], start: number): Recipe {
  const last = shape.at(-1) ?? 1;
  switch (kind) {
    case "labels":
      return { at: (place) => String(place % classes), large: (axes) => `zeros(${axes})` };
    case "signs":
      return { at: (place) => (place % 2 === 0 ? "1" : "-1"), large: (axes) => `ones(${axes})` };
    case "probabilities":
      return { at: (place) => `${place + 1}/${sizeOf(shape) + 1}`, large: (axes) => `rand(${axes}, seed=${start})` };
    case "distribution": // 1/3, 2/3; 1/6, 2/6, 3/6: they add up to 1
      return { at: (place) => `${(place % last) + 1}/${(last * (last + 1)) / 2}`, large: (axes) => `full(${axes}, 1/${last})` };
    default:
      return { at: (place) => String(start + place), large: (axes) => `randn(${axes}, seed=${start})` };
  }
}

/** An array of this shape with simple numbers, all different where they may be. */
export function sample(shape: readonly number[], start = 1, reading: Reading = {}): string {
  const { at, large } = recipe(reading, shape, start);
  return sizeOf(shape) > WRITTEN ? large(shape.join(", ")) : nestedText(shape, at);
}

/** The value that the input at this place of the list starts with. */
export function starting(shape: readonly number[], place: number, reading: Reading): Input {
  if (shape.length > 0) return sample(shape, place + 1, reading);
  if (reading.kind === undefined) return USUAL[place % USUAL.length] as number;
  return reading.kind === "labels" ? 0 : reading.kind === "signs" ? 1 : 0.5;
}

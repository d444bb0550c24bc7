/** Where a derivative starts: what the reader chose, how a link writes it, what the API is sent. No DOM. */

import { indexAt, placeAt, sizeOf, unit } from "./arrays";
import { parse } from "./numbers";
import type { Input } from "./store";

export interface Shaped { name: string; shape: readonly number[] }

/** A tangent for every input: 1 in all of one input, 1 in one element, or as it was typed. */
export type Tangents =
  | { kind: "input"; name: string }
  | { kind: "element"; name: string; index: number[] }
  | { kind: "typed"; texts: Map<string, string> };

/** The cotangent of an output: 1 in one element, or as it was typed. */
export type Cotangent = { kind: "place"; index: number[] } | { kind: "text"; text: string };

const NAME = "[\\p{L}_][\\p{L}\\p{N}_]*";
const INDEX = "\\[\\s*(\\d+(?:\\s*,\\s*\\d+)*)\\s*\\]";
const INPUT = new RegExp(`^(${NAME})(?:${INDEX})?$`, "u");
const PLACE = new RegExp(`^${INDEX}$`, "u");
/** A `;` in an array separates rows; only one before another `name=` ends a tangent. */
const NEXT = new RegExp(`;(?=\\s*${NAME}\\s*=)`, "u");

const numbers = (text: string): number[] => text.split(",").map(Number);
const within = (index: readonly number[], shape: readonly number[]): boolean =>
  index.length === shape.length && index.every((one, axis) => one < (shape[axis] as number));

function typed(text: string, inputs: readonly Shaped[]): Map<string, string> {
  const pairs = text.split(NEXT).map((pair): [string, string] => {
    const at = pair.indexOf("=");
    return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()];
  });
  return new Map(pairs.filter(([name, value]) => value !== "" && inputs.some((input) => input.name === name)));
}

/** `x`, `x[0,1]` or `x=[1,0];y=2`; what says nothing of these inputs is the first of them. */
export function readTangents(text: string, inputs: readonly Shaped[]): Tangents {
  const [, name, index] = INPUT.exec(text) ?? [];
  const input = inputs.find((one) => one.name === name);
  if (input && index === undefined) return { kind: "input", name: input.name };
  if (input && index !== undefined && within(numbers(index), input.shape)) return { kind: "element", name: input.name, index: numbers(index) };
  const texts = typed(text, inputs);
  return texts.size > 0 ? { kind: "typed", texts } : { kind: "input", name: inputs[0]?.name ?? "" };
}

/** `[0,2]` or `=[[1,0],[0,0]]`; otherwise the first element of an array, and of a number null: its seed is 1. */
export function readCotangent(text: string, shape: readonly number[]): Cotangent | null {
  const [, index] = PLACE.exec(text) ?? [];
  if (index !== undefined && within(numbers(index), shape)) return { kind: "place", index: numbers(index) };
  if (text.startsWith("=") && text.length > 1) return { kind: "text", text: text.slice(1) };
  return shape.length > 0 ? { kind: "place", index: shape.map(() => 0) } : null;
}

export const writeIndex = (index: readonly number[]): string => (index.length > 0 ? `[${index.join(",")}]` : "");

export function writeTangents(seed: Tangents): string {
  if (seed.kind === "input") return seed.name;
  return seed.kind === "element" ? seed.name + writeIndex(seed.index) : [...seed.texts].map(([name, text]) => `${name}=${text}`).join(";");
}

export const writeCotangent = (seed: Cotangent): string => (seed.kind === "place" ? writeIndex(seed.index) : `=${seed.text}`);

/** A number, or a text that the server reads. */
const valueOf = (text: string): Input => parse(text) ?? text;

export function sentTangents(seed: Tangents, inputs: readonly Shaped[]): Record<string, Input> {
  const tangent = ({ name, shape }: Shaped): Input => {
    if (seed.kind === "typed") return valueOf(seed.texts.get(name) ?? "0");
    if (seed.name !== name) return 0;
    return seed.kind === "input" ? 1 : (unit(shape, placeAt(shape, seed.index)) as Input);
  };
  return Object.fromEntries(inputs.map((input) => [input.name, tangent(input)]));
}

export const sentCotangent = (seed: Cotangent, shape: readonly number[]): Input =>
  seed.kind === "text" ? valueOf(seed.text) : (unit(shape, placeAt(shape, seed.index)) as Input);

/** The seed of one column of the Jacobian: an element of an input, or a number. */
export const column = ({ name, shape }: Shaped, place: number): string => name + writeIndex(indexAt(shape, place));

/** The next seed: the next element, or the next input; after the last, the first. */
export function nextTangents(seed: Tangents, inputs: readonly Shaped[]): string {
  if (seed.kind === "typed") return inputs[0]?.name ?? "";
  const at = Math.max(0, inputs.findIndex(({ name }) => name === seed.name));
  const next = inputs[(at + 1) % inputs.length];
  if (seed.kind === "input") return next?.name ?? "";
  const { shape } = inputs[at] as Shaped;
  const place = placeAt(shape, seed.index) + 1;
  return place < sizeOf(shape) ? column(inputs[at] as Shaped, place) : column(next as Shaped, 0);
}

export function nextCotangent(seed: Cotangent | null, shape: readonly number[]): string {
  if (shape.length === 0) return "";
  const place = seed?.kind === "place" ? placeAt(shape, seed.index) + 1 : 0;
  return writeIndex(indexAt(shape, place % sizeOf(shape)));
}

/** The places of an answer, in the shape of a right one: a text, a field for every name, a field for every name of a name. */

import type { Json } from "./types";

export interface Slot {
  /** Where it stands in the answer. */
  path: string[];
  /** Several lines. */
  long: boolean;
  /** The text stands for lists or numbers, not for itself. */
  json: boolean;
  initial: string;
}

const isRecord = (value: Json): value is Record<string, Json> => typeof value === "object" && value !== null && !Array.isArray(value);

function slot(path: string[], value: Json): Slot {
  const text = typeof value === "string" ? value : Array.isArray(value) ? listed(value) : JSON.stringify(value);
  return { path, long: text.includes("\n") || text.length > 60, json: typeof value !== "string", initial: text };
}

/** A list of names as names; other lists as JSON, a row a line where it has rows. */
function listed(items: Json[]): string {
  if (items.every((item) => typeof item === "string")) return items.join(", ");
  if (items.length > 1 && items.every((item) => Array.isArray(item) || isRecord(item))) return `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(",\n")}\n]`;
  return JSON.stringify(items);
}

/** The slots of an answer of this shape, in its order. */
export function slotsOf(model: Json, path: string[] = []): Slot[] {
  if (isRecord(model) && Object.keys(model).length > 0) return Object.entries(model).flatMap(([name, value]) => slotsOf(value, [...path, name]));
  return [slot(path, model)];
}

/** What a text in a slot stands for. */
export function valueOf(at: Slot, text: string): Json {
  if (!at.json) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The answer that texts by slot make; what is empty is left out, so that it counts as missing. */
export function answerOf(slots: readonly Slot[], texts: readonly string[]): Json {
  const [only] = slots;
  if (slots.length === 1 && only?.path.length === 0) return valueOf(only, texts[0] ?? "");
  const answer: Record<string, Json> = {};
  slots.forEach((at, index) => {
    const text = texts[index] ?? "";
    if (text.trim() === "") return;
    let inside = answer;
    for (const name of at.path.slice(0, -1)) inside = (inside[name] ??= {}) as Record<string, Json>;
    inside[at.path.at(-1) as string] = valueOf(at, text);
  });
  return answer;
}

/** The texts for these slots from an answer; `null` when it has another shape. */
export function textsOf(slots: readonly Slot[], answer: Json): string[] | null {
  const [only] = slots;
  if (slots.length === 1 && only?.path.length === 0) return isRecord(answer) ? null : [slot([], answer).initial];
  if (!isRecord(answer)) return null;
  const known = new Set(slots.map((at) => JSON.stringify(at.path)));
  if (slotsOf(answer).some((at) => at.path.length > 0 && !known.has(JSON.stringify(at.path)))) return null;
  return slots.map((at) => {
    let inside: Json | undefined = answer;
    for (const name of at.path) inside = isRecord(inside as Json) ? (inside as Record<string, Json>)[name] : undefined;
    return inside === undefined ? "" : slot(at.path, inside).initial;
  });
}

/** The fields of a task from its schema, and a value as a person types it: `x = 2; y = 5`, `x, y`, a number, JSON. */

import type { Json, Schema, Task } from "./types";

export type Input = "text" | "number" | "switch" | "choice" | "pairs" | "list" | "json";

export interface Field { name: string; input: Input; required: boolean; about: string; choices: string[]; initial: Json | undefined }

/** A schema with its reference followed. */
export function followed(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  const target = name === undefined ? undefined : root.$defs?.[name];
  return target ? followed(target, root) : schema;
}

/** The alternatives of a schema, without null. */
function alternatives(schema: Schema, root: Schema): Schema[] {
  const found = followed(schema, root);
  const inner = found.anyOf ?? found.oneOf;
  return inner ? inner.flatMap((one) => alternatives(one, root)) : found.type === "null" ? [] : [found];
}

function inputFor(schema: Schema, root: Schema): Input {
  const ways = alternatives(schema, root);
  const types = new Set(ways.map((one) => one.type ?? (one.enum ? "enum" : "any")));
  if (ways.length === 1 && ways[0]?.enum) return "choice";
  if (types.size === 1) {
    const [type] = types;
    if (type === "string") return "text";
    if (type === "number" || type === "integer") return "number";
    if (type === "boolean") return "switch";
    if (type === "object") return "pairs";
  }
  const named = ways.every((one) => one.type === "string" || (one.type === "array" && one.items !== false && followed(one.items ?? {}, root).type === "string"));
  return named ? "list" : types.has("object") && !types.has("array") ? "pairs" : "json";
}

/** Every field of a kind of task but the kind itself, those that must be there first. */
export function fieldsOf(schema: Schema): Field[] {
  const own = followed(schema, schema);
  const required = new Set(own.required);
  const fields = Object.entries(own.properties ?? {}).filter(([name]) => name !== "kind").map(([name, one]): Field => {
    const found = followed(one, schema);
    const choices = alternatives(one, schema).flatMap((way) => way.enum ?? []).map(String);
    return { name, input: inputFor(one, schema), required: required.has(name), about: one.description ?? found.description ?? "", choices, initial: one.default };
  });
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

/** JSON, or else the text itself. */
function loose(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Splits at `;` and at ends of lines, and at commas, outside all brackets and quotes. */
export function parts(text: string, at = ";\n"): string[] {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && "[({".includes(character)) depth += 1;
    else if (!quoted && "])}".includes(character)) depth -= 1;
    if (!quoted && depth <= 0 && at.includes(character)) {
      found.push(part);
      part = "";
    } else part += character;
  }
  return [...found, part].map((one) => one.trim()).filter(Boolean);
}

/** The value that a text means in a field; `undefined` when it is empty. */
export function read(field: Pick<Field, "input">, text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  switch (field.input) {
    case "text":
    case "choice":
      return text;
    case "switch":
      return trimmed === "true";
    case "number": {
      const number = Number(trimmed);
      return Number.isNaN(number) ? trimmed : number;
    }
    case "list": {
      const names = parts(trimmed.replace(/^\[|\]$/g, ""), ",;").map((name) => name.replace(/^"|"$/g, ""));
      return names.length === 1 && !trimmed.startsWith("[") ? names[0] ?? "" : names;
    }
    case "pairs": {
      if (trimmed.startsWith("{")) return loose(trimmed);
      const ends = /[;\n]/.test(trimmed) ? ";\n" : ",";
      return Object.fromEntries(parts(trimmed, ends).map((pair) => {
        const [, name = pair, value = ""] = /^([^=:]*)[=:](.*)$/s.exec(pair) ?? [];
        return [name.trim(), loose(value.trim())];
      }));
    }
    case "json":
      return loose(trimmed);
  }
}

/** A value as a person would type it in a field. */
export function written(field: Pick<Field, "input">, value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (field.input === "list" && Array.isArray(value)) return value.length === 1 ? JSON.stringify(value) : value.map(String).join(", ");
  if (field.input === "pairs" && typeof value === "object" && !Array.isArray(value))
    return Object.entries(value).map(([name, one]) => `${name} = ${typeof one === "string" ? one : JSON.stringify(one)}`).join("; ");
  return JSON.stringify(value);
}

/** A task with one field changed; an empty one is left out. */
export function changed(task: Task, name: string, value: Json | undefined): Task {
  const { [name]: _, ...rest } = task;
  return (value === undefined ? rest : { ...rest, [name]: value }) as Task;
}

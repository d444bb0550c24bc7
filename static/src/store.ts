/** What the page is showing. One row per field that a link carries: a link opens the same frame. */

import { batch, signal, type Signal } from "@preact/signals-core";
import { type Part, PARTS } from "./compare/types";
import { locale, type Locale, preferred } from "./i18n";
import type { NodeId, PassName } from "./trace";
import type { Lanes } from "./views/types";

/** A number, `Infinity` and its like, or an array: nested lists, or the text that was typed. */
export type Input = number | string | Input[];
export type Inputs = Record<string, Input>;
export type Theme = "auto" | "light" | "dark";

export type JacobianMode = "auto" | "forward" | "reverse";

export interface Fields {
  source: string;
  inputs: Inputs;
  pass: PassName;
  /** The inputs by which the function was already differentiated, in order. */
  of: string[];
  wrt: string[];
  /** Where a derivative starts: `seed.ts` says how it is written. Empty: the first input, the first element of the output. */
  seed: string;
  /** Jacobian: by columns or by rows; `auto` is the cheaper. And whether it is that of the gradient. */
  mode: JacobianMode;
  gradient: boolean;
  /** How many events have happened; -1 asks for the start of the interesting half. */
  k: number;
  lanes: Lanes;
  predict: boolean;
  present: boolean;
  /** The card of the step's node is open. */
  card: boolean;
  /** The part of the comparison that is looked at; empty while it is closed. */
  compare: Part | "";
  /** Comparing: the input whose derivative is worked out step by step. Empty: the first. */
  by: string;
  /** Comparing: the step h of the differences, as it was typed. Empty: each method has its own. */
  step: string;
  /** Comparing: a gradient to check in the place of ours. */
  claim: Inputs;
  /** The numbers are being checked. */
  inspect: boolean;
  locale: Locale;
  theme: Theme;
}

interface Row<T> {
  param: string;
  initial: T;
  write(value: T): string;
  /** `undefined` for a text that says nothing of the kind. */
  read(text: string): T | undefined;
}

const PASSES: readonly PassName[] = ["evaluate", "forward", "reverse", "adjoint_graph", "simplify", "jacobian"];

function text(param: string, initial = ""): Row<string> {
  return { param, initial, write: (value) => value, read: (value) => value };
}

function choice<T extends string>(param: string, choices: readonly T[], initial: T): Row<T> {
  return { param, initial, write: (value) => value, read: (value) => choices.find((one) => one === value) };
}

function flag(param: string): Row<boolean> {
  return { param, initial: false, write: (value) => (value ? "1" : "0"), read: (value) => value === "1" };
}

function names(param: string): Row<string[]> {
  return { param, initial: [], write: (value) => value.join(","), read: (value) => value.split(",").filter(Boolean) };
}

export const isInput = (value: unknown): value is Input =>
  typeof value === "number" || typeof value === "string" || (Array.isArray(value) && value.every(isInput));

const BARE = /^-?Infinity$|^NaN$/;

/** A text is written as JSON has it, so that what stands in it ends no pair. */
const writeInput = (value: Input): string => (typeof value === "string" && BARE.test(value) ? value : JSON.stringify(value));

function readInputs(written: string): Inputs | undefined {
  const inputs: Inputs = Object.create(null) as Inputs;
  for (const [, name = "", json = ""] of written.matchAll(/([^:;]+):("(?:[^"\\]|\\.)*"|[^;]*)/g)) {
    try {
      const value: unknown = JSON.parse(BARE.test(json) ? `"${json}"` : json);
      if (isInput(value)) inputs[name] = value;
    } catch {
      return undefined;
    }
  }
  return inputs;
}

function values(param: string, initial: Inputs): Row<Inputs> {
  return { param, initial, write: (value) => Object.entries(value).map(([name, v]) => `${name}:${writeInput(v)}`).join(";"), read: readInputs };
}

export const ROWS: { readonly [F in keyof Fields]: Row<Fields[F]> } = {
  source: text("f", "ln(x1) + x1*x2 - sin(x2)"),
  inputs: values("at", { x1: 2, x2: 5 }),
  pass: choice("pass", PASSES, "adjoint_graph"),
  of: names("of"),
  wrt: names("wrt"),
  seed: text("seed"),
  mode: choice("mode", ["auto", "forward", "reverse"] as const, "auto"),
  gradient: flag("gradient"),
  k: { param: "k", initial: -1, write: String, read: (value) => (/^\d{1,7}$/.test(value) ? Number(value) : undefined) },
  lanes: choice("lanes", ["overlay", "mirror"] as const, "mirror"),
  predict: flag("predict"),
  present: flag("present"),
  card: flag("card"),
  compare: choice("compare", ["", ...PARTS], ""),
  by: text("by"),
  step: text("h"),
  claim: values("claim", {}),
  inspect: flag("inspect"),
  locale: choice("lang", ["en", "zh"] as const, "en"),
  theme: choice("theme", ["auto", "light", "dark"] as const, "auto"),
};

const FIELDS = Object.keys(ROWS) as (keyof Fields)[];

/** Fields that belong to the reader more than to the link; what was chosen last is the default. */
const REMEMBERED = ["locale", "theme"] as const;

/** Percent-encoding that leaves a formula readable. */
const escape = (value: string): string => encodeURIComponent(value).replace(/%(3A|3B|2C|2F|5B|5D|24)/g, decodeURIComponent);

/** What a link must say even when it is the default: see `createStore`. */
function always(field: keyof Fields, { source }: Fields): boolean {
  return field === "locale" || (field === "inputs" && source !== ROWS.source.initial);
}

export function toHash(fields: Fields): string {
  const write = <F extends keyof Fields>(field: F): string => {
    const row = ROWS[field];
    const written = row.write(fields[field]);
    return written === row.write(row.initial) && !always(field, fields) ? "" : `${row.param}=${escape(written)}`;
  };
  return FIELDS.map(write).filter(Boolean).join("&");
}

/** Of two dialogs that a link asks for, the one that it asks for later opens. */
const ONE_DIALOG: { readonly [F in keyof Fields]?: Partial<Fields> } = { compare: { inspect: false }, inspect: { compare: "" } };

export function fromHash(hash: string): Partial<Fields> {
  const found: Partial<Fields> = {};
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const at = pair.indexOf("=");
    const field = FIELDS.find((name) => ROWS[name].param === pair.slice(0, at));
    if (!field || at < 1) continue;
    try {
      const value = ROWS[field].read(decodeURIComponent(pair.slice(at + 1)));
      if (value !== undefined) Object.assign(found, { [field]: value }, value ? ONE_DIALOG[field] : {});
    } catch {
      continue; // a broken %-sequence: the field keeps its default
    }
  }
  return found;
}

export type Store = { readonly [F in keyof Fields]: Signal<Fields[F]> } & {
  /** The node whose box, row and text are marked, because the pointer or the caret is on one of them. */
  readonly hover: Signal<NodeId | null>;
  /** Phone: which of the three is in front. */
  readonly front: Signal<"graph" | "table" | "code">;
  readonly singleKeys: Signal<boolean>;
  readonly zoom: Signal<number>;
  /** The step was asked for together with another pass or formula: it is a step of the trace that is to come. */
  pinned: boolean;
};

export type Memory = Pick<Storage, "getItem" | "setItem">;

export function createStore(hash: string, memory: Memory | null, languages: readonly string[]): Store {
  const linked = fromHash(hash);
  const remembered = fromHash(REMEMBERED.map((field) => `${ROWS[field].param}=${memory?.getItem(`wengert.${field}`) ?? ""}`).join("&"));
  // A link to another function that gives no values must not inherit those of the first example.
  const values = linked.source !== undefined && linked.inputs === undefined ? { inputs: {} } : {};
  const start = { ...initialFields(), locale: preferred(languages), ...remembered, ...values, ...linked };
  locale.value = start.locale;
  return {
    source: signal(start.source), inputs: signal(start.inputs), pass: signal(start.pass), of: signal(start.of), wrt: signal(start.wrt),
    seed: signal(start.seed), mode: signal(start.mode), gradient: signal(start.gradient), k: signal(start.k), lanes: signal(start.lanes),
    predict: signal(start.predict), present: signal(start.present), card: signal(start.card),
    compare: signal(start.compare), by: signal(start.by), step: signal(start.step), claim: signal(start.claim), inspect: signal(start.inspect), locale, theme: signal(start.theme),
    hover: signal(null), front: signal("graph"), singleKeys: signal(memory?.getItem("wengert.singleKeys") !== "0"), zoom: signal(1), pinned: false,
  };
}

export function initialFields(): Fields {
  return Object.fromEntries(FIELDS.map((field) => [field, ROWS[field].initial])) as unknown as Fields;
}

export function fieldsOf(store: Store): Fields {
  return Object.fromEntries(FIELDS.map((field) => [field, store[field].value])) as unknown as Fields;
}

/** Applies a link to a running page, as after `hashchange`. */
export function assign(store: Store, fields: Partial<Fields>): void {
  const differs = (["source", "pass", "of", "mode", "gradient"] as const).some((field) => field in fields && String(fields[field]) !== String(store[field].value));
  if (differs) store.pinned = (fields.k ?? -1) >= 0;
  batch(() => {
    for (const field of FIELDS) if (field in fields) (store[field] as Signal<unknown>).value = fields[field];
  });
}

export function remember(store: Store, memory: Memory | null): void {
  for (const field of REMEMBERED) memory?.setItem(`wengert.${field}`, store[field].value);
  memory?.setItem("wengert.singleKeys", store.singleKeys.value ? "1" : "0");
}

/** Where the derivative starts: an input, one element of an array, or what is typed; the same for forward and for reverse. */

import { computed, effect } from "@preact/signals-core";
import { ChevronDown } from "lucide";
import { indexAt, nested, placeAt, sizeOf } from "../arrays";
import { attributes, h, icon, live } from "../dom";
import { t } from "../i18n";
import { mathHTML, plain } from "../math";
import {
  column, nextCotangent, nextTangents, readCotangent, readTangents, sentCotangent, sentTangents, type Shaped, writeIndex, writeTangents,
} from "../seed";
import type { Input, Store } from "../store";
import { bar, dot, latexName, nameOf } from "../symbols";
import type { ApiError, Value } from "../trace";
import { read } from "./inputs";
import { attachMenu, menuPanel } from "./menu";
import type { Page } from "./page";

/** So many inputs have a button each; and so many elements a cell. */
const BUTTONS = 4;
const CELLS = 64;

type Kind = "forward" | "reverse";

/** One thing that can be seeded: an input, or the output. */
interface Target extends Shaped { latex: string }

/** The API refused the seed. */
export const isAboutSeed = (error: ApiError | null): boolean => error?.code === "bad_seed" || error?.code === "bad_shape";

export function nextSeed({ store, session }: Page): void {
  const { inputs, output } = session.shapes.value;
  const kind = kindOf(store);
  if (kind === "forward" && inputs.length > 0) store.seed.value = nextTangents(readTangents(store.seed.value, inputs), inputs);
  if (kind === "reverse") store.seed.value = nextCotangent(readCotangent(store.seed.value, output), output);
}

function kindOf(store: Store): Kind | null {
  if (store.pass.value === "forward") return "forward";
  return store.pass.value === "reverse" || store.pass.value === "adjoint_graph" ? "reverse" : null;
}

/** Everything the control shows, from the store and the shapes. */
interface Situation {
  kind: Kind;
  targets: Target[];
  /** The input and the place where the 1 is; place null where all of it is 1, target null where the seed was typed. */
  chosen: { target: Target; place: number | null } | null;
  /** What is sent, as text, for each target. */
  texts: string[];
  note: string;
}

const written = (value: Input): string => (Array.isArray(value) ? nested(value as Value, String) : String(value));

function forwardSituation(text: string, inputs: readonly Shaped[]): Situation {
  const targets = inputs.map((input): Target => ({ ...input, latex: dot(latexName(input.name)) }));
  const seed = readTangents(text, inputs);
  const target = seed.kind === "typed" ? undefined : targets.find(({ name }) => name === seed.name);
  const place = target && seed.kind === "element" ? placeAt(target.shape, seed.index) : null;
  const before = inputs.slice(0, target ? targets.indexOf(target) : 0).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const count = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const sent = sentTangents(seed, inputs);
  return {
    kind: "forward", targets, chosen: target ? { target, place } : null, texts: inputs.map(({ name }) => written(sent[name] ?? 0)),
    note: place === null ? "" : t("seed.column", { n: before + place + 1, count }),
  };
}

function reverseSituation(text: string, shape: readonly number[], latex: string): Situation {
  const target = { name: "", latex, shape };
  const seed = readCotangent(text, shape);
  const all = seed?.kind === "text" && seed.text === "1";
  const place = seed?.kind === "place" ? placeAt(shape, seed.index) : null;
  return {
    kind: "reverse", targets: [target], chosen: seed?.kind === "text" && !all ? null : { target, place }, texts: [seed ? written(sentCotangent(seed, shape)) : "1"],
    note: place === null || shape.length === 0 ? "" : t("seed.row", { n: place + 1, count: sizeOf(shape) }),
  };
}

function situationOf({ store, session }: Page): Situation | null {
  const kind = kindOf(store);
  const { inputs, output } = session.shapes.value;
  const text = store.seed.value;
  if (kind === "forward") return inputs.length > 1 || inputs.some(({ shape }) => shape.length > 0) ? forwardSituation(text, inputs) : null;
  if (kind === null || (output.length === 0 && !text.startsWith("="))) return null;
  const doc = session.doc.value;
  return reverseSituation(text, output, bar(doc ? nameOf(doc, doc.graph.outputs[0] ?? 0) : "y"));
}

/** `x[0, 1]`, or the name alone of a number. */
const elementLatex = ({ latex, shape }: Target, place: number | null): string =>
  place === null || shape.length === 0 ? latex : `${latex}[${indexAt(shape, place).join(", ")}]`;

export function seedView(page: Page): HTMLElement {
  const { store, session } = page;
  const group = h("div", { class: "seed", role: "group" });
  const segments = h("div", { class: "segments" });
  const label = h("span", { class: "function" });
  const button = h("button", { type: "button", class: "outlined pick" }, label, icon(ChevronDown, 16));
  const panel = menuPanel();
  panel.classList.add("seed-menu");
  const note = h("span", { class: "note" });
  const refused = computed(() => (isAboutSeed(session.error.value) ? session.error.value : null));
  const problem = live(h("p", { class: "refused", role: "alert" }), () => (refused.value ? [refused.value.message, refused.value.hint].filter(Boolean).join(" ") : ""));
  group.append(live(h("span", { class: "word" }), () => t("seed.name")), segments, button, panel, note, problem);

  attachMenu(button, panel, () => fill(panel, page));
  attributes(button, () => ({ "aria-invalid": String(refused.value !== null) }));

  effect(() => {
    const now = situationOf(page);
    group.hidden = now === null;
    if (!now) return;
    const { kind, targets, chosen } = now;
    group.title = t(kind === "forward" ? "seed.about" : "seed.reverse.about");
    group.setAttribute("aria-label", t("seed.name"));
    const short = kind === "forward" && targets.length <= BUTTONS;
    segments.hidden = !short;
    segments.replaceChildren(...(short ? targets.map((target) =>
      h("button", { type: "button", "aria-pressed": String(chosen?.target === target && chosen.place === null), onclick: () => (store.seed.value = target.name) },
        mathHTML(`${target.latex} = 1`))) : []));
    const other = chosen === null || chosen.place !== null || !short;
    label.replaceChildren(...(!other ? [] : chosen ? [mathHTML(`${elementLatex(chosen.target, chosen.place)} = 1`)] : [t("seed.typed")]));
    button.setAttribute("aria-pressed", String(other && short));
    button.setAttribute("aria-label", [t("seed.other"), label.textContent].filter(Boolean).join(": "));
    note.textContent = now.note;
  });
  return group;
}

/** The panel: a cell for each element, and fields for what is typed. */
function fill(panel: HTMLElement, page: Page): void {
  const { store, session } = page;
  const now = situationOf(page);
  if (!now) return panel.replaceChildren();
  const { kind, targets } = now;
  const choose = (seed: string) => (): void => {
    store.seed.value = seed;
    panel.hidePopover();
  };
  const elements = targets.flatMap((target) => {
    const all = h("button", { type: "button", class: "all", "aria-pressed": String(now.chosen?.target === target && now.chosen.place === null), onclick: choose(kind === "forward" ? target.name : "=1") },
      mathHTML(`${target.latex} = 1`), target.shape.length > 0 ? h("span", { class: "shape" }, t("seed.all")) : null);
    const place = now.chosen?.target === target ? now.chosen.place : null;
    const seedAt = (at: number): string => (kind === "forward" ? column(target, at) : writeIndex(indexAt(target.shape, at)));
    return [h("div", { class: "seed-target" }, all, target.shape.length > 0 ? cellsOf(target, place, (at) => choose(seedAt(at))()) : null)];
  });
  const arrays = targets.some(({ shape }) => shape.length > 0);
  const message = live(h("p", { class: "refused" }), () => (isAboutSeed(session.error.value) ? (session.error.value?.message ?? "") : ""));
  panel.replaceChildren(...(arrays ? [h("p", {}, t(`seed.choose.${kind}`))] : []), ...elements, h("p", {}, t(`seed.type.${kind}`)), ...fieldsOf(now, store), message);
}

/** The elements as they lie in the array: the 1 stands where the seed is. A large array is asked for an index. */
function cellsOf(target: Target, place: number | null, choose: (at: number) => void): HTMLElement {
  const { shape } = target;
  const size = sizeOf(shape);
  const name = plain(target.latex);
  if (size > CELLS) return indexField(target, place, choose);
  const width = shape.at(-1) ?? 1;
  const cells = Array.from({ length: size }, (_, at) => {
    const value = at === place ? "1" : "0";
    const label = t("seed.element", { name, index: indexAt(shape, at).join(", "), value });
    return h("button", { type: "button", class: "element", "aria-pressed": String(at === place), "aria-label": label, onclick: () => choose(at) }, value);
  });
  const grid = h("div", { class: "elements", role: "group", "aria-label": name }, ...cells);
  grid.style.gridTemplateColumns = `repeat(${width}, auto)`;
  return grid;
}

function indexField({ latex, shape }: Target, place: number | null, choose: (at: number) => void): HTMLElement {
  const field = h("input", { type: "text", inputmode: "text", class: "field", autocomplete: "off", value: place === null ? "" : indexAt(shape, place).join(", ") });
  field.setAttribute("aria-label", t("seed.index", { name: plain(latex) }));
  field.placeholder = shape.map((length) => `0–${length - 1}`).join(", ");
  field.addEventListener("change", () => {
    const index = field.value.split(",").map(Number);
    const fits = index.length === shape.length && index.every((one, axis) => Number.isInteger(one) && one >= 0 && one < (shape[axis] as number));
    field.setAttribute("aria-invalid", String(!fits));
    if (fits) choose(placeAt(shape, index));
  });
  return field;
}

/** A field for each target. What can be read is taken at once, as in the fields of the inputs. */
function fieldsOf({ kind, targets, texts }: Situation, store: Store): HTMLElement[] {
  const typed = new Map(targets.map(({ name }, i) => [name, texts[i] ?? "0"]));
  return targets.map(({ name, latex }, i) => {
    const field = h("input", { type: "text", class: "field", autocomplete: "off", spellcheck: "false", value: texts[i] ?? "" });
    field.setAttribute("aria-label", t(`seed.value.${kind}`, { name: plain(latexName(name)) }));
    field.addEventListener("input", () => {
      const wrong = read(field.value) === null;
      field.setAttribute("aria-invalid", String(wrong));
      field.title = wrong ? t("inputs.bad") : "";
      if (wrong) return;
      typed.set(name, field.value.trim());
      store.seed.value = kind === "forward" ? writeTangents({ kind: "typed", texts: typed }) : `=${field.value.trim()}`;
    });
    return h("label", { class: "seed-field" }, mathHTML(`${latex} =`), field);
  });
}

/** The card of the step's node: its shapes, the Jacobian that would be, and what is computed instead. It follows the clock. */

import { computed, effect, signal } from "@preact/signals-core";
import { X } from "lucide";
import { api } from "../../api";
import type { Card, CardPart, ClosedForm } from "../../card";
import { attributes, h, iconButton, live } from "../../dom";
import { t } from "../../i18n";
import { mathHTML, mixedHTML, plain } from "../../math";
import type { State } from "../../replay";
import type { TraceDocument } from "../../trace";
import { fading } from "../fading";
import type { Page } from "../page";
import { NARROW } from "../types";
import { blockFigure } from "./block";
import { closedView } from "./closed";
import { type Row, rowsOf, type Term } from "./fold";
import { heatTable, labelled } from "./heat";
import { argumentOf, type Direction, directionOf, finishedAt, type Known, knownAt, subjectOf } from "./known";
import { type Looked, productsView, signOf } from "./product";
import { createCards, emptyShelf } from "./request";
import { summingRow, sumsView } from "./sums";
import { uprightIn } from "./workings";

/** Everything that a frame of the card depends on. */
interface Frame { card: Card; closed: ClosedForm[]; doc: TraceDocument; state: State; known: Known; direction: Direction; looked: Looked; turn: (direction: Direction) => void }

const lead = (text: string | undefined): HTMLElement | null => (text ? h("p", { class: "lead" }, mixedHTML(text)) : null);
const note = (text: string | null | undefined): HTMLElement | null => (text ? h("p", { class: "note" }, mixedHTML(text)) : null);
const shown = (part: CardPart, known: Known): Term => ({ ...part, value: known.roles[part.role] ? part.value : null });

/** How the operation itself is written between its two arguments, if it is. */
function signBetween({ card, doc }: Frame): string {
  const line = card.pushes.flatMap((product) => product?.lines ?? []).find(({ op, sign }) => op === card.op && sign !== null);
  const written = /^\{0\} (\S+) \{1\}$/.exec(doc.ops[card.op ?? ""]?.python ?? "")?.[1];
  return signOf({ sign: line?.sign ?? written ?? null, args: card.inputs });
}

/** `3 × 2 = 3 × 2 @ 2 × 2`; of numbers there is nothing to say. */
function shapesLine({ op, inputs, output }: Card, sign: string): string {
  const all = [...inputs, ...output];
  const written = all.map(({ shape }) => (shape.length === 0 ? t("kind.number") : shape.join(" × ")));
  if (op === null || all.every(({ shape }) => shape.length === 0)) return "";
  const taken = written.slice(0, inputs.length);
  return `${written[inputs.length] ?? ""} = ${sign === "" ? `${op}(${taken.join(", ")})` : taken.join(` ${sign} `)}`;
}

function nodeSection(frame: Frame): HTMLElement {
  const { card, known } = frame;
  const upright = uprightIn({ op: card.op ?? "", args: card.inputs, result: { shape: card.output[0]?.shape ?? [] } });
  const sign = card.inputs.length === 2 ? signBetween(frame) : "";
  const inputs = card.inputs.map((part, i) => labelled(shown(part, known), heatTable(shown(part, known), upright[i]), true));
  const outputs = card.output.map((part) => labelled(shown(part, known), heatTable(shown(part, known), upright.at(-1)), true));
  const [first, ...others] = inputs;
  return h("section", { class: "node" },
    h("h2", { class: "statement" }, mathHTML(card.op === null ? card.name : `${card.name} = ${card.statement}`)), lead(shapesLine(card, sign)),
    first ? h("div", { class: "arrays" }, first, ...others.flatMap((figure) => [h("span", { class: "operator" }, sign), figure])) : null,
    h("div", { class: "arrays outputs" }, ...outputs), note(card.text?.shapes));
}

function jacobianSection({ card, known }: Frame): HTMLElement | null {
  const blocks = card.jacobians.filter((block) => block !== null);
  if (blocks.length === 0) return null;
  return h("section", { class: "jacobians" }, h("h2", {}, t("card.jacobian")), lead(card.text?.jacobian),
    h("div", { class: "blocks" }, ...blocks.map((block) => blockFigure(block, known.roles.partial))));
}

/** Where neither product belongs to the pass, the reader chooses. */
function directionSwitch({ doc, direction, turn }: Frame): HTMLElement | null {
  if (directionOf(doc) !== null) return null;
  const button = (one: Direction): HTMLElement =>
    h("button", { type: "button", "aria-pressed": String(one === direction), onclick: () => turn(one) }, t(`card.${one}`));
  return h("div", { class: "segments", role: "group", "aria-label": t("card.direction") }, button("pull"), button("push"));
}

function productSections(frame: Frame): (HTMLElement | null)[] {
  const { card, state, known, direction, looked } = frame;
  const products = card[direction === "pull" ? "pulls" : "pushes"].filter((product) => product !== null);
  if (products.length === 0) return [];
  const drawn = products.map((product) => {
    const rows = rowsOf(product, direction, known);
    const sum = direction === "pull" && product.summed ? summingRow(rows) : undefined;
    return { product, sum, rows: rows.filter((row: Row) => row !== sum) };
  });
  const own = drawn.filter(({ rows, sum }) => rows.length > 0 || !sum);
  const computedSection = own.length === 0 ? null : h("section", { class: "products" },
    h("h2", {}, t("card.product")), lead(card.text?.product), directionSwitch(frame),
    ...productsView(own, direction, known, argumentOf(state.event), looked).filter((part) => part !== null));
  return [computedSection, ...drawn.map(({ product, sum }) => (sum ? sumsView(sum, card.inputs[product.argnum] as CardPart, argumentOf(state.event) === product.argnum) : null))];
}

function notesSection({ card }: Frame): HTMLElement | null {
  return card.text === null ? null : h("section", { class: "notes" }, note(card.text.about), note(card.text.layout));
}

const sectionsOf = (frame: Frame): HTMLElement[] =>
  [nodeSection(frame), jacobianSection(frame), ...productSections(frame), ...frame.closed.map((form) => closedView(form, frame.known.finished)), notesSection(frame)]
    .filter((section) => section !== null);

/** The element that has the focus is made anew with the rest: the focus goes to the one in its place. */
function replaceKeepingFocus(root: HTMLElement, children: Node[]): void {
  const held = root.contains(document.activeElement) ? document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset["key"] : undefined;
  root.replaceChildren(...children);
  if (held !== undefined) root.querySelector<HTMLElement>(`[data-key="${held}"] td[tabindex="0"]`)?.focus({ preventScroll: true });
}

const STEP = 80;
/** Where the sections stand one below the other. */
const STACKED = `${NARROW}, (max-height: 500px)`;

/** Scrolled by its own arrow keys, which step everywhere else. */
function scroller(...children: HTMLElement[]): HTMLElement {
  const made = h("div", { class: "scroll", tabindex: 0 }, ...children);
  fading(made);
  made.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way === undefined || event.target !== made || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    made.scrollBy({ left: way * STEP });
  });
  return made;
}

/** Whether the strip shows the card: not in the hall, where nothing of it could be read from the last row, nor in place of the matrix. */
export const cardIsOn = ({ store, session }: Page): boolean => store.card.value && !store.present.value && session.doc.value?.pass !== "jacobian";

export function cardView(root: HTMLElement, page: Page): void {
  const { store, session } = page;
  const attempt = signal(0);
  const chosen = signal<Direction>("pull");
  const looked: Looked = new Map();
  /** There the card is read from its top. */
  const narrow = matchMedia(STACKED);
  const node = computed(() => {
    const event = cardIsOn(page) ? session.state.value.event : null;
    return event ? subjectOf(event) : null;
  });
  /** When the reverse pass has come to its end, the gradient of the output can be compared with the textbook's. */
  const output = computed(() => {
    const doc = session.doc.value;
    return doc !== null && node.value !== null && finishedAt(doc, session.state.value) ? (doc.graph.outputs[0] ?? null) : null;
  });
  const shelf = emptyShelf();
  const cards = createCards(shelf, session.request, node, attempt, api);
  const outputs = createCards(shelf, session.request, output, attempt, api);
  const sections = h("div", { class: "sections" });
  const word = live(h("p", { class: "lead", role: "status" }), () => {
    const problem = cards.problem.value;
    if (problem !== null) return problem === "offline" ? t("card.offline") : problem;
    if (node.value === null) return t("rule.before");
    return cards.found.value === null ? t("card.waiting") : "";
  });
  const again = live(h("button", { type: "button", class: "outlined", onclick: () => (attempt.value += 1) }), () => t("error.retry"));
  attributes(again, () => ({ hidden: cards.problem.value !== "offline" }));
  const close = iconButton(X, () => t("card.close"), () => {
    store.card.value = false;
    document.querySelector<HTMLElement>(".card-toggle")?.focus();
  });
  close.classList.add("close");
  root.append(close, h("div", { class: "window" }, scroller(h("div", { class: "word" }, word, again), sections)));
  attributes(root, () => ({ "aria-label": t("card.name", { name: plain(cards.found.value?.card.name ?? "") }) }));

  effect(() => {
    const [found, doc] = [cards.found.value, session.doc.value];
    const state = session.state.value;
    if (found === null || doc === null || node.value === null) return sections.replaceChildren();
    const { card, of } = found;
    // Until its own card is there, a step leaves the last one in place.
    if (card.node !== node.value || of !== session.request.value) return;
    const direction = directionOf(doc) ?? chosen.value;
    const closed = card.closed.length > 0 ? card.closed : (outputs.found.value?.card.closed ?? []);
    const frame: Frame = { card, closed, doc, state, known: knownAt(doc, state, card.node), direction, looked, turn: (one) => (chosen.value = one) };
    replaceKeepingFocus(sections, sectionsOf(frame));
    if (!narrow.matches) sections.querySelector(".now")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

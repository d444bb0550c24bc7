/** The composition root: wires the store, the clock and the views, and keeps the address in step. */

import "./styles";
import { computed, effect } from "@preact/signals-core";
import { api } from "./api";
import { followLocale } from "./i18n";
import { type Action, listenToKeys } from "./keys";
import { createPlayer } from "./player";
import { createPrediction } from "./predict";
import { createSession } from "./session";
import { assign, createStore, fieldsOf, fromHash, initialFields, type Memory, remember, toHash } from "./store";
import { cardIsOn } from "./views/card";
import type { Page } from "./views/page";
import type { HallPanel } from "./views/present";
import { shell } from "./views/shell";
import { nextSeed } from "./views/seed";
import { choosePass, TABS } from "./views/tabs";
import { NARROW } from "./views/types";

/** The frame that opens without a link: half-way through the reverse graph of the first example. A phone has room for its reverse pass. */
const FIRST_FRAME = { wide: { pass: "adjoint_graph", k: 20 }, narrow: { pass: "reverse", k: 15 } } as const;
/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const ADDRESS_PAUSE = 350;

function memory(): Memory | null {
  try {
    return localStorage;
  } catch {
    return null; // storage is switched off: nothing is remembered
  }
}

const kept = memory();
const store = createStore(location.hash, kept, navigator.languages);
if (Object.keys(fromHash(location.hash)).every((field) => field === "locale" || field === "theme")) assign(store, FIRST_FRAME[matchMedia(NARROW).matches ? "narrow" : "wide"]);

const root = document.documentElement;
followLocale(root);
effect(() => {
  const theme = store.present.value ? "hall" : store.theme.value;
  if (theme === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
});
effect(() => remember(store, kept));

const session = createSession(store, api);
const drawing: Page["drawing"] = { view: null };
const settle = (): void => drawing.view?.settle();
const prediction = createPrediction(store.predict, session.doc, session.k);
const player = createPlayer({ wanted: store.k, k: session.k, doc: session.doc, settle, holds: prediction.holds });
const nothing = (): void => {};
const page: Page = { store, session, player, prediction, drawing, open: { help: nothing, gallery: nothing, derivatives: nothing, compare: nothing, inspect: nothing } };
const hall = shell(document.getElementById("app") as HTMLElement, page);

const link = computed(() => toHash({ ...fieldsOf(store), k: session.doc.value ? session.k.value : store.k.value }));
effect(() => {
  const wanted = link.value;
  const timer = setTimeout(() => history.replaceState(null, "", wanted === "" ? location.pathname + location.search : `#${wanted}`), ADDRESS_PAUSE);
  return () => clearTimeout(timer);
});
addEventListener("hashchange", ({ newURL }) => {
  // Not `location`: a step may have been written to it since.
  const hash = new URL(newURL).hash.slice(1);
  if (hash === link.value) return;
  assign(store, { ...initialFields(), locale: store.locale.value, theme: store.theme.value, ...fromHash(hash) });
});
addEventListener("online", () => session.retry());

/** In the graph, arrows walk along the edges; everywhere else they step. */
const inGraph = (): boolean => document.activeElement?.closest(".drawing") !== null && document.activeElement !== null;
const walk = { ArrowLeft: "input", ArrowRight: "user", ArrowUp: "previous", ArrowDown: "next" } as const;
document.addEventListener("keydown", (event) => {
  const direction = walk[event.key as keyof typeof walk];
  if (!direction || !inGraph() || event.defaultPrevented || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || store.present.value) return;
  event.preventDefault();
  drawing.view?.move(direction);
});

const PANELS: readonly HallPanel[] = ["code", "table", "rule"];
const tab = (index: number) => (): void => {
  const panel = PANELS[index];
  const pass = TABS[index];
  if (!store.present.value && pass) choosePass(page, pass);
  else if (store.present.value && panel) hall.panel(panel);
};

/** The card is open, and no menu that Escape would close first. */
const cardOnTop = (): boolean => cardIsOn(page) && document.querySelector(":popover-open") === null;

const actions: Record<Action, () => void> = {
  next: player.next,
  previous: player.previous,
  nextPhase: player.nextPhase,
  previousPhase: player.previousPhase,
  first: player.first,
  last: player.last,
  play: player.toggle,
  tab1: tab(0),
  tab2: tab(1),
  tab3: tab(2),
  tab4: tab(3),
  tab5: tab(4),
  reverse: () => choosePass(page, "reverse"),
  lanes: () => (store.lanes.value = store.lanes.value === "mirror" ? "overlay" : "mirror"),
  seed: () => nextSeed(page),
  predict: () => (store.predict.value = !store.predict.value),
  language: () => (store.locale.value = store.locale.value === "en" ? "zh" : "en"),
  card: () => (store.card.value = !store.card.value),
  closeCard: () => (store.card.value = false),
  present: () => (store.present.value = !store.present.value),
  leave: hall.leave,
  blank: () => hall.blank("black"),
  white: () => hall.blank("white"),
  strip: hall.strip,
  zoomIn: () => drawing.view?.zoomBy(1.2),
  zoomOut: () => drawing.view?.zoomBy(1 / 1.2),
  zoomReset: () => drawing.view?.fit(),
  derivatives: () => page.open.derivatives(),
  compare: () => page.open.compare(),
  inspect: () => page.open.inspect(),
  help: () => page.open.help(),
  optionA: () => hall.option(0),
  optionB: () => hall.option(1),
  optionC: () => hall.option(2),
  optionD: () => hall.option(3),
};
listenToKeys(() => ({ present: store.present.value, singleKeys: store.singleKeys.value, options: hall.options(), card: cardOnTop() }), actions, settle);

/** The picture: hands scenes to the graph drawing, and says what is wrong or missing around it. */

import { computed, effect, untracked } from "@preact/signals-core";
import { WifiOff } from "lucide";
import type { Example } from "../api";
import { h, icon, live } from "../dom";
import { type Key, t } from "../i18n";
import type { NodeId, TraceDocument } from "../trace";
import { hasArrays } from "./card/known";
import { graphView } from "./graph";
import type { Page } from "./page";
import { isAboutSeed } from "./seed";
import { stripView } from "./strip";
import { NARROW, type Scene } from "./types";

export function stageView(root: HTMLElement, page: Page, examples: { choose(example: Example): void; list(): Promise<Example[]> }): void {
  const { store, session, player } = page;
  const drawing = h("div", { class: "drawing" });
  const stale = live(h("p", { class: "stale" }), () => (session.stale.value && session.error.value && !isAboutSeed(session.error.value) ? t("editor.stale") : ""));
  const empty = h("div", { class: "empty" });
  const offline = h("div", { class: "offline", role: "alert" }, icon(WifiOff, 18), live(h("span"), () => t("error.offline")),
    live(h("button", { type: "button", class: "outlined", onclick: () => session.retry() }), () => t("error.retry")));
  const strip = h("section", { class: "strip", hidden: true });
  root.append(drawing, strip, stale, offline, empty);

  /** Among arrays there is more to see of an operation than fits in its box. */
  function onJump(k: number, node: NodeId): void {
    const doc = session.doc.value;
    player.seek(k);
    if (doc && doc.pass !== "jacobian" && hasArrays(doc) && doc.graph.nodes[node]?.op != null && !store.present.value) store.card.value = true;
  }

  const view = graphView(drawing, {
    onJump,
    onHover: (node) => (store.hover.value = node),
    onSeed: (node) => (store.seed.value = session.doc.value?.graph.nodes[node]?.name ?? ""),
    onZoom: (scale) => (store.zoom.value = scale),
  });
  page.drawing.view = view;

  const narrow = matchMedia(NARROW);
  let last: { doc: TraceDocument; k: number; locale: string } | null = null;

  function show(): void {
    const doc = session.doc.value;
    drawing.hidden = !doc;
    if (!doc) return;
    const state = session.state.value;
    const locale = store.locale.value;
    const scene: Scene = {
      doc, state, lanes: store.lanes.value, hover: asked() ?? store.hover.value,
      direction: narrow.matches && !store.present.value ? "down" : "right",
      animate: last?.doc === doc && last.k === state.k - 1,
    };
    last = { doc, k: state.k, locale };
    view.update(scene);
  }

  /** While a question is open, its node is the one to look at. */
  const asked = (): number | null => {
    const gate = page.prediction.gate.value;
    return gate?.verdict === "open" ? gate.question.node : null;
  };

  // The picture measures its room: what stands below it comes first.
  effect(show);
  narrow.addEventListener("change", () => untracked(show));
  effect(() => {
    offline.hidden = !session.offline.value || session.doc.value === null;
    root.classList.toggle("is-stale", session.stale.value && session.error.value !== null);
  });

  emptyView(empty, page, examples);
  stripView(strip, page);
}

type Missing = "nothing" | "problem" | "offline" | "waiting";

/** Shorter waits than this need no word. */
const PATIENCE = 400;
const OFFERED = 5;

/** Where there is no picture: why, and what to do about it. */
function emptyView(root: HTMLElement, { store, session, open }: Page, examples: { choose(example: Example): void; list(): Promise<Example[]> }): void {
  const missing = computed((): Missing | null => {
    if (session.doc.value) return null;
    if (store.source.value.trim() === "") return "nothing";
    return session.offline.value ? "offline" : session.error.value ? "problem" : "waiting";
  });

  function offers(): HTMLElement {
    const chips = h("div", { class: "chips" });
    const all = h("button", { type: "button", class: "quiet", onclick: open.gallery }, t("empty.all"));
    void examples.list().then((list) => {
      const short = list.filter(({ source }, i) => !source.includes("\n") && list.findIndex((one) => one.source === source) === i).slice(0, OFFERED);
      chips.replaceChildren(...short.map((example) =>
        h("button", { type: "button", class: "outlined", onclick: () => examples.choose(example) }, h("code", {}, example.source))), all);
    }, () => {});
    return chips;
  }

  const title = (key: Key): HTMLElement => h("p", { class: "title" }, t(key));
  /** What was read but cannot be done, such as a gradient of a vector, is said as it is. */
  function problem(): HTMLElement[] {
    const error = session.error.value;
    if (!error || session.form.value === null) return [title("empty.problem"), h("p", {}, t("empty.mend"))];
    return [h("p", { class: "title" }, error.message), h("p", {}, error.hint ?? t("empty.mend"))];
  }
  const contents: Record<Missing, () => HTMLElement[]> = {
    nothing: () => [title("empty.title"), h("p", {}, t("empty.why")), offers()],
    problem: () => [...problem(), offers()],
    offline: () => [title("empty.offline"), h("p", {}, t("empty.offline.why")),
      h("button", { type: "button", class: "outlined", onclick: () => session.retry() }, t("error.retry"))],
    waiting: () => [h("p", { role: "status" }, t("empty.waiting"))],
  };

  effect(() => {
    const why = missing.value;
    root.hidden = why === null || why === "waiting";
    root.closest(".app")?.classList.toggle("blank", why !== null);
    if (why === null) return undefined;
    root.replaceChildren(...contents[why]());
    const timer = setTimeout(() => (root.hidden = false), PATIENCE);
    return () => clearTimeout(timer);
  });
}

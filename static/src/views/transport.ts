/** First, previous, next, last, play: the same as the keys. */

import { effect } from "@preact/signals-core";
import { ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from "lucide";
import { attributes, h, icon, iconButton, live } from "../dom";
import { t } from "../i18n";
import { SPEEDS } from "../player";
import type { Page } from "./page";

export function transportView(root: HTMLElement, { player, session }: Page): void {
  const first = iconButton(SkipBack, () => t("player.first"), player.first);
  const previous = iconButton(ChevronLeft, () => t("player.previous"), player.previous);
  const next = h("button", { type: "button", class: "forward-step solid", onclick: player.next },
    live(h("span", { class: "wide" }), () => t("player.next")), live(h("span", { class: "narrow" }), () => t("player.nextshort")), icon(ChevronRight));
  const last = iconButton(SkipForward, () => t("player.last"), player.last);
  const play = h("button", { type: "button", class: "icon play", onclick: player.toggle });
  attributes(play, () => {
    const name = t(player.playing.value ? "player.pause" : "player.play");
    return { "aria-label": name, title: name, "aria-pressed": String(player.playing.value) };
  });
  effect(() => play.replaceChildren(icon(player.playing.value ? Pause : Play)));

  const speed = h("select", { class: "speed", onchange: () => (player.speed.value = Number(speed.value)) },
    ...SPEEDS.map((value) => h("option", { value }, `${value}×`)));
  effect(() => {
    speed.value = String(player.speed.value);
  });
  attributes(speed, () => ({ "aria-label": t("player.speed"), title: t("player.speed") }));

  effect(() => {
    const k = session.k.value;
    const end = session.doc.value?.events.length ?? 0;
    for (const [button, off] of [[first, k <= 0], [previous, k <= 0], [next, k >= end], [last, k >= end], [play, end === 0]] as const) {
      // A disabled button would lose the focus under the finger that pressed it.
      button.setAttribute("aria-disabled", String(off));
    }
  });
  root.append(first, previous, next, last, play, speed);
}

/** `Step 20 of 24`, and the switch of the questions. */
export function meta(root: HTMLElement, { session, store }: Page): void {
  const step = h("span", { class: "count" });
  effect(() => {
    const n = session.doc.value?.events.length ?? 0;
    const k = session.k.value;
    // The number that changes is bold: it is cut out of the message, whatever the language's word order.
    const mark = "\u0000";
    const [before = "", after = ""] = t("timeline.at", { k: mark, n }).split(mark);
    step.replaceChildren(before, h("b", {}, String(k)), after);
  });
  const predict = h("button", { type: "button", class: "outlined predict", onclick: () => (store.predict.value = !store.predict.value) },
    live(h("span", { "aria-hidden": "true" }), () => (store.predict.value ? "◆" : "◇")), live(h("span", { class: "word" }), () => t("player.predict")));
  attributes(predict, () => ({ "aria-pressed": String(store.predict.value), title: t("player.predict.about"), "aria-label": t("player.predict") }));
  root.append(step, predict);
}

/** The strip below the picture: what belongs to it and needs room of its own. Hidden where nothing does. */

import { effect } from "@preact/signals-core";
import { h } from "../dom";
import { cardIsOn, cardView } from "./card";
import type { Page } from "./page";

export function stripView(root: HTMLElement, page: Page): void {
  const card = h("div", { class: "node-card", role: "region" });
  root.append(card);
  cardView(card, page);
  effect(() => {
    card.hidden = !cardIsOn(page) || page.session.doc.value === null;
    root.hidden = card.hidden;
    root.closest(".app")?.classList.toggle("with-card", !card.hidden);
  });
}

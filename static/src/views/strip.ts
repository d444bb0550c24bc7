/** The strip below the picture: the matrix of a Jacobian, or the card of the step's node. Hidden where there is neither. */

import { effect } from "@preact/signals-core";
import { h } from "../dom";
import { cardIsOn, cardView } from "./card";
import { matrixView } from "./matrix";
import type { Page } from "./page";

export function stripView(root: HTMLElement, page: Page): void {
  const matrix = h("div", { class: "matrix" });
  const card = h("div", { class: "node-card", role: "region" });
  root.append(matrix, card);
  matrixView(matrix, page);
  cardView(card, page);
  effect(() => {
    matrix.hidden = page.session.doc.value?.pass !== "jacobian";
    card.hidden = !cardIsOn(page) || page.session.doc.value === null;
    root.hidden = matrix.hidden && card.hidden;
    root.closest(".app")?.classList.toggle("with-card", !card.hidden);
  });
}

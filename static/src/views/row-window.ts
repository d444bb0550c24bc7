/** Of a long table only the rows around those in sight are drawn; empty bodies above and below keep the others' place. */

import { signal } from "@preact/signals-core";
import { h } from "../dom";

/** Up to so many rows a table is drawn whole. */
const WHOLE = 100;
/** Rows drawn beyond the edge, and by how many the table moves on at once. */
const SPARE = 16;
const STRIDE = 8;
/** Before a row has been measured. */
const PITCH = 27;

export interface Span { from: number; to: number }

export interface RowWindow {
  readonly above: HTMLElement;
  readonly below: HTMLElement;
  /** The rows to draw of so many, with row `now` in sight if it has just changed. Depends on where the table is scrolled to. */
  span(count: number, now: number): Span;
  /** To be called when the rows have been drawn and laid out. */
  measure(): void;
}

function spacer(): { element: HTMLElement; room(height: number): void } {
  const element = h("tbody", { "aria-hidden": "true" });
  const cell = h("td", { colspan: 9 });
  cell.style.border = "0";
  const row = h("tr", {}, cell);
  return {
    element,
    room(height) {
      if (height <= 0) return element.replaceChildren();
      cell.style.height = `${height}px`;
      if (!row.isConnected) element.append(row);
    },
  };
}

export function rowWindow(scroll: HTMLElement, body: HTMLTableSectionElement): RowWindow {
  const first = signal(0);
  const above = spacer();
  const below = spacer();
  let pitch = PITCH;
  let visible = 20;
  let last = -1;
  let long = false;

  scroll.addEventListener("scroll", () => {
    if (long) first.value = Math.floor(scroll.scrollTop / pitch / STRIDE) * STRIDE;
  }, { passive: true });
  if (typeof ResizeObserver !== "undefined") {
    new ResizeObserver(([entry]) => {
      visible = Math.ceil((entry?.contentRect.height ?? 0) / pitch) + STRIDE;
    }).observe(scroll);
  }

  return {
    above: above.element,
    below: below.element,
    span(count, now) {
      long = count > WHOLE;
      let top = first.value;
      if (long && now >= 0 && now !== last && (now < top || now >= top + visible - STRIDE)) top = first.value = Math.max(0, Math.floor((now - visible / 2) / STRIDE) * STRIDE);
      last = now;
      const from = long ? Math.min(Math.max(0, top - SPARE), Math.max(0, count - visible)) : 0;
      const to = long ? Math.min(count, top + visible + SPARE) : count;
      above.room(from * pitch);
      below.room((count - to) * pitch);
      return { from, to };
    },
    measure() {
      const height = long ? (body.rows[0]?.offsetHeight ?? 0) : 0;
      if (height > 0) pitch = height;
    },
  };
}

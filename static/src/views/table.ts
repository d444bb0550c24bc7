/** The Wengert table: native HTML that carries everything the graph shows. */

import { select } from "d3-selection";
import { effect } from "@preact/signals-core";
import { isNum } from "../arrays";
import { h } from "../dom";
import { type Key, t } from "../i18n";
import { mathHTML, plain } from "../math";
import { brief, full, short } from "../numbers";
import { nameOf } from "../symbols";
import type { State } from "../replay";
import type { Partial as Local, TraceDocument } from "../trace";
import type { Page } from "./page";
import { rowWindow } from "./row-window";
import { type Cell, type Column, columnsOf, type Entry, type Row, rowNodes, tableOf } from "./table-model";

const HEAD: Record<Column, { key: Key; glyph: string; role: string; math: string; right: boolean }> = {
  value: { key: "table.value", glyph: "■", role: "primal", math: "v", right: true },
  tangent: { key: "table.tangent", glyph: "▲", role: "tangent", math: "\\dot{v}", right: true },
  partials: { key: "table.partials", glyph: "", role: "", math: "", right: true },
  lists: { key: "table.lists", glyph: "", role: "", math: "", right: false },
  adjoint: { key: "table.adjoint", glyph: "▼", role: "adjoint", math: "\\bar{v}", right: true },
  becomes: { key: "table.becomes", glyph: "", role: "", math: "", right: false },
};
const ROLE: Partial<Record<Column, string>> = { value: "primal", tangent: "tangent", adjoint: "adjoint", lists: "adjoint" };

export function tableView(root: HTMLElement, { session, store, player }: Page): void {
  const head = h("tr");
  const body = h("tbody");
  const caption = h("caption", { class: "spoken" });
  let scrolling = 0;
  const table = h("table", { class: "wengert" }, caption, h("thead", {}, head));
  const scroll = h("div", { class: "table-scroll" }, table);
  const window = rowWindow(scroll, body);
  table.append(window.above, body, window.below);
  root.append(scroll);
  let shown: State | null = null;

  const press = (entry: Entry): HTMLElement =>
    number(entry.value, entry.now ? "now" : "", entry.at);

  function number(value: NonNullable<Local>, className: string, at: number): HTMLElement {
    const name = t("table.jump", { value: full(value), k: at });
    return h("button", { type: "button", tabindex: -1, class: `cell ${className}${isNum(value) ? "" : " array"}`, title: name, onclick: () => player.seek(at) }, value === "linear" ? short(value) : brief(value));
  }

  function fill(cell: Cell, doc: TraceDocument): (Node | string)[] {
    switch (cell.kind) {
      case "pending": return [h("span", { class: "pending" }, h("span", { class: "spoken" }, t("table.notyet")))];
      case "blank": return [];
      case "word": return [h("button", { type: "button", tabindex: -1, class: "cell word", onclick: () => player.seek(cell.at) }, t(cell.word))];
      case "node": return [h("button", { type: "button", tabindex: -1, class: "cell", onclick: () => player.seek(cell.at) }, mathHTML(nameOf(doc, cell.node)))];
      case "number": return [
        ...(!isNum(cell.replaced) ? [] : [h("s", { title: t("table.replaced", { value: full(cell.replaced) }) }, short(cell.replaced)), " "]),
        ...(cell.word ? [h("span", { class: "word", title: t(cell.word) }, "⚠ ", h("span", { class: "said" }, `${t(cell.word)} `))] : []),
        ...(cell.word && cell.entry.value === "NaN" ? [] : [press(cell.entry)]),
      ];
      case "list": {
        if (cell.entries.length === 0) return cell.brackets ? ["[  ]"] : [];
        const [before, after] = cell.brackets ? ["[ ", " ]"] : ["", ""];
        const last = cell.entries.length - 1;
        // A long list breaks between its entries, never within one.
        return cell.entries.flatMap((entry, i) => [
          h("span", { class: "entry" }, i === 0 ? before : "", press(entry), i < last ? "," : after), i < last ? " " : "",
        ]);
      }
    }
  }

  function drawHead(columns: readonly Column[]): void {
    const names = [h("th", { scope: "col" }, h("span", { class: "spoken" }, t("table.name"))), h("th", { scope: "col" }, t("table.statement"))];
    head.replaceChildren(...names, ...columns.map((column) => {
      const { key, glyph, role, math, right } = HEAD[column];
      return h("th", { scope: "col", class: `${column} ${right ? "right" : ""}` },
        glyph ? h("span", { class: role, "aria-hidden": "true" }, `${glyph} `) : null,
        math && store.locale.value === "en" ? mathHTML(math) : t(key),
        math && store.locale.value === "en" ? h("span", { class: "spoken" }, ` ${t(key)}`) : null);
    }));
  }

  /** What a row shows that does not change with the step: redrawn only when it differs. */
  function drawRow(this: HTMLTableRowElement, row: Row, doc: TraceDocument, columns: readonly Column[]): void {
    const statement = row.input ? "" : (doc.text?.nodes[row.node] ?? doc.graph.nodes[row.node]?.op ?? "");
    const fixed = `${nameOf(doc, row.node)}|${statement}|${columns.join()}|${store.locale.value}`;
    if (this.dataset["fixed"] !== fixed) {
      this.dataset["fixed"] = fixed;
      const name = h("button", { type: "button", class: "cell name", tabindex: -1, onclick: () => player.seek(Number(this.dataset["at"])) }, mathHTML(nameOf(doc, row.node)));
      this.replaceChildren(h("th", { scope: "row" }, name),
        h("td", { class: "statement", title: row.input ? t("table.input") : plain(statement) }, row.input ? h("span", { class: "input" }, t("table.input")) : mathHTML(statement)),
        ...columns.map((column) => h("td", { class: `${column} ${ROLE[column] ?? ""} ${HEAD[column].right ? "right" : ""}` })));
    }
    this.dataset["at"] = String(row.at);
    columns.forEach((column, i) => {
      const cell = row.cells[column];
      const place = this.cells[i + 2];
      const shown = JSON.stringify(cell);
      if (!cell || !place || place.dataset["shown"] === shown) return;
      place.dataset["shown"] = shown;
      place.replaceChildren(...fill(cell, doc));
    });
  }

  effect(() => {
    const doc = session.doc.value;
    if (!doc) return body.replaceChildren();
    const columns = columnsOf(doc);
    const state = session.state.value;
    const nodes = rowNodes(doc, state);
    const { from, to } = window.span(nodes.length, state.event ? nodes.indexOf(state.event.node) : 0);
    const whole = to - from === nodes.length;
    const rows = tableOf(doc, state, nodes.slice(from, to));
    if (whole) table.removeAttribute("aria-rowcount");
    else table.setAttribute("aria-rowcount", String(nodes.length + 1));
    caption.textContent = t("table.title");
    const heading = `${columns.join()}|${store.locale.value}`;
    if (head.dataset["for"] !== heading) {
      head.dataset["for"] = heading;
      drawHead(columns);
    }
    select(body).selectAll<HTMLTableRowElement, Row>("tr").data(rows, (row) => row.node).join("tr")
      .classed("now", (row) => row.now)
      .classed("removed", (row) => row.removed)
      .attr("aria-current", (row) => (row.now ? "step" : null))
      .attr("data-node", (row) => row.node)
      .attr("aria-rowindex", (_, i) => (whole ? null : from + i + 2))
      .each(function (row) {
        drawRow.call(this, row, doc, columns);
      });
    if (shown !== state) {
      cancelAnimationFrame(scrolling);
      scrolling = requestAnimationFrame(keepInView);
    }
    shown = state;
    const focusable = body.querySelector("tr.now .name") ?? body.querySelector(".name");
    body.querySelector('.name[tabindex="0"]')?.setAttribute("tabindex", "-1");
    focusable?.setAttribute("tabindex", "0");
  });

  effect(() => {
    const hovered = store.hover.value;
    for (const row of body.rows) row.classList.toggle("hover", Number(row.dataset["node"]) === hovered && hovered !== null);
  });

  function keepInView(): void {
    const now = body.querySelector<HTMLElement>("tr.now");
    window.measure();
    if (!now || scroll.scrollHeight <= scroll.clientHeight) return;
    const top = now.offsetTop - (head.offsetHeight + 4);
    const bottom = now.offsetTop + now.offsetHeight;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (bottom > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = bottom - scroll.clientHeight + 4;
  }

  body.addEventListener("pointerover", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("tr");
    store.hover.value = row ? Number(row.dataset["node"]) : null;
  });
  body.addEventListener("pointerleave", () => {
    store.hover.value = null;
  });
  body.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const names = [...body.querySelectorAll<HTMLElement>(".name")];
    const at = names.indexOf(event.target as HTMLElement);
    if (step === 0 || at < 0) return;
    event.preventDefault();
    names[at + step]?.focus();
  });
}

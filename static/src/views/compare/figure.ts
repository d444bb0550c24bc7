/** A plot with what belongs to it: its words, the numbers as a table, and buttons to take them away. */

import { csv, type Figure, rowsOf } from "../../compare/figures";
import { h, save } from "../../dom";
import { svgFile } from "../../export";
import { t } from "../../i18n";
import { short } from "../../numbers";
import { copyRow } from "../copy";
import { plot, type Room, type Wording } from "./plot";

/** What stands above a plot and below it, so that the whole of it can be seen at once. */
const AROUND = 410;

/** Heights for widths, within what can be read. */
const heightFor = (width: number, unit: number): number => Math.max(260 * unit, Math.min(440 * unit, width * 0.52, innerHeight - AROUND * unit));

function roomOf(place: HTMLElement): Room {
  const width = Math.max(place.clientWidth, 280);
  const unit = parseFloat(getComputedStyle(place).fontSize) / 14;
  return { width, height: heightFor(width, unit), unit };
}

function table(figure: Figure, wording: Wording): HTMLElement {
  const [head = [], ...rows] = rowsOf(figure, wording.x, wording.name);
  const shown = (cell: string): string => (cell === "" ? "" : short(Number(cell)));
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": wording.title }, h("table", {},
    h("caption", { class: "spoken" }, wording.title),
    h("thead", {}, h("tr", {}, ...head.map((cell) => h("th", { scope: "col" }, cell)))),
    h("tbody", {}, ...rows.map(([first = "", ...cells]) => h("tr", {}, h("th", { scope: "row" }, shown(first)), ...cells.map((cell) => h("td", {}, shown(cell))))))));
}

/** `stem` names the files. The plot is drawn anew when its place becomes wider or narrower. */
export function figureView(stem: string, figure: Figure, wording: Wording, chosen: string | null = null): HTMLElement {
  const place = h("div", { class: "plot-place" });
  let drawn = 0;
  const draw = (): void => {
    if (place.clientWidth === drawn || !place.isConnected) return;
    drawn = place.clientWidth;
    place.replaceChildren(plot(figure, roomOf(place), wording, chosen));
  };
  new ResizeObserver(draw).observe(place);
  const picture = h("button", { type: "button", class: "outlined", onclick: () => {
    const svg = place.querySelector("svg");
    if (svg) save(`${stem}.svg`, "image/svg+xml", svgFile(svg, getComputedStyle(document.body).backgroundColor));
  } }, t("compare.svg"));
  const numbers = h("details", { class: "numbers" }, h("summary", {}, t("compare.numbers")));
  numbers.addEventListener("toggle", () => numbers.open && numbers.childElementCount === 1 && numbers.append(table(figure, wording)));
  const copies = copyRow([{ label: t("compare.csv"), name: `${t("compare.csv")}: ${wording.title}`, write: () => csv(rowsOf(figure, wording.x, wording.name)) }]);
  copies.prepend(picture);
  return h("figure", {}, h("figcaption", {}, wording.title), place, h("div", { class: "take" }, numbers, copies));
}

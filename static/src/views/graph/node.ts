/** A box: name, one row per quantity, and room from the start for what will be written there. */

import { measureText, writeMath } from "../../math";
import { baselines } from "./boxes";
import { boxPath } from "./geometry";
import { glyphPath, nothingPath, warningPath } from "./glyph";
import type { HeatPlan } from "./heat";
import { heatParts } from "./heat";
import type { BoxLook, RowLook } from "./look";
import type { Metrics } from "./metrics";
import type { BoxPlan, Quantity } from "./plan";
import { sumParts } from "./sum";
import type { Drawn } from "./svg";
import { s } from "./svg";

/** One quantity: glyph, and a dashed slot until there is a number. */
export function rowParts(quantity: Quantity, metrics: Metrics, left: number, baseline: number, room: number, plan: HeatPlan | null = null): { element: SVGGElement; show(row: RowLook): void } {
  const { number, glyph, plate } = metrics;
  const numberAt = left + glyph * 2;
  const middle = baseline - number * 0.36;
  const mark = s("path", { class: "glyph", d: glyphPath(quantity, left + glyph / 2, middle, glyph) });
  const top = baseline - number * 0.86;
  const extent = plan ? { y: top, width: plan.width, height: plan.height } : { y: top, width: Math.min(number * 3, room - glyph * 2), height: number };
  const slot = s("rect", { class: "slot", x: numberAt, ...extent, rx: 3 });
  const heat = plan ? heatParts(plan, numberAt, top) : null;
  const text = s("text", { class: "num", x: numberAt, y: baseline, "font-size": number });
  const element = s("g", { class: `row ${quantity}` }, mark, slot, heat?.element ?? null, text);
  let old: [SVGTextElement, SVGPathElement] | null = null;

  /** The value that was replaced in this step, struck through before the new one. */
  function replaced(value: string | null): number {
    old?.forEach((part) => part.remove());
    old = null;
    if (value === null) return 0;
    const width = measureText(value, plate);
    old = [s("text", { class: "num old", x: numberAt, y: baseline, "font-size": plate }), s("path", { class: "strike", d: `M${numberAt - 2} ${baseline - plate * 0.36}h${width + 4}` })];
    old[0].textContent = value;
    element.append(...old);
    return width + 10;
  }

  return {
    element,
    show(row) {
      element.setAttribute("class", `row ${quantity}${row.text === null ? " unknown" : ""}${row.word && ` word ${row.word}`}`);
      const x = left + glyph / 2;
      mark.setAttribute("d", row.word === "broken" ? warningPath(x, middle, glyph * 1.3) : row.word === "nothing" ? nothingPath(x, middle, glyph) : glyphPath(quantity, x, middle, glyph));
      heat?.show(row.cells);
      text.textContent = heat && row.cells ? "" : (row.text ?? "");
      text.setAttribute("x", String(numberAt + replaced(row.old)));
    },
  };
}

function frame(box: BoxPlan, metrics: Metrics, crowded: boolean): SVGElement[] {
  const { width, height } = box;
  const { radius } = metrics;
  const inset = radius / 2;
  const parts: SVGElement[] = [
    s("path", { class: "box", d: boxPath(width, height, radius, box.flat) }),
  ];
  if (!crowded) parts.unshift(s("path", { class: "ring", d: boxPath(width + 10, height + 10, radius + 4, false), transform: "translate(-5 -5)" }));
  if (box.output) parts.push(s("path", { class: "inner", d: boxPath(width - 2 * inset, height - 2 * inset, radius - 3, false), transform: `translate(${inset} ${inset})` }));
  if (box.flat) parts.push(s("path", { class: "flat-edge", d: `M${metrics.border / 4} -1V${height + 1}` }));
  return parts;
}

export const placeBox = (box: BoxPlan, element: SVGGElement): void => element.setAttribute("transform", `translate(${box.x} ${box.y})`);

export function drawBox(box: BoxPlan, metrics: Metrics, crowded: boolean): Drawn<BoxLook> {
  const title = s("text", { class: "title", x: metrics.pad, y: metrics.rows[0] as number, "font-size": metrics.name });
  let written = box.title;
  writeMath(title, written, metrics.name);
  const sum = box.cells.length > 0 ? sumParts(box, metrics) : null;
  const mapped = box.heats.some((heat) => heat !== null);
  const at = baselines(box, metrics);
  const badge = box.badge === "" && box.expected < 2 && box.shape === "" ? null : s("text", { class: "badge", x: sum ? sum.left - 8 : box.width - 10, y: (metrics.rows[0] as number) - 3, "font-size": metrics.badge, "text-anchor": "end" });
  const rows = box.quantities.map((quantity, i) => rowParts(quantity, metrics, metrics.pad, sum && !mapped ? sum.baseline : (at[i] as number), (sum ? sum.left - 8 : box.width - metrics.pad) - metrics.pad, box.heats[i]));
  if (sum && !mapped) title.setAttribute("y", String(sum.title));
  if (sum && badge && !mapped) badge.setAttribute("y", String(sum.title - 2));
  const element = s(
    "g", { class: "node", role: "graphics-object", tabindex: -1, "data-key": box.key },
    ...frame(box, metrics, crowded), title, badge, ...rows.map((row) => row.element), sum?.element ?? null,
  );
  placeBox(box, element);
  return {
    element,
    show(look) {
      element.setAttribute("class", look.classes);
      element.setAttribute("aria-label", look.label());
      if ((look.title ?? box.title) !== written) writeMath(title, (written = look.title ?? box.title), metrics.name);
      if (badge) badge.textContent = look.badge;
      look.rows.forEach((row, i) => rows[i]?.show(row));
      sum?.show(look.cells);
    },
  };
}


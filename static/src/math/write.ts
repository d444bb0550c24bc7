/** A line of maths as SVG text. */

import { tall } from "./accent";
import { em } from "./measure";
import { LEVELS, mathText, NAME_SIZE, type Run } from "./runs";

const SVG = "http://www.w3.org/2000/svg";

/** A dot over letters is a small bullet, in em of them: how high, how far to the right of the middle (names lean), how large. */
const DOT = { text: "•", low: -0.47, high: -0.66, lean: 0.07, size: 0.42 } as const;

const classOf = (run: Run): string => [run.italic && "v", run.level !== "base" && run.level, run.over === "bar" && "over-bar"].filter(Boolean).join(" ");

function span(text: string, className: string, dx: number, dy: number): SVGTSpanElement {
  const made = document.createElementNS(SVG, "tspan");
  if (dx !== 0) made.setAttribute("dx", dx.toFixed(2));
  if (dy !== 0) made.setAttribute("dy", dy.toFixed(2));
  if (className) made.setAttribute("class", className);
  made.textContent = text;
  return made;
}

/** Writes a line into an SVG text element, replacing what was there. */
export function writeMath(target: SVGTextElement, latex: string, fontSize: number): void {
  let height = 0;
  let ahead = 0;
  const spans = mathText(latex).flatMap((run) => {
    const drop = LEVELS[run.level].drop * fontSize;
    const letters = span(run.text, classOf(run), ahead, drop - height);
    height = drop;
    ahead = 0;
    if (run.over !== "dot") return [letters];
    const size = LEVELS[run.level].size * (run.italic ? NAME_SIZE : 1) * fontSize;
    const width = em(run.text, run.italic, 500) * size;
    const point = em(DOT.text, false, 500) * DOT.size * size;
    const back = (width + point) / 2 - (run.italic ? DOT.lean * size : 0);
    const rise = (tall(run.text) ? DOT.high : DOT.low) * size;
    const dot = span(DOT.text, "", -back, rise);
    dot.setAttribute("font-size", (DOT.size * size).toFixed(2));
    height = drop + rise;
    ahead = back - point;
    return [letters, dot];
  });
  target.replaceChildren(...spans);
}

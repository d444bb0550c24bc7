/** Maths in a page: spans and CSS (static/css/math.css), with the same line in words for those who listen. */

import { DOT, overset, slanted, tall } from "./accent";
import { parse } from "./parse";
import { spoken } from "./spoken";
import type { Maths, MathsOf } from "./tree";
import { itemsOf, spaceBetween } from "./tree";

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

type Draw = { [K in Maths["kind"]]: (maths: MathsOf<K>, tight: boolean) => Node[] };

const drawings: Draw = {
  row: ({ items }, tight) => items.flatMap((item, i) => {
    const space = spaceBetween(items[i - 1], item, tight);
    return space ? [document.createTextNode(space), ...draw(item, tight)] : draw(item, tight);
  }),
  name: ({ text }) => [element("i", slanted(text) ? "" : "han", text)],
  number: ({ text }) => [document.createTextNode(text)],
  word: ({ text }) => [document.createTextNode(text)],
  symbol: ({ text }) => [document.createTextNode(text)],
  fraction: ({ top, bottom }, tight) => [element("span", "frac", element("span", "", ...draw(top, tight)), element("span", "", ...draw(bottom, tight)))],
  root: ({ index, body }, tight) => [
    element("span", "root", ...(index ? [element("sup", "", ...draw(index, true))] : []), "√", element("span", "under", ...draw(body, tight))),
  ],
  script: ({ base, sub, sup }, tight) => [
    ...draw(base, tight),
    ...(sub ? [element("sub", "", ...draw(sub, true))] : []),
    ...(sup ? [element("sup", "", ...draw(sup, true))] : []),
  ],
  accent({ mark, body }, tight) {
    const only = itemsOf(body)[0];
    if (itemsOf(body).length !== 1 || only?.kind !== "name") return [element("span", `over-${mark}`, ...draw(body, tight))];
    const { text, over } = overset(mark, only.text);
    const className = [over && `over-${over}`, over === "dot" && tall(text) && "tall", !slanted(text) && "han"].filter(Boolean).join(" ");
    return [element("i", className, text, ...(over === "dot" ? [element("span", "mark", DOT)] : []))];
  },
};

function draw(maths: Maths, tight: boolean): Node[] {
  return (drawings[maths.kind] as (maths: Maths, tight: boolean) => Node[])(maths, tight);
}

/** A line of our LaTeX as one inline element. */
export function mathHTML(latex: string): HTMLElement {
  const made = element("span", "m", ...draw(parse(latex), false));
  const said = spoken(latex);
  // A space alone, as between two factors, is seen but not said.
  if (said.trim() === "") made.setAttribute("aria-hidden", "true");
  else {
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", said);
  }
  return made;
}

/** The parts of a sentence in which LaTeX stands between dollar signs. */
export const mixed = (text: string): { latex: boolean; text: string }[] =>
  text.split("$").map((part, i) => ({ latex: i % 2 === 1, text: part })).filter((part) => part.text !== "");

/** A sentence in which LaTeX stands between dollar signs. */
export function mixedHTML(text: string): DocumentFragment {
  const made = document.createDocumentFragment();
  for (const part of mixed(text)) made.append(part.latex ? mathHTML(part.text) : part.text);
  return made;
}

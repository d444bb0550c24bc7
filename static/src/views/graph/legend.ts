/** The strip below the picture: only the signs that occur in it. */

import type { Key } from "../../i18n";
import { mixedHTML } from "../../math";
import type { PassName } from "../../trace";
import { headPath } from "./geometry";
import { glyphPath } from "./glyph";
import type { LinkKind, Plan, Quantity } from "./plan";
import { s } from "./svg";
import type { Say } from "./words";

type Sign = () => SVGElement[];
type Entry = Extract<Key, `legend.${string}`>;

const line = (className: string, head: string): Sign => () => [
  s("g", { class: className },
    s("path", { class: "outer line", d: "M4 8H22" }), s("path", { class: "core", d: "M4 8H22" }), s("path", { class: "head", d: head, transform: "translate(28 8)" })),
];

const SIGNS: Partial<Record<Entry, Sign>> = {
  "legend.primal": () => [s("g", { class: "row primal" }, s("path", { class: "glyph", d: glyphPath("primal", 8, 8, 9) }))],
  "legend.tangent": () => [s("g", { class: "row tangent" }, s("path", { class: "glyph", d: glyphPath("tangent", 8, 8, 9) }))],
  "legend.adjoint": () => [s("g", { class: "row adjoint" }, s("path", { class: "glyph", d: glyphPath("adjoint", 8, 8, 9) }))],
  "legend.forward": line("link forward done", headPath(9, 4.5)),
  "legend.tangentFlow": line("link tangent done", headPath(10, 5.5)),
  "legend.adjointFlow": line("link adjoint done", headPath(10, 6)),
  "legend.rail": () => [s("g", { class: "rail lit" }, s("path", { class: "line", d: "M3 8H28" }))],
  "legend.ghost": () => [s("g", { class: "link forward ghost" }, s("path", { class: "line", d: "M3 8H28" }))],
  "legend.unbuilt": () => [s("g", { class: "node ghost" }, s("rect", { class: "box", x: 3, y: 1, width: 24, height: 14, rx: 4 }))],
  "legend.alias": () => [s("g", { class: "node reverse alias done" }, s("rect", { class: "box", x: 3, y: 1, width: 24, height: 14, rx: 4 }))],
  "legend.heat": () => [s("rect", { class: "below", x: 2, y: 2, width: 12, height: 12 }), s("rect", { class: "above", x: 15, y: 2, width: 12, height: 12 })],
  "legend.gone": () => [s("g", { class: "node gone" }, s("rect", { class: "box", x: 3, y: 1, width: 24, height: 14, rx: 4 }), s("path", { class: "strike", d: "M7 8H23" }))],
};

const ENTRIES: Record<PassName, Entry[]> = {
  evaluate: ["legend.primal", "legend.ghost", "legend.heat"],
  forward: ["legend.primal", "legend.tangent", "legend.forward", "legend.tangentFlow", "legend.ghost", "legend.heat"],
  reverse: ["legend.primal", "legend.adjoint", "legend.forward", "legend.adjointFlow", "legend.ghost", "legend.sum", "legend.heat"],
  adjoint_graph: ["legend.primal", "legend.adjoint", "legend.adjointFlow", "legend.rail", "legend.unbuilt", "legend.alias", "legend.created", "legend.heat"],
  jacobian: ["legend.primal", "legend.tangent", "legend.adjoint", "legend.forward", "legend.tangentFlow", "legend.adjointFlow", "legend.ghost", "legend.heat"],
  simplify: ["legend.primal", "legend.gone", "legend.unbuilt", "legend.created", "legend.heat"],
};

const TEXTS: Partial<Record<Entry, string>> = { "legend.sum": "Σ", "legend.created": "6" };

export function drawLegend(list: HTMLUListElement, pass: PassName, plan: Plan, say: Say): void {
  const boxes = [...plan.boxes.values()];
  const has = (quantity: Quantity): boolean => boxes.some((box) => box.reverse || box.kind === "adjoint" || box.quantities.includes(quantity));
  const flows = (kind: LinkKind): boolean => plan.links.some((link) => link.kind === kind);
  const absent: Partial<Record<Entry, boolean>> = {
    "legend.tangent": !has("tangent"), "legend.adjoint": !has("adjoint"), "legend.tangentFlow": !flows("tangent"), "legend.adjointFlow": !flows("adjoint"),
    "legend.heat": !boxes.some((box) => box.heats.some((heat) => heat !== null)),
    "legend.alias": !boxes.some((box) => box.alias), "legend.rail": plan.rails.length === 0, "legend.sum": !boxes.some((box) => box.expected > 1),
    "legend.created": !boxes.some((box) => box.badge), "legend.unbuilt": !boxes.some((box) => box.badge),
  };
  list.replaceChildren(...ENTRIES[pass].filter((word) => !absent[word]).map((word) => {
    const item = document.createElement("li");
    const sign = SIGNS[word];
    if (sign) item.append(s("svg", { width: word === "legend.primal" || word === "legend.tangent" || word === "legend.adjoint" ? 16 : 30, height: 16, "aria-hidden": "true" }, ...sign()));
    else {
      const mark = document.createElement("b");
      mark.textContent = TEXTS[word] ?? "";
      item.append(mark);
    }
    const text = document.createElement("span");
    text.append(mixedHTML(say(word)));
    item.append(text);
    return item;
  }));
}

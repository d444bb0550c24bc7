/** The plugs. In forward mode a plug is a button, one arrow key away from its input: pressing it moves the seed there. */

import { plain, writeMath } from "../../math";
import type { NodeId } from "../../trace";
import type { Metrics } from "./metrics";
import type { SeedPlan } from "./plan";
import type { Drawn } from "./svg";
import { s } from "./svg";
import type { Say } from "./words";

/** A true minus sign is no LaTeX. */
export const seedLatex = ({ label, number }: SeedPlan): string => label + number.replace("−", "-");

function captions(seed: SeedPlan, metrics: Metrics, say: Say): SVGTextElement[] {
  const { plate, badge } = metrics;
  const label = s("text", { class: "label", "font-size": plate });
  writeMath(label, seedLatex(seed), plate);
  if (seed.quantity === "tangent") {
    const across = seed.x === seed.toX;
    const [x, y, anchor] = across ? [seed.x + 12, seed.y + plate * 0.36, "start"] : [seed.toX - 8, seed.y + plate + 10, "end"];
    for (const [name, value] of Object.entries({ x, y, "text-anchor": anchor })) label.setAttribute(name, String(value));
    return [label];
  }
  const x = seed.toX + 10;
  const word = s("text", { class: "word", x, y: seed.y + badge + 12, "font-size": badge + 1 });
  word.textContent = say("graph.seed");
  label.setAttribute("x", String(x));
  label.setAttribute("y", String(seed.y + badge + plate + 16));
  return [word, label];
}

export function drawSeed(seed: SeedPlan, metrics: Metrics, say: Say, onSeed: (node: NodeId) => void): Drawn<string> {
  const rod = `M${seed.toX} ${seed.toY}L${seed.x} ${seed.y}`;
  const lines = seed.quantity === "adjoint" ? [s("path", { class: "outer", d: rod }), s("path", { class: "core", d: rod })] : [s("path", { class: "line", d: rod })];
  const plug = s("circle", { class: "knob", cx: seed.x, cy: seed.y, r: metrics.glyph * 0.7 });
  const element = s("g", { class: "plug", "data-seed": seed.node }, ...lines, plug, ...captions(seed, metrics, say));
  if (seed.movable) {
    element.prepend(s("rect", { class: "target", x: Math.min(seed.x, seed.toX) - 14, y: Math.min(seed.y, seed.toY) - 14, width: Math.abs(seed.x - seed.toX) + 28, height: Math.abs(seed.y - seed.toY) + 28 }));
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "-1");
    element.setAttribute("aria-pressed", String(seed.number !== "0"));
    element.setAttribute("aria-label", `${plain(seedLatex(seed))}: ${say("graph.seed.here")}`);
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      onSeed(seed.node);
    });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      onSeed(seed.node);
    });
  }
  return { element, show: (look) => element.setAttribute("class", look) };
}

export const seedLook = (seed: SeedPlan, shown: boolean): string =>
  `plug ${seed.quantity} ${!shown ? "waiting" : seed.quantity === "tangent" && seed.number === "0" ? "free" : "stuck"}${seed.movable ? " movable" : ""}`;

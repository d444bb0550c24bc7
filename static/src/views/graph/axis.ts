/** The line that the reverse graph is mirrored at, with the names of both halves where there is room. */

import { measureText } from "../../math";
import { overlapArea } from "./geometry";
import type { Plan } from "./plan";
import { s } from "./svg";
import type { Say } from "./words";

export function drawAxis(root: SVGGElement, plan: Plan, say: Say): void {
  root.replaceChildren();
  if (!plan.axis) return;
  const { y, to } = plan.axis;
  const onAxis = [...plan.boxes.values()].filter((box) => box.y < y + 4 && box.y + box.height > y - 4);
  const lanes = plan.rails.flatMap((rail) => rail.path.filter((point) => Math.abs(point.y - y) < 120).map((point) => point.x));
  const from = Math.max(0, ...onAxis.map((box) => box.x + box.width + 16), ...lanes.map((x) => x + 16));
  if (from < to) root.append(s("path", { class: "axis", d: `M${from} ${y}H${to}` }));
  if (plan.metrics.wall) return; // on a wall there is room for what changes only
  const size = 13;
  for (const [word, baseline] of [["graph.forward", y - size * 0.75], ["graph.reverse", y + size * 1.65]] as const) {
    const text = say(word);
    const width = measureText(text, size, 500);
    const room = { x: to - width, y: baseline - size, width, height: size * 1.3 };
    const taken = [...plan.boxes.values(), ...plan.plates].some((box) => overlapArea(room, box) > 0) || lanes.some((x) => x > room.x - 8);
    if (taken) continue;
    const caption = s("text", { class: "lane", x: to, y: baseline, "font-size": size, "text-anchor": "end" });
    caption.textContent = text;
    root.append(caption);
  }
}

/** A message on its way: what an edge or a rail carries in this step. */

import { measureText } from "../../math";
import type { Box } from "../../layout/types";
import type { Focus, Message } from "./focus";
import { freePlace } from "./geometry";
import { glyphPath } from "./glyph";
import type { Metrics } from "./metrics";
import type { Plan } from "./plan";
import type { Drawn } from "./svg";
import { s } from "./svg";

export interface Chip extends Message { x: number; y: number; width: number; height: number; share: number }

const STRETCH = { rail: [0.2, 0.62], tangent: [0.12, 0.86], adjoint: [0.15, 0.82] } as const;

/** A chip that would hide more than this share of itself behind something else is left out: its line is lit anyway. */
const TOLERATED = 0.2;

/** Every message of a step at a place where it hides nothing. A crowded picture has none. */
export function chipsOf(plan: Plan, focus: Focus): Chip[] {
  if (plan.crowded) return [];
  const obstacles: Box[] = [...plan.boxes.values(), ...plan.plates];
  const { metrics } = plan;
  for (const { along } of focus.messages) obstacles.push({ x: along.arrow.x - 14, y: along.arrow.y - 8, width: 28, height: 16 });
  return focus.messages.flatMap((message): Chip[] => {
    const width = Math.ceil(measureText(message.text, metrics.number) + metrics.glyph * 2 + metrics.number * 1.1);
    const height = Math.round(metrics.number * 1.6);
    const stretch = "reader" in message.along ? STRETCH.rail : message.quantity === "tangent" ? STRETCH.tangent : STRETCH.adjoint;
    const { x, y, share, cost } = freePlace(message.along.path, width, height, obstacles, [...stretch]);
    if (cost > TOLERATED * width * height) return [];
    obstacles.push({ x: x - width / 2, y: y - height / 2, width, height });
    return [{ ...message, x, y, width, height, share }];
  });
}

export function drawChip(chip: Chip, metrics: Metrics): Drawn<string> {
  const { width, height } = chip;
  const { number, glyph } = metrics;
  const left = -width / 2 + number * 0.55;
  const element = s(
    "g", { class: `chip ${chip.quantity}`, transform: `translate(${chip.x.toFixed(2)} ${chip.y.toFixed(2)})` },
    s("rect", { x: -width / 2, y: -height / 2, width, height, rx: height / 2 }),
    s("path", { class: "glyph", d: glyphPath(chip.quantity, left + glyph / 2, 0, glyph) }),
  );
  const text = s("text", { class: "num", x: left + glyph * 1.7, y: number * 0.36, "font-size": number });
  text.textContent = chip.text;
  element.append(text);
  return { element, show: () => undefined };
}

/** Small sums on the paths that the layout returns. */

import { pathData, pointAt } from "../../layout";
import type { Arrow, Box, CubicPath, Point } from "../../layout/types";
import type { Line } from "./plan";

export { pathData, pointAt };

/** The line without its last few pixels, where the arrow's head is. */
export function shortened({ path, arrow }: Line, by: number): CubicPath {
  const end = path.at(-1) as Point;
  const back = { x: end.x - Math.cos(arrow.angle) * by, y: end.y - Math.sin(arrow.angle) * by };
  return [...path.slice(0, -1), back];
}

/** A gap before the line starts, so that it does not touch the head of its twin. */
export function backwards(path: CubicPath): Line {
  const turned = [...path].reverse();
  const tip = turned.at(-1) as Point;
  const before = [...turned].reverse().find((point) => Math.hypot(point.x - tip.x, point.y - tip.y) > 1e-6) ?? { x: tip.x - 1, y: tip.y };
  return { path: turned, arrow: { ...tip, angle: Math.atan2(tip.y - before.y, tip.x - before.x) } };
}

/** The part of a trunk up to where a tap leaves it, and the tap. */
export function upTo(trunk: CubicPath, tap: CubicPath): CubicPath {
  const at = tap[0] as Point;
  let best = 0;
  let distance = Number.POSITIVE_INFINITY;
  for (let k = 0; k + 3 < trunk.length; k += 3) {
    const away = distanceTo(trunk[k] as Point, trunk[k + 3] as Point, at);
    if (away < distance - 1e-6) [best, distance] = [k, away];
  }
  const from = trunk[best] as Point;
  const straight: Point[] = [{ x: from.x + (at.x - from.x) / 3, y: from.y + (at.y - from.y) / 3 }, { x: at.x - (at.x - from.x) / 3, y: at.y - (at.y - from.y) / 3 }, at];
  return [...trunk.slice(0, best + 1), ...straight, ...tap.slice(1)];
}

function distanceTo(a: Point, b: Point, p: Point): number {
  const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length));
  return Math.hypot(p.x - a.x - t * (b.x - a.x), p.y - a.y - t * (b.y - a.y));
}

export const overlapArea = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** Where along a line, or hanging from it, a chip of this size stands freest; `from` to `to` are shares of the way, the last the most welcome. */
export function freePlace(path: CubicPath, width: number, height: number, obstacles: readonly Box[], [from, to]: [number, number]): Arrow & { share: number; cost: number } {
  let best = { ...pointAt(path, to), share: to, cost: Number.POSITIVE_INFINITY };
  for (const aside of [0, 0.7, -0.7, 0.95, -0.95]) {
    for (let i = 0; i <= 14; i += 1) {
      const share = to + ((from - to) * i) / 14;
      const on = pointAt(path, share);
      const reach = (aside / 2) * (Math.abs(Math.sin(on.angle)) * width + Math.abs(Math.cos(on.angle)) * height);
      const at = { ...on, x: on.x - Math.sin(on.angle) * reach, y: on.y + Math.cos(on.angle) * reach, share };
      const chip = { x: at.x - width / 2 - 2, y: at.y - height / 2 - 2, width: width + 4, height: height + 4 };
      const cost = obstacles.reduce((sum, box) => sum + overlapArea(chip, box), 0);
      if (cost < best.cost - 0.5) best = { ...at, cost };
      if (cost === 0) return best;
    }
  }
  return best;
}

/** A box with a flat left edge, or rounded all round. */
export function boxPath(width: number, height: number, radius: number, flat: boolean): string {
  const r = Math.min(radius, height / 2);
  if (!flat) return `M${r} 0H${width - r}q${r} 0 ${r} ${r}V${height - r}q0 ${r} ${-r} ${r}H${r}q${-r} 0 ${-r} ${-r}V${r}q0 ${-r} ${r} ${-r}z`;
  return `M0 0H${width - r}q${r} 0 ${r} ${r}V${height - r}q0 ${r} ${-r} ${r}H0z`;
}

export const headPath = (length: number, half: number): string => `M0 0L${-length} ${-half}V${half}z`;
export const headPlace = ({ x, y, angle }: Arrow): string => `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${((angle * 180) / Math.PI).toFixed(2)})`;

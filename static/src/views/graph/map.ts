/** All boxes and lines of a big picture, as plain as can be: what is seen of it from far away, and while it moves. */

import type { Point } from "../../layout/types";
import { boundsOf } from "./near";
import type { BoxPlan, LinkPlan, Plan } from "./plan";
import type { Drawn } from "./svg";
import { s } from "./svg";

/** Lines that start near each other share one element. */
const BUNDLE = 24;
/** A corner that strays less than this from the straight line is none. */
const STRAIGHT = 2;

/** The ends of the pieces of a path, without those that lie on the way. */
function corners(path: readonly Point[]): Point[] {
  const kept: Point[] = [path[0] as Point];
  for (let at = 3; at < path.length; at += 3) {
    const [from, here, next] = [kept.at(-1) as Point, path[at] as Point, path[at + 3]];
    if (next) {
      const [dx, dy] = [next.x - from.x, next.y - from.y];
      const away = Math.abs(dx * (here.y - from.y) - dy * (here.x - from.x)) / (Math.hypot(dx, dy) || 1);
      if (away < STRAIGHT) continue;
    }
    kept.push(here);
  }
  return kept;
}

/** A line of a crowded picture: straight from corner to corner. */
export const plainPath = (path: readonly Point[]): string =>
  corners(path).map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${Math.round(x)} ${Math.round(y)}`).join("");

export function drawMap(root: SVGGElement, plan: Plan): void {
  root.replaceChildren();
  if (!plan.crowded) return;
  const lines = plan.links.filter((link) => link.kind === "forward").map((link) => ({ link, at: boundsOf(link.path) }));
  lines.sort((a, b) => a.at.x - b.at.x || a.at.y - b.at.y);
  for (let from = 0; from < lines.length; from += BUNDLE) {
    root.append(s("path", { class: "far-lines", d: lines.slice(from, from + BUNDLE).map(({ link }) => lineOf(link)).join("") }));
  }
}

const lineOf = (link: LinkPlan): string => plainPath(link.path);

export function drawFarBox(box: BoxPlan): Drawn<string> {
  const element = s("g", { "data-key": box.key }, s("rect", { x: box.x, y: box.y, width: box.width, height: box.height }));
  return { element, show: (look) => element.setAttribute("class", look) };
}

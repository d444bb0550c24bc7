/** A picture of many boxes is drawn in full only near the window, and with what the step is about; the rest is a map. */

import type { Box, CubicPath } from "../../layout/types";
import type { Focus } from "./focus";
import type { BoxPlan, LinkPlan, Plan, RailPlan, SeedPlan, TiePlan } from "./plan";

/** So many boxes are drawn in full at most; where more are in sight, they are too small to be read. */
const BUDGET = 160;
/** Below this scale nothing can be read. */
const LEGIBLE = 0.3;
/** How far beyond the window the picture is drawn, as a share of the window, so that a small move draws nothing new. */
const MARGIN = 0.35;

export interface Sight extends Box { scale: number }

export interface Near {
  /** All that is drawn lies in here: as long as the window does too, there is nothing to do. */
  reach: Box;
  far: boolean;
  boxes: BoxPlan[];
  forward: LinkPlan[];
  flows: LinkPlan[];
  rails: RailPlan[];
  ties: TiePlan[];
  seeds: SeedPlan[];
}

const EVERYWHERE: Box = { x: Number.NEGATIVE_INFINITY, y: Number.NEGATIVE_INFINITY, width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };

const meet = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const around = ({ x, y, width, height }: Box, share: number): Box =>
  ({ x: x - width * share, y: y - height * share, width: width * (1 + 2 * share), height: height * (1 + 2 * share) });

const sides = new WeakMap<CubicPath, Box>();

/** The upright rectangle around a path. */
export function boundsOf(path: CubicPath): Box {
  const known = sides.get(path);
  if (known) return known;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of path) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const found = { x: left - 1, y: top - 1, width: right - left + 2, height: bottom - top + 2 };
  sides.set(path, found);
  return found;
}

/** What is drawn in full while the window shows this part of the picture. `stop` is the box that the tab key reaches. */
export function nearTo(plan: Plan, sight: Sight, focus: Focus, stop: string | null): Near {
  const forward = plan.links.filter((link) => link.kind === "forward");
  const flows = plan.links.filter((link) => link.kind !== "forward");
  if (!plan.crowded) return { reach: EVERYWHERE, far: false, boxes: [...plan.boxes.values()], forward, flows, rails: plan.rails, ties: plan.ties, seeds: plan.seeds };
  const reach = around(sight, MARGIN);
  const always = (box: BoxPlan): boolean => box.key === stop || box.key === focus.visiting || focus.boxes.has(box.key);
  let boxes = sight.scale < LEGIBLE ? [] : [...plan.boxes.values()].filter((box) => meet(box, reach));
  const far = sight.scale < LEGIBLE || boxes.length > BUDGET;
  if (far) boxes = [];
  const drawn = new Set(boxes.map((box) => box.key));
  for (const box of plan.boxes.values()) if (always(box) && !drawn.has(box.key)) boxes.push(box);
  const used = (link: LinkPlan): boolean => focus.links.has(link.key) || (!far && (drawn.has(link.from) || drawn.has(link.to)) && meet(boundsOf(link.path), reach));
  return {
    reach: far ? EVERYWHERE : reach,
    far,
    boxes,
    forward: forward.filter(used),
    flows: flows.filter(used),
    rails: far ? [] : plan.rails.filter((rail) => drawn.has(rail.reader) && meet(boundsOf(rail.path), reach)),
    ties: far ? [] : plan.ties.filter((tie) => meet({ x: tie.x, y: tie.y1, width: 1, height: tie.y2 - tie.y1 }, reach)),
    seeds: plan.seeds.filter((seed) => drawn.has(seed.box)),
  };
}

/** Whether the window has left what is drawn, or come near enough to read, or gone too far for that. */
export function leaves({ reach, far }: Near, sight: Sight): boolean {
  if (far) return sight.scale >= LEGIBLE;
  return sight.scale < LEGIBLE || sight.x < reach.x || sight.y < reach.y || sight.x + sight.width > reach.x + reach.width || sight.y + sight.height > reach.y + reach.height
    || sight.width * 4 < reach.width;
}

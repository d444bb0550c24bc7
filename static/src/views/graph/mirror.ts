/** Below the axis: boxes, flows, rails and ties of the reverse graph. */

import type { Box } from "../../layout/types";
import { edgeKey } from "../../replay";
import type { Arranged } from "./arrange";
import { upTo } from "./geometry";
import type { BoxPlan, CellPlan, LinkPlan, Plan, PlatePlan, RailPlan, TiePlan } from "./plan";
import { adjointKey, forwardKey } from "./plan";
import type { Flow } from "./reverse";

type Parts = Pick<Plan, "links" | "plates" | "rails" | "ties" | "axis">;

/** Boxes of the lower half join `boxes`; the rest is returned. */
export function mirrorParts({ desk, lower, found, labels }: Arranged, boxes: Map<string, BoxPlan>): Parts {
  const { mirror } = found;
  if (!mirror) return { links: [], plates: [], rails: [], ties: [], axis: null };
  for (const { box } of lower) boxes.set(box.key, { ...box, ...(mirror.boxes.get(box.key) as Box) });

  const waiting = new Map<string, Flow[]>();
  for (const { box, flows } of lower) {
    for (const flow of flows) {
      const key = `${flow.from}>${box.key}`;
      waiting.set(key, [...(waiting.get(key) ?? []), flow]);
    }
  }
  const links: LinkPlan[] = [];
  const plates: PlatePlan[] = [];
  mirror.edges.forEach((edge, i) => {
    const flow = waiting.get(`${edge.from}>${edge.to}`)?.shift();
    if (!flow) return;
    const { node, argnum, source } = flow;
    links.push({ key: `r${i}`, kind: edge.from.startsWith("p:") && boxes.get(edge.from)?.kind === "partial" ? "value" : "adjoint", from: edge.from, to: edge.to, node, argnum, source, path: edge.path, arrow: edge.arrow });
    const symbol = labels.get(edgeKey(node, argnum))?.symbol;
    if (edge.label && symbol !== undefined) plates.push({ key: `r${edgeKey(node, argnum)}`, node, argnum, symbol, reverse: true, ...edge.label });
  });

  for (const box of boxes.values()) {
    if (box.cells.length < 2) continue;
    const arrival = (cell: CellPlan): number => links.find((link) => link.to === box.key && link.node === cell.node && link.argnum === cell.argnum)?.arrow.y ?? 0;
    box.cells.sort((a, b) => arrival(a) - arrival(b));
  }

  const rails = mirror.rails.flatMap((rail) => rail.taps.map((tap): RailPlan => ({
    key: `${rail.of}>${tap.reader}`, of: rail.of, reader: tap.reader, path: upTo(rail.path, tap.path), arrow: tap.arrow,
  })));

  const ties = desk.doc.pass !== "reverse" ? [] : lower.flatMap(({ box }): TiePlan[] => {
    const above = boxes.get(forwardKey(box.of)) as BoxPlan;
    const below = boxes.get(adjointKey(box.of)) as BoxPlan;
    const x = above.x + above.width / 2;
    const between = [...boxes.values()].some((other) => other.x < x && x < other.x + other.width && other.y > above.y && other.y < below.y);
    return [{ key: box.key, clear: !between, x, y1: above.y + above.height, y2: below.y }];
  });
  return { links, plates, rails, ties, axis: { y: mirror.axis, from: 0, to: found.width } };
}

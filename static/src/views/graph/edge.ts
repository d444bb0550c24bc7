/** Lines: forward solid, tangent dashed, adjoint double, stored values blue. The arrow's head belongs to the line. */

import { headPath, headPlace, pathData, shortened } from "./geometry";
import { plainPath } from "./map";
import type { Metrics } from "./metrics";
import type { LinkKind, LinkPlan, RailPlan } from "./plan";
import type { Drawn } from "./svg";
import { s } from "./svg";

/** Length of the head and half its width, at the size of the study page. */
const HEADS: Record<LinkKind | "rail", [number, number]> = { forward: [9, 4.5], tangent: [10, 5.5], adjoint: [12, 6.5], value: [8, 4], rail: [8, 4] };

function head(kind: LinkKind | "rail", line: LinkPlan | RailPlan, metrics: Metrics): SVGPathElement {
  const [length, half] = HEADS[kind];
  const scale = metrics.plate > 20 ? metrics.plate / 16 : 1;
  return s("path", { class: "head", d: headPath(length * scale, half * scale), transform: headPlace(line.arrow) });
}

function trimmed(kind: LinkKind | "rail", line: LinkPlan | RailPlan, metrics: Metrics): string {
  const scale = metrics.plate > 20 ? metrics.plate / 16 : 1;
  return pathData(shortened(line, HEADS[kind][0] * scale * 0.8));
}

export function drawLink(link: LinkPlan, metrics: Metrics, crowded: boolean): Drawn<string> {
  const d = crowded && link.kind === "forward" ? plainPath(link.path) : trimmed(link.kind, link, metrics);
  const double = link.kind === "adjoint";
  const lines = [s("path", { class: double ? "outer" : "line", d })];
  if (double && !crowded) lines.push(s("path", { class: "core", d }));
  const element = s("g", { class: `link ${link.kind}` }, ...lines, head(link.kind, link, metrics));
  return { element, show: (look) => element.setAttribute("class", look) };
}

export function drawRail(rail: RailPlan, metrics: Metrics): Drawn<string> {
  const d = trimmed("rail", rail, metrics);
  const element = s("g", { class: "rail" }, s("path", { class: "casing", d }), s("path", { class: "line", d }), head("rail", rail, metrics));
  return { element, show: (look) => element.setAttribute("class", look) };
}

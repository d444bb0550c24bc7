/**
 * Layered layout of a computation graph (Sugiyama, Tagawa & Toda 1981), pure and deterministic.
 *
 * layering -> dummies -> ordering -> plates -> ports -> coordinates -> columns -> routes, one file each.
 */
import { arrange, columnsFor, nodeBoxes, routeEdges } from "./forward";
import { layoutMirror } from "./mirror";
import { defaults, type LayoutNode, type LayoutOptions, type LayoutResult } from "./types";

export { pathData, pointAt } from "./curves";
export * from "./types";

export function layout(nodes: readonly LayoutNode[], options: Partial<LayoutOptions> = {}): LayoutResult {
  const all: LayoutOptions = { ...defaults, ...options };
  if (all.mode === "mirror" && nodes.length <= all.mirrorLimit) return layoutMirror(nodes, { ...all, direction: "right" });
  const chosen: LayoutOptions = all.mode === "mirror" ? { ...all, mode: "single" } : all;
  const arranged = arrange(nodes, chosen);
  const columns = columnsFor(arranged, chosen);
  const [width, height] = chosen.direction === "right" ? [columns.end, arranged.breadth] : [arranged.breadth, columns.end];
  return {
    width,
    height,
    layers: arranged.graph.layers.length,
    crossings: arranged.crossings,
    nodes: nodeBoxes(arranged, columns, nodes, chosen),
    edges: routeEdges(arranged, columns, nodes, chosen),
    mirror: null,
  };
}

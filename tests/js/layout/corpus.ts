/** 200 seeded graphs with boxes and plates of realistic sizes, and what counts as touching. */
import type { Box, EdgeLabel, CubicPath, LayoutNode, LayoutResult, Point } from "../../../static/src/layout/types";
import { sample } from "../../../static/src/layout/curves";
import { randomExpression, seeded } from "./graphs";

export interface Sample {
  readonly name: string;
  readonly nodes: readonly LayoutNode[];
  readonly labels: (node: number, argnum: number) => EdgeLabel | null;
}

export const corpus: readonly Sample[] = Array.from({ length: 200 }, (_, k) => {
  const random = seeded(1000 + k);
  const inputs = 1 + Math.floor(random() * 4);
  const nodes = randomExpression(Math.max(2, Math.round(2 + (k / 199) * (58 - inputs))), inputs, 5000 + k, true);
  return { name: `${k}: ${nodes.length} nodes`, nodes, labels: labelsFor(k) };
});

export function labelsFor(seed: number) {
  return (node: number, argnum: number): EdgeLabel => {
    const random = seeded(seed * 7919 + node * 31 + argnum);
    return { width: 20 + Math.floor(random() * 71), height: 18 + Math.floor(random() * 19) };
  };
}

export function overlap(a: Box, b: Box): boolean {
  const apart = 0.01;
  return a.x + a.width > b.x + apart && b.x + b.width > a.x + apart && a.y + a.height > b.y + apart && b.y + b.height > a.y + apart;
}

/** Every box and plate of a result, by name. */
export function everything(result: LayoutResult): [string, Box][] {
  return [
    ...[...result.nodes].map(([id, box]): [string, Box] => [`node ${id}`, box]),
    ...result.edges.flatMap((e): [string, Box][] => (e.label === null ? [] : [[`label ${e.node}.${e.argnum}`, e.label]])),
    ...[...(result.mirror?.boxes ?? [])].map(([key, box]): [string, Box] => [`reverse ${key}`, box]),
    ...(result.mirror?.edges ?? []).flatMap((e): [string, Box][] => (e.label === null ? [] : [[`plate ${e.from}-${e.to}`, e.label]])),
  ];
}

export function overlaps(result: LayoutResult): string[] {
  const all = everything(result);
  const found: string[] = [];
  all.forEach(([a, box], k) => {
    for (const [b, other] of all.slice(k + 1)) if (overlap(box, other)) found.push(`${a} and ${b}`);
  });
  return found;
}

/** Plates and boxes that a forward or adjoint edge crosses without belonging to them. */
export function foreignCrossings(result: LayoutResult): string[] {
  const found: string[] = [];
  const boxes = everything(result);
  for (const edge of result.edges) {
    const own = [`node ${edge.node}`, `node ${edge.source}`, `label ${edge.node}.${edge.argnum}`];
    for (const path of edge.adjoint === null ? [edge.path] : [edge.path, edge.adjoint.path])
      for (const [name, box] of boxes) if (touches(path, box) && !own.includes(name)) found.push(`${edge.node}.${edge.argnum} crosses ${name}`);
  }
  return found;
}

const reach = new WeakMap<CubicPath, { points: readonly Point[]; around: Box }>();

export function touches(path: CubicPath, box: Box): boolean {
  let known = reach.get(path);
  if (known === undefined) {
    const [xs, ys] = [path.map((p) => p.x), path.map((p) => p.y)];
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    known = { points: sample(path), around: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y } };
    reach.set(path, known);
  }
  const { points, around } = known;
  if (around.x > box.x + box.width || around.x + around.width < box.x || around.y > box.y + box.height || around.y + around.height < box.y) return false;
  return points.some((p) => p.x > box.x + 1 && p.x < box.x + box.width - 1 && p.y > box.y + 1 && p.y < box.y + box.height - 1);
}

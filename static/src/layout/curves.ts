import type { Arrow, CubicPath, Point } from "./types";

/** A place on the centre line: `along` the reading direction, `across` it, and the slope there. */
export interface Knot {
  readonly along: number;
  readonly across: number;
  readonly slope: number;
}

/** How far a handle reaches into its piece; a third is the plain cubic, more makes an S rounder. */
const HANDLE = 0.42;

/** A smooth path through the knots. */
export function curveThrough(knots: readonly Knot[]): CubicPath {
  const path: Point[] = [{ x: knots[0]!.along, y: knots[0]!.across }];
  for (let k = 1; k < knots.length; k++) {
    const from = knots[k - 1]!;
    const to = knots[k]!;
    const handle = (to.along - from.along) * HANDLE;
    path.push(
      { x: from.along + handle, y: from.across + handle * from.slope },
      { x: to.along - handle, y: to.across - handle * to.slope },
      { x: to.along, y: to.across },
    );
  }
  return path;
}

/** Where the piece between two knots is across, at this place along. */
export function heightAt(from: Knot, to: Knot, along: number): number {
  const width = to.along - from.along;
  if (width <= 0) return to.across;
  const share = Math.min(1, Math.max(0, (along - from.along) / width));
  let [low, high] = [0, 1];
  for (let step = 0; step < 16; step++) {
    const t = (low + high) / 2;
    if (cubic(0, HANDLE, 1 - HANDLE, 1, t) < share) low = t;
    else high = t;
  }
  const handle = width * HANDLE;
  return cubic(from.across, from.across + handle * from.slope, to.across - handle * to.slope, to.across, low);
}

function cubic(a: number, b: number, c: number, d: number, t: number): number {
  const s = 1 - t;
  return s * s * (s * a + 3 * t * b) + t * t * (3 * s * c + t * d);
}

/** The same curve at a constant distance to its right (y downwards: below a path that runs to the right). */
export function offsetCurve(path: CubicPath, distance: number): CubicPath {
  const pieces = halves(path);
  const result: Point[] = [];
  for (let k = 0; k + 3 < pieces.length; k += 3) {
    const [a, b, c, d] = [pieces[k]!, pieces[k + 1]!, pieces[k + 2]!, pieces[k + 3]!];
    const start = normal(a, b, d);
    const end = normal(c, d, a);
    const from = shifted(a, start, distance);
    const to = shifted(d, end, distance);
    const before = Math.hypot(d.x - a.x, d.y - a.y);
    const stretch = before < 1e-6 ? 1 : Math.hypot(to.x - from.x, to.y - from.y) / before;
    if (k === 0) result.push(from);
    result.push(
      { x: from.x + (b.x - a.x) * stretch, y: from.y + (b.y - a.y) * stretch },
      { x: to.x + (c.x - d.x) * stretch, y: to.y + (c.y - d.y) * stretch },
      to,
    );
  }
  return result;
}

function normal(from: Point, to: Point, otherwise: Point): Point {
  let [dx, dy] = [to.x - from.x, to.y - from.y];
  if (Math.hypot(dx, dy) < 1e-6) [dx, dy] = [otherwise.x - from.x, otherwise.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  return { x: -dy / length, y: dx / length };
}

const shifted = (p: Point, by: Point, distance: number): Point => ({ x: p.x + by.x * distance, y: p.y + by.y * distance });
const middle = (p: Point, q: Point): Point => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });

function halves(path: CubicPath): Point[] {
  const result: Point[] = [path[0]!];
  for (let k = 0; k + 3 < path.length; k += 3) {
    const [a, b, c, d] = [path[k]!, path[k + 1]!, path[k + 2]!, path[k + 3]!];
    const [ab, bc, cd] = [middle(a, b), middle(b, c), middle(c, d)];
    const [abc, bcd] = [middle(ab, bc), middle(bc, cd)];
    result.push(ab, abc, middle(abc, bcd), bcd, cd, d);
  }
  return result;
}

export const reversed = (path: CubicPath): CubicPath => path.slice().reverse();

export function arrowAt(path: CubicPath): Arrow {
  const tip = path.at(-1)!;
  let k = path.length - 2;
  while (k > 0 && Math.hypot(tip.x - path[k]!.x, tip.y - path[k]!.y) < 1e-6) k--;
  return { ...tip, angle: Math.atan2(tip.y - path[k]!.y, tip.x - path[k]!.x) };
}

/** Corners joined by straight lines, each turned with this radius where there is room for it. */
export function roundedPath(corners: readonly Point[], radius: number): CubicPath {
  const path: Point[] = [corners[0]!];
  const line = (to: Point) => {
    const from = path.at(-1)!;
    path.push({ x: from.x + (to.x - from.x) / 3, y: from.y + (to.y - from.y) / 3 }, { x: to.x - (to.x - from.x) / 3, y: to.y - (to.y - from.y) / 3 }, to);
  };
  for (let k = 1; k < corners.length; k++) {
    const corner = corners[k]!;
    const next = corners[k + 1];
    if (next === undefined) {
      line(corner);
      break;
    }
    const back = corners[k - 1]!;
    const [before, after] = [Math.hypot(corner.x - back.x, corner.y - back.y), Math.hypot(next.x - corner.x, next.y - corner.y)];
    const turn = Math.min(radius, before / 2, after / 2);
    if (turn < 1e-6) continue;
    const enter = { x: corner.x + ((back.x - corner.x) * turn) / before, y: corner.y + ((back.y - corner.y) * turn) / before };
    const leave = { x: corner.x + ((next.x - corner.x) * turn) / after, y: corner.y + ((next.y - corner.y) * turn) / after };
    const towards = (p: Point): Point => ({ x: p.x + (corner.x - p.x) * 0.5523, y: p.y + (corner.y - p.y) * 0.5523 });
    line(enter);
    path.push(towards(enter), towards(leave), leave);
  }
  return path;
}

/** For the `d` attribute of an SVG path. */
export function pathData(path: CubicPath): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  let d = `M${at(path[0]!)}`;
  for (let k = 1; k + 2 < path.length; k += 3) d += `C${at(path[k]!)} ${at(path[k + 1]!)} ${at(path[k + 2]!)}`;
  return d;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Where a message is after the share t of its way (0 to 1, by length), and which way it faces. */
export function pointAt(path: CubicPath, t: number): Arrow {
  const samples = sample(path);
  const total = samples.at(-1)!.travelled;
  const wanted = Math.min(1, Math.max(0, t)) * total;
  let k = 1;
  while (k < samples.length - 1 && samples[k]!.travelled < wanted) k++;
  const [a, b] = [samples[k - 1]!, samples[k]!];
  const share = b.travelled === a.travelled ? 0 : (wanted - a.travelled) / (b.travelled - a.travelled);
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share, angle: Math.atan2(b.y - a.y, b.x - a.x) };
}

const STEPS = 16;

/** Points along the path, each with the length of the way to it. */
export function sample(path: CubicPath): (Point & { readonly travelled: number })[] {
  const samples = [{ ...path[0]!, travelled: 0 }];
  for (let k = 0; k + 3 < path.length; k += 3)
    for (let step = 1; step <= STEPS; step++) {
      const at = (axis: "x" | "y") => cubic(path[k]![axis], path[k + 1]![axis], path[k + 2]![axis], path[k + 3]![axis], step / STEPS);
      const [x, y] = [at("x"), at("y")];
      const last = samples.at(-1)!;
      const travelled = last.travelled + Math.hypot(x - last.x, y - last.y);
      if (travelled > last.travelled) samples.push({ x, y, travelled });
    }
  return samples.length > 1 ? samples : [samples[0]!, samples[0]!];
}

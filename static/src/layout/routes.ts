import type { Columns } from "./columns";
import { heightAt, type Knot } from "./curves";
import type { Layered } from "./dummies";

/** One item on the way of an edge: where its line runs, and how far it may stray while in the layer. */
export interface Stop {
  readonly from: number;
  readonly to: number;
  readonly across: number;
  readonly slack: Slack;
  /** A plate stands here, so the line must pass through. */
  readonly fixed: boolean;
}

export interface Slack {
  readonly up: number;
  readonly down: number;
}

const FREE = 1e9;
const BOX_MARGIN = 6;

/**
 * How far the line of each item of a layer may stray without touching what stands beside it.
 *
 * A box or a label stays where it is, so all the room up to it is free; lines share what is between them. `thickness` is half
 * the width of the line, or of the pair of an overlay.
 */
export function measureSlack(
  layer: ArrayLike<number>,
  places: ArrayLike<number>,
  above: ArrayLike<number>,
  below: ArrayLike<number>,
  isBox: (item: number) => boolean,
  thickness: number,
): Slack[] {
  const share = (beside: number, room: number) => Math.max(0, isBox(beside) ? room - BOX_MARGIN : room / 2 - 1);
  return Array.from(layer, (item, at): Slack => {
    const previous = layer[at - 1];
    const next = layer[at + 1];
    const up = previous === undefined ? FREE : share(previous, places[item]! - above[item]! - places[previous]! - below[previous]!);
    const down = next === undefined ? FREE : share(next, places[next]! - above[next]! - places[item]! - below[item]!);
    return { up: Math.max(0, above[item]! + up - thickness), down: Math.max(0, below[item]! + down - thickness) };
  });
}

export function stopsOf(graph: Layered, edge: number, columns: Columns, places: Float64Array, slack: readonly Slack[], plate: number): Stop[] {
  const stops: Stop[] = [];
  for (let k = graph.chainStart[edge]! + 1; k < graph.chainStart[edge + 1]! - 1; k++) {
    const item = graph.chain[k]!;
    const from = columns.start[graph.layerOf[item]!]!;
    const to = from + columns.size[graph.layerOf[item]!]!;
    stops.push({ from, to, across: places[item]!, slack: slack[item]!, fixed: item === plate });
  }
  return stops;
}

/** Knots for a way that runs level through every layer: for large graphs, where smoothing would be lost on the eye. */
export function levelKnots(graph: Layered, edge: number, columns: Columns, places: Float64Array, start: Omit<Knot, "slope">, end: Omit<Knot, "slope">): Knot[] {
  const knots: Knot[] = [{ along: start.along, across: start.across, slope: 0 }];
  for (let k = graph.chainStart[edge]! + 1; k < graph.chainStart[edge + 1]! - 1; k++) {
    const item = graph.chain[k]!;
    const l = graph.layerOf[item]!;
    const across = places[item]!;
    const leaves = { along: columns.start[l]! + columns.size[l]!, across, slope: 0 };
    // Most layers are passed straight on: a way through a thousand of them has a few knots.
    if (knots.length > 1 && Math.abs(knots.at(-1)!.across - across) < 0.5 && knots.at(-2)!.across === knots.at(-1)!.across) knots[knots.length - 1] = { ...leaves, across: knots.at(-1)!.across };
    else knots.push({ along: columns.start[l]!, across, slope: 0 }, leaves);
  }
  knots.push({ along: end.along, across: end.across, slope: 0 });
  return knots;
}

type Place = Omit<Knot, "slope">;

/** More corners than this are not worth looking for: the way then runs through the middle of its stops. */
const CORNERS = 16;

/**
 * Knots for a smooth way from port to port.
 *
 * The way is pinned where a plate stands. While the curve leaves its room in some layer, it is pinned there too, at
 * the nearest place inside: it bends only where it must, and no further. Where that finds no way, the stop it misses
 * most is passed in the middle. An edge then meets no foreign label and no box.
 */
export function knotsThrough(start: Place, stops: readonly Stop[], end: Place, thickness: number): Knot[] {
  const corners = new Map<number, Pin>();
  const plates = stops.filter((stop) => stop.fixed).map((stop) => pinOf(stop, thickness));
  for (let turn = 0; turn < CORNERS; turn++) {
    const knots = join(start, [...plates, ...corners.values()].sort((a, b) => a.from - b.from), end);
    const miss = worstMiss(knots, stops, thickness, (stop) => stop.fixed);
    if (miss === null) return knots;
    corners.set(miss.pin.from, miss.pin);
  }
  return throughMiddles(start, stops, end, thickness);
}

function throughMiddles(start: Place, stops: readonly Stop[], end: Place, thickness: number): Knot[] {
  const kept = new Set(stops.filter((stop) => stop.fixed));
  for (;;) {
    const knots = join(start, stops.filter((stop) => kept.has(stop)).map((stop) => pinOf(stop, thickness)), end, false);
    const miss = worstMiss(knots, stops, thickness, (stop) => kept.has(stop));
    if (miss === null) return knots;
    kept.add(miss.stop);
  }
}

/** Where in a layer the room is looked at. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];
/** A pair that climbs just outside a layer leans into it. */
const EDGE = 4;

/** Where the curve leaves its room most, and the nearest place inside. */
function worstMiss(knots: readonly Knot[], stops: readonly Stop[], thickness: number, skip: (stop: Stop) => boolean) {
  let worst = 0.5;
  let found: { stop: Stop; pin: Pin } | null = null;
  let piece = 1;
  for (const stop of stops) {
    if (skip(stop)) continue;
    const places = [stop.from - EDGE, ...SHARES.map((share) => stop.from + share * (stop.to - stop.from)), stop.to + EDGE];
    const strays = places.map((along) => {
      while (piece < knots.length - 1 && knots[piece]!.along < along) piece++;
      while (piece > 1 && knots[piece - 1]!.along > along) piece--;
      return heightAt(knots[piece - 1]!, knots[piece]!, along) - stop.across;
    });
    strays.forEach((stray, k) => {
      if (k === 0 || k === places.length - 1) return;
      const climb = (from: number) => Math.abs(strays[from + 1]! - strays[from]!) / Math.max(1, places[from + 1]! - places[from]!);
      const more = thicker(Math.max(climb(k - 1), climb(k)), thickness);
      const down = stray > (stop.slack.down - stop.slack.up) / 2;
      const room = down ? stop.slack.down : stop.slack.up;
      const excess = Math.abs(stray) * (stray > 0 === down ? 1 : -1) - room + more;
      if (excess <= worst) return;
      worst = excess;
      const lean = Math.min(more, room);
      const across = stop.across + (down ? room - lean : lean - room);
      found = { stop, pin: { from: places[k]!, to: places[k]!, across, steepest: thickness > 0 ? Math.sqrt((1 + lean / thickness) ** 2 - 1) : FREE } };
    });
  }
  return found as { stop: Stop; pin: Pin } | null;
}

/** A line of this slope takes more room across than a level one. */
const thicker = (slope: number, thickness: number) => thickness * (Math.hypot(1, slope) - 1);

/** A place that the way runs through, straight from `from` to `to`. */
interface Pin {
  readonly from: number;
  readonly to: number;
  readonly across: number;
  readonly steepest: number;
}

const pinOf = ({ from, to, across, slack }: Stop, thickness: number): Pin => {
  const reach = (to - from) / 2 + thickness;
  return { from, to, across, steepest: to > from ? Math.min(slack.up, slack.down) / reach : FREE };
};

/** How much steeper than its chord a cubic is in the middle, when it starts and ends level. */
const SWING = 1.7;

/**
 * Slopes near those of one long curve, but as in Steffen 1990 ("A simple method for monotonic interpolation") never
 * so steep that a piece swings beyond its ends, nor that the line leaves its room in a layer.
 */
function join(start: Place, pins: readonly Pin[], end: Place, swinging = true): Knot[] {
  const along = [start.along, ...pins.map((pin) => (pin.from + pin.to) / 2), end.along];
  const across = [start.across, ...pins.map((pin) => pin.across), end.across];
  const width = (k: number) => Math.max(1, along[k + 1]! - along[k]!);
  const secant = (k: number) => (across[k + 1]! - across[k]!) / width(k);
  const knots: Knot[] = [{ ...start, slope: 0 }];
  pins.forEach((pin, k) => {
    const half = (pin.to - pin.from) / 2;
    const [before, after] = [secant(k), secant(k + 1)];
    const mean = Math.abs(before * width(k + 1) + after * width(k)) / (width(k) + width(k + 1));
    const level = (k === 0 ? 1 : 0) + (k === pins.length - 1 ? 1 : 0);
    let steep = before * after <= 0 ? 0 : !swinging ? Math.min(Math.abs(before), Math.abs(after)) : Math.min((1 + ((SWING - 1) * level) / 2) * mean, 2 * Math.abs(before), 2 * Math.abs(after));
    steep = Math.min(steep, pin.steepest);
    if (half > 0) steep = Math.min(steep, pieceLimit(before, width(k), half), pieceLimit(after, width(k + 1), half));
    const slope = Math.sign(before) * steep;
    if (half > 0) knots.push({ along: pin.from, across: pin.across - slope * half, slope });
    knots.push({ along: pin.to, across: pin.across + slope * half, slope });
  });
  knots.push({ ...end, slope: 0 });
  return knots;
}

/** A straight piece of this half length must leave its neighbour something to climb. */
const pieceLimit = (secant: number, width: number, half: number) => (2 * Math.abs(secant) * width) / (width + half);

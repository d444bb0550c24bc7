import { arrowAt, curveThrough, reversed, roundedPath } from "./curves";
import type { LowerItem, Tap } from "./reverse";
import { knotsThrough, type Stop } from "./routes";
import type { Box, CubicPath, Point, Rail } from "./types";

const TURN = 10;
/** Distance of the first lane from its column. */
export const LANE_MARGIN = 14;

/** What the router of the rails needs to know of the page. */
export interface Page {
  readonly stop: (item: LowerItem) => Stop;
  readonly box: (item: LowerItem) => Box;
  readonly forward: (id: number) => Box;
}

/** The lanes of every gutter: lower boxes take the nearer lane, so that no rail crosses another's first stretch. */
export function assignLanes(taps: readonly Tap[], forward: (id: number) => number): Map<number, number> {
  const gutters = new Map<number, Set<number>>();
  for (const { of, column } of taps) gutters.set(column, (gutters.get(column) ?? new Set()).add(of));
  const lanes = new Map<number, number>();
  for (const stored of gutters.values()) [...stored].sort((a, b) => forward(b) - forward(a)).forEach((of, lane) => lanes.set(of, lane));
  return lanes;
}

/** One rail for every stored value that is read: out of row 2 of its box, down its lane, and a tap for each reader. */
export function routeRails(taps: readonly Tap[], lanes: ReadonlyMap<number, number>, railGap: number, page: Page): Rail[] {
  const readers = new Map<LowerItem, number>();
  return [...lanes].map(([of, lane]): Rail => {
    const box = page.forward(of);
    const x = box.x + box.width + LANE_MARGIN + lane * railGap;
    const start: Point = { x: box.x + box.width, y: box.y + 0.78 * box.height };
    const own = taps.filter((tap) => tap.of === of);
    const routed = own.map((tap) => {
      const row = readers.get(tap.reader) ?? 0;
      readers.set(tap.reader, row + 1);
      return routeTap(tap, x, row, page);
    });
    const end = Math.max(...routed.map((tap) => tap.path[0]!.y));
    return { of, path: roundedPath([start, { x, y: start.y }, { x, y: end }], TURN), taps: routed };
  });
}

function routeTap(tap: Tap, x: number, row: number, page: Page): Rail["taps"][number] {
  const reader = page.box(tap.reader);
  const y = reader.y + Math.min(0.28 * reader.height + 9 * row, reader.height - 8);
  const toRight = reader.x > x;
  const stops = tap.passing.map(page.stop);
  const first = (toRight ? stops[0] : stops.at(-1))?.across ?? y;
  const corner: Point = { x: x + (toRight ? TURN : -TURN), y: first };
  const turn = roundedPath([{ x, y: first - TURN }, { x, y: first }, corner], TURN * 2);
  const leave = { along: corner.x, across: first };
  const enter = { along: toRight ? reader.x : reader.x + reader.width, across: y };
  const way = toRight ? curveThrough(knotsThrough(leave, stops, enter, 1)) : reversed(curveThrough(knotsThrough(enter, stops, leave, 1)));
  const path: CubicPath = [...turn, ...way.slice(1)];
  return { reader: tap.reader.item!.key, path, arrow: arrowAt(path) };
}

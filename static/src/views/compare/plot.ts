/** A plot as SVG: axes, regions, lines with a name at their end, marks. Every line is told apart by colour, by dash and by name. */

import { create, type Selection } from "d3-selection";
import { curveLinear, line as path } from "d3-shape";
import type { Figure, Line, Mark, Point } from "../../compare/figures";
import { countScale, logScale, type Scale, spread } from "../../compare/scale";
import { measureText } from "../../math";

/** The words of a plot. */
export interface Wording {
  title: string;
  x: string;
  y: string;
  name(id: string): string;
  mark(mark: Mark): string;
  region(region: Figure["regions"][number]): string;
}

/** Width and height of the whole, and how large a pixel of type is: 1 on a page, more in a hall. */
export interface Room { width: number; height: number; unit: number }

type Layer = Selection<SVGGElement, undefined, null, undefined>;

const FONT = 13;
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power: number): string => (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => SUPERSCRIPT[Number(digit)]).join("");

/** 1, 10, 100, 10³, ... */
function tickText(value: number, kind: "log" | "count"): string {
  const power = Math.round(Math.log10(value));
  return kind === "count" || (power >= 0 && power < 3) ? String(Math.round(value)) : `10${raised(power)}`;
}

/** A Chinese face may arrive after the measuring, but its characters are squares. */
const widthOf = (text: string, size: number, weight: number): number => Math.max(measureText(text, size, weight), size * (text.match(/\p{Script=Han}/gu)?.length ?? 0));

interface Frame { left: number; right: number; top: number; bottom: number; x: Scale; y: Scale; clamp(y: number): number }

function frameOf(figure: Figure, { width, height, unit }: Room, wording: Wording): Frame {
  const names = Math.max(...figure.lines.map(({ id }) => widthOf(wording.name(id), FONT * unit, 600)));
  const [left, right] = [64 * unit, width - names - 22 * unit];
  const [top, bottom] = [(figure.regions.length > 0 ? 34 : 14) * unit, height - 46 * unit];
  const scale = figure.x.kind === "log" ? logScale : countScale;
  const x = scale(figure.x.domain, [left, right], 46 * unit);
  const y = logScale(figure.y.domain, [bottom, top], 30 * unit);
  return { left, right, top, bottom, x, y, clamp: (value) => y.at(Math.max(value, figure.y.floor)) };
}

function axes(layer: Layer, figure: Figure, { left, right, top, bottom, x, y }: Frame, wording: Wording, unit: number): void {
  const text = (className: string, at: number, across: number, said: string): void => {
    layer.append("text").attr("class", className).attr("x", at).attr("y", across).text(said);
  };
  // Zero is drawn on the axis, for a logarithm has no place for it.
  const zero = figure.lines.some(({ points }) => points.some((point) => point.y === 0));
  if (zero) text("tick end", left - 8 * unit, bottom + 4.5 * unit, "0");
  for (const tick of y.ticks.filter(({ at }) => !zero || bottom - at > 14 * unit)) {
    layer.append("path").attr("class", "grid").attr("d", `M${left},${tick.at}H${right}`);
    text("tick end", left - 8 * unit, tick.at + 4.5 * unit, tickText(tick.value, "log"));
  }
  for (const tick of x.ticks) {
    layer.append("path").attr("class", "stroke").attr("d", `M${tick.at},${bottom}v${5 * unit}`);
    text("tick middle", tick.at, bottom + 19 * unit, tickText(tick.value, figure.x.kind));
  }
  layer.append("path").attr("class", "axis").attr("d", `M${left},${top}V${bottom}H${right}`);
  text("axis-title middle", (left + right) / 2, bottom + 38 * unit, wording.x);
  layer.append("text").attr("class", "axis-title middle").attr("transform", `translate(${13 * unit},${(top + bottom) / 2}) rotate(-90)`).text(wording.y);
}

function regions(layer: Layer, figure: Figure, { top, bottom, x }: Frame, wording: Wording, unit: number): void {
  for (const region of figure.regions) {
    const [from, to] = [x.at(region.from), x.at(region.to)];
    const group = layer.append("g").attr("class", `region ${region.kind}`);
    group.append("rect").attr("x", from).attr("y", top).attr("width", to - from).attr("height", bottom - top);
    group.append("path").attr("d", `M${from + 1},${top - 6 * unit}v${6 * unit}M${from + 1},${top - 3 * unit}H${to - 1}M${to - 1},${top - 6 * unit}v${6 * unit}`);
    const said = wording.region(region);
    if (widthOf(said, 12 * unit, 400) < to - from + 24 * unit) group.append("text").attr("class", "middle").attr("x", (from + to) / 2).attr("y", top - 12 * unit).text(said);
  }
}

const last = (line: Line): Point | undefined => line.points.findLast(({ y }) => !Number.isNaN(y));
/** The end of a line on the right of the picture: h runs from large to small, counts from small to large. */
const rightmost = (line: Line): Point | undefined => (last(line) && (line.points[0]?.x ?? 0) > (last(line)?.x ?? 0) ? line.points.find(({ y }) => !Number.isNaN(y)) : last(line));

function lines(layer: Layer, figure: Figure, { x, clamp }: Frame, chosen: string | null): void {
  const draw = path<Point>().defined(({ y }) => !Number.isNaN(y)).x((point) => x.at(point.x)).y((point) => clamp(point.y)).curve(curveLinear);
  for (const { id, points } of figure.lines) {
    layer.append("path").attr("class", `line hue-${id}${id === chosen ? " chosen" : ""}`).attr("d", draw(points)).attr("data-id", id);
  }
}

/** Names at the right, in the order of the lines' ends, with a leader where one had to move. */
function names(layer: Layer, figure: Figure, { top, bottom, right, x, clamp }: Frame, wording: Wording, unit: number, chosen: string | null): void {
  const ends = figure.lines.flatMap((line) => {
    const end = rightmost(line);
    return end ? [{ id: line.id, x: x.at(end.x), y: clamp(end.y) }] : [];
  });
  const places = spread(ends.map(({ y }) => y), 17 * unit, [top, bottom]);
  ends.forEach(({ id, x: from, y }, i) => {
    const place = places[i] as number;
    layer.append("path").attr("class", `leader hue-${id}`).attr("d", `M${from + 2},${y}L${right + 12 * unit},${place}`);
    layer.append("text").attr("class", `name hue-${id}${id === chosen ? " chosen" : ""}`).attr("x", right + 15 * unit).attr("y", place + 4.5 * unit).text(wording.name(id));
  });
}

function marks(layer: Layer, figure: Figure, frame: Frame, wording: Wording, unit: number, chosen: string | null): void {
  for (const mark of figure.marks) {
    const [at, across] = [frame.x.at(mark.x), frame.clamp(mark.y)];
    const told = mark.kind === "crossover" || mark.id === chosen;
    const group = layer.append("g").attr("class", `mark hue-${mark.id} ${mark.kind}${told ? " told" : ""}`);
    group.append("circle").attr("cx", at).attr("cy", across).attr("r", (told ? 6 : 4) * unit);
    if (!told) continue;
    const said = wording.mark(mark);
    const wide = widthOf(said, FONT * unit, 600);
    const start = Math.max(frame.left + 6 * unit, Math.min(at + 10 * unit, frame.right - wide - 2 * unit));
    const below = across + 26 * unit < frame.bottom;
    group.append("text").attr("x", start).attr("y", below ? across + 20 * unit : across - 14 * unit).text(said);
  }
}

/** A piece of a line for its key: its colour and its dash. */
export function sample(id: string): SVGSVGElement {
  const made = create("svg:svg").attr("class", "plot sample").attr("width", 30).attr("height", 8).attr("aria-hidden", "true");
  made.append("path").attr("class", `line hue-${id}`).attr("d", "M2,4H28");
  return made.node() as SVGSVGElement;
}

export function plot(figure: Figure, room: Room, wording: Wording, chosen: string | null = null): SVGSVGElement {
  const made = create("svg:svg").attr("class", "plot").attr("viewBox", `0 0 ${room.width} ${room.height}`)
    .attr("width", room.width).attr("height", room.height).attr("role", "img").attr("aria-label", wording.title) as unknown as Selection<SVGSVGElement, undefined, null, undefined>;
  made.append("title").text(wording.title);
  const frame = frameOf(figure, room, wording);
  const layer = (className: string): Layer => made.append("g").attr("class", className);
  regions(layer("regions"), figure, frame, wording, room.unit);
  axes(layer("axes"), figure, frame, wording, room.unit);
  lines(layer("lines"), figure, frame, chosen);
  marks(layer("marks"), figure, frame, wording, room.unit, chosen);
  names(layer("names"), figure, frame, wording, room.unit, chosen);
  return made.node() as SVGSVGElement;
}

/** Wheel, pinch, drag and buttons move the page under the window; the picture itself never moves. */

import { easeCubicInOut } from "d3-ease";
import { select } from "d3-selection";
import "d3-transition";
import { zoom, zoomIdentity, type ZoomTransform, zoomTransform } from "d3-zoom";
import type { Box } from "../../layout/types";
import { sayMore } from "../fading";
import type { Sight } from "./near";
import type { Plan } from "./plan";

const PAN = 500;
/** An overview of very many boxes may be this small; smaller, it opens at its inputs instead. */
const OVERVIEW = 0.45;
const START = 0.7;
const LARGEST = 1.25;
/** Kept free around what is brought into view. */
const AROUND = 20;

export interface Window {
  /** Show the whole picture; in a hall as much of it as can be read. */
  fit(smooth: boolean): void;
  /** The first look at a picture. */
  open(): void;
  /** The same picture with other numbers: what the reader zoomed to stays. */
  keep(): void;
  by(factor: number): void;
  /** Bring the first of these boxes into view, if it is not, and of the others as many as there is room for. */
  reveal(boxes: readonly Box[], smooth: boolean): void;
  frame(plan: Plan): void;
  /** The part of the picture that is in the window. */
  sight(): Sight;
}

export function windowOn(svg: SVGSVGElement, viewport: SVGGElement, still: () => boolean, onZoom: (scale: number) => void, onMove: () => void = () => {}): Window {
  let plan: Plan | null = null;
  let moved = false;
  let wanted: readonly Box[] = [];
  let target = zoomIdentity;
  /** Asking for the size makes the browser lay out the page, so it is asked for once; from then on the observer below tells. */
  let known: [number, number] = [0, 0];
  const look = (): void => void (known = [svg.clientWidth, svg.clientHeight]);
  const size = (): [number, number] => [known[0] || plan?.width || 800, known[1] || plan?.height || 600];
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([0.05, 8])
    .extent(() => [[0, 0], size()])
    .on("zoom", ({ transform, sourceEvent }) => {
      if (sourceEvent) moved = true;
      viewport.setAttribute("transform", String(transform));
      hint(transform);
      onZoom(transform.k);
      onMove();
    });
  const root = select(svg).call(behaviour).on("dblclick.zoom", null);

  /** Sides at which something of the picture is cut off: the sheet lets it fade there. */
  function hint({ k, x, y }: ZoomTransform): void {
    if (!plan) return;
    const [w, h] = size();
    const spare = plan.metrics.margin * k + 2;
    sayMore(svg.parentElement, {
      left: plan.x * k + x < -spare, right: (plan.x + plan.width) * k + x > w + spare,
      top: plan.y * k + y < -spare, bottom: (plan.y + plan.height) * k + y > h + spare,
    });
  }

  function go(transform: ZoomTransform, smooth: boolean): void {
    root.interrupt();
    target = transform;
    if (smooth && !still()) root.transition().duration(PAN).ease(easeCubicInOut).call(behaviour.transform, transform);
    else root.call(behaviour.transform, transform);
  }

  /** The whole picture at this scale, or its beginning where it is larger than the window. */
  function at(scale: number, [cx, cy]: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]): ZoomTransform {
    const { x, y, width, height } = plan as Plan;
    const [w, h] = size();
    const place = (room: number, start: number, length: number, centre: number): number =>
      length * scale <= room + 1 ? (room - length * scale) / 2 - start * scale : Math.min(-start * scale, Math.max(room - (start + length) * scale, room / 2 - centre * scale));
    return zoomIdentity.translate(place(w, x, width, cx), place(h, y, height, cy)).scale(scale);
  }

  function whole(): number {
    const { width, height } = plan as Plan;
    const [w, h] = size();
    return Math.max(0.05, Math.min(w / width, h / height, LARGEST));
  }

  /** As much of the picture as can be read. */
  const readable = (): number => Math.max(whole(), (plan as Plan).crowded ? 0 : (plan as Plan).metrics.legible);

  const view: Window = {
    frame(next) {
      plan = next;
      if (known[0] === 0) look();
    },
    sight() {
      const { k, x, y } = zoomTransform(svg);
      const [w, h] = size();
      return { x: -x / k, y: -y / k, width: w / k, height: h / k, scale: k };
    },
    fit(smooth) {
      if (!plan) return;
      const scale = plan.metrics.wall ? readable() : whole();
      moved = scale < readable();
      go(at(scale), smooth);
      if (!moved) view.reveal(wanted, false);
    },
    keep() {
      if (plan && !moved) go(at(readable()), false);
    },
    open() {
      if (!plan) return;
      wanted = [];
      const scale = readable();
      moved = plan.crowded && scale < OVERVIEW;
      go(at(moved ? START : scale), false);
    },
    by(factor) {
      moved = true;
      if (still()) root.call(behaviour.scaleBy, factor);
      else root.transition().duration(150).call(behaviour.scaleBy, factor);
    },
    reveal(boxes, smooth) {
      wanted = boxes;
      const [first, ...others] = boxes;
      if (!first || !plan) return;
      const [w, h] = size();
      // While a pan is on its way, what counts is where it goes.
      const { k, x, y } = moved ? zoomTransform(svg) : target;
      if (!moved && plan.width * k <= w + 1 && plan.height * k <= h + 1) return;
      const fits = (box: Box): boolean => box.width * k + 2 * AROUND <= w && box.height * k + 2 * AROUND <= h;
      const together = others.reduce((all, box) => (fits(union(all, box)) ? union(all, box) : all), first);
      const [left, top] = [together.x * k + x, together.y * k + y];
      const seen = (from: number, length: number, room: number): boolean => from >= AROUND && from + length * k <= room - AROUND;
      if (seen(left, together.width, w) && seen(top, together.height, h)) return;
      const next = at(k, [together.x + together.width / 2, together.y + together.height / 2]);
      if (Math.abs(next.x - x) > 1 || Math.abs(next.y - y) > 1) go(next, smooth);
    },
  };
  if (typeof ResizeObserver !== "undefined") {
    new ResizeObserver(() => {
      look();
      onMove();
      if (!plan || moved) return;
      view.keep();
      view.reveal(wanted, false);
    }).observe(svg);
  }
  return view;
}

function union(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
}

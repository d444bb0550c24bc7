/** Motion shows where something came from. The picture is already right when it starts, so it can end at any moment. */

import { easeCubicInOut } from "d3-ease";
import { interpolateNumber } from "d3-interpolate";
import { select } from "d3-selection";
import "d3-transition";
import type { Chip } from "./chip";
import { pointAt } from "./geometry";

const FETCH = 400;
const BUILD = 250;
const APPEND = 300;
const STEP = "step";

export interface Moving {
  chips: { chip: Chip; element: SVGGElement }[];
  /** Lines that draw themselves. */
  rails: SVGGElement[];
  /** Boxes that appear, cells that fill. */
  boxes: SVGGElement[];
  cells: SVGGElement[];
}

export interface Animator {
  play(moving: Moving): void;
  settle(): void;
}

export function animator(still: () => boolean): Animator {
  let endings: (() => void)[] = [];

  /** One attribute from one value to another and then gone, with what it needed, as if nothing had been. */
  function run(element: Element, name: string, from: number, to: number, delay: number, duration: number, needed: string[] = []): void {
    element.setAttribute(name, String(from));
    const clean = (): void => [name, ...needed].forEach((one) => element.removeAttribute(one));
    endings.push(() => {
      select(element).interrupt(STEP);
      clean();
    });
    select(element).transition(STEP).delay(delay).duration(duration).ease(easeCubicInOut)
      .attrTween(name, () => {
        const between = interpolateNumber(from, to);
        return (t) => String(between(t));
      })
      .on("end", clean);
  }

  function travel({ chip, element }: { chip: Chip; element: SVGGElement }): void {
    const rest = element.getAttribute("transform") ?? "";
    const place = (share: number): string => {
      const { x, y } = pointAt(chip.along.path, share);
      return `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
    };
    element.setAttribute("transform", place(0));
    endings.push(() => {
      select(element).interrupt(STEP);
      element.setAttribute("transform", rest);
    });
    select(element).transition(STEP).duration(FETCH).ease(easeCubicInOut)
      .attrTween("transform", () => (t) => (t >= 1 ? rest : place(t * chip.share)));
  }

  function draw(rail: SVGGElement): void {
    rail.querySelectorAll<SVGPathElement>(".line").forEach((line) => {
      line.setAttribute("pathLength", "1");
      line.setAttribute("stroke-dasharray", "1");
      run(line, "stroke-dashoffset", 1, 0, 0, FETCH, ["pathLength", "stroke-dasharray"]);
    });
  }

  function settle(): void {
    const ending = endings;
    endings = [];
    for (const end of ending) end();
  }

  return {
    settle,
    play({ chips, rails, boxes, cells }) {
      settle();
      if (still()) return;
      const fetched = chips.length > 0 ? FETCH : 0;
      chips.forEach(travel);
      rails.forEach(draw);
      for (const box of boxes) box.querySelectorAll(".row .num, .row .glyph").forEach((part) => run(part, "opacity", 0, 1, fetched, BUILD));
      for (const cell of cells) run(cell, "opacity", 0, 1, fetched + (boxes.length > 0 ? BUILD : 0), APPEND);
    },
  };
}

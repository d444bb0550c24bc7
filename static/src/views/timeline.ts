/** The clock as a row of dots: a dot is a step, a diamond asks for a prediction, a line below joins the steps at one node. */

import { select } from "d3-selection";
import { effect, signal } from "@preact/signals-core";
import { attributes, h } from "../dom";
import { t } from "../i18n";
import { mathHTML } from "../math";
import { groupsOf, kindOf, phasesOf } from "../phases";
import { bar, dot, nameOf } from "../symbols";
import type { TraceDocument } from "../trace";
import type { Page } from "./page";

/** Above this many steps, or where dots would touch, the dots become one continuous track. */
const MANY = 60;
const CLOSEST = 11;
/** Dots further apart than this, in pixels, no longer read as one row. */
const FURTHEST = 48;
/** Gaps between phases and groups, in units of the gap between two dots. */
const PHASE_GAP = 1;
const GROUP_GAP = 0.34;

interface Tick { index: number; at: number; kind: string; question: boolean; status: "past" | "now" | "next" }
interface Label { key: string; at: number; to: number; title: string; node: number | null; accent: (name: string) => string }

/** Where each step stands, between 0 and 1. */
export function placesOf(doc: Pick<TraceDocument, "pass" | "events">): number[] {
  const phaseStarts = new Set(phasesOf(doc).map((phase) => phase.start));
  const groupStarts = new Set(groupsOf(doc).map((group) => group.start));
  let at = 0;
  const places = doc.events.map((_, index) => {
    if (index > 0) at += 1 + (phaseStarts.has(index) ? PHASE_GAP : groupStarts.has(index) ? GROUP_GAP : 0);
    return at;
  });
  return places.map((place) => (at === 0 ? 0.5 : place / at));
}

export function timelineView(root: HTMLElement, { session, prediction, player, store }: Page): void {
  const dots = h("div", { class: "dots" });
  const labels = h("div", { class: "groups", "aria-hidden": "true" });
  const titles = h("div", { class: "phases", "aria-hidden": "true" });
  const fill = h("div", { class: "fill" });
  const thumb = h("div", { class: "thumb" });
  const track = h("div", { class: "track" }, fill, thumb);
  const slider = h("div", { class: "timeline", role: "slider", tabindex: 0 }, titles, dots, track, labels);
  root.append(slider);

  const width = signal(0);
  new ResizeObserver(([entry]) => {
    width.value = entry?.contentRect.width ?? 0;
  }).observe(dots);

  const total = (): number => session.doc.value?.events.length ?? 0;

  attributes(slider, () => {
    const doc = session.doc.value;
    const k = session.k.value;
    const phase = doc && phasesOf(doc).find(({ start, end }) => k > start && k <= end);
    const n = total();
    return {
      "aria-label": t("timeline.name"), "aria-valuemin": 0, "aria-valuemax": n, "aria-valuenow": k,
      "aria-valuetext": phase ? t("timeline.atphase", { k, n, phase: t(phase.title) }) : t("timeline.at", { k, n }),
    };
  });

  effect(() => {
    const doc = session.doc.value;
    slider.hidden = !doc;
    if (!doc) return;
    const places = placesOf(doc);
    const k = session.k.value;
    const questions = prediction.questions.value;
    const open = prediction.gate.value?.verdict === "open";
    const room = width.value / Math.max(1, places.length + phasesOf(doc).length);
    slider.style.setProperty("--room", `${Math.max(1, places.length + phasesOf(doc).length) * FURTHEST}px`);
    const continuous = places.length > MANY || (width.value > 0 && room < CLOSEST);
    slider.classList.toggle("continuous", continuous);
    drawLabels(doc, places, continuous);
    const at = places[Math.max(0, k - 1)] ?? 0;
    const here = k === 0 ? 0 : at;
    thumb.style.left = `${here * 100}%`;
    fill.style.clipPath = `inset(0 ${100 - here * 100}% 0 0)`;
    fill.style.background = `linear-gradient(to right, ${phasesOf(doc).map(({ kind, start, end }) =>
      `var(--track-${kind}) ${100 * (places[start] ?? 0)}% ${100 * (places[end] ?? 1)}%`).join(", ")})`;
    const ticks: Tick[] = continuous ? [] : doc.events.map((event, index) => ({
      index, at: places[index] ?? 0, kind: kindOf(event), question: questions.has(index),
      status: open ? (index === k ? "now" : index < k ? "past" : "next") : index === k - 1 ? "now" : index < k ? "past" : "next",
    }));
    select(dots).selectAll<HTMLElement, Tick>("span").data(ticks, (tick) => tick.index).join("span")
      .attr("class", (tick) => `dot ${tick.kind} ${tick.status}${tick.question ? " question" : ""}`)
      .style("left", (tick) => `${tick.at * 100}%`);
  });

  let lettered = "";
  function drawLabels(doc: TraceDocument, places: number[], continuous: boolean): void {
    const span = (start: number, end: number): { at: number; to: number } => ({ at: places[start] ?? 0, to: places[end - 1] ?? 0 });
    const phases = phasesOf(doc).map((phase): Label => ({ key: `p${phase.start}`, ...span(phase.start, phase.end), title: t(phase.title), node: null, accent: bar }));
    const groups = continuous ? [] : groupsOf(doc).map((group): Label => ({ key: `g${group.start}`, ...span(group.start, group.end), title: "", node: group.node, accent: group.kind === "column" ? dot : bar }));
    const wanted = JSON.stringify([phases, groups, groups.map(({ node }) => nameOf(doc, node ?? 0))]);
    if (wanted === lettered) return;
    lettered = wanted;
    select(titles).selectAll<HTMLElement, Label>("span").data(phases, (label) => label.key).join("span")
      .style("left", (label) => `${label.at * 100}%`).text((label) => label.title);
    select(labels).selectAll<HTMLElement, Label>("span.group").data(groups, (label) => label.key).join("span").attr("class", "group")
      .style("left", (label) => `${label.at * 100}%`).style("width", (label) => `calc(${(label.to - label.at) * 100}% + 9px)`)
      .each(function (label) {
        this.replaceChildren(mathHTML(label.accent(nameOf(doc, label.node ?? 0))));
      });
  }

  /** The step nearest to the pointer; left of the first one is the beginning. */
  function nearest(event: PointerEvent): number {
    const doc = session.doc.value;
    if (!doc) return 0;
    const box = dots.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    if (x * box.width < -10) return 0;
    const places = placesOf(doc);
    let best = 0;
    places.forEach((place, index) => {
      if (Math.abs(place - x) < Math.abs((places[best] ?? 0) - x)) best = index;
    });
    return best + 1;
  }

  slider.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    slider.setPointerCapture(event.pointerId);
    slider.classList.add("dragging");
    player.seek(nearest(event));
  });
  slider.addEventListener("pointermove", (event) => {
    if (slider.classList.contains("dragging")) player.seek(nearest(event));
  });
  for (const end of ["pointerup", "pointercancel"] as const) slider.addEventListener(end, () => slider.classList.remove("dragging"));

  const moves: Record<string, () => void> = {
    ArrowRight: () => player.seek(session.k.value + 1), ArrowUp: () => player.seek(session.k.value + 1),
    ArrowLeft: () => player.seek(session.k.value - 1), ArrowDown: () => player.seek(session.k.value - 1),
    PageDown: () => player.nextPhase(), PageUp: () => player.previousPhase(), Home: () => player.first(), End: () => player.last(),
  };
  slider.addEventListener("keydown", (event) => {
    const move = event.ctrlKey || event.altKey || event.metaKey || store.present.value ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
}

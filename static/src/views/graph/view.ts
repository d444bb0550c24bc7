/** The picture of a trace: laid out once from the final graph, then revealed step by step. */

import { select } from "d3-selection";
import { widthsChanged } from "../../math";
import type { GraphHooks, GraphView, Scene } from "../types";
import { animator } from "./animate";
import type { Arrange } from "./arrange";
import { arrange } from "./arrange";
import { drawAxis } from "./axis";
import type { Chip } from "./chip";
import { chipsOf, drawChip } from "./chip";
import { drawLink, drawRail } from "./edge";
import { factsOf } from "./facts";
import type { Focus } from "./focus";
import { boxesOf, focusOf } from "./focus";
import { drawLegend } from "./legend";
import type { BoxLook, Page, PlateLook } from "./look";
import { boxLook, farLook, linkLook, plateLook, railLook } from "./look";
import { drawFarBox, drawMap } from "./map";
import type { Near } from "./near";
import { leaves, nearTo } from "./near";
import { drawBox, placeBox } from "./node";
import type { BoxPlan, LinkPlan, Plan, PlatePlan, RailPlan, SeedPlan, TiePlan } from "./plan";
import { drawPlate } from "./plate";
import { drawSeed, seedLook } from "./seed";
import { statements } from "./statements";
import type { Layer } from "./svg";
import { layer, s } from "./svg";
import type { Step } from "./walk";
import { neighbour, stepOf } from "./walk";
import { words } from "./words";
import { windowOn } from "./zoom";

const reducedMotion = (): boolean => typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
const inHall = (): boolean => document.documentElement.dataset["theme"] === "hall";
/** Narrower windows get smaller boxes that stand closer. */
const COMPACT = 1200;
const isCompact = (): boolean => (window.innerWidth || COMPACT) < COMPACT;

interface Shown extends Page { plan: Plan; scene: Scene; hall: boolean; compact: boolean; focus: Focus; near: Near | null }

export function graphView(container: HTMLElement, hooks: GraphHooks, lay?: Arrange): GraphView {
  container.classList.add("graph");
  const viewport = s("g", { class: "viewport" });
  const svg = s("svg", { class: "picture", role: "graphics-document", width: "100%", height: "100%" }, viewport);
  const legend = document.createElement("ul");
  legend.className = "legend";
  const sheet = document.createElement("div");
  sheet.className = "canvas";
  sheet.append(svg);
  container.append(sheet, legend);

  let shown: Shown | null = null;
  const metrics = () => (shown as Shown).plan.metrics;
  const crowded = () => (shown as Shown).plan.crowded;
  const axis = s("g", { class: "axes" });
  const map = s("g", { class: "map", "aria-hidden": "true" });
  viewport.append(axis, map);
  const far = layer<BoxPlan, string>(viewport, "map", drawFarBox);
  far.root.attr("aria-hidden", "true");
  const ties = layer<TiePlan, string>(viewport, "ties", (tie) => {
    const element = s("g", {}, s("path", { d: `M${tie.x} ${tie.y1}V${tie.y2}` }));
    return { element, show: (look) => element.setAttribute("class", look) };
  });
  const links = layer<LinkPlan, string>(viewport, "links", (link) => drawLink(link, metrics(), crowded()));
  const rails = layer<RailPlan, string>(viewport, "rails", (rail) => drawRail(rail, metrics()));
  const flows = layer<LinkPlan, string>(viewport, "links flows", (link) => drawLink(link, metrics(), crowded()));
  const lit = layer<RailPlan, string>(viewport, "rails lit-rails", (rail) => drawRail(rail, metrics()));
  const plates = layer<PlatePlan, PlateLook>(viewport, "plates", (plate) => drawPlate(plate, metrics()));
  const boxes = layer<BoxPlan, BoxLook>(viewport, "nodes", (box) => drawBox(box, metrics(), crowded()), placeBox);
  const seeds = layer<SeedPlan, string>(viewport, "plugs", (seed) => drawSeed(seed, metrics(), (shown as Shown).say, hooks.onSeed));
  const chips = layer<Chip, string>(viewport, "messages", (chip) => drawChip(chip, metrics()));

  const view = windowOn(svg, viewport, reducedMotion, hooks.onZoom, moved);
  const motion = animator(reducedMotion);
  let stop: string | null = null;

  /** The one box that the tab key reaches. */
  function setStop(key: string | null): void {
    if (stop !== null) boxes.element(stop)?.setAttribute("tabindex", "-1");
    stop = key;
    if (key !== null) boxes.element(key)?.setAttribute("tabindex", "0");
  }

  function redraw(scene: Scene, hall: boolean, compact: boolean): void {
    const held = container.contains(document.activeElement) ? stop : null;
    const plan = arrange(scene.doc, { lanes: scene.lanes, direction: scene.direction, hall, compact, height: window.innerHeight || 720 }, lay);
    const say = words(scene.doc.text?.locale ?? document.documentElement.lang);
    const last = shown?.scene;
    const sameStory = last?.doc.source === scene.doc.source && last.doc.pass === scene.doc.pass && last.lanes === scene.lanes && last.direction === scene.direction;
    shown = { plan, scene, hall, compact, values: factsOf(scene.doc).values, statements: statements(scene.doc), say, focus: focusOf(plan, scene), near: null };
    svg.setAttribute("aria-label", `${say("graph.name")}: ${scene.doc.source}`);
    container.classList.toggle("crowded", plan.crowded);
    stop = stop !== null && plan.boxes.has(stop) ? stop : (plan.boxes.keys().next().value ?? null);
    view.frame(plan);
    if (sameStory) view.keep();
    else view.open();
    bringIntoView(shown, false);
    drawAxis(axis, plan, say);
    drawMap(map, plan);
    const sheet = JSON.stringify([plan.metrics, plan.crowded, say("graph.seed")]);
    far.renew(plan.crowded ? [...plan.boxes.values()] : [], sheet);
    plates.renew(plan.plates, sheet);
    chips.join([]);
    lit.join([]);
    drawLegend(legend, scene.doc.pass, plan, say);
    cut(shown, sheet);
    if (held !== null) boxes.element(held)?.focus();
  }

  /** Draws what is near the window, and drops what no longer is. */
  function cut(page: Shown, sheet?: string): void {
    if (sheet === undefined && !page.plan.crowded) return;
    const near = nearTo(page.plan, view.sight(), page.focus, stop);
    page.near = near;
    const put = <D extends { key: string }, L>(layer: Layer<D, L>, parts: readonly D[]): void => (sheet === undefined ? layer.join(parts) : layer.renew(parts, sheet));
    put(ties, near.ties);
    put(links, near.forward);
    put(rails, near.rails);
    put(flows, near.flows);
    put(boxes, near.boxes);
    put(seeds, near.seeds);
    setStop(stop);
  }

  function bringIntoView({ plan, focus }: Shown, smooth: boolean): void {
    view.reveal(boxesOf(focus, plan), smooth);
  }

  let moving = 0;
  function moved(): void {
    if (!shown?.near || moving !== 0 || !leaves(shown.near, view.sight())) return;
    moving = requestAnimationFrame(() => {
      moving = 0;
      if (shown) catchUp(shown);
    });
  }

  function catchUp(page: Shown): void {
    cut(page);
    reveal(page, page.focus);
  }

  function reveal(page: Shown, focus: Focus): void {
    const { plan, scene } = page;
    const showLink = (link: LinkPlan): string => linkLook(link, plan, scene, focus);
    links.show(showLink);
    flows.show(showLink);
    rails.show((rail) => railLook(rail, plan, scene, { ...focus, rails: new Set() }));
    lit.join(plan.rails.filter((rail) => focus.rails.has(rail.key)));
    lit.show(() => "rail lit");
    ties.show((tie) => (focus.ties.has(tie.key) ? "tie now" : tie.clear ? "tie" : "tie hidden"));
    plates.show((plate) => plateLook(plate, plan, scene, focus));
    boxes.show((box) => boxLook(box, scene, focus, page));
    seeds.show((seed) => seedLook(seed, seed.quantity === "tangent" ? scene.state.tangents.has(seed.node) : scene.state.adjoints.has(seed.node) || scene.state.nodeToGrad.has(seed.node)));
    if (plan.crowded) far.show((box) => farLook(box, scene, focus));
    chips.join(chipsOf(plan, focus).map((chip) => ({ ...chip, key: `${scene.state.k}:${chip.key}` })));
    chips.show(() => "");
  }

  function update(scene: Scene): void {
    motion.settle();
    const hall = inHall();
    const compact = isCompact();
    const same = shown !== null && shown.scene.doc === scene.doc && shown.scene.lanes === scene.lanes && shown.scene.direction === scene.direction && shown.hall === hall && shown.compact === compact;
    if (!same) redraw(scene, hall, compact);
    const now = shown as Shown;
    now.scene = scene;
    const focus = focusOf(now.plan, scene);
    now.focus = focus;
    bringIntoView(now, scene.animate);
    if (same) cut(now);
    reveal(now, focus);
    if (scene.animate) animate(now, focus);
  }

  function animate({ plan }: Shown, focus: Focus): void {
    const cell = focus.cell && boxes.element(focus.cell.box)?.querySelector<SVGGElement>(".cell.fresh");
    const active = [...focus.boxes].flatMap((key) => boxes.element(key) ?? []);
    const moving = select(chips.root.node()).selectChildren<SVGGElement, Chip>("g").nodes().map((element) => ({ element, chip: select<SVGGElement, Chip>(element).datum() }));
    motion.play({
      chips: moving, rails: plan.rails.filter((rail) => focus.rails.has(rail.key)).flatMap((rail) => lit.element(rail.key) ?? []), boxes: active, cells: cell ? [cell] : [],
    });
  }

  function move(step: Step): void {
    if (!shown) return;
    const key = stop === null ? null : neighbour(shown.plan, stop, step, shown.scene.direction === "down");
    setStop(key ?? stop);
    if (shown.plan.crowded) catchUp(shown);
    const box = stop === null ? undefined : shown.plan.boxes.get(stop);
    const plug = key === null && step === "input" && box ? seeds.element(`seed:${box.of}`) : undefined;
    if (plug?.hasAttribute("tabindex")) plug.focus();
    else if (stop !== null) boxes.element(stop)?.focus();
  }

  const keyOf = (event: Event): string | null => (event.target as Element).closest?.("[data-key]")?.getAttribute("data-key") ?? null;
  const boxOf = (event: Event): BoxPlan | undefined => shown?.plan.boxes.get(keyOf(event) ?? "");

  svg.addEventListener("click", (event) => {
    const box = boxOf(event);
    if (!box) return;
    setStop(box.key);
    if (box.step > 0) hooks.onJump(box.step, box.of);
  });
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const box = boxOf(event);
    const step = stepOf(event.key, shown?.scene.direction === "down");
    if (step && box) move(step);
    else if (step && stop !== null) boxes.element(stop)?.focus();
    else if (event.key === "Enter" && box && box.step > 0) hooks.onJump(box.step, box.of);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  svg.addEventListener("focusin", (event) => {
    const box = boxOf(event);
    if (!box || !shown) return;
    setStop(box.key);
    view.reveal([box], true);
  });
  svg.addEventListener("pointerover", (event) => {
    const box = boxOf(event);
    if (box) hooks.onHover(box.of);
  });
  svg.addEventListener("pointerout", (event) => {
    if (boxOf(event)) hooks.onHover(null);
  });

  function anew(): void {
    if (!shown) return;
    const { scene } = shown;
    shown = null;
    update({ ...scene, animate: false });
  }

  /** Widths measured before the fonts came are wrong, and in the hall sizes are shares of the window. */
  document.fonts?.addEventListener("loadingdone", () => {
    if (widthsChanged()) anew();
  });
  window.addEventListener("resize", () => {
    if (shown && (shown.hall || shown.compact !== isCompact())) anew();
  });

  return { update, move, fit: () => view.fit(true), zoomBy: (factor) => view.by(factor), settle: () => motion.settle() };
}

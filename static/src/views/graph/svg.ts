/** Making parts of a picture. Text reaches it only as text nodes. */

import type { Selection } from "d3-selection";
import { select } from "d3-selection";

const NAMESPACE = "http://www.w3.org/2000/svg";

type Tags = SVGElementTagNameMap;
type Attributes = Record<string, string | number | null>;

export function s<T extends keyof Tags>(tag: T, attributes: Attributes = {}, ...children: (Node | null)[]): Tags[T] {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  for (const child of children) if (child) made.append(child);
  return made;
}

export interface Drawn<L> {
  element: SVGGElement;
  show(look: L): void;
}

export interface Layer<D, L> {
  root: Selection<SVGGElement, unknown, null, undefined>;
  /** Add and drop what came and went; the rest is what it was. */
  join(parts: readonly D[]): void;
  /** The parts of a new picture. `sheet` is all that a drawing depends on beside its part. */
  renew(parts: readonly D[], sheet: string): void;
  /** Bring every part to its look; parts whose look is the same are not touched. */
  show(lookOf: (part: D) => L): void;
  element(key: string): SVGGElement | undefined;
}

interface Kept<D, L> { part: D; drawn: Drawn<L>; look: string | null }

/** A group of parts of one kind, joined by key. Parts that can `place` themselves are not drawn anew where only that changes. */
export function layer<D extends { key: string }, L>(parent: SVGGElement, name: string, draw: (part: D) => Drawn<L>, place?: (part: D, element: SVGGElement) => void): Layer<D, L> {
  const root = select(parent).append("g").attr("class", name);
  const kept = new Map<string, Kept<D, L>>();
  const stamp = (part: D): string => JSON.stringify(place ? { ...part, x: 0, y: 0 } : part);
  let drawnOn = "";

  function forget(key: string): void {
    kept.get(key)?.drawn.element.remove();
    kept.delete(key);
  }

  /** What a part was drawn from has changed: the part is drawn anew, or only put in its new place. */
  function change(part: D, sheet: string): void {
    const old = kept.get(part.key);
    if (!old) return;
    if (sheet !== drawnOn || stamp(old.part) !== stamp(part)) forget(part.key);
    else {
      old.part = part;
      place?.(part, old.drawn.element);
    }
  }

  function put(parts: readonly D[]): void {
    root.selectChildren<SVGGElement, D>("g").data(parts, (part) => part.key).join(
      (enter) => enter.append((part) => {
        const drawn = draw(part);
        kept.set(part.key, { part, drawn, look: null });
        return drawn.element;
      }),
      (update) => update,
      (exit) => exit.each((part) => forget(part.key)),
    );
  }

  return {
    root,
    join(parts) {
      if (parts.length !== kept.size || !parts.every(({ key }) => kept.has(key))) put(parts);
    },
    renew(parts, sheet) {
      for (const part of parts) change(part, sheet);
      drawnOn = sheet;
      put(parts);
    },
    show(lookOf) {
      for (const one of kept.values()) {
        const look = lookOf(one.part);
        const written = typeof look === "string" ? look : JSON.stringify(look);
        if (one.look === written) continue;
        one.look = written;
        one.drawn.show(look);
      }
    },
    element: (key) => kept.get(key)?.drawn.element,
  };
}

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
  /** Draw these parts anew, or add and drop what came and went. */
  join(parts: readonly D[], fresh: boolean): void;
  /** Bring every part to its look; parts whose look is the same are not touched. */
  show(lookOf: (part: D) => L): void;
  element(key: string): SVGGElement | undefined;
}

/** A group of parts of one kind, joined by key. */
export function layer<D extends { key: string }, L>(parent: SVGGElement, name: string, draw: (part: D) => Drawn<L>): Layer<D, L> {
  const root = select(parent).append("g").attr("class", name);
  let parts: readonly D[] = [];
  const drawn = new Map<string, Drawn<L>>();
  const looks = new Map<string, string>();
  return {
    root,
    join(next, fresh) {
      parts = next;
      if (fresh) root.selectChildren().remove();
      root.selectChildren<SVGGElement, D>("g").data(next, (part) => part.key).join(
        (enter) => enter.append((part) => {
          const made = draw(part);
          drawn.set(part.key, made);
          looks.delete(part.key);
          return made.element;
        }),
        (update) => update,
        (exit) => exit.remove(),
      );
      const keys = new Set(next.map((part) => part.key));
      for (const key of drawn.keys()) if (!keys.has(key)) drawn.delete(key);
    },
    show(lookOf) {
      for (const part of parts) {
        const look = lookOf(part);
        const written = typeof look === "string" ? look : JSON.stringify(look);
        if (looks.get(part.key) === written) continue;
        looks.set(part.key, written);
        drawn.get(part.key)?.show(look);
      }
    },
    element: (key) => drawn.get(key)?.element,
  };
}

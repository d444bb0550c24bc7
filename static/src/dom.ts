/** Making elements. Text reaches the page only as text nodes. */

import { effect } from "@preact/signals-core";
import { createElement, type IconNode } from "lucide";

type Child = Node | string | null | false;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void)>;

/** `h("button", { class: "next", onclick: go }, "Next")`: `true` is an empty attribute, `false` is none. */
export function h<T extends keyof HTMLElementTagNameMap>(tag: T, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

export function icon(node: IconNode, size = 20): SVGElement {
  return createElement(node, { width: size, height: size, "stroke-width": 1.75, "aria-hidden": "true" });
}

/** Keeps the text of an element equal to what `read` says, which may depend on signals. */
export function live<E extends Element>(element: E, read: () => string): E {
  effect(() => {
    element.textContent = read();
  });
  return element;
}

/** Keeps attributes equal to what `read` says; `null` removes one. */
export function attributes<E extends Element>(element: E, read: () => Record<string, string | number | boolean | null>): E {
  effect(() => {
    for (const [name, value] of Object.entries(read())) {
      if (value === null || value === false) element.removeAttribute(name);
      else element.setAttribute(name, value === true ? "" : String(value));
    }
  });
  return element;
}

export function iconButton(node: IconNode, name: () => string, press: (event: Event) => void, size = 20): HTMLButtonElement {
  const button = h("button", { type: "button", class: "icon", onclick: press }, icon(node, size));
  return attributes(button, () => ({ "aria-label": name(), title: name() }));
}

/** Hands the browser a file to save. */
export function save(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

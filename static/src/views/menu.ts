/** A button that opens a small panel below itself: the browser's own popover, so that Esc and a click outside close it. */

import { h } from "../dom";

let count = 0;

/** Makes `panel` open from `button`; `fill` is called each time, so that what it shows is current. */
export function attachMenu(button: HTMLButtonElement, panel: HTMLElement, fill?: () => void): void {
  panel.id ||= `menu-${++count}`;
  panel.popover = "auto";
  button.setAttribute("aria-controls", panel.id);
  button.setAttribute("aria-expanded", "false");
  button.popoverTargetElement = panel;
  panel.addEventListener("beforetoggle", (event) => {
    if ((event as ToggleEvent).newState === "open") fill?.();
  });
  panel.addEventListener("toggle", (event) => {
    const open = (event as ToggleEvent).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const box = button.getBoundingClientRect();
    const width = panel.offsetWidth;
    panel.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
    panel.style.top = `${box.bottom + 6}px`;
    panel.style.maxHeight = `${innerHeight - box.bottom - 16}px`;
  });
}

export const menuPanel = (...children: Node[]): HTMLElement => h("div", { class: "menu" }, ...children);

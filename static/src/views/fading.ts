/** Where something that scrolls goes on beyond its window, it fades: its parent says at which sides. */

export type Sides = Record<"left" | "right" | "top" | "bottom", boolean>;

export function sayMore(parent: HTMLElement | null, sides: Sides): void {
  const written = Object.entries(sides).flatMap(([side, more]) => (more ? [side] : [])).join(" ");
  if (parent && parent.dataset["more"] !== written) parent.dataset["more"] = written;
}

/** Keeps it said while the box is scrolled, and while the box changes its size or its contents. */
export function fading(box: HTMLElement): void {
  const mark = (): void => {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = box;
    sayMore(box.parentElement, {
      left: scrollLeft > 1, right: scrollLeft + clientWidth < scrollWidth - 1,
      top: scrollTop > 1, bottom: scrollTop + clientHeight < scrollHeight - 1,
    });
  };
  box.addEventListener("scroll", mark, { passive: true });
  new ResizeObserver(mark).observe(box);
  new MutationObserver(mark).observe(box, { childList: true, subtree: true });
}

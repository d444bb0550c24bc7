/** The graph as a file of its own: the drawing's elements with the styles that the page's sheets give them. */

const PROPERTIES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family",
  "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline", "letter-spacing", "paint-order", "visibility",
] as const;

const NAMESPACE = "http://www.w3.org/2000/svg";

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  if (style.display === "none") return to.remove();
  to.removeAttribute("class");
  to.removeAttribute("style");
  to.removeAttribute("tabindex");
  // Attributes, not a style attribute: the page's policy forbids those even on a copy that is nowhere shown.
  for (const name of PROPERTIES) {
    const value = style.getPropertyValue(name);
    if (value !== "" && value !== "normal" && value !== "auto") to.setAttribute(name, value);
  }
  const children = [...to.children];
  [...from.children].forEach((child, i) => inline(child, children[i] as Element));
}

export function svgFile(drawing: SVGSVGElement, background: string): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  inline(drawing, copy);
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute("xmlns", NAMESPACE);
  copy.setAttributeNS("http://www.w3.org/XML/1998/namespace", "xml:space", "preserve");
  copy.setAttribute("width", String(Math.round(width)));
  copy.setAttribute("height", String(Math.round(height)));
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const plate = document.createElementNS(NAMESPACE, "rect");
  plate.setAttribute("width", "100%");
  plate.setAttribute("height", "100%");
  plate.setAttribute("fill", background);
  copy.prepend(plate);
  return new XMLSerializer().serializeToString(copy);
}

/** Two arrows, there and back: values to the right, adjoints to the left. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const PATHS = [
  { class: "lines", d: "M3 7h14M21 17H7" },
  { class: "there", d: "M16 3.5 21 7l-5 3.5z" },
  { class: "back", d: "M8 13.5 3 17l5 3.5z" },
];

export function logo(): SVGElement {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("class", "logo");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", "24");
  svg.setAttribute("height", "24");
  svg.setAttribute("aria-hidden", "true");
  for (const path of PATHS) {
    const line = document.createElementNS(NAMESPACE, "path");
    for (const [name, value] of Object.entries(path)) line.setAttribute(name, value);
    svg.append(line);
  }
  return svg;
}

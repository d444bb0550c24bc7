/** How wide a label will be, known before it is drawn. */

import { LEVELS, mathText, NAME_SIZE } from "./runs";
import type { Run } from "./runs";

const UNIT = 100;

/** Widths in em where there is no canvas (tests): near those of Inter and STIX Two, and the same on every machine. */
const widthWithout = (character: string): number => {
  if (/[\u0300-\u036f]/.test(character)) return 0;
  if (/[\u2e80-\uffef]/.test(character)) return 1;
  if (/[ .,:;|()[\]il]/.test(character)) return 0.3;
  if (/[A-Z=+−·×<>≤≥]/.test(character)) return 0.68;
  return 0.6;
};

let context: CanvasRenderingContext2D | null | undefined;
let families: { sans: string; math: string } | undefined;
const widths = new Map<string, number>();

function canvas(): CanvasRenderingContext2D | null {
  if (context !== undefined) return context;
  try {
    context = typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
  } catch {
    context = null;
  }
  return context;
}

function face(italic: boolean, weight: number): string {
  if (!families) {
    const style = getComputedStyle(document.documentElement);
    families = { sans: style.getPropertyValue("--sans").trim() || "Inter, sans-serif", math: style.getPropertyValue("--math").trim() || "serif" };
  }
  return italic ? `italic 500 ${UNIT}px ${families.math}` : `${weight} ${UNIT}px ${families.sans}`;
}

/** Width in em. Digits count as zeros, because they are set in tabular figures. */
export function em(text: string, italic: boolean, weight: number): number {
  const key = `${italic ? "i" : weight}${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  const drawing = canvas();
  let width: number;
  if (drawing) {
    drawing.font = face(italic, weight);
    width = drawing.measureText(text.replace(/\d/g, "0")).width / UNIT;
  } else width = [...text].reduce((sum, character) => sum + widthWithout(character), 0);
  widths.set(key, width);
  return width;
}

const runWidth = (run: Run): number => em(run.text, run.italic, 500) * LEVELS[run.level].size * (run.italic ? NAME_SIZE : 1);

/** The width of a line of our LaTeX in pixels. */
export function measure(latex: string, fontSize: number): number {
  return mathText(latex).reduce((sum, run) => sum + runWidth(run), 0) * fontSize;
}

/** The width of ordinary text, such as a number, in pixels. */
export function measureText(text: string, fontSize: number, weight = 600): number {
  return em(text, false, weight) * fontSize;
}

const SAMPLE = "\\bar{v}_1 = \\ln x_2 + 0.5";

/** Forget every width, because fonts have arrived; false if they made no difference. */
export function widthsChanged(): boolean {
  const before = measure(SAMPLE, UNIT);
  widths.clear();
  families = undefined;
  return measure(SAMPLE, UNIT) !== before;
}

/** Sizes in pixels, as the mock-ups have them. Boxes are as high as the rows they will ever hold. */

export interface Metrics {
  name: number;
  number: number;
  plate: number;
  badge: number;
  /** Baselines of the rows: the name, then one per quantity. */
  rows: number[];
  /** Height of a box by its number of rows. */
  heights: number[];
  pad: number;
  least: number;
  glyph: number;
  radius: number;
  border: number;
  cell: { width: number; height: number; gap: number; text: number };
  layerGap: number;
  nodeGap: number;
  railGap: number;
  margin: number;
  /** Scaled below this, the smallest text is no longer legible. */
  legible: number;
  /** In a hall: sizes are shares of the window, and what is too wide is shown in part rather than too small to read. */
  wall: boolean;
  /** Room is kept for a number like this, so that boxes stay as they are while a slider is dragged. */
  reserve: string;
}

const FOUR_DIGITS = "−0.0000";

/** The smallest text in pixels. */
const SMALLEST = 11;

const study: Metrics = {
  name: 17, number: 16, plate: 14, badge: 12, rows: [21, 46, 71], heights: [32, 56, 82], pad: 14, least: 104, glyph: 9, radius: 8, border: 4,
  cell: { width: 64, height: 24, gap: 4, text: 14 }, layerGap: 22, nodeGap: 28, railGap: 20, margin: 24, legible: SMALLEST / 14, wall: false, reserve: FOUR_DIGITS,
};

const overlay: Metrics = {
  ...study, name: 19, number: 18, rows: [32, 60.5, 87.5], heights: [48, 76, 104], pad: 16, least: 128, glyph: 10, layerGap: 38, nodeGap: 44,
};

const phone: Metrics = {
  ...study, name: 16, number: 15, plate: 13, rows: [22, 44, 64.5], heights: [34, 54, 74], pad: 13, least: 96, glyph: 8, layerGap: 14, nodeGap: 14, margin: 12, cell: { width: 64, height: 24, gap: 4, text: 13 },
  legible: SMALLEST / 13,
};

const compact: Metrics = {
  ...phone, name: 15, number: 14, rows: [20, 40, 59], heights: [31, 49, 68], pad: 9, least: 72, layerGap: 8, nodeGap: 22, railGap: 13, margin: 10,
  cell: { width: 54, height: 22, gap: 3, text: 13 },
};

/** At a height of 720: numbers 4.2 vh, names and labels 3.5 vh, the rest 2.8 vh. */
const hall: Metrics = {
  ...study, name: 25.4, number: 30.4, plate: 25.4, badge: 20.4, rows: [32, 68, 104], heights: [46, 82, 118], pad: 16, least: 120, glyph: 14, radius: 12, border: 5,
  cell: { width: 72, height: 38, gap: 6, text: 30.4 }, layerGap: 14, nodeGap: 22, railGap: 24, margin: 16, legible: 1, wall: true, reserve: "",
};

/** Above a matrix, which holds the derivatives in full size, the numbers of the boxes may shrink to the smallest of the hall, 2.8 vh. */
const ABOVE_MATRIX = 2.8 / 4.2;

const scaled = ({ legible, wall, reserve, ...metrics }: Metrics, by: number): Metrics => {
  const scale = <T>(value: T): T =>
    (typeof value === "number" ? value * by
      : Array.isArray(value) ? value.map(scale)
      : Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, scale(inner)]))) as T;
  return { ...scale(metrics), legible, wall, reserve };
};

export interface Look {
  twoQuantities: boolean;
  down: boolean;
  hall: boolean;
  compact: boolean;
  /** The matrix of a Jacobian stands below the picture. */
  matrix: boolean;
  /** Height of the window: in the hall sizes are shares of it. */
  height: number;
}

export function metricsFor({ twoQuantities, down, hall: inHall, compact: close, matrix, height }: Look): Metrics {
  if (inHall) return scaled({ ...hall, ...(twoQuantities ? { layerGap: 20 } : {}), ...(matrix ? { legible: ABOVE_MATRIX } : {}) }, height / 720);
  if (down) return phone;
  if (close) return twoQuantities ? { ...compact, layerGap: 20 } : compact;
  return twoQuantities ? overlay : study;
}

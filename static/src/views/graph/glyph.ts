/** ■ ▲ ▼: each quantity has its own mark, so that colour is never the only sign. */

import type { Quantity } from "./plan";

/** Centred on (x, y), fitting a square of this size. */
export function glyphPath(quantity: Quantity, x: number, y: number, size: number): string {
  const half = size / 2;
  if (quantity === "primal") return `M${x - half} ${y - half}h${size}v${size}h${-size}z`;
  const [tip, base] = quantity === "tangent" ? [y - half, y + half] : [y + half, y - half];
  return `M${x} ${tip}L${x - half * 1.15} ${base}H${x + half * 1.15}z`;
}

/** A circle struck through, where there is nothing to send. */
export function nothingPath(x: number, y: number, size: number): string {
  const r = size / 2;
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${size} 0a${r} ${r} 0 1 0 ${-size} 0M${x - r * 0.7} ${y + r * 0.7}L${x + r * 0.7} ${y - r * 0.7}`;
}

/** A triangle with an exclamation mark, for a value that is not a number. */
export function warningPath(x: number, y: number, size: number): string {
  const half = size / 2;
  return `M${x} ${y - half}L${x + half * 1.15} ${y + half}H${x - half * 1.15}zM${x} ${y - half * 0.3}v${half * 0.6}M${x} ${y + half * 0.62}v${half * 0.12}`;
}

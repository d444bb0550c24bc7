import type { Box, CubicPath, Direction, Point } from "./types";

/** The layout reckons along and across the layers; a frame turns that into x and y and back. */
export interface Frame {
  readonly depth: (size: { readonly width: number; readonly height: number }) => number;
  readonly breadth: (size: { readonly width: number; readonly height: number }) => number;
  readonly box: (along: number, across: number, depth: number, breadth: number) => Box;
  readonly path: (path: CubicPath) => CubicPath;
}

export function frameFor(direction: Direction): Frame {
  if (direction === "right")
    return {
      depth: (size) => size.width,
      breadth: (size) => size.height,
      box: (x, y, width, height) => ({ x, y, width, height }),
      path: (path) => path,
    };
  const turn = ({ x, y }: Point): Point => ({ x: y, y: x });
  return {
    depth: (size) => size.height,
    breadth: (size) => size.width,
    box: (y, x, height, width) => ({ x, y, width, height }),
    path: (path) => path.map(turn),
  };
}

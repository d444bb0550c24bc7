/** The numbers of an array as text, cell by cell, as in a spreadsheet. No DOM. */

import { elements, indicesAt, nestedText, shapeOf, sizeOf } from "./arrays";
import { parse } from "./numbers";
import type { Value } from "./trace";

/** Cells in row-major order: the last axis fastest. */
export interface Grid { readonly shape: readonly number[]; readonly cells: readonly string[] }

/** A cell: `slice` counts the matrices that the last two axes make. */
export interface Place { readonly slice: number; readonly row: number; readonly column: number }

/** More cells than this are no longer easier to fill in than to write. */
export const MOST_CELLS = 400;
const EMPTY = "0";

export const fitsGrid = (shape: readonly number[]): boolean => sizeOf(shape) <= MOST_CELLS;

export const gridOf = (value: Value): Grid =>
  ({ shape: shapeOf(value), cells: elements(value).map((number) => String(number).replace("-", "−")) });

/** Rows and columns of each slice. A vector is one row. */
export function extent({ shape }: Grid): [rows: number, columns: number] {
  return [shape.length > 1 ? (shape.at(-2) as number) : 1, shape.at(-1) as number];
}

/** The axes before the last two. */
export const outer = ({ shape }: Grid): readonly number[] => shape.slice(0, -2);

export function flat(grid: Grid, { slice, row, column }: Place): number {
  const [rows, columns] = extent(grid);
  return (slice * rows + row) * columns + column;
}

/** The indices that name an element, as in NumPy. */
export const indices = ({ shape }: Grid, place: number): number[] => indicesAt(shape, place);

/** A number as the server reads it, or the quotient of two; null for anything else. */
export function numberText(text: string): string | null {
  if (parse(text) === null) return null;
  return text.normalize("NFKC").replace(/[−–]/g, "-").split("/").map((part) => String(Number(part))).join("/");
}

/** The whole array as nested lists; null while one of its cells holds no number. */
export function textOf({ shape, cells }: Grid): string | null {
  const numbers = cells.map(numberText);
  return numbers.includes(null) ? null : nestedText(shape, (place) => numbers[place] as string);
}

export const withCell = (grid: Grid, place: number, text: string): Grid => ({ ...grid, cells: grid.cells.with(place, text) });

/** What is inside the new shape stays where it was; the rest is 0. */
export function resized(grid: Grid, shape: readonly number[]): Grid {
  const from = [...Array.from({ length: shape.length - grid.shape.length }, () => 1), ...grid.shape];
  const empty: Grid = { shape, cells: Array.from({ length: sizeOf(shape) }, () => EMPTY) };
  const cells = empty.cells.map((cell, place) => {
    const index = indices(empty, place);
    if (index.some((at, axis) => at >= (from[axis] as number))) return cell;
    return grid.cells[index.reduce((sum, at, axis) => sum * (from[axis] as number) + at, 0)] as string;
  });
  return { shape, cells };
}

/** Every slice from these of its rows and columns; null stands for a new one of zeros. */
function picked(grid: Grid, rows: readonly (number | null)[], columns: readonly (number | null)[]): Grid {
  const shape = grid.shape.length > 1 ? [...outer(grid), rows.length, columns.length] : [columns.length];
  const cells = Array.from({ length: sizeOf(outer(grid)) }, (_, slice) => rows.flatMap((row) => columns.map((column) =>
    row === null || column === null ? EMPTY : (grid.cells[flat(grid, { slice, row, column })] as string)))).flat();
  return { shape, cells };
}

export type Line = "row" | "column";
const all = (count: number): (number | null)[] => Array.from({ length: count }, (_, at) => at);

export function inserted(grid: Grid, line: Line, at: number): Grid {
  const [rows, columns] = extent(grid);
  return line === "row" ? picked(grid, all(rows).toSpliced(at, 0, null), all(columns)) : picked(grid, all(rows), all(columns).toSpliced(at, 0, null));
}

/** Without this row or column; the last one stays. */
export function removed(grid: Grid, line: Line, at: number): Grid {
  const [rows, columns] = extent(grid);
  if ((line === "row" ? rows : columns) === 1) return grid;
  return line === "row" ? picked(grid, all(rows).toSpliced(at, 1), all(columns)) : picked(grid, all(rows), all(columns).toSpliced(at, 1));
}

/** The last two axes change places. */
export function transposed(grid: Grid): Grid {
  if (grid.shape.length < 2) return grid;
  const [rows, columns] = extent(grid);
  const cells = Array.from({ length: sizeOf(outer(grid)) }, (_, slice) =>
    all(columns).flatMap((_column, column) => all(rows).map((_row, row) => grid.cells[flat(grid, { slice, row, column })] as string))).flat();
  return { shape: [...outer(grid), columns, rows], cells };
}

export type Fill = "zeros" | "ones" | "identity";

export function filled(grid: Grid, fill: Fill): Grid {
  const one = (place: number): boolean => {
    const [row, column] = indices(grid, place).slice(-2);
    return fill === "ones" || (fill === "identity" && row === column);
  };
  return { shape: grid.shape, cells: grid.cells.map((_, place) => (one(place) ? "1" : "0")) };
}

/** Rows of cells out of what a spreadsheet, NumPy, or a person writes. */
export function blockOf(text: string): string[][] {
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  const rows = plain.includes("[")
    ? [...plain.matchAll(/\[([^[\]]*)\]/g)].flatMap(([, inside = ""]) => inside.replace(/\n/g, " ").split(";"))
    : plain.split(/[\n;]/);
  return rows.filter((row) => row.trim() !== "").map((row) =>
    row.includes("\t") ? row.split("\t").map((cell) => cell.trim()) : row.split(/[\s,，、|]+/).filter(Boolean));
}

/** The block laid over the grid from this cell on, which grows to hold it; null if it cannot. A column pasted into a vector lies down. */
export function pasted(grid: Grid, place: Place, block: readonly string[][]): Grid | null {
  const lying = grid.shape.length === 1 && block.every((row) => row.length === 1) ? [block.flat()] : block;
  const [rows, columns] = extent(grid);
  const wide = Math.max(...lying.map((row) => row.length));
  const needed = [Math.max(rows, place.row + lying.length), Math.max(columns, place.column + wide)];
  const shape = grid.shape.length === 1 && needed[0] === 1 ? needed.slice(1) : [...outer(grid), ...needed];
  if (!fitsGrid(shape)) return null;
  const grown = resized(grid, shape);
  const cells = [...grown.cells];
  lying.forEach((row, down) => {
    for (let right = 0; right < wide; right++) {
      cells[flat(grown, { slice: place.slice, row: place.row + down, column: place.column + right })] = row[right] ?? "";
    }
  });
  return { shape, cells };
}

const STEPS: Record<string, readonly [down: number, right: number]> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

/** Where a key leads from here; null at the edge, where Tab goes on to what follows the grid. */
export function moved(grid: Grid, place: Place, key: string, back: boolean): Place | null {
  const [rows, columns] = extent(grid);
  const on = back ? -1 : 1;
  if (key === "Tab" || (key === "Enter" && rows === 1)) {
    const next = place.row * columns + place.column + on;
    return next < 0 || next >= rows * columns ? null : { ...place, row: Math.floor(next / columns), column: next % columns };
  }
  const [down, right] = key === "Enter" ? [on, 0] : (STEPS[key] ?? [0, 0]);
  const next = { ...place, row: place.row + down, column: place.column + right };
  const inside = next.row >= 0 && next.row < rows && next.column >= 0 && next.column < columns;
  return inside ? next : null;
}

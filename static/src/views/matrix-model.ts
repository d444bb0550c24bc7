/** The Jacobian as data: what a row and a column belong to, and what is known of it at a step. No DOM. */

import { elements, sizeOf } from "../arrays";
import { type State, wrtNodes } from "../replay";
import { latexName, nameOf } from "../symbols";
import type { NodeId, Num, TraceDocument } from "../trace";

/** The rows of one output, or the columns of one input. */
export interface Side { node: NodeId; latex: string; shape: readonly number[]; start: number; size: number }

export interface Matrix {
  rows: Side[];
  columns: Side[];
  height: number;
  width: number;
  kind: "column" | "row";
  /** null: not yet computed. */
  entries: (Num | null)[][];
  /** How many columns, or rows, are filled: the last of them is the step's. */
  filled: number;
  /** Whether the step is about this column or row, and not about the evaluation before it. */
  now: boolean;
  /** The frame in which the first column or row is filled; each other one step later. */
  first: number;
}

const isSlice = (kind: string | undefined): boolean => kind === "column" || kind === "row";

function sides(doc: TraceDocument, nodes: NodeId[], latex: (node: NodeId, i: number) => string): Side[] {
  let start = 0;
  return nodes.map((node, i) => {
    const shape = doc.graph.nodes[node]?.shape ?? [];
    const side = { node, latex: latex(node, i), shape, start, size: sizeOf(shape) };
    start += side.size;
    return side;
  });
}

/** Whether it is the Jacobian of a gradient. */
export const isHessian = (doc: TraceDocument): boolean => doc.options["gradient"] === true;

export function matrixOf(doc: TraceDocument, state: State): Matrix {
  const columns = sides(doc, wrtNodes(doc), (node) => nameOf(doc, node));
  // A row of the Hessian is an entry of the gradient.
  const rows = sides(doc, doc.graph.outputs, (node, i) => (isHessian(doc) ? `\\partial f / \\partial ${latexName(doc.wrt[i] ?? "")}` : nameOf(doc, node)));
  const count = (all: Side[]): number => all.reduce((sum, { size }) => sum + size, 0);
  const [height, width] = [count(rows), count(columns)];
  const entries = Array.from({ length: height }, (): (Num | null)[] => Array.from({ length: width }, () => null));
  state.slices.forEach(({ kind, parts }, at) => {
    parts.flatMap(elements).forEach((number, i) => {
      const row = entries[kind === "column" ? i : at];
      if (row) row[kind === "column" ? at : i] = number;
    });
  });
  return {
    rows, columns, height, width, entries, filled: state.slices.length, now: isSlice(state.event?.kind),
    kind: doc.result["mode"] === "forward" ? "column" : "row", first: doc.events.findIndex((event) => isSlice(event.kind)) + 1,
  };
}

/** The side that a row or column belongs to, and its place there. */
export function sideAt(sides: readonly Side[], at: number): { side: Side; place: number } {
  const side = sides.findLast(({ start, size }) => start <= at && size > 0) as Side;
  return { side, place: at - side.start };
}

/** From the primitives of a product to the rows in which they are drawn: what only turns an array is folded into it. No DOM. */

import type { CardProduct, PartRole } from "../../card";
import type { Value } from "../../trace";
import type { Direction, Known } from "./known";

/** An array in a row: `value` is null where it is not known (yet). */
export interface Term { latex: string; role: PartRole; shape: number[]; value: Value | null }

export interface Row {
  op: string;
  sign: string | null;
  params: Record<string, unknown>;
  args: Term[];
  result: Term;
}

/** These move elements and compute nothing. */
const TURNS: readonly string[] = ["transpose", "reshape"];

/** What is made of values alone is no adjoint. */
const carried = (args: Term[]): PartRole => args.find(({ role }) => role === "adjoint" || role === "tangent")?.role ?? "partial";

/** The rows of a product, the result last; none where the operand is passed on as it is. */
export function rowsOf(product: CardProduct, direction: Direction, known: Known): Row[] {
  const done = known.product(direction, product.argnum);
  const terms: Term[] = product.operands.map((part) => ({ ...part, value: known.roles[part.role] ? part.value : null }));
  const rows: Row[] = [];
  product.lines.forEach((line, i) => {
    const args = line.args.map((index) => terms[index] as Term);
    const last = i === product.lines.length - 1;
    const only = args[0] as Term;
    const turns = !last && TURNS.includes(line.op);
    const role = turns ? only.role : last ? product.to.role : carried(args);
    // What is made of values alone is known as soon as they are.
    const shown = turns || role === "partial" ? args.every(({ value }) => value !== null) : done;
    const result: Term = { latex: last ? product.to.latex : line.latex, role, shape: line.shape, value: shown ? line.value : null };
    terms.push(result);
    if (!turns) rows.push({ op: line.op, sign: line.sign, params: line.params, args, result });
  });
  return rows;
}

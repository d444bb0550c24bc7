import type { LayoutNode } from "./types";

/** The forward graph by position: node `i` reads `inputs[i]`, each entry one edge. */
export interface Dag {
  readonly size: number;
  /** Edges of node i are `start[i]` to `start[i + 1]`, in argnum order. */
  readonly start: Int32Array;
  readonly source: Int32Array;
  /** Every position after all its inputs. */
  readonly topological: Int32Array;
}

export function readDag(nodes: readonly LayoutNode[]): Dag {
  const size = nodes.length;
  const position = new Map<number, number>();
  nodes.forEach((node, i) => position.set(node.id, i));
  const start = new Int32Array(size + 1);
  nodes.forEach((node, i) => (start[i + 1] = start[i]! + node.inputs.length));
  const source = new Int32Array(start[size]!);
  nodes.forEach((node, i) =>
    node.inputs.forEach((id, argnum) => {
      const from = position.get(id);
      if (from === undefined) throw new Error(`node ${node.id} reads ${id}, which does not exist`);
      source[start[i]! + argnum] = from;
    }),
  );
  return { size, start, source, topological: sortTopologically(size, start, source) };
}

function sortTopologically(size: number, start: Int32Array, source: Int32Array): Int32Array {
  const users = invert(size, start, source);
  const missing = Int32Array.from({ length: size }, (_, i) => start[i + 1]! - start[i]!);
  const order = new Int32Array(size);
  let filled = 0;
  for (let i = 0; i < size; i++) if (missing[i] === 0) order[filled++] = i;
  for (let done = 0; done < filled; done++) {
    const node = order[done]!;
    for (let k = users.start[node]!; k < users.start[node + 1]!; k++) {
      const user = users.user[k]!;
      missing[user]!--;
      if (missing[user] === 0) order[filled++] = user;
    }
  }
  if (filled < size) throw new Error("the graph has a cycle");
  return order;
}

export function invert(size: number, start: Int32Array, source: Int32Array) {
  const first = new Int32Array(size + 1);
  for (const from of source) first[from + 1]!++;
  for (let i = 0; i < size; i++) first[i + 1]! += first[i]!;
  const next = first.slice();
  const user = new Int32Array(source.length);
  for (let i = 0; i < size; i++)
    for (let k = start[i]!; k < start[i + 1]!; k++) user[next[source[k]!]!++] = i;
  return { start: first, user };
}

/** Where edges pass more layers than this in all, those of one source share a line: see `insertDummies`. */
export const LONG = 8_000;

/**
 * A layer for every node, inputs before users.
 *
 * Longest path from the inputs, so that a layer is a depth, as in the Wengert list; then nodes with more users
 * than inputs (constants above all) move towards their users while that shortens the edges.
 * In a graph of long edges every node does: the lines of what it reads are shared, its own is not.
 */
export function assignLayers(dag: Dag, nodes: readonly LayoutNode[]): Int32Array {
  const { size, start, source, topological } = dag;
  const layer = new Int32Array(size);
  for (const i of topological) {
    let least = nodes[i]!.pinnedLayer ?? 0;
    for (let k = start[i]!; k < start[i + 1]!; k++) least = Math.max(least, layer[source[k]!]! + 1);
    layer[i] = least;
  }
  let passed = -source.length;
  for (let i = 0; i < size; i++) for (let k = start[i]!; k < start[i + 1]!; k++) passed += layer[i]! - layer[source[k]!]!;
  tighten(dag, nodes, layer, passed > LONG);
  return dropEmptyLayers(layer);
}

function tighten(dag: Dag, nodes: readonly LayoutNode[], layer: Int32Array, all: boolean): void {
  const { start, source, topological, size } = dag;
  const users = invert(size, start, source);
  const mayMove = (i: number) => nodes[i]!.pinnedLayer === undefined && nodes[i]!.role !== "input";
  for (let round = 0, moved = true; moved && round < 8; round++) {
    moved = false;
    for (let at = size - 1; at >= 0; at--) {
      const i = topological[at]!;
      const readers = users.start[i + 1]! - users.start[i]!;
      if (readers === 0 || (!all && readers <= start[i + 1]! - start[i]!) || !mayMove(i)) continue;
      let latest = Infinity;
      for (let k = users.start[i]!; k < users.start[i + 1]!; k++) latest = Math.min(latest, layer[users.user[k]!]! - 1);
      if (latest > layer[i]!) {
        layer[i] = latest;
        moved = true;
      }
    }
  }
}

function dropEmptyLayers(layer: Int32Array): Int32Array {
  let last = 0;
  for (const l of layer) last = Math.max(last, l);
  const used = new Int32Array(last + 2);
  for (const l of layer) used[l + 1] = 1;
  for (let l = 0; l <= last; l++) used[l + 1]! += used[l]!;
  return layer.map((l) => used[l]!);
}

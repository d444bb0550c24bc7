/** Seeded graphs for the tests and the benchmark of the layout. */
import type { LayoutNode, ReverseItem } from "../../../static/src/layout/types";

/** mulberry32: small, fast, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const between = (random: () => number, low: number, high: number) => low + Math.floor(random() * (high - low + 1));

/** Every node reads one or two of the `reach` nodes before it. */
export function randomDag(size: number, seed: number, reach: number): LayoutNode[] {
  const random = seeded(seed);
  const leaves = Math.max(2, Math.round(size / 10));
  return Array.from({ length: size }, (_, id) => {
    const inputs: number[] = [];
    if (id >= leaves) {
      const count = random() < 0.35 ? 1 : 2;
      for (let k = 0; k < count; k++) inputs.push(between(random, Math.max(0, id - reach), id - 1));
    }
    return { id, width: 120, height: 56, inputs };
  });
}

/** A random formula with `leaves` shared input names: the tree grows by splitting random leaves. */
export function randomExpression(operations: number, inputs: number, seed: number, sized = false): LayoutNode[] {
  const random = seeded(seed);
  const size = () => (sized ? { width: between(random, 90, 200), height: between(random, 56, 100) } : { width: 120, height: 56 });
  const nodes: LayoutNode[] = Array.from({ length: inputs }, (_, id) => ({ id, ...size(), inputs: [], role: "input" }));
  const build = (budget: number): number => {
    if (budget === 0) return between(random, 0, inputs - 1);
    const args: number[] = [];
    if (random() < 0.3) args.push(build(budget - 1));
    else {
      const left = between(random, 0, budget - 1);
      args.push(build(left), build(budget - 1 - left));
    }
    nodes.push({ id: nodes.length, ...size(), inputs: args, role: "op" });
    return nodes.length - 1;
  };
  build(operations);
  return nodes;
}

/** A reverse graph for these nodes, as the adjoint pass would build it: kinds and reads drawn by the seed. */
export function reverseOf(nodes: readonly LayoutNode[], seed: number): ReverseItem[] {
  const random = seeded(seed);
  const uses = new Map<number, number>();
  for (const node of nodes) for (const source of node.inputs) uses.set(source, (uses.get(source) ?? 0) + 1);
  const incoming = new Map<number, string[]>(nodes.map((node) => [node.id, []]));
  const reads = new Map<number, number[]>(nodes.map((node) => [node.id, []]));
  const items: ReverseItem[] = [];
  for (const node of [...nodes].reverse()) {
    const inputs = incoming.get(node.id)!;
    const tall = 24 + 32 * Math.max(1, inputs.length);
    items.push({ key: `a${node.id}`, kind: "adjoint", of: node.id, width: node.width, height: tall, reads: reads.get(node.id)!, inputs });
    node.inputs.forEach((source, argnum) => {
      const of = { node: node.id, argnum };
      const unary = node.inputs.length === 1;
      const partial = unary && random() < 0.6;
      if (partial) items.push({ key: `p${node.id}.${argnum}`, kind: "partial", of, width: 110, height: 52, reads: [source], inputs: [] });
      const stored = unary ? (partial || random() < 0.4 ? [] : [source]) : random() < 0.5 ? [] : [node.inputs[1 - argnum]!];
      const from = partial ? [`a${node.id}`, `p${node.id}.${argnum}`] : [`a${node.id}`];
      if (uses.get(source)! > 1) {
        const key = `c${node.id}.${argnum}`;
        items.push({ key, kind: "contribution", of, width: 120, height: 52, reads: stored, inputs: from });
        incoming.get(source)!.push(key);
      } else {
        incoming.get(source)!.push(...from);
        reads.get(source)!.push(...stored);
      }
    });
  }
  return items;
}

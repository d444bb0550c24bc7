import { type Dag, LONG } from "./layering";

/**
 * A proper layered graph: every segment joins neighbouring layers.
 *
 * Items 0 to `nodes` - 1 are the nodes, the others are dummies on edges that pass through a layer.
 * `before` and `after` are the segments of an item to the previous and the next layer (compressed rows).
 */
export interface Layered {
  readonly nodes: number;
  readonly items: number;
  readonly layerOf: Int32Array;
  /** The items of each layer, in order. Ordering permutes these. */
  readonly layers: Int32Array[];
  readonly beforeStart: Int32Array;
  readonly before: Int32Array;
  readonly afterStart: Int32Array;
  readonly after: Int32Array;
  /** Segment s joins `chain[s]` and `chain[s + 1]`; these tell the segment of each entry above. */
  readonly beforeSegment: Int32Array;
  readonly afterSegment: Int32Array;
  /** Edge e runs through `chain[chainStart[e]]`, its source, to `chain[chainStart[e + 1] - 1]`, its user. */
  readonly chainStart: Int32Array;
  readonly chain: Int32Array;
}

/** Put a dummy on an edge in every layer it passes. Where that makes very many, the edges of one source share theirs. */
export function insertDummies(dag: Dag, layer: Int32Array): Layered {
  const edges = dag.source.length;
  const chainStart = new Int32Array(edges + 1);
  for (let i = 0; i < dag.size; i++)
    for (let e = dag.start[i]!; e < dag.start[i + 1]!; e++)
      chainStart[e + 1] = chainStart[e]! + layer[i]! - layer[dag.source[e]!]! + 1;
  const dummies = chainStart[edges]! - 2 * edges;
  if (dummies > LONG) return shareDummies(dag, layer, chainStart);
  const items = dag.size + dummies;
  const chain = new Int32Array(chainStart[edges]!);
  const layerOf = new Int32Array(items);
  layerOf.set(layer);
  let next = dag.size;
  for (let i = 0; i < dag.size; i++)
    for (let e = dag.start[i]!; e < dag.start[i + 1]!; e++) {
      let at = chainStart[e]!;
      chain[at++] = dag.source[e]!;
      for (let l = layer[dag.source[e]!]! + 1; l < layer[i]!; l++) {
        layerOf[next] = l;
        chain[at++] = next++;
      }
      chain[at] = i;
    }
  return connect(dag.size, layerOf, chainStart, chain);
}

/** One row of dummies for each source, as long as its longest edge: a sum of a thousand terms has no million of them. */
function shareDummies(dag: Dag, layer: Int32Array, chainStart: Int32Array): Layered {
  const reach = layer.slice();
  for (let i = 0; i < dag.size; i++)
    for (let e = dag.start[i]!; e < dag.start[i + 1]!; e++) reach[dag.source[e]!] = Math.max(reach[dag.source[e]!]!, layer[i]! - 1);
  const row = new Int32Array(dag.size + 1);
  row[0] = dag.size;
  for (let i = 0; i < dag.size; i++) row[i + 1] = row[i]! + reach[i]! - layer[i]!;
  const layerOf = new Int32Array(row[dag.size]!);
  layerOf.set(layer);
  for (let i = 0; i < dag.size; i++) for (let item = row[i]!; item < row[i + 1]!; item++) layerOf[item] = layer[i]! + 1 + item - row[i]!;
  const chain = new Int32Array(chainStart.at(-1)!);
  for (let i = 0; i < dag.size; i++)
    for (let e = dag.start[i]!; e < dag.start[i + 1]!; e++) {
      const from = chainStart[e]!;
      const source = dag.source[e]!;
      chain[from] = source;
      for (let at = 1; at < layer[i]! - layer[source]!; at++) chain[from + at] = row[source]! + at - 1;
      chain[chainStart[e + 1]! - 1] = i;
    }
  return connect(dag.size, layerOf, chainStart, chain);
}

/** The layered graph of these chains, a segment that several share once, each layer in order of item number. */
export function connect(nodes: number, layerOf: Int32Array, chainStart: Int32Array, chain: Int32Array): Layered {
  const items = layerOf.length;
  const beforeStart = new Int32Array(items + 1);
  const afterStart = new Int32Array(items + 1);
  const edges = chainStart.length - 1;
  /** By dummy: the segment that leads to it, plus one. */
  const led = new Int32Array(items);
  const again = (k: number) => chain[k + 1]! >= nodes && led[chain[k + 1]!] !== k + 1;
  for (let e = 0; e < edges; e++)
    for (let k = chainStart[e]!; k < chainStart[e + 1]! - 1; k++) {
      led[chain[k + 1]!] ||= k + 1;
      if (again(k)) continue;
      afterStart[chain[k]! + 1]!++;
      beforeStart[chain[k + 1]! + 1]!++;
    }
  for (let i = 0; i < items; i++) {
    afterStart[i + 1]! += afterStart[i]!;
    beforeStart[i + 1]! += beforeStart[i]!;
  }
  const before = new Int32Array(beforeStart[items]!);
  const after = new Int32Array(afterStart[items]!);
  const beforeSegment = new Int32Array(before.length);
  const afterSegment = new Int32Array(after.length);
  const nextBefore = beforeStart.slice();
  const nextAfter = afterStart.slice();
  for (let e = 0; e < edges; e++)
    for (let k = chainStart[e]!; k < chainStart[e + 1]! - 1; k++) {
      if (again(k)) continue;
      const out = nextAfter[chain[k]!]!++;
      const into = nextBefore[chain[k + 1]!]!++;
      after[out] = chain[k + 1]!;
      before[into] = chain[k]!;
      afterSegment[out] = k;
      beforeSegment[into] = k;
    }
  const layers = split(layerOf);
  return { nodes, items, layerOf, layers, beforeStart, before, afterStart, after, beforeSegment, afterSegment, chainStart, chain };
}

function split(layerOf: Int32Array): Int32Array[] {
  let count = 0;
  for (const l of layerOf) count = Math.max(count, l + 1);
  const width = new Int32Array(count);
  for (const l of layerOf) width[l]!++;
  const layers = Array.from(width, (w) => new Int32Array(w));
  width.fill(0);
  layerOf.forEach((l, item) => (layers[l]![width[l]!++] = item));
  return layers;
}

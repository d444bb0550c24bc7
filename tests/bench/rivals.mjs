/** dagre and Graphviz dot, as the benchmark of the layout runs and measures them. */
import dagre from "@dagrejs/dagre";
import { Graphviz } from "@hpcc-js/wasm-graphviz";

/**
 * Crossings of polylines whose corners stand on common levels (layers or ranks).
 * @param {{level: number, at: number}[][]} chains
 */
export function crossingsOfChains(chains) {
  const between = new Map();
  for (const chain of chains)
    for (let k = 0; k + 1 < chain.length; k++) {
      const [a, b] = chain[k].level < chain[k + 1].level ? [chain[k], chain[k + 1]] : [chain[k + 1], chain[k]];
      const segments = between.get(a.level) ?? [];
      segments.push([a.at, b.at]);
      between.set(a.level, segments);
    }
  return [...between.values()].reduce((sum, segments) => sum + crossingsBetween(segments), 0);
}

function crossingsBetween(segments) {
  segments.sort((s, t) => s[0] - t[0] || s[1] - t[1]);
  const ends = [...new Set(segments.map((s) => s[1]))].sort((a, b) => a - b);
  const rank = new Map(ends.map((end, i) => [end, i + 1]));
  const tree = new Int32Array(ends.length + 1);
  let crossings = 0;
  segments.forEach(([, end], seen) => {
    let notGreater = 0;
    for (let i = rank.get(end); i > 0; i -= i & -i) notGreater += tree[i];
    crossings += seen - notGreater;
    for (let i = rank.get(end); i < tree.length; i += i & -i) tree[i]++;
  });
  return crossings;
}

/** Crossings of dagre's drawing. Its bends are its dummies: one for every rank an edge passes. */
export function runDagre(nodes, ranker) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", ranker });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(String(node.id), { width: node.width, height: node.height });
  for (const node of nodes) node.inputs.forEach((from, argnum) => graph.setEdge(String(from), String(node.id), {}, String(argnum)));
  dagre.layout(graph);
  const centre = (id) => ({ level: Math.round(graph.node(id).y), at: graph.node(id).x });
  const chains = graph.edges().map((edge) => [
    centre(edge.v),
    ...graph.edge(edge).points.slice(1, -1).map((p) => ({ level: Math.round(p.y), at: p.x })),
    centre(edge.w),
  ]);
  return crossingsOfChains(onEveryLevel(chains));
}

/** A corner on every level passed, by interpolation, as levels without a corner would hide crossings. */
function onEveryLevel(chains) {
  const levels = [...new Set(chains.flat().map((p) => p.level))].sort((a, b) => a - b);
  return chains.map((chain) => {
    const corners = [];
    for (let k = 0; k + 1 < chain.length; k++) {
      const [a, b] = [chain[k], chain[k + 1]];
      corners.push(a);
      for (const level of levels)
        if (level > a.level && level < b.level) corners.push({ level, at: a.at + ((b.at - a.at) * (level - a.level)) / (b.level - a.level) });
    }
    return [...corners, chain.at(-1)];
  });
}

/** Graphviz, ready to lay out; loading it is not counted. */
export const loadDot = () => Graphviz.load();

/** Crossings of dot's drawing. It draws splines: their place on every rank line is the corner. */
export function runDot(graphviz, nodes) {
  const lines = nodes.flatMap((node) => [
    `${node.id} [width=${node.width / 72} height=${node.height / 72}]`,
    ...node.inputs.map((from, argnum) => `${from} -> ${node.id} [key="${argnum}"]`),
  ]);
  const source = `digraph { node [shape=box fixedsize=true label=""]\n${lines.join("\n")}\n}`;
  const place = new Map();
  const edges = [];
  for (const line of graphviz.layout(source, "plain", "dot").split("\n")) {
    const fields = line.split(" ");
    if (fields[0] === "node") place.set(fields[1], { level: -Number(fields[3]), at: Number(fields[2]) });
    if (fields[0] === "edge") edges.push({ from: fields[1], to: fields[2], points: fields.slice(4, 4 + 2 * Number(fields[3])).map(Number) });
  }
  const levels = [...new Set([...place.values()].map((p) => p.level))].sort((a, b) => a - b);
  const chains = edges.map(({ from, to, points }) => {
    const [a, b] = [place.get(from), place.get(to)];
    const inner = levels.filter((level) => level > a.level && level < b.level);
    return [a, ...inner.map((level) => ({ level, at: splineAt(points, -level) })), b];
  });
  return crossingsOfChains(chains);
}

function splineAt(points, y) {
  for (let k = 0; k + 7 < points.length; k += 6) {
    const [y0, y3] = [points[k + 1], points[k + 7]];
    if ((y0 - y) * (y3 - y) > 0) continue;
    let [low, high] = [0, 1];
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if ((bezier(points, k + 1, middle) - y) * (y0 - y) > 0) low = middle;
      else high = middle;
    }
    return bezier(points, k, low);
  }
  return points[0];
}

function bezier(points, k, t) {
  const s = 1 - t;
  return s * s * s * points[k] + 3 * s * s * t * points[k + 2] + 3 * s * t * t * points[k + 4] + t * t * t * points[k + 6];
}

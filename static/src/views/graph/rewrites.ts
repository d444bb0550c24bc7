/** Simplifying: who reads what, now that some nodes have been replaced. */

import type { NodeId, TraceDocument } from "../../trace";

/** What stands for a node, with all replacements made so far. */
export function resolve(rewrites: ReadonlyMap<NodeId, NodeId>, source: NodeId): NodeId {
  return chain(rewrites, source).at(-1) as NodeId;
}

/** A node and all that has stood for it since. */
export function chain(rewrites: ReadonlyMap<NodeId, NodeId>, source: NodeId): NodeId[] {
  const seen = new Set([source]);
  for (let next = rewrites.get(source); next !== undefined && !seen.has(next); next = rewrites.get(next)) seen.add(next);
  return [...seen];
}

export function allRewrites(doc: TraceDocument): Map<NodeId, NodeId> {
  return new Map(doc.events.flatMap((event) => (event.kind === "rewrite" ? [[event.node, event.by]] : [])));
}

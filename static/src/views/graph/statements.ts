/** What is written on the picture, in LaTeX: the server's texts, or plain ones made from the graph where none came along. */

import type { NodeId, TraceDocument, TraceNode } from "../../trace";

export interface Statements {
  name(node: NodeId): string;
  /** The right-hand side. */
  body(node: NodeId): string;
  partial(node: NodeId, argnum: number): string;
  /** `name = body`, reading other nodes than at first: simplifying changes what a node reads. */
  rewritten(node: NodeId, now: (source: NodeId) => NodeId): string;
}

/** Literals stand in their users' statements. The seed is a constant too, but one that the pass made. */
export const isLiteral = (node: TraceNode): boolean => node.const !== undefined && node.created === undefined;

export const barred = (name: string): string => (name.startsWith("\\bar") ? name : `\\bar{${name}}`);
export const dotted = (name: string): string => `\\dot{${name}}`;

function nameOf(node: TraceNode): string {
  if (isLiteral(node)) return node.name;
  const [, stem = node.name, index] = /^([^\d]+?)_?(\d+)$/.exec(node.name) ?? [];
  const letters = [...stem].length === 1 ? stem : `\\mathrm{${stem}}`;
  return index === undefined ? letters : `${letters}_{${index}}`;
}

function bodyOf(node: TraceNode, names: string[], doc: TraceDocument, now = (source: NodeId): NodeId => source): string {
  if (node.op === null) return names[node.id] as string;
  const template = doc.ops[node.op]?.latex ?? `\\operatorname{${node.op}}(${node.inputs.map((_, i) => `{${i}}`).join(", ")})`;
  return template.replace(/\{\{|\}\}|\{(\d+)\}/g, (found, argnum?: string) =>
    argnum === undefined ? found.slice(1) : names[now(node.inputs[Number(argnum)] as NodeId)] ?? found);
}

export function statements(doc: TraceDocument): Statements {
  const { nodes } = doc.graph;
  const names = doc.text?.names ?? nodes.map(nameOf);
  return {
    name: (node) => names[node] ?? "",
    body: (node) => doc.text?.nodes[node] ?? bodyOf(nodes[node] as TraceNode, names, doc),
    rewritten: (id, now) => `${names[id]} = ${bodyOf(nodes[id] as TraceNode, names, doc, now)}`,
    partial: (node, argnum) => doc.text?.partials[node]?.[argnum] ?? "",
  };
}

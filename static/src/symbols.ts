/** Names in LaTeX, and the names made from them: adjoints wear a bar, tangents a dot. */

import type { NodeId, TraceDocument } from "./trace";

function accent(command: string, name: string): string {
  const at = name.indexOf("_");
  return at < 0 ? `\\${command}{${name}}` : `\\${command}{${name.slice(0, at)}}${name.slice(at)}`;
}

export const bar = (name: string): string => accent("bar", name);
export const dot = (name: string): string => accent("dot", name);

/** `x1` is `x_1`, `loss` is upright, `alpha` is a letter of its own. */
export function latexName(name: string): string {
  const [, stem = name, digits = ""] = /^(.*?)_?(\d*)$/.exec(name) ?? [];
  const greek = /^(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega)$/.test(stem);
  const letters = greek ? `\\${stem}` : [...stem].length > 1 ? `\\mathrm{${stem}}` : stem;
  return digits === "" ? letters : `${letters}_${digits.length > 1 ? `{${digits}}` : digits}`;
}

export function nameOf(doc: TraceDocument, node: NodeId): string {
  return doc.text?.names[node] ?? latexName(doc.graph.nodes[node]?.name ?? "");
}

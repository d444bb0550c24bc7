/** The golden traces, as the server sends them. */

import { replay } from "../../../static/src/replay";
import type { TraceDocument } from "../../../static/src/trace";
import type { GraphHooks, Scene } from "../../../static/src/views/types";

const files = import.meta.glob<TraceDocument>("../../golden/traces/*.json", { eager: true, import: "default" });

/** Every golden trace that is the trace of a pass. */
export const traces: [name: string, doc: TraceDocument][] = Object.entries(files)
  .map(([path, doc]): [string, TraceDocument] => [path.replace(/.*\/|\.json$/g, ""), doc])
  .filter(([, doc]) => Array.isArray(doc.events));

export function read(name: string): TraceDocument {
  const found = traces.find(([known]) => known === name);
  if (!found) throw new Error(`no golden trace ${name}`);
  return found[1];
}

export const scene = (doc: TraceDocument, k = doc.events.length, more: Partial<Scene> = {}): Scene => ({
  doc, state: replay(doc, k), lanes: "mirror", direction: "right", hover: null, animate: false, ...more,
});

export const hooks = (more: Partial<GraphHooks> = {}): GraphHooks => ({ onJump() {}, onHover() {}, onSeed() {}, onZoom() {}, ...more });

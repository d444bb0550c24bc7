/** What the whole trace will have said by its end: sizes are reserved from it, and places are decided by it. */

import { isArray, isNum, unit } from "../../arrays";
import { short } from "../../numbers";
import { edgeKey, wrtNodes } from "../../replay";
import type { NodeId, Partial, TraceDocument, TraceEvent, TraceNode, Value, ValueState } from "../../trace";
import { isLiteral } from "./statements";

export interface Sent { node: NodeId; argnum: number; source: NodeId; step: number }

export interface Facts {
  values: Map<NodeId, Value>;
  tangents: Map<NodeId, Value>;
  /** Every adjoint that a node ever holds, and its state. */
  adjoints: Map<NodeId, Value[]>;
  adjointStates: Map<NodeId, (ValueState | undefined)[]>;
  /** Partials that are numbers or arrays, and those that are never built. */
  partials: Map<string, NonNullable<Partial>>;
  states: Map<NodeId, ValueState>;
  tangentStates: Map<NodeId, ValueState>;
  /** How many events must have happened until a node is computed, or created. */
  computed: Map<NodeId, number>;
  /** What a node receives, in order of arrival. */
  received: Map<NodeId, Sent[]>;
  stops: Map<string, Sent>;
  absent: Map<NodeId, { reason: "no_path" | "stopped"; step: number }>;
  seeds: NodeId[];
  /** A Jacobian: what its passes give. */
  passes: "column" | "row" | null;
  /** Whether this pass records partials at all. */
  differentiates: boolean;
}

function put<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function putAdjoint(facts: Facts, node: NodeId, adjoint: Value, state: ValueState | undefined): void {
  put(facts.adjoints, node, adjoint);
  put(facts.adjointStates, node, state);
}

function note(facts: Facts, event: TraceEvent, step: number): void {
  if ("value" in event) {
    facts.values.set(event.node, event.value);
    facts.computed.set(event.node, step);
    if (event.tangent !== undefined) facts.tangents.set(event.node, event.tangent);
  }
  if (event.kind === "compute") {
    event.partials?.forEach((partial, argnum) => partial !== null && facts.partials.set(edgeKey(event.node, argnum), partial));
    if (event.state) facts.states.set(event.node, event.state);
    if (event.tangent_state) facts.tangentStates.set(event.node, event.tangent_state);
  }
  if ("created" in event) event.created.forEach((id) => facts.computed.set(id, step));
  if ("created" in event && "values" in event) {
    event.created.forEach((id, i) => {
      facts.values.set(id, event.values[i] as Value);
      const odd = event.states?.[i];
      if (odd) facts.states.set(id, odd);
    });
  }
  if (event.kind === "seed" || event.kind === "seed_node") facts.seeds.push(event.node);
  if (event.kind === "seed") putAdjoint(facts, event.node, event.adjoint, undefined);
  if (event.kind === "contribute") putAdjoint(facts, event.source, event.adjoint, event.state);
  if (event.kind === "contribute" || event.kind === "append") {
    put(facts.received, event.source, { node: event.node, argnum: event.argnum, source: event.source, step });
  }
  if (event.kind === "stop") facts.stops.set(edgeKey(event.node, event.argnum), { node: event.node, argnum: event.argnum, source: event.source, step });
  if (event.kind === "absent") facts.absent.set(event.node, { reason: event.reason, step });
}

/** Of two values of one shape, element by element, the number that is longer to write. */
function longer(a: Value | undefined, b: Value): Value {
  if (isArray(a) && isArray(b)) return b.map((one, i) => longer(a[i], one));
  return isNum(a) && isNum(b) && short(a).length > short(b).length ? a : b;
}

/** What the ends of the graph will hold in one column or row after the other: room for the longest. */
function noteSlices(facts: Facts, doc: TraceDocument): void {
  const wrt = wrtNodes(doc);
  const { outputs, nodes } = doc.graph;
  const zero = (id: NodeId): Value => unit(nodes[id]?.shape ?? []);
  for (const event of doc.events) {
    if (event.kind !== "column" && event.kind !== "row") continue;
    facts.passes = event.kind;
    if (event.kind === "column") {
      wrt.forEach((id) => facts.tangents.set(id, zero(id)));
      outputs.forEach((id, i) => facts.tangents.set(id, longer(facts.tangents.get(id), event.tangents[i] as Value)));
    } else {
      outputs.forEach((id) => facts.adjoints.set(id, [zero(id)]));
      wrt.forEach((id, i) => facts.adjoints.set(id, [longer(facts.adjoints.get(id)?.[0], event.cotangents[i] as Value)]));
    }
  }
}

export function factsOf(doc: TraceDocument): Facts {
  const facts: Facts = {
    values: new Map(), tangents: new Map(), adjoints: new Map(), partials: new Map(), states: new Map(), tangentStates: new Map(), adjointStates: new Map(), computed: new Map(), received: new Map(),
    stops: new Map(), absent: new Map(), seeds: [], passes: null, differentiates: doc.pass !== "evaluate" && doc.pass !== "simplify",
  };
  doc.events.forEach((event, i) => note(facts, event, i + 1));
  noteSlices(facts, doc);
  for (const node of doc.graph.nodes) if (node.const !== undefined && !facts.values.has(node.id)) facts.values.set(node.id, node.const);
  return facts;
}

/** Nodes that get a box. A literal only has one where it is the whole answer. */
export function drawn(doc: TraceDocument): TraceNode[] {
  const outputs = new Set(doc.graph.outputs);
  return doc.graph.nodes.filter((node) => !isLiteral(node) || outputs.has(node.id));
}

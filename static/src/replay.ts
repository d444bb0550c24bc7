/** The fold: the first k events of a trace make the state that every view draws. One row per event kind. */

import { unit } from "./arrays.ts"; // with its ending, for Node runs the fold as it stands
import type { NodeId, Partial, TraceDocument, TraceEvent, Value, ValueState } from "./trace";

export interface Contribution { node: NodeId; argnum: number; cotangent: Value }

/** A column of the Jacobian (the tangent of each output along one element of an input), or a row of it. */
export interface Slice { kind: "column" | "row"; node: NodeId; place: number; parts: Value[] }

export interface State {
  /** How many events have happened: 0 is before the first. */
  k: number;
  /** The last event that happened. */
  event: TraceEvent | null;
  values: Map<NodeId, Value>;
  tangents: Map<NodeId, Value>;
  partials: Map<NodeId, Partial[]>;
  /** Why a value, a tangent or an adjoint is not an ordinary number. */
  states: Map<NodeId, ValueState>;
  tangentStates: Map<NodeId, ValueState>;
  adjointStates: Map<NodeId, ValueState>;
  /** Reverse mode: the adjoint so far, and what has arrived, in order of arrival. */
  adjoints: Map<NodeId, Value>;
  contributions: Map<NodeId, Contribution[]>;
  /** The adjoint that the last event replaced, struck through for one step. */
  replaced: { node: NodeId; adjoint: Value } | null;
  stopped: Set<string>;
  absent: Map<NodeId, "no_path" | "stopped">;
  /** Adjoint graph: created nodes, the adjoint node of each forward node, and the lists of node_to_grad. */
  built: Set<NodeId>;
  adjointNode: Map<NodeId, NodeId>;
  nodeToGrad: Map<NodeId, { cotangent: NodeId; node: NodeId; argnum: number }[]>;
  /** Simplify: who reads `by` instead, and what no one reads any more. */
  rewrites: Map<NodeId, NodeId>;
  removed: Set<NodeId>;
  /** Jacobian: the columns or rows found so far. */
  slices: Slice[];
}

type Folded = Pick<TraceDocument, "events" | "graph" | "wrt">;

export const edgeKey = (node: NodeId, argnum: number): string => `${node}:${argnum}`;

export function initial(): State {
  return {
    k: 0, event: null, values: new Map(), tangents: new Map(), partials: new Map(), states: new Map(), tangentStates: new Map(), adjointStates: new Map(),
    adjoints: new Map(), contributions: new Map(), replaced: null, stopped: new Set(), absent: new Map(), built: new Set(), adjointNode: new Map(),
    nodeToGrad: new Map(), rewrites: new Map(), removed: new Set(), slices: [],
  };
}

type Reducer<E> = (state: State, event: E, trace: Folded) => void;
type Reducers = { [K in TraceEvent["kind"]]: Reducer<Extract<TraceEvent, { kind: K }>> };

/** The inputs that the trace differentiates by, in their order. */
export const wrtNodes = ({ graph, wrt }: Pick<TraceDocument, "graph" | "wrt">): NodeId[] =>
  wrt.flatMap((name) => graph.inputs.filter((id) => graph.nodes[id]?.name === name));

/** 1 at one place of one node, 0 everywhere else: where this pass of a Jacobian starts; and what came of it. */
function directions(trace: Folded, from: NodeId[], { node, place }: { node: NodeId; place: number }, to: NodeId[], found: Value[]): Map<NodeId, Value> {
  const shape = (id: NodeId): number[] => trace.graph.nodes[id]?.shape ?? [];
  const seeds = from.map((id): [NodeId, Value] => [id, unit(shape(id), id === node ? place : -1)]);
  return new Map([...seeds, ...to.map((id, i): [NodeId, Value] => [id, found[i] as Value])]);
}

function create(state: State, event: { created: NodeId[]; values: Value[]; states?: (ValueState | null)[] }): void {
  event.created.forEach((id, i) => {
    state.built.add(id);
    state.values.set(id, event.values[i] as Value);
    const odd = event.states?.[i];
    if (odd) state.states.set(id, odd);
  });
}

function append<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

const reducers: Reducers = {
  input(s, e) {
    s.values.set(e.node, e.value);
    if (e.tangent !== undefined) s.tangents.set(e.node, e.tangent);
  },
  compute(s, e) {
    s.values.set(e.node, e.value);
    if (e.partials) s.partials.set(e.node, e.partials);
    if (e.tangent !== undefined) s.tangents.set(e.node, e.tangent);
    if (e.state) s.states.set(e.node, e.state);
    if (e.tangent_state) s.tangentStates.set(e.node, e.tangent_state);
  },
  seed(s, e) {
    s.adjoints.set(e.node, e.adjoint);
  },
  contribute(s, e) {
    const old = s.adjoints.get(e.source);
    if (old !== undefined) s.replaced = { node: e.source, adjoint: old };
    s.adjoints.set(e.source, e.adjoint);
    if (e.state) s.adjointStates.set(e.source, e.state);
    else s.adjointStates.delete(e.source);
    append(s.contributions, e.source, { node: e.node, argnum: e.argnum, cotangent: e.cotangent });
  },
  stop(s, e) {
    s.stopped.add(edgeKey(e.node, e.argnum));
  },
  absent(s, e) {
    s.absent.set(e.node, e.reason);
  },
  seed_node(s, e) {
    create(s, e);
    append(s.nodeToGrad, e.node, { cotangent: e.adjoint, node: e.node, argnum: -1 });
  },
  visit(s, e) {
    create(s, e);
    s.adjointNode.set(e.node, e.adjoint);
  },
  build(s, e) {
    create(s, e);
  },
  append(s, e) {
    create(s, e);
    append(s.nodeToGrad, e.source, { cotangent: e.cotangent, node: e.node, argnum: e.argnum });
  },
  rewrite(s, e) {
    create(s, e);
    e.removed.forEach((id) => s.removed.add(id));
    if (e.by !== e.node) s.rewrites.set(e.node, e.by);
  },
  column(s, e, trace) {
    s.slices.push({ kind: e.kind, node: e.node, place: e.place, parts: e.tangents });
    s.tangents = directions(trace, wrtNodes(trace), e, trace.graph.outputs, e.tangents);
  },
  row(s, e, trace) {
    s.slices.push({ kind: e.kind, node: e.node, place: e.place, parts: e.cotangents });
    s.adjoints = directions(trace, trace.graph.outputs, e, wrtNodes(trace), e.cotangents);
  },
};

function step(state: State, event: TraceEvent, trace: Folded): void {
  state.replaced = null;
  (reducers[event.kind] as Reducer<TraceEvent>)(state, event, trace);
  state.event = event;
  state.k += 1;
}

/** The state after the first `k` events. Stepping back is folding less. */
export function replay(trace: Folded, k: number): State {
  const state = initial();
  for (const event of trace.events.slice(0, Math.max(0, k))) step(state, event, trace);
  return state;
}

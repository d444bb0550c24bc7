/** The Wengert table as data: one row per node, each cell what it shows and the step that wrote it. No DOM. */

import type { Key } from "../i18n";
import { type State, wrtNodes } from "../replay";
import type { NodeId, Partial as Local, PassName, TraceDocument, Value, ValueState } from "../trace";

export type Column = "value" | "tangent" | "partials" | "lists" | "adjoint" | "becomes";

export interface Entry {
  value: NonNullable<Local>;
  /** Written, or read, by the last event. */
  now: boolean;
  /** The frame in which it was written. */
  at: number;
}

export type Cell =
  | { kind: "pending" }
  | { kind: "blank" }
  | { kind: "word"; word: Key; at: number }
  | { kind: "number"; entry: Entry; replaced: Value | null; word: Key | null }
  | { kind: "list"; entries: Entry[]; brackets: boolean }
  | { kind: "node"; node: NodeId; at: number };

export interface Row { node: NodeId; input: boolean; now: boolean; removed: boolean; at: number; cells: Partial<Record<Column, Cell>> }

const COLUMNS: Record<PassName, readonly Column[]> = {
  evaluate: ["value"],
  forward: ["value", "tangent"],
  reverse: ["value", "partials", "adjoint"],
  adjoint_graph: ["value", "lists", "adjoint"],
  simplify: ["value", "becomes"],
  jacobian: ["value", "partials"],
};

/** Of a Jacobian, also what its passes carry. */
export function columnsOf(doc: Pick<TraceDocument, "pass" | "events">): readonly Column[] {
  const kind = doc.events.at(-1)?.kind;
  const carried: readonly Column[] = kind === "column" ? ["tangent"] : kind === "row" ? ["adjoint"] : [];
  return [...COLUMNS[doc.pass], ...carried];
}

/** In which frame each cell is written: found once for a trace. */
interface Written {
  values: Map<NodeId, number>;
  /** One frame per contribution, in order of arrival. */
  arrivals: Map<NodeId, number[]>;
  adjoints: Map<NodeId, number>;
  rewrites: Map<NodeId, number>;
}

const cache = new WeakMap<object, Written>();

export function writtenIn(doc: Pick<TraceDocument, "events">): Written {
  const known = cache.get(doc.events);
  if (known) return known;
  const written: Written = { values: new Map(), arrivals: new Map(), adjoints: new Map(), rewrites: new Map() };
  const arrive = (node: NodeId, at: number): void => {
    const frames = written.arrivals.get(node);
    if (frames) frames.push(at);
    else written.arrivals.set(node, [at]);
  };
  doc.events.forEach((event, index) => {
    const at = index + 1;
    if ("created" in event) for (const node of event.created) written.values.set(node, at);
    switch (event.kind) {
      case "input": case "compute": written.values.set(event.node, at); break;
      case "seed": written.adjoints.set(event.node, at); break;
      case "contribute": arrive(event.source, at); written.adjoints.set(event.source, at); break;
      case "seed_node": arrive(event.node, at); break;
      case "append": arrive(event.source, at); break;
      case "visit": case "absent": written.adjoints.set(event.node, at); break;
      case "rewrite": written.rewrites.set(event.node, at); break;
      default: break;
    }
  });
  cache.set(doc.events, written);
  return written;
}

/** The nodes that have a row: the list that was typed, and, when simplifying, everything that has been built. */
export function rowNodes(doc: TraceDocument, state: State): NodeId[] {
  const { nodes } = doc.graph;
  return nodes.filter((node) => node.const === undefined && (doc.pass === "simplify"
    ? node.created === undefined || state.values.has(node.id) || state.built.has(node.id)
    : node.created === undefined)).map((node) => node.id);
}

export function tableOf(doc: TraceDocument, state: State, of = rowNodes(doc, state)): Row[] {
  const written = writtenIn(doc);
  const { event } = state;
  const columns = columnsOf(doc);
  const word = (status: ValueState | undefined): Key | null => (status ? `state.${status}` : null);
  const isNow = (node: NodeId): boolean => event?.node === node;
  const ends = doc.pass === "jacobian" ? new Set([...wrtNodes(doc), ...doc.graph.outputs]) : null;
  /** A pass of a Jacobian is recorded at its two ends only, and always by the last step. */
  const endCell = (node: NodeId, value: Value | undefined): Cell =>
    !ends?.has(node) ? { kind: "blank" } : value === undefined ? { kind: "pending" } : { kind: "number", entry: { value, now: isNow(node), at: state.k }, replaced: null, word: null };

  function valueCell(node: NodeId): Cell {
    const value = state.values.get(node);
    if (value === undefined) return { kind: "pending" };
    return { kind: "number", entry: { value, now: false, at: written.values.get(node) ?? 0 }, replaced: null, word: word(state.states.get(node)) };
  }

  function tangentCell(node: NodeId): Cell {
    const value = state.tangents.get(node);
    if (ends) return endCell(node, value);
    if (value === undefined) return { kind: "pending" };
    return { kind: "number", entry: { value, now: isNow(node), at: written.values.get(node) ?? 0 }, replaced: null, word: word(state.tangentStates.get(node)) };
  }

  function partialsCell(node: NodeId): Cell {
    if (doc.graph.nodes[node]?.op === null) return { kind: "blank" };
    const partials = state.partials.get(node);
    if (!partials) return { kind: "pending" };
    const read = event?.kind === "contribute" && event.node === node ? event.argnum : -1;
    const at = written.values.get(node) ?? 0;
    const entries = partials.flatMap((value, argnum) => (value === null ? [] : [{ value, now: argnum === read, at }]));
    return entries.length > 0 ? { kind: "list", entries, brackets: false } : { kind: "blank" };
  }

  function listsCell(node: NodeId): Cell {
    const frames = written.arrivals.get(node) ?? [];
    const list = state.nodeToGrad.get(node) ?? [];
    const last = event?.kind === "append" && event.source === node;
    const entries = list.flatMap(({ cotangent }, i) => {
      const value = state.values.get(cotangent) ?? doc.graph.nodes[cotangent]?.const;
      return value === undefined ? [] : [{ value, now: last && i === list.length - 1, at: frames[i] ?? 0 }];
    });
    return { kind: "list", entries, brackets: true };
  }

  function adjointCell(node: NodeId): Cell {
    const reason = state.absent.get(node);
    const at = written.adjoints.get(node) ?? 0;
    if (reason) return { kind: "word", word: `absent.${reason}`, at };
    if (doc.pass === "adjoint_graph") {
      const adjoint = state.adjointNode.get(node);
      const value = adjoint === undefined ? undefined : (state.values.get(adjoint) ?? doc.graph.nodes[adjoint]?.const);
      return value === undefined ? { kind: "pending" } : { kind: "number", entry: { value, now: false, at }, replaced: null, word: word(state.states.get(adjoint as NodeId)) };
    }
    const value = state.adjoints.get(node);
    if (ends) return endCell(node, value);
    if (value === undefined) return { kind: "pending" };
    const now = (event?.kind === "contribute" && event.source === node) || (event?.kind === "seed" && event.node === node);
    const arrived = written.arrivals.get(node)?.findLast((frame) => frame <= state.k) ?? at;
    const replaced = state.replaced?.node === node ? state.replaced.adjoint : null;
    return { kind: "number", entry: { value, now, at: arrived }, replaced, word: word(state.adjointStates.get(node)) };
  }

  function becomesCell(node: NodeId): Cell {
    const by = state.rewrites.get(node);
    const at = written.rewrites.get(node) ?? 0;
    if (by !== undefined) return { kind: "node", node: by, at };
    return state.removed.has(node) ? { kind: "word", word: "table.removed", at } : { kind: "blank" };
  }

  const cell: Record<Column, (node: NodeId) => Cell> = {
    value: valueCell, tangent: tangentCell, partials: partialsCell, lists: listsCell, adjoint: adjointCell, becomes: becomesCell,
  };

  return of.map((node) => ({
    node,
    input: doc.graph.nodes[node]?.op === null,
    now: isNow(node),
    removed: state.removed.has(node),
    at: written.values.get(node) ?? 0,
    cells: Object.fromEntries(columns.map((column) => [column, cell[column](node)])),
  }));
}

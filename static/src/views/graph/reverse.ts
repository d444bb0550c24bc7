/** The lower half of the mirror: which boxes stand there, and what flows between them. */

import { isArray } from "../../arrays";
import { measure, measureText } from "../../math";
import { edgeKey } from "../../replay";
import type { NodeId, TraceEvent, TraceNode } from "../../trace";
import type { Desk, Sized } from "./boxes";
import { numberWidth, size, valueText, valueWidth } from "./boxes";
import type { Sent } from "./facts";
import { lineHeat } from "./heat";
import type { BoxKind, CellPlan } from "./plan";
import { adjointKey, corner } from "./plan";
import { barred } from "./statements";

export interface Flow { from: string; node: NodeId; argnum: number; source: NodeId }

export interface ReverseBox {
  box: Sized;
  place: NodeId | { node: NodeId; argnum: number };
  flows: Flow[];
  reads: NodeId[];
}

interface Draft { key: string; kind: BoxKind; node: NodeId; of: NodeId; title: string; badge?: string; alias?: boolean; cells?: CellPlan[]; step: number }

function boxed(desk: Desk, { badge = "", alias = false, cells = [], ...draft }: Draft): Sized {
  const { facts, metrics, doc } = desk;
  const named = size(desk, {
    ...draft, badge, alias, cells, cellWidth: 0, reverse: draft.kind !== "partial", output: false, flat: draft.kind === "adjoint" && doc.graph.inputs.includes(draft.of), expected: 0, quantities: [draft.kind === "partial" ? "primal" : "adjoint"],
  });
  const value = facts.values.get(draft.node);
  const digits = doc.pass === "adjoint_graph" && value !== undefined ? valueWidth(desk, value, facts.states.get(draft.node)) : 0;
  const box = { ...named, width: Math.ceil(Math.max(named.width, metrics.pad * 2 + metrics.glyph * 2 + digits)) };
  if (cells.length < 2) return box;
  const { cell, pad, name, glyph } = metrics;
  const reversing = doc.pass === "reverse";
  const sums = reversing ? (facts.adjoints.get(draft.of) ?? []) : value === undefined ? [] : [value];
  const states = reversing ? facts.adjointStates.get(draft.of) : [facts.states.get(draft.node)];
  const written = Math.max(numberWidth(desk, []), ...sums.map((sum, i) => (isArray(sum) ? 0 : valueWidth(desk, sum, states?.[i]))));
  const mark = corner(badge, box.shape);
  const left = Math.max(measure(draft.title, name) + (mark ? measureText(mark, metrics.badge) + 10 : 0), glyph * 2 + Math.max(written, box.heats[0]?.width ?? 0));
  const width = cellWidth(desk, box);
  return {
    ...box, cellWidth: width, width: Math.ceil(pad + left + 12 + width + 8),
    height: Math.max(named.height, cells.length * (cell.height + cell.gap) + cell.gap + 8),
  };
}

/** Cells are as wide as the widest number that comes. */
export function cellWidth(desk: Desk, { of, cells }: Pick<Sized, "of" | "cells">): number {
  const { doc, metrics, facts, say } = desk;
  const maps = cells.map(({ heat }) => heat?.width ?? 0);
  const numbers = doc.events.flatMap((event) => {
    const value = event.kind === "contribute" && event.source === of ? event.cotangent
      : event.kind === "append" && event.source === of ? facts.values.get(event.cotangent) : undefined;
    return value === undefined || isArray(value) ? [] : [value];
  });
  const widest = Math.max(...maps, ...[metrics.reserve, ...numbers.map((value) => valueText(value, undefined, say).text)].map((text) => measureText(text, metrics.cell.text)));
  return Math.ceil(Math.max(metrics.cell.width, widest + metrics.glyph * 2 + 10));
}

/** Above and below the map in a cell. */
const CELL_MARGIN = 3;

function cellsOf({ doc, facts, metrics }: Desk, sent: Sent[]): CellPlan[] {
  if (sent.length < 2) return [];
  const { height, text } = metrics.cell;
  return sent.map(({ node, argnum, step }) => {
    const event = doc.events[step - 1];
    const value = event?.kind === "contribute" ? event.cotangent : event?.kind === "append" ? facts.values.get(event.cotangent) : undefined;
    return { node, argnum, heat: value === undefined ? null : lineHeat(value, height - 2 * CELL_MARGIN, text * 0.86) };
  });
}

/** Reverse mode: one box per adjoint, joined as the edges of the forward graph are. */
export function adjointBoxes(desk: Desk): ReverseBox[] {
  const { facts, statements } = desk;
  const ids = new Set([...facts.seeds, ...facts.received.keys(), ...facts.absent.keys()]);
  return [...ids].sort((a, b) => a - b).map((id) => {
    const sent = facts.received.get(id) ?? [];
    const bar = barred(statements.name(id));
    const step = sent.at(-1)?.step ?? facts.absent.get(id)?.step ?? desk.doc.events.findIndex((event) => event.kind === "seed" && event.node === id) + 1;
    return {
      box: boxed(desk, { key: adjointKey(id), kind: "adjoint", node: id, of: id, title: sent.length > 1 ? `${bar} = \\Sigma` : bar, cells: cellsOf(desk, sent), step }),
      place: id, reads: [],
      flows: [...sent, ...[...facts.stops.values()].filter((stop) => stop.source === id)].map(({ node, argnum }) => ({ from: adjointKey(node), node, argnum, source: id })),
    };
  });
}

type EventOf<K extends TraceEvent["kind"]> = Extract<TraceEvent, { kind: K }>;

/** The adjoint graph: the nodes that the pass creates, each at the place of what it is for. */
export function createdBoxes(desk: Desk): ReverseBox[] {
  const { doc, facts, statements } = desk;
  const nodes = doc.graph.nodes;
  const boxes = new Map<string, ReverseBox>();
  /** Where the value of a created node is read from. */
  const home = new Map<NodeId, string>();
  const number = (id: NodeId): string => String((nodes[id] as TraceNode).created ?? "");
  const bar = (id: NodeId): string => barred(statements.name(id));
  const isForward = (id: NodeId): boolean => facts.computed.has(id) && (nodes[id] as TraceNode).created === undefined;

  /** A node made at the visit of `at` reads that node's adjoint there, even if the same node stands elsewhere too. */
  function inputsOf(id: NodeId, at: NodeId, own: string, edge: { node: NodeId; argnum: number; source: NodeId }): Pick<ReverseBox, "flows" | "reads"> {
    const adjoint = visited.get(at);
    const flows: Flow[] = [];
    const reads: NodeId[] = [];
    for (const input of (nodes[id] as TraceNode).inputs) {
      const from = input === adjoint ? adjointKey(at) : home.get(input);
      if (from !== undefined && from !== own) flows.push({ from, ...edge });
      else if (isForward(input)) reads.push(input);
    }
    return { flows, reads };
  }

  const visited = new Map<NodeId, NodeId>();
  const add = (made: ReverseBox): void => void boxes.set(made.box.key, made);

  function single(id: NodeId, cotangent: NodeId, step: number, inputs: Pick<ReverseBox, "flows" | "reads">, created: boolean, title: string): void {
    const key = adjointKey(id);
    add({ box: boxed(desk, { key, kind: "adjoint", node: cotangent, of: id, title: `${bar(id)} = ${title}`, badge: created ? number(cotangent) : "", alias: !created, step }), place: id, ...inputs });
    if (created) home.set(cotangent, key);
  }

  const readers: { [K in "seed_node" | "visit" | "build" | "append"]: (event: EventOf<K>, step: number) => void } = {
    seed_node: (event, step) => single(event.node, event.adjoint, step, { flows: [], reads: [] }, true, statements.body(event.adjoint)),
    visit(event, step) {
      visited.set(event.node, event.adjoint);
      const sent = facts.received.get(event.node) ?? [];
      if (sent.length < 2) return;
      const key = adjointKey(event.node);
      const flows = sent.map(({ node, argnum, source }) => ({ from: boxes.has(`c:${edgeKey(node, argnum)}`) ? `c:${edgeKey(node, argnum)}` : adjointKey(node), node, argnum, source }));
      add({
        box: boxed(desk, { key, kind: "adjoint", node: event.adjoint, of: event.node, title: `${bar(event.node)} = \\Sigma`, badge: event.created.map(number).join(", "), cells: cellsOf(desk, sent), step }),
        place: event.node, flows, reads: [],
      });
      event.created.forEach((id) => home.set(id, key));
    },
    build(event, step) {
      for (const id of event.created) {
        const key = `p:${id}`;
        const partial = inputsOf(id, event.node, key, event);
        add({ box: boxed(desk, { key, kind: partial.flows.some((flow) => flow.from === adjointKey(event.node)) ? "contribution" : "partial", node: id, of: event.node, title: statements.body(id), badge: number(id), step }), place: event, ...partial });
        home.set(id, key);
      }
    },
    append(event, step) {
      const made = event.created.length > 0;
      const alone = (facts.received.get(event.source)?.length ?? 0) < 2;
      const key = alone ? adjointKey(event.source) : `c:${edgeKey(event.node, event.argnum)}`;
      if (!made && !alone) return;
      const inputs = made ? inputsOf(event.cotangent, event.node, key, event) : { flows: [{ from: adjointKey(event.node), node: event.node, argnum: event.argnum, source: event.source }], reads: [] };
      const literal = (nodes[event.cotangent] as TraceNode).created === undefined;
      if (alone) return single(event.source, event.cotangent, step, inputs, made, made || literal ? statements.body(event.cotangent) : bar(event.node));
      add({ box: boxed(desk, { key, kind: "contribution", node: event.cotangent, of: event.node, title: statements.body(event.cotangent), badge: number(event.cotangent), step }), place: event, ...inputs });
      home.set(event.cotangent, key);
    },
  };

  doc.events.forEach((event, i) => {
    if (Object.hasOwn(readers, event.kind)) (readers[event.kind as keyof typeof readers] as (event: TraceEvent, step: number) => void)(event, i + 1);
  });
  return [...boxes.values()];
}

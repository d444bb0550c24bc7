/** Which node the card of a step is about, and what of it the pass has computed by then. No DOM. */

import type { PartRole } from "../../card";
import { edgeKey, type State } from "../../replay";
import type { NodeId, TraceDocument, TraceEvent } from "../../trace";

/** Which of the two products of a node is shown: back, with the adjoint, or forward, with the tangent. */
export type Direction = "pull" | "push";

/** The node whose operation, or whose rule, a step uses. */
export const subjectOf = (event: TraceEvent): NodeId => (event.kind === "rewrite" ? event.by : event.node);

/** The argument along which a step sends something back. */
export const argumentOf = (event: TraceEvent | null): number | null => (event && "argnum" in event ? event.argnum : null);

export const hasArrays = (doc: TraceDocument): boolean => doc.graph.nodes.some((node) => node.shape.length > 0);

export interface Known {
  roles: Record<PartRole, boolean>;
  /** Whether the product of an argument has been computed. */
  product(direction: Direction, argnum: number): boolean;
  /** Every adjoint is there: the reverse pass has come to its end. */
  finished: boolean;
}

const DIRECTIONS: Partial<Record<TraceDocument["pass"], Direction>> = { forward: "push", reverse: "pull", adjoint_graph: "pull" };

/** Which product a pass computes; null where it computes neither. */
export const directionOf = ({ pass }: Pick<TraceDocument, "pass">): Direction | null => DIRECTIONS[pass] ?? null;

/** Whether a reverse pass has come to its end, so that every adjoint is there. */
export const finishedAt = (doc: TraceDocument, state: State): boolean => directionOf(doc) === "pull" && state.k === doc.events.length;

/** Along which edges something has been sent back. */
function sentBack(state: State): Set<string> {
  const lists = [...state.contributions.values(), ...state.nodeToGrad.values()];
  return new Set(lists.flat().map(({ node, argnum }) => edgeKey(node, argnum)));
}

export function knownAt(doc: TraceDocument, state: State, node: NodeId): Known {
  const value = state.values.has(node) || doc.graph.nodes[node]?.const !== undefined;
  const seeded = state.event?.kind === "seed_node" && state.event.node === node;
  const sent = sentBack(state);
  return {
    roles: {
      primal: value, partial: value, tangent: state.tangents.has(node),
      adjoint: state.adjoints.has(node) || state.adjointNode.has(node) || seeded,
    },
    product: (direction, argnum) => (direction === "push" ? state.tangents.has(node) : sent.has(edgeKey(node, argnum))),
    finished: finishedAt(doc, state),
  };
}


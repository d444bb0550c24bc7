/** The picture before any step: every box, line and label it will ever have, at its place. Steps only reveal. */

import type { Arrow, Box, CubicPath } from "../../layout/types";
import type { NodeId } from "../../trace";
import type { HeatPlan } from "./heat";
import type { Metrics } from "./metrics";

export type Quantity = "primal" | "tangent" | "adjoint";
export type BoxKind = "input" | "op" | "adjoint" | "contribution" | "partial";

export interface CellPlan {
  /** The edge whose contribution comes here; argnum -1 is the seed. */
  node: NodeId;
  argnum: number;
  /** The map it is drawn as when it is an array. */
  heat: HeatPlan | null;
}

export interface BoxPlan extends Box {
  key: string;
  kind: BoxKind;
  reverse: boolean;
  output: boolean;
  /** An input: its left edge is flat, with a bar. */
  flat: boolean;
  /** The same node as another box: it has its own place, but no number of its own. */
  alias: boolean;
  /** The node whose value it shows. */
  node: NodeId;
  /** The forward node it belongs to. */
  of: NodeId;
  title: string;
  quantities: Quantity[];
  /** For each quantity, the map it is drawn as when it is an array. */
  heats: (HeatPlan | null)[];
  /** The shape of an array, always shown. */
  shape: string;
  /** Σ slots, in order of arrival; none where only one contribution comes. */
  cells: CellPlan[];
  cellWidth: number;
  /** Contributions a node with fan-out waits for (overlay). */
  expected: number;
  badge: string;
  /** How many events must have happened for this box to have its value. */
  step: number;
}

export interface Line {
  path: CubicPath;
  arrow: Arrow;
}

/** `value`: a partial that had to be built, on its way to the product that needs it. */
export type LinkKind = "forward" | "tangent" | "adjoint" | "value";

export interface LinkPlan extends Line {
  key: string;
  kind: LinkKind;
  /** Boxes at its ends, in the direction of the arrow. */
  from: string;
  to: string;
  /** The edge it belongs to; argnum -1 where it is the sum's own. */
  node: NodeId;
  argnum: number;
  source: NodeId;
}

export interface PlatePlan extends Box {
  key: string;
  node: NodeId;
  argnum: number;
  symbol: string;
  /** The plate of the mirrored edge stands for the same partial. */
  reverse: boolean;
}

export interface RailPlan extends Line {
  key: string;
  of: NodeId;
  reader: string;
}

export interface SeedPlan {
  key: string;
  quantity: "tangent" | "adjoint";
  node: NodeId;
  box: string;
  x: number;
  y: number;
  /** Where the plug is stuck in. */
  toX: number;
  toY: number;
  label: string;
  number: string;
  movable: boolean;
}

/** Joins v and its adjoint; it may pass under others, and then shows only while it is lit. */
export interface TiePlan { key: string; x: number; y1: number; y2: number; clear: boolean }

export interface Plan {
  x: number;
  y: number;
  width: number;
  height: number;
  metrics: Metrics;
  /** Too many nodes for plates and extras. */
  crowded: boolean;
  boxes: Map<string, BoxPlan>;
  links: LinkPlan[];
  plates: PlatePlan[];
  rails: RailPlan[];
  ties: TiePlan[];
  seeds: SeedPlan[];
  axis: { y: number; from: number; to: number } | null;
}

/** Left and right of what is written on a plate, together, in em. */
export const PLATE_PAD = 0.85;

export const forwardKey = (node: NodeId): string => `n:${node}`;
export const adjointKey = (node: NodeId): string => `a:${node}`;

/** What stands in the upper right corner of a box: a count or a number, and a shape. */
export const corner = (badge: string, shape: string): string => [badge, shape].filter(Boolean).join("\u2003");

/** Everything the layout takes and returns. Pixels; x grows to the right, y grows downwards. */

export interface LayoutNode {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** In argnum order; the same id may occur twice: x*x has two edges. */
  readonly inputs: readonly number[];
  readonly pinnedLayer?: number;
  /** An "input" stands in the first layer; other nodes without inputs stand next to their first user. */
  readonly role?: "input" | "op" | "output";
}

export interface EdgeLabel {
  readonly width: number;
  readonly height: number;
}

/** An edge is a node and the number of one of its arguments, never (source, target). */
export interface EdgeKey {
  readonly node: number;
  readonly argnum: number;
}

/** A box of the reverse graph, which the mirror draws below the axis. */
export interface ReverseItem {
  readonly key: string;
  readonly kind: "adjoint" | "contribution" | "partial";
  /** The forward node of an adjoint; the forward edge of a contribution or a partial. */
  readonly of: number | EdgeKey;
  readonly width: number;
  readonly height: number;
  /** Forward nodes whose stored values it reads: each becomes a tap of that node's rail. */
  readonly reads: readonly number[];
  /** Keys of the reverse items it receives from. */
  readonly inputs: readonly string[];
}

export type Direction = "right" | "down";

export interface LayoutOptions {
  readonly direction: Direction;
  readonly mode: "single" | "overlay" | "mirror";
  /** Least distance of two layers, or of a layer and the labels between. */
  readonly layerGap: number;
  /** Least distance of two boxes of one layer. */
  readonly nodeGap: number;
  /** Distance of a forward edge and its adjoint edge (overlay). */
  readonly edgeGap: number;
  /** Least distance of a label, or of a passing edge, from whatever stands beside it. */
  readonly labelGap: number;
  /** Distance of two rails in a gutter (mirror). */
  readonly railGap: number;
  /** Above this number of nodes labels get no room, and the mirror falls back to `single`. */
  readonly labelLimit: number;
  readonly mirrorLimit: number;
  readonly labels: (node: number, argnum: number) => EdgeLabel | null;
  readonly reverse: readonly ReverseItem[];
}

export const defaults: LayoutOptions = {
  direction: "right",
  mode: "single",
  layerGap: 20,
  nodeGap: 28,
  edgeGap: 16,
  labelGap: 8,
  railGap: 20,
  labelLimit: 300,
  mirrorLimit: 60,
  labels: () => null,
  reverse: [],
};

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** (x, y) is the corner at the top left. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Cubic Bezier pieces: a start, then two control points and an end for each piece. */
export type CubicPath = readonly Point[];

export interface Arrow extends Point {
  /** Radians, clockwise from the positive x axis. */
  readonly angle: number;
}

export interface Stroke {
  readonly path: CubicPath;
  readonly arrow: Arrow;
}

export interface RoutedEdge extends EdgeKey, Stroke {
  readonly source: number;
  readonly label: Box | null;
  /** The way back, from the node to its source, beside the forward edge (overlay only). */
  readonly adjoint: Stroke | null;
}

export interface ReverseEdge extends Stroke {
  readonly from: string;
  readonly to: string;
  /** The mirrored plate, where no contribution stands on the edge. */
  readonly label: Box | null;
}

export interface Rail {
  readonly of: number;
  /** From the right side of the forward box down to the last reader's turn. */
  readonly path: CubicPath;
  readonly taps: readonly (Stroke & { readonly reader: string })[];
}

export interface Mirror {
  /** y of the axis. */
  readonly axis: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly edges: readonly ReverseEdge[];
  readonly rails: readonly Rail[];
}

export interface LayoutResult {
  readonly width: number;
  readonly height: number;
  readonly layers: number;
  readonly crossings: number;
  readonly nodes: ReadonlyMap<number, Box>;
  readonly edges: readonly RoutedEdge[];
  readonly mirror: Mirror | null;
}

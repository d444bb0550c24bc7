/** What the shell hands to a view, and what a view tells the shell. */

import type { State } from "../replay";
import type { NodeId, TraceDocument } from "../trace";

/** Below this width the page is that of a phone. */
export const NARROW = "(max-width: 720px)";

export type Lanes = "overlay" | "mirror";

export interface Scene {
  doc: TraceDocument;
  state: State;
  lanes: Lanes;
  /** `down` on a narrow screen. */
  direction: "right" | "down";
  /** The node whose text, row and box are marked, because the pointer or the caret is on one of the three. */
  hover: NodeId | null;
  /** True when this scene is one step after the last one shown, so that what moved may be animated. */
  animate: boolean;
}

export interface GraphHooks {
  /** Jump to step `k`, which computed this node (or, in the reverse half, its adjoint). */
  onJump(k: number, node: NodeId): void;
  onHover(node: NodeId | null): void;
  /** The seed plug was moved to this input (forward mode) . */
  onSeed(node: NodeId): void;
  onZoom(scale: number): void;
}

export interface GraphView {
  update(scene: Scene): void;
  fit(): void;
  zoomBy(factor: number): void;
  /** Finish any running animation at once. */
  settle(): void;
  /** Move keyboard focus along edges: to an input, a user, or a sibling in the same layer. */
  move(direction: "input" | "user" | "previous" | "next"): void;
}

/** The trace document as the server sends it: see docs/trace.md. */

/** A float64; JSON has no NaN or infinity, so those three travel as strings. */
export type Num = number | "NaN" | "Infinity" | "-Infinity";
/** What is sent instead of an array that is too large to draw. */
export interface Summary { shape: number[]; min: Num; max: Num; mean: Num; norm: Num; nan: number }
/** A number, an array as nested lists, or what a large array is like. */
export type Value = Num | Value[] | Summary;
/** `linear`: the operation mixes elements, and its Jacobian is never built. */
export type Partial = Value | "linear" | null;
export type NodeId = number;

export interface TraceNode {
  id: NodeId;
  op: string | null;
  name: string;
  inputs: NodeId[];
  shape: number[];
  span: [number, number] | null;
  const?: Value;
  params?: Record<string, unknown>;
  /** Number in order of creation, for a node that the pass made. */
  created?: number;
}

export interface TraceGraph {
  nodes: TraceNode[];
  inputs: NodeId[];
  outputs: NodeId[];
  labels: Record<string, NodeId>;
}

interface Step { line: number; node: NodeId }
interface EdgeStep extends Step { argnum: number; source: NodeId }
interface Creating { created: NodeId[]; values: Value[]; states?: (ValueState | null)[] }

export type TraceEvent =
  | (Step & { kind: "input"; value: Value; tangent?: Value })
  | (Step & { kind: "compute"; value: Value; partials?: Partial[]; terms?: (Value | null)[]; tangent?: Value; state?: ValueState; tangent_state?: ValueState })
  | (Step & { kind: "seed"; adjoint: Value })
  | (EdgeStep & { kind: "contribute"; cotangent: Value; adjoint: Value; state?: ValueState })
  | (EdgeStep & { kind: "stop" })
  | (Step & { kind: "absent"; reason: "no_path" | "stopped" })
  | (Step & Creating & { kind: "seed_node"; adjoint: NodeId })
  | (Step & Creating & { kind: "visit"; parts: NodeId[]; adjoint: NodeId })
  | (EdgeStep & Creating & { kind: "build"; reused: NodeId[] })
  | (EdgeStep & Creating & { kind: "append"; cotangent: NodeId; reused: NodeId[] })
  | (Step & Creating & { kind: "rewrite"; rule: string; by: NodeId; removed: NodeId[] })
  /** A pass along one element (`place`, row-major) of an input, or back from one of an output. */
  | (Step & { kind: "column"; place: number; tangents: Value[] })
  | (Step & { kind: "row"; place: number; cotangents: Value[] });

export type ValueState = "undefined" | "pole" | "overflow" | "underflow" | "inherited";
export type PassName = "evaluate" | "forward" | "reverse" | "adjoint_graph" | "simplify" | "jacobian";
export type Role = "primal" | "tangent" | "adjoint" | "partial" | "op";

export interface RuleColumn { symbol: string; number: string; role: Role }
export interface EventText { title: string; why: string; say: string; rule: RuleColumn[] }

export interface TraceText {
  locale: string;
  nodes: string[];
  names: string[];
  partials: string[][];
  events: EventText[];
}

export interface TraceDocument {
  version: 1;
  pass: PassName;
  source: string;
  inputs: Record<string, Value>;
  wrt: string[];
  seed: Value | Record<string, Value> | null;
  output: string;
  options: Record<string, unknown>;
  graph: TraceGraph;
  ops: Record<string, OpRow>;
  algorithm: { code: string; bind: "i" | "k" | null }[];
  events: TraceEvent[];
  result: Record<string, unknown>;
  text?: TraceText;
}

export interface OpRow {
  name: string;
  arity: number;
  latex: string;
  python: string;
  precedence: number;
  /** Local partials in symbols: arguments are x, y, z and the output is w. */
  partials: string[];
  domain: string;
  aliases: string[];
  about: { en: string; zh: string };
  /** No formula calls it by this name. */
  internal?: boolean;
}

export interface ApiError { code: string; message: string; span: { start: number; end: number } | null; hint: string | null; input?: string }

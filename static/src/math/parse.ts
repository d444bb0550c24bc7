/** Reads the closed subset of LaTeX that our own printer emits (end of docs/trace.md). It never fails: what it does not know, it shows. */

import type { Maths, Space } from "./tree";
import { itemsOf } from "./tree";

type Sign = [text: string, space: Space];

const COMMANDS = new Map<string, Sign>([
  ["cdot", ["·", "binary"]], ["times", ["×", "binary"]], ["odot", ["⊙", "binary"]], ["pm", ["±", "binary"]],
  ["to", ["→", "relation"]], ["mapsto", ["↦", "relation"]], ["le", ["≤", "relation"]], ["leq", ["≤", "relation"]], ["ge", ["≥", "relation"]],
  ["geq", ["≥", "relation"]], ["ne", ["≠", "relation"]], ["neq", ["≠", "relation"]], ["approx", ["≈", "relation"]], ["lt", ["<", "relation"]], ["gt", [">", "relation"]],
  ["lfloor", ["⌊", "open"]], ["rfloor", ["⌋", "close"]], ["lceil", ["⌈", "open"]], ["rceil", ["⌉", "close"]],
  ["partial", ["∂", "prefix"]], ["nabla", ["∇", "prefix"]], ["Sigma", ["Σ", "plain"]], ["sum", ["Σ", "prefix"]], ["infty", ["∞", "plain"]], ["top", ["⊤", "plain"]],
  ["cdots", ["⋯", "plain"]], ["dots", ["…", "plain"]], ["ldots", ["…", "plain"]], ["prime", ["′", "plain"]],
  [";", [" ", "gap"]], [":", [" ", "gap"]], [",", [" ", "gap"]], ["quad", [" ", "gap"]], [" ", [" ", "gap"]], ["!", ["", "gap"]],
  ["{", ["{", "open"]], ["}", ["}", "close"]], ["|", ["‖", "plain"]], ["_", ["_", "plain"]], ["%", ["%", "plain"]], ["#", ["#", "plain"]], ["&", ["&", "plain"]], ["$", ["$", "plain"]],
]);

const CHARACTERS = new Map<string, Sign>([
  ["+", ["+", "binary"]], ["-", ["−", "binary"]], ["−", ["−", "binary"]], ["·", ["·", "binary"]], ["*", ["·", "binary"]], ["×", ["×", "binary"]],
  ["/", ["/", "slash"]], [",", [",", "comma"]], [":", [":", "comma"]], ["=", ["=", "relation"]], ["<", ["<", "relation"]], [">", [">", "relation"]],
  ["(", ["(", "open"]], [")", [")", "close"]], ["[", ["[", "open"]], ["]", ["]", "close"]],
]);

const NAMES = new Map(Object.entries({
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", varepsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", iota: "ι", kappa: "κ",
  lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", omicron: "ο", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", upsilon: "υ", phi: "φ", varphi: "φ",
  chi: "χ", psi: "ψ", omega: "ω", Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Pi: "Π", Phi: "Φ", Psi: "Ψ", Omega: "Ω", ell: "ℓ",
}));

const TOKEN = /\\[A-Za-z]+|\\[\s\S]|\d+(?:\.\d+)?|\s+|[\s\S]/gu;

const symbol = ([text, space]: Sign): Maths => ({ kind: "symbol", text, space });
const row = (items: Maths[]): Maths => (items.length === 1 ? (items[0] as Maths) : { kind: "row", items });

/** A minus or plus with nothing before it to work on is a sign. */
const isSign = (left: Maths | undefined): boolean =>
  !left || (left.kind === "symbol" && left.space !== "close" && left.space !== "plain" && left.space !== "gap") || left.kind === "word";

/** A mark stands over the letter, not over its index. */
const accent = (mark: "bar" | "dot", body: Maths): Maths =>
  body.kind === "script" ? { ...body, base: accent(mark, body.base) } : { kind: "accent", mark, body };

/** A second index follows the first one. */
const joined = (old: Maths | null, more: Maths): Maths => (old ? { kind: "row", items: [...itemsOf(old), ...itemsOf(more)] } : more);

function reader(latex: string) {
  const tokens = latex.match(TOKEN) ?? [];
  let at = 0;

  const skipBlank = () => {
    while (/^\s/.test(tokens[at] ?? "")) at += 1;
  };

  /** The characters of a group as they are, for names that are more than one letter. */
  function literal(): string {
    skipBlank();
    if (tokens[at] !== "{") return tokens[at++] ?? "";
    let text = "";
    for (at += 1; at < tokens.length && tokens[at] !== "}"; at += 1) text += (tokens[at] as string).replace(/^\\/, "");
    at += 1;
    return text;
  }

  function group(): Maths {
    skipBlank();
    if (tokens[at] !== "{") return atom(undefined) ?? row([]);
    at += 1;
    const body = line("}");
    at += 1;
    return body;
  }

  function delimited(): Maths {
    const bracket = (side: "open" | "close"): Maths => {
      skipBlank();
      const text = tokens[at++] ?? "";
      return symbol([COMMANDS.get(text.slice(1))?.[0] ?? (text === "." ? "" : text), side]);
    };
    const open = bracket("open");
    const body = line("\\right");
    at += 1;
    return { kind: "row", items: [open, ...itemsOf(body), bracket("close")] };
  }

  const commands: Record<string, () => Maths> = {
    frac: () => ({ kind: "fraction", top: group(), bottom: group() }),
    bar: () => accent("bar", group()),
    dot: () => accent("dot", group()),
    mathrm: () => ({ kind: "name", text: literal() }),
    mathbf: () => ({ kind: "name", text: literal() }),
    operatorname: () => ({ kind: "word", text: literal() }),
    text: () => ({ kind: "word", text: literal() }),
    left: delimited,
    sqrt() {
      skipBlank();
      if (tokens[at] !== "[") return { kind: "root", index: null, body: group() };
      at += 1;
      const index = line("]");
      at += 1;
      return { kind: "root", index, body: group() };
    },
  };

  function command(name: string): Maths {
    if (Object.hasOwn(commands, name)) return (commands[name] as () => Maths)();
    const known = COMMANDS.get(name);
    if (known) return symbol(known);
    const letter = NAMES.get(name);
    return letter ? { kind: "name", text: letter } : { kind: "word", text: name };
  }

  function atom(left: Maths | undefined): Maths | null {
    const token = tokens[at];
    if (token === undefined || token === "}") return null;
    if (token === "{") return group();
    at += 1;
    if (token.startsWith("\\")) return command(token.slice(1));
    if (/^\d/.test(token)) return { kind: "number", text: token };
    const known = CHARACTERS.get(token);
    if (!known) return /\p{L}/u.test(token) ? { kind: "name", text: token } : symbol([token, "plain"]);
    return symbol(known[1] === "binary" && isSign(left) ? [known[0], "prefix"] : known);
  }

  function script(base: Maths, mark: "_" | "^"): Maths {
    at += 1;
    const body = group();
    const old = base.kind === "script" ? base : { kind: "script" as const, base, sub: null, sup: null };
    return mark === "_" ? { ...old, sub: joined(old.sub, body) } : { ...old, sup: joined(old.sup, body) };
  }

  function line(stop: string): Maths {
    const items: Maths[] = [];
    for (skipBlank(); at < tokens.length && tokens[at] !== stop; skipBlank()) {
      const token = tokens[at];
      if (token === "_" || token === "^") items.push(script(items.pop() ?? row([]), token));
      else {
        const next = atom(items.at(-1));
        if (next) items.push(next);
        else at += 1;
      }
    }
    return row(items);
  }

  return { read: () => line("") };
}

const cache = new Map<string, Maths>();

export function parse(latex: string): Maths {
  const known = cache.get(latex);
  if (known) return known;
  const tree = reader(latex).read();
  if (cache.size > 5000) cache.clear();
  cache.set(latex, tree);
  return tree;
}

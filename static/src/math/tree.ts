/** What a line of maths is, once it is read. */

export type Space = "binary" | "relation" | "slash" | "comma" | "open" | "close" | "prefix" | "gap" | "plain";

export type Maths =
  | { kind: "row"; items: Maths[] }
  | { kind: "name"; text: string }
  | { kind: "number"; text: string }
  /** The name of a function, upright. */
  | { kind: "word"; text: string }
  | { kind: "symbol"; text: string; space: Space }
  | { kind: "fraction"; top: Maths; bottom: Maths }
  | { kind: "root"; index: Maths | null; body: Maths }
  | { kind: "script"; base: Maths; sub: Maths | null; sup: Maths | null }
  | { kind: "accent"; mark: "bar" | "dot"; body: Maths };

export type MathsOf<K extends Maths["kind"]> = Extract<Maths, { kind: K }>;

export const itemsOf = (maths: Maths): Maths[] => (maths.kind === "row" ? maths.items : [maths]);

const space = (maths: Maths): Space => {
  if (maths.kind === "symbol") return maths.space;
  return maths.kind === "script" ? space(maths.base) : "plain";
};

const isWord = (maths: Maths): boolean => maths.kind === "word" || (maths.kind === "script" && isWord(maths.base));

const wide: Space[] = ["binary", "relation"];

/** The space between two neighbours of a row. Subscripts are set tight. */
export function spaceBetween(left: Maths | undefined, right: Maths, tight: boolean): string {
  if (!left || tight) return "";
  const [a, b] = [space(left), space(right)];
  if (a === "gap" || b === "gap" || b === "comma" || b === "close" || a === "open" || a === "prefix") return "";
  if (wide.includes(a) || wide.includes(b) || a === "comma") return " ";
  if (a === "slash" || b === "slash") return "";
  if (isWord(left)) return b === "open" ? "" : " ";
  if (isWord(right)) return a === "plain" || a === "close" ? " " : "";
  return left.kind === "fraction" || right.kind === "fraction" ? " " : "";
}

/** Whether something written on one line needs brackets to stand over, or under, a fraction bar. */
export function needsBrackets(maths: Maths, below: boolean): boolean {
  const items = itemsOf(maths).filter((item) => space(item) !== "prefix");
  if (items.some((item) => wide.includes(space(item)))) return true;
  if (!below) return false;
  if (items.some((item) => space(item) === "slash" || item.kind === "fraction")) return true;
  return items.length > 1 && !(items.length === 2 && isWord(items[0] as Maths)) && space(items[0] as Maths) !== "open";
}

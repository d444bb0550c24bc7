/** How names are set. Bars and dots are combining characters, so that maths can be copied as text. */

const COMBINING = { bar: "\u0304", dot: "\u0307" } as const;

/** Names are slanted, but not Chinese ones. */
export const slanted = (name: string): boolean => !/\p{Script=Han}/u.test(name);

/** The letters of a name with its bar or dot; a bar over several letters is drawn, because no character joins up. */
export function accented(mark: "bar" | "dot", text: string): { text: string; over: boolean } {
  const letters = [...text];
  if (mark === "bar" && letters.length > 1) return { text, over: true };
  const middle = Math.floor((letters.length - 1) / 2);
  return { text: letters.map((letter, i) => (i === middle ? letter + COMBINING[mark] : letter)).join(""), over: false };
}

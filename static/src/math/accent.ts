/** How names are set. Bars and dots are combining characters, so that maths can be copied as text. */

const COMBINING = { bar: "\u0304", dot: "\u0307" } as const;

/** Names are slanted, but not Chinese ones. */
export const slanted = (name: string): boolean => !/\p{Script=Han}/u.test(name);

/** What is drawn over letters, because no character does it: a bar joins no letters, and few faces have a dot over v. */
export type Over = false | "bar" | "dot";

/** A name with its bar or dot as a character, over the letter in the middle. */
function marked(mark: "bar" | "dot", text: string): string {
  const letters = [...text];
  const middle = Math.floor((letters.length - 1) / 2);
  return letters.map((letter, i) => (i === middle ? letter + COMBINING[mark] : letter)).join("");
}

const joins = (mark: "bar" | "dot", text: string): boolean => mark === "bar" && [...text].length > 1;

/** The same as plain text; a bar over several letters cannot be written. */
export const accented = (mark: "bar" | "dot", text: string): string => (joins(mark, text) ? text : marked(mark, text));

/** The characters to set, and what to draw over them. */
export function overset(mark: "bar" | "dot", text: string): { text: string; over: Over } {
  return mark === "dot" || joins(mark, text) ? { text, over: mark } : { text: marked(mark, text), over: false };
}

/** A dot is higher over a letter that is. */
export const tall = (text: string): boolean => /[A-Z\dbdfhklt\p{Script=Han}]/u.test(text);

/** The mark as a character, which is there to be copied. */
export const DOT = COMBINING.dot;

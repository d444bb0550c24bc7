export { mathHTML, mixed, mixedHTML } from "./html";
export { measure, measureText, widthsChanged } from "./measure";
export { parse } from "./parse";
export { mathText } from "./runs";
export type { Run } from "./runs";
export { plain, spoken } from "./spoken";
export { writeMath } from "./write";

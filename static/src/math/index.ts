export { mathHTML, mixed, mixedHTML } from "./html";
export { measure, measureText, widthsChanged } from "./measure";
export { parse } from "./parse";
export { mathText, writeMath } from "./runs";
export type { Run } from "./runs";
export { plain, spoken } from "./spoken";

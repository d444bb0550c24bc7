/** What the benchmark of the layout bundles. */
export { layout } from "../../static/src/layout/index";
export { randomDag, randomExpression } from "../js/layout/graphs";

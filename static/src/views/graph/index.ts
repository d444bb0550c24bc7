export { graphView } from "./view";

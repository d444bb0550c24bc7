/** Where it broke: each fault with its way, its reason and the usual cure; the one to look at first stands first. */

import { h } from "../../dom";
import { t } from "../../i18n";
import { parted } from "../../inspect/reading";
import type { Cure, Inspection, Trouble } from "../../inspect/types";
import { mathHTML, mixedHTML } from "../../math";
import { copyRow } from "../copy";
import type { Actions } from "./index";
import { nameHTML, statementHTML, valueHTML } from "./words";

export function faultsView(answer: Inspection, actions: Actions): HTMLElement[] {
  const { first, others } = parted(answer);
  if (!first) return [h("p", { class: "calm" }, t("inspect.calm"))];
  const cures = new Set<string>();
  const cards = [first, ...others].map((trouble) => {
    const key = JSON.stringify(trouble.cure);
    const known = cures.has(key);
    cures.add(key);
    return faultHTML(answer, trouble, known, actions);
  });
  const [top, ...more] = cards as [HTMLElement, ...HTMLElement[]];
  top.classList.add("first");
  top.prepend(h("p", { class: "mark" }, t("inspect.first")));
  if (more.length === 0) return [top];
  return [top, h("details", {}, h("summary", {}, t("inspect.more", { n: more.length })), ...more)];
}

function faultHTML(answer: Inspection, trouble: Trouble, known: boolean, actions: Actions): HTMLElement {
  const { phase, node, source, kind, value, path, reason, cure } = trouble;
  const way = path.flatMap((one, i) => [i === 0 ? "" : h("span", { class: "arrow" }, "→"), nameHTML(answer, one, phase, actions)]);
  const became = h("span", { class: "became" }, h("span", { class: "kind" }, t(`inspect.kind.${kind}`)), valueHTML(value, phase === "forward" ? "primal" : "adjoint"));
  const to = source === null ? "" : h("span", { class: "to" }, "→ ", mathHTML(answer.names[source] ?? ""));
  return h("article", { class: "fault" },
    h("p", { class: "what" }, statementHTML(answer, node, phase, actions), to, h("span", { class: "phase" }, t(`inspect.${phase}`)), became),
    h("p", { class: "reason" }, mixedHTML(reason ?? "")),
    h("p", { class: "path" }, h("span", { class: "label" }, t("inspect.path")), ...way),
    ...(known ? [h("p", { class: "label" }, t("inspect.cure.same"))] : [cureHTML(cure, actions)]));
}

function cureHTML(cure: Cure, actions: Actions): HTMLElement {
  const { said, latex, instead, source } = cure;
  const box = h("div", { class: "cure" }, h("p", {}, h("b", {}, t("inspect.cure")), " ", mixedHTML(said ?? "")));
  if (latex !== null && instead !== null) box.append(h("p", { class: "swap" }, mathHTML(latex), h("span", { class: "arrow" }, "→"), mathHTML(instead)));
  if (source === null) return box;
  const use = actions.use(cure);
  const copy = copyRow([{ label: t("derive.copy"), name: `${t("derive.copy")}: ${source}`, write: () => source }]);
  if (use) copy.prepend(h("button", { type: "button", class: "outlined use", onclick: use }, t("inspect.use")));
  box.append(h("div", { class: "typed" }, h("code", {}, source), copy));
  return box;
}

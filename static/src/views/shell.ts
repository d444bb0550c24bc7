/** The page's regions, and which view fills which. */

import { computed, effect } from "@preact/signals-core";
import { EllipsisVertical } from "lucide";
import { api, type Example } from "../api";
import { attributes, h, iconButton, live } from "../dom";
import { LANGUAGE, t } from "../i18n";
import { assign, ROWS } from "../store";
import type { PassName } from "../trace";
import { algorithmView } from "./algorithm";
import { compareDialog } from "./compare";
import { derivativesDialog } from "./derivatives";
import { galleryDialog, helpDialog } from "./dialogs";
import { formulaView, problemView } from "./formula";
import { inspectDialog } from "./inspect";
import { inputsView } from "./inputs";
import { logo } from "./logo";
import type { Page } from "./page";
import { type Hall, presentView } from "./present";
import { ruleView } from "./rule";
import { seedView } from "./seed";
import { stageView } from "./stage";
import { tableView } from "./table";
import { tabsView } from "./tabs";
import { timelineView } from "./timeline";
import { toolsView } from "./tools";
import { meta, transportView } from "./transport";

type Title = Parameters<typeof t>[0];

function section(className: string, title: Title, note?: () => string): HTMLElement {
  const heading = h("h2", { id: `title-${className}` }, live(h("span", { class: "what" }), () => t(title)), note ? live(h("span", { class: "note" }), note) : null);
  return h("section", { class: className, "aria-labelledby": `title-${className}` }, heading);
}

export function shell(root: HTMLElement, page: Page): Hall {
  const { store, session } = page;
  const shown = computed((): PassName => (store.pass.value === "simplify" ? "adjoint_graph" : store.pass.value));

  let examples: Promise<Example[]> | null = null;
  const list = (): Promise<Example[]> => {
    examples ??= api.examples(LANGUAGE[store.locale.value]);
    examples.catch(() => (examples = null));
    return examples;
  };
  const choose = ({ source, inputs, pass, k }: Example): void =>
    assign(store, { source, inputs, pass, k: k ?? -1, of: ROWS.of.initial, wrt: ROWS.wrt.initial, seed: ROWS.seed.initial });
  page.open.gallery = galleryDialog(list, choose);
  page.open.help = helpDialog(store);
  page.open.derivatives = derivativesDialog(page);
  page.open.compare = compareDialog(page);
  page.open.inspect = inspectDialog(page);

  const formula = h("div", { class: "formula" });
  const problem = h("div", { class: "problem", role: "alert", hidden: true });
  const field = h("div", { class: "formula-field" }, formula, problem);
  const inputs = h("div", { class: "inputs", role: "group" });
  const tools = h("div", { class: "tools" });
  const seed = seedView(page);
  const sheet = h("div", { class: "sheet" }, inputs, seed, tools);
  const more = iconButton(EllipsisVertical, () => t("tools.more"), () => sheet.classList.toggle("open"), 24);
  more.classList.add("more");
  const head = h("header", { class: "top" }, h("a", { class: "brand", href: "./" }, logo(), h("span", {}, "Wengert")), field, more, sheet);
  const bar = h("nav", { class: "bar" });
  const hallHead = h("header", { class: "hall-head" });
  const main = h("main", { class: "stage", id: "main" }, h("h1", { class: "spoken" }, "Wengert"));
  const rule = section("rule", "rule.title");
  const algorithm = section("algorithm", "algorithm.title");
  const table = section("table", "table.title", () => t(`table.order.${session.doc.value?.pass ?? "evaluate"}`));
  const hallFoot = attributes(h("section", { class: "hall-foot" }), () => ({ "aria-label": t("algorithm.title") }));
  const side = h("aside", { class: "side", tabindex: -1 }, rule, algorithm, table);
  const transport = h("div", { class: "transport" });
  const steps = h("div", { class: "steps" });
  const about = h("div", { class: "meta" });
  const foot = h("footer", { class: "foot" }, transport, steps, about);
  const narration = h("p", { class: "spoken", role: "status" });
  const app = h("div", { class: "app" }, head, bar, hallHead, main, side, hallFoot, foot, narration);
  root.replaceChildren(app);

  attributes(app, () => ({ "data-front": store.front.value, "data-pass": shown.value }));
  attributes(bar, () => ({ "aria-label": t("nav.pass") }));
  attributes(side, () => ({ "aria-label": t("nav.parts") }));
  document.addEventListener("pointerdown", (event) => {
    if (!(event.target as Element).closest(".sheet, .more, dialog")) sheet.classList.remove("open");
  });

  // The editor looks where the selection is, and the picture measures itself: cheap only before much has been changed.
  formulaView(formula, page);
  stageView(main, page, { choose, list });
  problemView(problem, page);
  inputsView(inputs, page);
  toolsView(tools, page);
  tabsView(bar, page, shown);
  ruleView(rule, page);
  algorithmView(algorithm, page);
  tableView(table, page);
  timelineView(steps, page);
  transportView(transport, page);
  meta(about, page);
  const hall = presentView(app, hallHead, hallFoot, page);
  narrate(narration, page);
  return hall;
}

const QUIET = 350;

/** One sentence for a screen reader; while the reader scrubs, only the last. */
function narrate(place: HTMLElement, { session, prediction }: Page): void {
  effect(() => {
    const k = session.k.value;
    const n = session.doc.value?.events.length ?? 0;
    const open = prediction.gate.value?.verdict === "open";
    const said = open ? t("gate.opened") : `${t("timeline.at", { k, n })}. ${session.said.value?.say ?? ""}`;
    const timer = setTimeout(() => {
      place.textContent = said;
    }, QUIET);
    return () => clearTimeout(timer);
  });
}

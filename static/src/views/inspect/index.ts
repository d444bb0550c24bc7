/** Check the numbers: where they break, which kind of nothing each is, how many digits are sure, and what others do at kinks. */

import { computed, effect, signal } from "@preact/signals-core";
import { api, latest, Refusal, Unreachable } from "../../api";
import { h } from "../../dom";
import { type Key, LANGUAGE, localeOf, t } from "../../i18n";
import { cured, stepOf } from "../../inspect/reading";
import type { Cure, Inspection, InspectRequest, Kinks, Trouble } from "../../inspect/types";
import { plain } from "../../math";
import { latexName } from "../../symbols";
import type { ApiError, NodeId } from "../../trace";
import { dialog } from "../dialogs";
import { written } from "../inputs";
import type { Page } from "../page";
import { conditioningView } from "./conditioning";
import { faultsView } from "./faults";
import { kinksView } from "./kinks";
import { nothingView } from "./nothing";

type Outcome = { answer: Inspection; kinks: Kinks | null } | { error: ApiError } | { offline: true } | null;

/** What the sections may do to the page. */
export interface Actions {
  /** Closes the dialog and goes to the step of a node; null where the trace on the page has none. */
  jump(node: NodeId, phase: Trouble["phase"]): (() => void) | null;
  /** Writes a cure into the formula; null where it has no place there. */
  use(cure: Cure): (() => void) | null;
}

export function inspectDialog(page: Page): () => void {
  const { store, session, player } = page;
  const attempt = signal(0);
  const outcome = signal<Outcome>(null);
  const run = latest();
  let kinks: Kinks | null = null;

  const wanted = computed((): InspectRequest | null => !store.inspect.value ? null : {
    source: store.source.value, inputs: store.inputs.value, text: store.locale.value,
    ...(store.wrt.value.length > 0 ? { wrt: store.wrt.value } : {}), ...(store.of.value.length > 0 ? { of: store.of.value } : {}),
  });

  const where = h("p", { class: "where" });
  const body = h("div", { class: "findings" });
  const made = dialog("inspect.title", h("div", { class: "inspect" }, where, body));
  made.classList.add("inspect-dialog");
  made.addEventListener("close", () => (store.inspect.value = false));
  const heading = made.querySelector("h2");
  heading?.setAttribute("tabindex", "-1"); // where reading begins

  async function load(request: InspectRequest, abort: AbortSignal): Promise<void> {
    const language = LANGUAGE[localeOf(request.text)];
    try {
      const answer = await api.inspect(request, language, abort);
      if (answer.kinks.length > 0) kinks ??= await api.kinks(language, abort);
      outcome.value = { answer, kinks };
    } catch (problem) {
      if (problem instanceof Refusal) outcome.value = { error: problem.error };
      else if (problem instanceof Unreachable) outcome.value = { offline: true };
      else throw problem;
    }
  }

  effect(() => {
    const open = store.inspect.value;
    if (open === made.open) return;
    if (!open) return made.close();
    made.showModal();
    heading?.focus();
  });
  effect(() => {
    attempt.value;
    const request = wanted.value;
    if (request) run((abort) => load(request, abort), true);
  });
  effect(() => {
    const point = Object.entries(store.inputs.value).map(([name, value]) => `${plain(latexName(name))} = ${written(value)}`).join(", ");
    where.replaceChildren(h("code", {}, store.source.value), point === "" ? "" : h("span", {}, t("derive.at", { values: point })));
  });
  effect(() => {
    if (store.inspect.value) body.replaceChildren(...shown(outcome.value));
  });

  function shown(found: Outcome): HTMLElement[] {
    if (found === null) return [h("p", { role: "status" }, t("inspect.waiting"))];
    if ("error" in found) return [h("p", { class: "refusal", role: "alert" }, h("b", {}, found.error.message), found.error.hint ? ` ${found.error.hint}` : "")];
    if ("offline" in found) {
      const again = h("button", { type: "button", class: "quiet", onclick: () => (attempt.value += 1) }, t("error.retry"));
      return [h("p", { class: "refusal", role: "alert" }, h("b", {}, t("card.offline")), " ", again)];
    }
    const { answer } = found;
    const actions = actionsFor(answer);
    return [
      part("faults", faultsView(answer, actions)),
      part("nothing", nothingView(answer, actions)),
      part("conditioning", conditioningView(answer, actions)),
      part("kinks", kinksView(answer, found.kinks, actions)),
    ];
  }

  function actionsFor(answer: Inspection): Actions {
    const doc = session.doc.value;
    const close = (then: () => void) => (): void => {
      made.close();
      then();
    };
    return {
      jump(node, phase) {
        const step = stepOf(doc, answer, node, phase);
        return step === null ? null : close(() => player.seek(step));
      },
      use(cure) {
        const source = answer.source === store.source.value ? cured(answer, cure) : null;
        // The dialog stays: it shows what has become of the numbers.
        return source === null ? null : () => {
          store.source.value = source;
          heading?.focus();
        };
      },
    };
  }

  return () => (store.inspect.value = true);
}

function part(name: "faults" | "nothing" | "conditioning" | "kinks", children: HTMLElement[]): HTMLElement {
  const title: Key = `inspect.${name}`;
  return h("section", { class: name, "aria-labelledby": `inspect-${name}` }, h("h3", { id: `inspect-${name}` }, t(title)), ...children);
}

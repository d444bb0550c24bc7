/** The same request for a program: its JSON, a line for a terminal, a line of Python, and a link to this very page. */

import { h, live } from "../dom";
import { t } from "../i18n";
import { copyRow } from "../views/copy";
import { hashOf } from "./frame";
import type { Bench } from "./state";
import type { Json } from "./types";

/** A text in single quotes for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** JSON as a literal of Python. */
export function python(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${python(one)}`).join(", ")}}`;
  return JSON.stringify(value);
}

export function requestView(root: HTMLElement, bench: Bench): void {
  const task = (): Json => (bench.shown.value?.task ?? bench.task.value ?? null) as Json;
  const request = (): Json => ({ task: task(), answer: bench.answer.value, help: bench.help.value });
  const address = (): string => new URL("api/v1/grade", document.baseURI).href;
  const row = (): HTMLElement => copyRow([
    { label: "JSON", name: t("grade.copy.json"), write: () => JSON.stringify(request()) },
    { label: "curl", name: t("grade.copy.curl"), write: () => `curl -s ${address()} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(request()))}` },
    { label: "Python", name: t("grade.copy.python"), write: () => `from wengert_client import check\n\ncheck(${python(task())}, ${python(bench.answer.value)})` },
    { label: t("grade.link"), name: t("grade.copy.link"), write: () => new URL(hashOf({ ...(bench.task.value ? { task: bench.task.value } : {}), answer: bench.answer.value, help: bench.help.value }), location.href).href },
  ]);
  const holder = h("div", { class: "requests" }, row());
  root.append(live(h("h3"), () => t("grade.copy")), holder);
}

/** An input's array as a table of cells to type in. The trace follows each number; Esc puts back what was there. */

import { Undo2 } from "lucide";
import { isArray, isSummary, shapeText } from "../arrays";
import { api, Refusal } from "../api";
import { h, icon } from "../dom";
import { blockOf, extent, fitsGrid, flat, type Grid, gridOf, indices, MOST_CELLS, moved, numberText, outer, pasted, type Place, textOf, withCell } from "../grid";
import { LANGUAGE, t } from "../i18n";
import { plain } from "../math";
import { latexName } from "../symbols";
import type { Input } from "../store";
import type { Value } from "../trace";
import { openDialog } from "./dialogs";
import { gridTools, ORIGIN, type Sheet, sizeFields, sliceFields } from "./grid-tools";
import type { Page } from "./page";

/** The numbers that a text such as `randn(3, 2, seed=1)` stands for: the server's, so that they are the same everywhere. */
async function resolved(value: Input, page: Page): Promise<Value> {
  const locale = page.store.locale.value;
  const answer = await api.trace({ source: "x", inputs: { x: value }, pass: "evaluate", text: locale }, LANGUAGE[locale], AbortSignal.timeout(10_000));
  return answer.inputs["x"] ?? 0;
}

export async function openGrid(name: string, page: Page): Promise<void> {
  const title = t("array.heading", { name: plain(latexName(name)) });
  const sorry = (text: string): void => {
    openDialog(title, h("p", { class: "sorry" }, text));
  };
  try {
    const value = await resolved(page.store.inputs.value[name] ?? 0, page);
    if (isSummary(value)) sorry(t("grid.large", { shape: shapeText(value.shape), most: MOST_CELLS }));
    else if (isArray(value) && !fitsGrid(gridOf(value).shape)) sorry(t("grid.large", { shape: shapeText(gridOf(value).shape), most: MOST_CELLS }));
    else editor(title, name, gridOf(value), page);
  } catch (problem) {
    sorry(problem instanceof Refusal ? problem.error.message : t("error.offline"));
  }
}

function editor(title: string, name: string, start: Grid, page: Page): void {
  const { store } = page;
  const before = store.inputs.value[name] ?? 0;
  const label = plain(latexName(name));
  let grid = start;
  let here = ORIGIN;
  /** What was there before each change, to go back to; typing in one cell is one change. */
  const past: { grid: Grid; place: Place; input: Input }[] = [];
  let typingIn: number | null = null;

  const size = h("div", { class: "grid-size", role: "group", "aria-label": t("grid.size") });
  const chooser = h("div", { class: "slice" });
  const table = h("table", {}, h("caption", { class: "spoken" }, title));
  const message = h("p", { class: "message", role: "alert" });
  const undo = h("button", { type: "button", class: "outlined", title: t("grid.undo"), "aria-label": t("grid.undo"), onclick: back }, icon(Undo2, 18));

  /** Random numbers stay in the input as the text that draws them. */
  const draws = async (text: string): Promise<void> => {
    change(gridOf(await resolved(text, page)));
    put(text);
  };
  const sheet: Sheet = {
    label, draws, change, grid: () => grid, here: () => here,
    go: (place) => {
      here = place;
      draw();
    },
  };
  const controls = gridTools(sheet);
  const tools = h("div", { class: "grid-tools" });

  const put = (value: Input): void => {
    store.inputs.value = { ...store.inputs.value, [name]: value };
  };

  function remember(typing: number | null): void {
    if (typing === null || typing !== typingIn) past.push({ grid, place: here, input: store.inputs.value[name] ?? 0 });
    typingIn = typing;
  }

  function back(): void {
    const last = past.pop();
    if (!last) return;
    ({ grid, place: here } = last);
    typingIn = null;
    put(last.input);
    draw();
    focus();
  }

  /** Says which cells hold no number; while all do, the input is what stands in the grid. */
  function publish(value = textOf(grid)): void {
    const wrong = grid.cells.findIndex((text) => numberText(text) === null);
    message.textContent = wrong < 0 ? "" : t("grid.bad", { cell: `${label}[${indices(grid, wrong).join(", ")}]` });
    for (const field of table.querySelectorAll("input")) field.setAttribute("aria-invalid", String(numberText(field.value) === null));
    undo.setAttribute("aria-disabled", String(past.length === 0));
    if (value !== null) put(value);
  }

  function change(next: Grid | null, place: Place = here): void {
    if (next === null || !fitsGrid(next.shape)) {
      message.textContent = t("grid.most", { most: MOST_CELLS });
      return;
    }
    remember(null);
    grid = next;
    here = clamped(place);
    draw();
    publish();
  }

  function clamped({ slice, row, column }: Place): Place {
    const [rows, columns] = extent(grid);
    const slices = outer(grid).reduce((product, length) => product * length, 1);
    return { slice: Math.min(slice, slices - 1), row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
  }

  function focus(): void {
    const field = table.querySelectorAll("tr")[here.row + 1]?.querySelectorAll("input")[here.column];
    field?.focus();
    field?.select();
  }

  function cell(place: Place): HTMLElement {
    const at = flat(grid, place);
    const field = h("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", "aria-label": `${label}[${indices(grid, at).join(", ")}]` });
    field.value = grid.cells[at] as string;
    field.setAttribute("aria-invalid", String(numberText(field.value) === null));
    field.addEventListener("focus", () => (here = place));
    field.addEventListener("input", () => {
      remember(at);
      grid = withCell(grid, at, field.value);
      publish();
    });
    field.addEventListener("paste", (event) => {
      const block = blockOf(event.clipboardData?.getData("text/plain") ?? "");
      if (block.flat().length < 2) return;
      event.preventDefault();
      change(pasted(grid, place, block));
      focus();
    });
    field.addEventListener("keydown", (event) => press(event, field));
    return h("td", {}, field);
  }

  function press(event: KeyboardEvent, field: HTMLInputElement): void {
    if (event.isComposing) return;
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return back();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !/^(Tab|Enter|Arrow)/.test(event.key)) return;
    // Inside a text, arrows move the caret; at its ends, or when all of it is marked, they leave the cell.
    const { selectionStart: from, selectionEnd: to, value } = field;
    const whole = from === 0 && to === value.length;
    if (event.key === "ArrowLeft" && !whole && to !== 0) return;
    if (event.key === "ArrowRight" && !whole && from !== value.length) return;
    const next = moved(grid, here, event.key, event.shiftKey);
    if (next === null && event.key === "Tab") return;
    event.preventDefault();
    if (next === null) return;
    here = next;
    focus();
  }

  function draw(): void {
    const [rows, columns] = extent(grid);
    const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
    table.replaceChildren(table.caption as HTMLElement,
      h("thead", {}, h("tr", {}, h("td"), ...range(columns).map((column) => h("th", { scope: "col" }, String(column))))),
      h("tbody", {}, ...range(rows).map((row) => h("tr", {}, h("th", { scope: "row" }, grid.shape.length > 1 ? String(row) : ""),
        ...range(columns).map((column) => cell({ ...here, row, column }))))));
    size.replaceChildren(...sizeFields(sheet), undo);
    tools.replaceChildren(...controls());
    chooser.replaceChildren(...sliceFields(sheet));
    chooser.hidden = outer(grid).length === 0;
  }

  const done = h("button", { type: "button", class: "solid", onclick: () => made.close() }, t("grid.done"));
  const cancel = h("button", { type: "button", class: "outlined", onclick: () => restore() }, t("grid.cancel"));
  function restore(): void {
    put(before);
    made.close();
  }
  draw();
  const body = h("div", { class: "grid-editor" }, size, tools, chooser,
    h("div", { class: "scroll" }, table), message,
    h("p", { class: "how" }, t("grid.how")), h("div", { class: "grid-end" }, done, cancel, h("span", { class: "how esc" }, t("grid.esc"))));
  const made = openDialog(title, body, "beside");
  made.style.setProperty("--stage", `${document.querySelector(".stage")?.getBoundingClientRect().top ?? 0}px`);
  made.addEventListener("cancel", () => put(before));
  undo.setAttribute("aria-disabled", "true");
  if (!matchMedia("(pointer: coarse)").matches) focus();
}

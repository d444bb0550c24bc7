/** What stands above the cells of a grid: its size, rows and columns, fillings, and which slice is shown. */

import { indicesAt } from "../arrays";
import { h } from "../dom";
import { type Fill, filled, type Grid, inserted, type Line, MOST_CELLS, outer, type Place, removed, resized, transposed } from "../grid";
import { type Key, t } from "../i18n";

export const ORIGIN: Place = { slice: 0, row: 0, column: 0 };

/** The grid that is open, for its tools. */
export interface Sheet {
  readonly label: string;
  grid(): Grid;
  /** The cell that was typed in last. */
  here(): Place;
  /** Null stands for a grid that would be too large. */
  change(next: Grid | null, place?: Place): void;
  /** Fills the grid with the numbers of this text. */
  draws(text: string): Promise<void>;
  go(place: Place): void;
}

const FILLS: readonly [Fill, string, Key][] = [["zeros", "0", "grid.zeros"], ["ones", "1", "grid.ones"], ["identity", "I", "grid.identity"]];

function button(name: string, text: string, press: () => void): HTMLElement {
  return h("button", { type: "button", class: "outlined", title: name, "aria-label": name, onclick: press }, text);
}

function group(name: string, ...inside: HTMLElement[]): HTMLElement {
  return h("div", { class: "grid-group", role: "group", "aria-label": name }, h("span", { "aria-hidden": "true" }, name), ...inside);
}

/** A field that takes a whole number. */
function whole(name: string, value: number): HTMLInputElement {
  const field = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", class: "field", "aria-label": name });
  field.value = String(value);
  return field;
}

export function sizeFields({ grid, change }: Sheet): (HTMLElement | string)[] {
  const { shape } = grid();
  const fields = shape.map((length, axis) => {
    const field = whole(t("grid.axis", { axis }), length);
    field.addEventListener("change", () => {
      const wanted = Number(field.value.normalize("NFKC"));
      field.value = String(length);
      if (Number.isInteger(wanted) && wanted > 0) change(wanted > MOST_CELLS ? null : resized(grid(), shape.with(axis, wanted)));
    });
    field.addEventListener("keydown", (event) => event.key === "Enter" && field.blur());
    return field;
  });
  return [h("span", { "aria-hidden": "true" }, t("grid.size")), ...fields.flatMap((field, axis) => (axis > 0 ? ["×", field] : [field]))];
}

const LINES: Record<Line, { name: Key; add: Key; remove: Key }> = {
  row: { name: "grid.row", add: "grid.row.add", remove: "grid.row.remove" },
  column: { name: "grid.column", add: "grid.column.add", remove: "grid.column.remove" },
};

function lineGroup(line: Line, { grid, here, change }: Sheet): HTMLElement {
  const { name, add, remove } = LINES[line];
  return group(t(name),
    button(t(remove), "−", () => change(removed(grid(), line, here()[line]))),
    button(t(add), "+", () => change(inserted(grid(), line, here()[line] + 1), { ...here(), [line]: here()[line] + 1 })));
}

/** The row of tools; call what it answers after each change of the grid. */
export function gridTools(sheet: Sheet): () => HTMLElement[] {
  const { grid, here, change } = sheet;
  const seed = whole(t("grid.seed"), 1);
  const random = (): void => {
    void sheet.draws(`randn(${grid().shape.join(", ")}, seed=${/^\d{1,9}$/.test(seed.value) ? seed.value : "1"})`);
  };
  const drawn = h("button", { type: "button", class: "outlined", title: t("grid.random.about"), onclick: random }, t("grid.random"));
  const chance = h("div", { class: "grid-group", role: "group", "aria-label": t("grid.random") }, drawn, h("label", {}, t("grid.seed"), " ", seed));
  const turn = button(t("grid.transpose", { name: sheet.label }), `${sheet.label}ᵀ`, () => change(transposed(grid()), { ...here(), row: here().column, column: here().row }));
  return () => {
    const matrix = grid().shape.length > 1;
    const fills = FILLS.filter(([fill]) => matrix || fill !== "identity");
    return [
      ...(matrix ? [lineGroup("row", sheet)] : []), lineGroup("column", sheet), ...(matrix ? [turn] : []),
      group(t("grid.fill"), ...fills.map(([fill, text, key]) => button(t(key), text, () => change(filled(grid(), fill))))),
      chance,
    ];
  };
}

/** An array of more than two axes is shown by matrices: an index for each axis before the last two. */
export function sliceFields({ label, grid, here, go }: Sheet): (HTMLElement | string)[] {
  const axes = outer(grid());
  const now = indicesAt(axes, here().slice);
  const choices = axes.map((length, axis) => {
    const select = h("select", { class: "field", "aria-label": t("grid.index", { axis }) },
      ...Array.from({ length }, (_, at) => h("option", { value: at, selected: at === now[axis] }, String(at))));
    select.addEventListener("change", () => {
      const chosen = now.with(axis, Number(select.value));
      go({ ...ORIGIN, slice: chosen.reduce((sum, at, k) => sum * (axes[k] as number) + at, 0) });
    });
    return select;
  });
  return [h("span", { "aria-hidden": "true" }, t("grid.slice")), `${label}[`, ...choices.flatMap((one) => [one, ", "]), ":, :]"];
}

import { describe, expect, test } from "vitest";
import { type Action, actionFor, takenBy } from "../../static/src/keys";

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  ({ key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, ...more });
const STUDY = { present: false, singleKeys: true, options: false };
const HALL = { present: true, singleKeys: true, options: false };

describe("study", () => {
  test.each<[string, Action | null]>([
    ["ArrowRight", "next"], ["PageDown", "next"], ["n", "next"], ["ArrowLeft", "previous"], ["PageUp", "previous"], ["p", "previous"], [" ", "play"], ["Home", "first"],
    ["End", "last"], ["m", "lanes"], ["M", "lanes"], ["f", "present"], ["?", "help"], ["1", "tab1"], ["4", "tab4"], ["5", "tab5"], ["c", "card"], ["b", null], [".", null], ["Escape", null], ["F5", null],
  ])("%s", (key, action) => expect(actionFor(press(key), STUDY)).toBe(action));

  test("Escape closes the card while it is open", () => {
    expect(actionFor(press("Escape"), { ...STUDY, card: true })).toBe("closeCard");
    expect(actionFor(press("Escape"), { ...HALL, card: true })).toBe("leave");
  });

  test("Shift jumps by phases", () => {
    expect(actionFor(press("ArrowRight", { shiftKey: true }), STUDY)).toBe("nextPhase");
    expect(actionFor(press("ArrowLeft", { shiftKey: true }), STUDY)).toBe("previousPhase");
  });
});

describe("hall", () => {
  test.each<[string, Action | null]>([
    ["PageDown", "next"], ["PageUp", "previous"], [" ", "next"], ["Enter", "next"], ["b", "blank"], [".", "blank"], ["w", "white"], ["t", "strip"], ["Escape", "leave"], ["d", null], ["r", null],
  ])("%s", (key, action) => expect(actionFor(press(key), HALL)).toBe(action));

  test("letters answer while options are on the wall", () => {
    const asked = { ...HALL, options: true };
    expect(["a", "b", "c", "d"].map((key) => actionFor(press(key), asked))).toEqual(["optionA", "optionB", "optionC", "optionD"]);
    expect(actionFor(press("PageDown"), asked)).toBe("next");
    expect(actionFor(press("."), asked)).toBe("blank");
  });
});

test("never with Ctrl, Alt or Meta, nor while an input method composes", () => {
  for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { isComposing: true }]) {
    expect(actionFor(press("n", more), STUDY)).toBe(null);
    expect(actionFor(press("ArrowRight", more), STUDY)).toBe(null);
  }
});

test("a key hidden by an input method or by another script is known by its place", () => {
  expect(actionFor(press("Process", { code: "KeyM" }), STUDY)).toBe("lanes");
  expect(actionFor(press("ь", { code: "KeyM" }), STUDY)).toBe("lanes");
  expect(actionFor(press("q", { code: "KeyA" }), STUDY)).toBe(null);
});

test("keys of one letter can be switched off; the others stay", () => {
  const quiet = { ...STUDY, singleKeys: false };
  for (const key of ["n", "m", "1", "?", "+"]) expect(actionFor(press(key), quiet)).toBe(null);
  for (const key of ["ArrowRight", "Home", " "]) expect(actionFor(press(key), quiet)).not.toBe(null);
});

describe("an element that needs the key keeps it", () => {
  const element = (html: string): Element => {
    const holder = document.createElement("div");
    holder.append(...new DOMParser().parseFromString(html, "text/html").body.children);
    return holder.firstElementChild as Element;
  };
  test.each([
    ["<input>", "n", true], ["<textarea></textarea>", "ArrowRight", true], ["<input type=range>", "ArrowRight", true], ["<input type=range>", "n", false],
    ["<button></button>", " ", true], ["<button></button>", "Enter", true], ["<button></button>", "ArrowRight", false], ["<div role=slider></div>", "Home", true],
    ["<div role=slider></div>", " ", false], ["<div contenteditable=true></div>", "m", true], ["<select></select>", "m", true], ["<p></p>", "ArrowRight", false],
  ])("%s and %s: %s", (html, key, taken) => expect(takenBy(press(key), element(html))).toBe(taken));
});

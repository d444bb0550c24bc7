/** What a person reads comes from the catalogue. A plain search over the sources: it finds words, not every way to smuggle one in. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "../../server/locale/en/page.json";
import zh from "../../server/locale/zh/page.json";

const ROOT = "static/src";
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const code = (name: string): string => readFileSync(join(ROOT, name), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");

/** The same in every language: the program's own name, the languages' own, names of keys, of numbers, of LaTeX, Python and its constants. */
const NAMES = ["Wengert", "中文", "EN", "PgDn", "PgUp", "Esc", "Enter", "Home", "End", "Escape", "Process", "Tab", "Infinity", "None", "True", "False", "Python", "Sigma"];
/** Errors for whoever reads the console. */
const INTERNAL = /new (Range)?Error\((`[^`]*`|"[^"]*")\)|new DOMException\([^)]*\)/g;

test("no source has Chinese text", () => {
  const found = files.filter((name) => /\p{Script=Han}/u.test(NAMES.reduce((text, one) => text.replaceAll(`"${one}"`, ""), code(name))));
  expect(found).toEqual([]);
});

test("no source has an English sentence or a capitalised word in quotes", () => {
  const found = files.flatMap((name) => {
    const strings = code(name).replace(INTERNAL, "").match(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
    return strings.map((text) => text.slice(1, -1)).filter((text) => /^[A-Z][a-z]+$|^[A-Z][a-z]+ [a-z]+\b/.test(text)).map((text) => `${name}: ${text}`);
  }).filter((found) => !NAMES.some((one) => found.endsWith(`: ${one}`)));
  expect(found).toEqual([]);
});

test("children of elements are no literal words", () => {
  const found = files.flatMap((name) => [...code(name).matchAll(/(?:textContent|title|placeholder) = "([^"]*\p{L}{2,}[^"]*)"|"aria-label": "([^"]+)"|\},\s*"([^"]*\p{L}{2,}[^"]*)"\)/gu)]
    .map((match) => `${name}: ${match[1] ?? match[2] ?? match[3]}`)).filter((found) => !NAMES.some((one) => found.endsWith(`: ${one}`)));
  expect(found).toEqual([]);
});

test("both catalogues have the same keys, and their messages the same placeholders", () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [key, text] of Object.entries(en)) expect(places(zh[key as keyof typeof zh]), key).toEqual(places(text));
});

test("every key is used", () => {
  const all = files.map(code).join("\n");
  const unused = Object.keys(en).filter((key) => {
    const stem = key.slice(0, key.lastIndexOf(".") + 1);
    return !all.includes(`"${key}"`) && !all.includes(`\`${stem}\${`) && !all.includes(`"${key.slice(stem.length)}"`);
  });
  expect(unused).toEqual([]);
});

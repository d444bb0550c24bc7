import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const LICENSES = "THIRD_PARTY.md";

/** Copies files of a package into the bundle as they are, and its licence into the list that Vite writes. */
function copy(name: string, files: string[]): Plugin {
  const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return {
    name: `copy-${name}`,
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of files) this.emitFile({ type: "asset", fileName: `${name}/${file}`, source: read(file) });
        const list = bundle[LICENSES];
        if (list?.type !== "asset") throw new Error(`${LICENSES} is not there to be added to`);
        const { version, license } = JSON.parse(read("package.json")) as { version: string; license: string };
        list.source += `\n## ${name} - ${version} (${license})\n\n${read("LICENSE")}\n${read("NOTICE")}`;
      },
    },
  };
}

/** Font style sheets offer woff beside woff2, for browsers older than any we support. */
const woff2Only: Plugin = {
  name: "woff2-only",
  enforce: "pre",
  transform: {
    filter: { id: /fontsource.*\.css$/ },
    handler: (css) => css.replace(/,\s*url\([^)]*\.woff\)\s*format\(["']woff["']\)/g, ""),
  },
};

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [woff2Only, copy("swagger-ui-dist", ["swagger-ui-bundle.js", "swagger-ui.css"])],
  build: {
    outDir: "static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    license: { fileName: LICENSES },
    rolldownOptions: { input: { app: "static/src/main.ts", grade: "static/src/grade/main.ts" } },
  },
  test: {
    include: ["tests/js/**/*.test.ts"],
    environment: "happy-dom",
  },
});

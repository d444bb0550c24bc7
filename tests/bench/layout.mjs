/**
 * Layered layout against @dagrejs/dagre and Graphviz dot: time and crossings, one JSON line for every run.
 *
 *   node tests/bench/layout.mjs            everything (about two minutes, nearly all of it dagre and dot)
 *   node tests/bench/layout.mjs dag100     the graphs whose name contains this
 *
 * Every run has a process of its own, so that the first call (`first_ms`) carries its warm-up for ours and dagre
 * alike; `ms` is the median of later calls within two seconds, `cpu_ms` the least processor time of a call (on a busy
 * machine the only number to compare).
 *
 * Crossings are counted alike for all: straight segments between neighbouring layers, where an edge has a corner on
 * every layer it passes. Ours and dagre's corners are their dummies (dagre puts one more half-way between two ranks,
 * which neither adds nor hides a crossing); dot draws splines, and the corner is where one meets the rank's line.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const LIMIT_SECONDS = 60;

/** Sizes and kinds of PERFORMANCE.md, section F. */
const graphs = {
  dag20: ({ randomDag }) => randomDag(20, 1, 10),
  dag100: ({ randomDag }) => randomDag(100, 1, 10),
  dag1000: ({ randomDag }) => randomDag(1000, 1, 50),
  dag5000: ({ randomDag }) => randomDag(5000, 1, 500),
  dag20000: ({ randomDag }) => randomDag(20000, 1, 2000),
  expr114: ({ randomExpression }) => randomExpression(111, 3, 1),
  expr1037: ({ randomExpression }) => randomExpression(1034, 3, 1),
};

const engines = {
  ours: ({ layout }, nodes) => repeat(() => layout(nodes).crossings),
  dagre: async (_, nodes) => {
    const { runDagre } = await import("./rivals.mjs");
    return nodes.length > 2000 ? null : repeat(() => runDagre(nodes, "network-simplex"));
  },
  dot: async (_, nodes) => {
    const { loadDot, runDot } = await import("./rivals.mjs");
    if (nodes.length > 2000) return null;
    const graphviz = await loadDot();
    return repeat(() => runDot(graphviz, nodes));
  },
};

function repeat(run) {
  const wall = [];
  const cpu = [];
  let crossings = 0;
  for (let turn = 0, spent = 0; turn < 15 && spent < 2000; turn++) {
    const [begun, used] = [performance.now(), process.cpuUsage()];
    crossings = run();
    wall.push(performance.now() - begun);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000);
    spent += wall.at(-1);
  }
  return { first_ms: round(wall[0]), ms: wall.length > 1 ? round(median(wall.slice(1))) : null, cpu_ms: round(Math.min(...cpu)), crossings };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const round = (ms) => Math.round(ms * 100) / 100;

/** The layout is TypeScript without file endings in its imports, so it is bundled first. */
async function bundle(folder) {
  const { build } = await import("vite");
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      lib: { entry: path.join(here, "layout-entry.ts"), formats: ["es"], fileName: () => "layout.mjs" },
      outDir: folder,
      minify: false,
      target: "es2022",
    },
  });
  return path.join(folder, "layout.mjs");
}

async function runOne(file, engine, name) {
  const ours = await import(pathToFileURL(file).href);
  const nodes = graphs[name](ours);
  const result = await engines[engine](ours, nodes);
  console.log(JSON.stringify({ graph: name, nodes: nodes.length, edges: nodes.reduce((n, v) => n + v.inputs.length, 0), engine, ...(result ?? { skipped: "too slow at this size" }) }));
}

async function runAll(filter) {
  const folder = mkdtempSync(path.join(tmpdir(), "wengert-layout-"));
  try {
    const file = await bundle(folder);
    for (const name of Object.keys(graphs).filter((key) => key.includes(filter)))
      for (const engine of Object.keys(engines)) {
        const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--one", file, engine, name], {
          encoding: "utf8",
          timeout: 2 * LIMIT_SECONDS * 1000,
        });
        process.stdout.write(run.stdout || `${JSON.stringify({ graph: name, engine, error: (run.stderr || String(run.error)).trim().split("\n").at(-1) })}\n`);
      }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first = "", ...rest] = process.argv.slice(2);
await (first === "--one" ? runOne(...rest) : runAll(first));

/**
 * Builds what is shipped into `.dist/`: the command line and the library by esbuild, in one call, so that both share
 * their chunks and there is one copy of every class; the JSON Schemas; the viewer by Vite; the library's types by tsc.
 *
 * Each piece is made beside the old one and moved into its place when it is whole, and is left alone when nothing that it
 * is made of is newer. `--force` makes everything anew; `--without-types` leaves the types as they are.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, ".dist");
const stamps = join(dist, ".stamps");
const work = join(dist, `.work-${process.pid}`);
const require = createRequire(import.meta.url);

const sources = ["sim", "protocols", "package.json"];
const pieces = [
  { name: "code", from: sources, make: makeCode },
  { name: "sweep", from: [...sources, "viz"], make: () => makePage("sweep") },
  { name: "history", from: [...sources, "viz"], make: () => makePage("history") },
  { name: "viewer", from: [...sources, "viz", "scenarios"], make: makeViewer },
  { name: "types", from: [...sources, "tsconfig.json", ".tsconfig.types.json"], make: makeTypes },
];

/** When a file, or anything in a folder, last changed; the folders themselves tell of what was removed. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isFresh(piece) {
  const stamp = statSync(join(stamps, piece.name), { throwIfNoEntry: false });
  return stamp !== undefined && piece.from.every((path) => newest(join(root, path)) <= stamp.mtimeMs);
}

/** Puts a folder or file that was made in `work` in its place. */
function moveIn(name) {
  const target = join(dist, name);
  if (existsSync(target) && statSync(target).isDirectory()) rmSync(target, { recursive: true });
  mkdirSync(dirname(target), { recursive: true });
  renameSync(join(work, name), target);
}

async function makeCode() {
  const esbuild = await import("esbuild");
  const common = { bundle: true, format: "esm", platform: "node", target: "node20.19", packages: "external", absWorkingDir: root, logLevel: "error" };
  const { metafile } = await esbuild.build({
    ...common,
    entryPoints: { cli: "sim/cli/main.node.ts", index: "sim/index.ts", worker: "sim/cli/campaign-worker.node.ts" },
    outdir: work,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    metafile: true,
  });
  const made = Object.keys(metafile.outputs).map((path) => join(root, path).slice(work.length + 1));
  // Chunks first: an entry must never name one that is not there yet. Chunks that a running program may still want go last.
  for (const name of made.sort((a, b) => Number(b.startsWith("chunks/")) - Number(a.startsWith("chunks/")))) moveIn(name);
  chmodSync(join(dist, "cli.js"), 0o755);
  for (const name of readdirSync(join(dist, "chunks"))) if (!made.includes(`chunks/${name}`)) rmSync(join(dist, "chunks", name));

  const schemas = join(work, "schemas.mjs");
  await esbuild.build({ ...common, entryPoints: ["sim/cli/schemas.ts"], outfile: schemas });
  mkdirSync(join(work, "schema"), { recursive: true });
  for (const [name, schema] of Object.entries((await import(pathToFileURL(schemas).href)).schemas)) {
    writeFileSync(join(work, "schema", `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  }
  moveIn("schema");
}

async function makeViewer() {
  if (!existsSync(join(root, "viz/index.html"))) return "there is no viz/index.html";
  if (!isInstalled("vite")) return "vite is not installed";
  const vite = await import("vite");
  await vite.build({
    root: join(root, "viz"),
    configFile: existsSync(join(root, "viz/vite.config.ts")) ? join(root, "viz/vite.config.ts") : false,
    logLevel: "warn",
    build: { outDir: join(work, "viewer"), emptyOutDir: true, rolldownOptions: { checks: { pluginTimings: false } } },
  });
  moveIn("viewer");
}

/** A page that a command fills with its data: one file, so that it opens without a network and without a server. */
async function makePage(name) {
  if (!isInstalled("d3")) return "d3 is not installed";
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    bundle: true, minify: true, format: "iife", platform: "browser", target: ["es2022", "chrome123", "firefox120", "safari17.5"], absWorkingDir: root, logLevel: "error",
    entryPoints: [`viz/${name}/main.ts`], outdir: work, write: false,
  });
  const made = (extension) => outputFiles.find(({ path }) => path.endsWith(extension)).text.trim();
  const template = readFileSync(join(root, "viz/page.html"), "utf8");
  // A script in a page ends at the first end tag, wherever that stands.
  const page = template.replace("/*style*/", () => made(".css")).replace("/*script*/", () => made(".js").replaceAll("</script", "<\\/script"));
  writeFileSync(join(work, `${name}.html`), page);
  moveIn(`${name}.html`);
}

function makeTypes() {
  if (!isInstalled("typescript")) return "typescript is not installed";
  const manifest = require.resolve("typescript/package.json");
  const tsc = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.tsc);
  const { status } = spawnSync(process.execPath, [tsc, "-p", ".tsconfig.types.json", "--outDir", join(work, "types")], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("tsc found mistakes in what the library's types are made of");
  // A declaration that is written by hand is no output of tsc's: it is brought along, and the entry refers to it.
  cpSync(join(root, "sim/kernel/alea.d.ts"), join(work, "types/sim/kernel/alea.d.ts"));
  const entry = join(work, "types/sim/index.d.ts");
  writeFileSync(entry, `/// <reference path="./kernel/alea.d.ts" />\n${readFileSync(entry, "utf8")}`);
  moveIn("types");
}

/** Some packages keep their manifest to themselves. */
function isInstalled(name) {
  return [`${name}/package.json`, name].some((path) => {
    try {
      return require.resolve(path) !== "";
    } catch {
      return false;
    }
  });
}

const force = process.argv.includes("--force");
const wanted = pieces.filter((piece) => !(piece.name === "types" && process.argv.includes("--without-types")));
mkdirSync(stamps, { recursive: true });
mkdirSync(work, { recursive: true });

/** Makes one piece where it is stale, and says so. A piece that fails does not keep the others from being made. */
async function build(piece) {
  if (!force && isFresh(piece)) return;
  const begun = new Date();
  const say = (text) => process.stderr.write(`splitbrain build: ${piece.name} … ${text}\n`);
  try {
    const missing = await piece.make();
    if (missing !== undefined) return say(`left out: ${missing}`);
    say(`${((Date.now() - begun.getTime()) / 1000).toFixed(1)} s`);
  } catch (error) {
    process.exitCode = 1;
    return say(`failed: ${error.message}`);
  }
  // The stamp bears the time of the beginning: what was saved during the build is newer than it.
  writeFileSync(join(stamps, piece.name), begun.toISOString());
  utimesSync(join(stamps, piece.name), begun, begun);
}

try {
  for (const piece of wanted) await build(piece);
} finally {
  rmSync(work, { recursive: true, force: true });
}

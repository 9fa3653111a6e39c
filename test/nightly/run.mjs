/**
 * `npm run nightly`: many generated scenarios, each with the same digest in every supported Node.js, in a worker of it, and in
 * Chromium. All are given the same bundled file. The other versions come from the npm package `node`, into `.dist/nightly`.
 * Then many generated histories for every pair of checkers, which must not disagree on one.
 *
 *     --runs N       scenarios (1000)
 *     --seed N       of their generator (the day's number, so that each night has others; it is printed)
 *     --nodes LIST   versions to fetch (20.19.0,20,22,24); `none` for this one alone
 *     --node PATH    a further Node.js that is here already; may be repeated
 *     --no-browser   without Chromium
 *     --pairs N      histories for each pair of checkers (100000; 0: none)
 *
 * Exit codes: 0 all the same; 1 a digest differs, with both traces and `splitbrain diff` of them, or two checkers disagree, with the
 * history; 2 something could not be had.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The fetched versions stay here; what one run makes is in a folder of its own. */
const work = join(root, ".dist/nightly");
const own = join(work, `run-${process.pid}`);
const MS_PER_DAY = 86_400_000;

const usage = `npm run nightly -- [--runs N] [--seed N] [--nodes LIST|none] [--node PATH]… [--no-browser] [--pairs N]`;

class Unavailable extends Error {}

const values = optionsOf(process.argv.slice(2));

function optionsOf(args) {
  const options = {
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Math.floor(Date.now() / MS_PER_DAY)) },
    nodes: { type: "string", default: "20.19.0,20,22,24" },
    node: { type: "string", multiple: true, default: [] },
    "no-browser": { type: "boolean", default: false },
    pairs: { type: "string", default: "100000" },
    help: { type: "boolean", short: "h", default: false },
  };
  try {
    const { values: given } = parseArgs({ args, options });
    if (given.help) end(0, usage);
    for (const name of ["runs", "seed", "pairs"]) if (!/^\d{1,15}$/.test(given[name])) end(2, `error: --${name} takes a whole number, not ${given[name]}`);
    if (Number(given.runs) === 0) end(2, "error: --runs takes at least 1");
    return given;
  } catch (error) {
    return end(2, `error: ${error.message}\n  ${usage}`);
  }
}

function end(code, text) {
  (code === 0 ? console.log : console.error)(text);
  process.exit(code);
}

/** The package that holds the program of this machine's kind, and no script. */
const particular = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Where a version's program is after its package has been installed. */
const programsIn = (folder) => [join(folder, "node_modules/node/bin/node"), join(folder, `node_modules/${particular}/bin/node`)];

/** The program of a version, fetched where it is not here yet. A version such as `22` is asked for anew each time. */
function fetchNode(version) {
  const folder = join(work, `node-${version}`);
  const isExact = /^\d+\.\d+\.\d+$/.test(version);
  const here = programsIn(folder).find(existsSync);
  if (here !== undefined && isExact) return here;
  // The package `node` installs the one of this machine by a script; where scripts are off, that one is asked for itself.
  for (const name of ["node", particular]) {
    const { status, stderr } = npm("install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", `${name}@${version}`);
    const found = programsIn(folder).find(existsSync);
    if (status === 0 && found !== undefined) return found;
    if (here !== undefined) return here;
    if (name === particular) throw new Unavailable(`Node.js ${version} cannot be fetched: ${stderr.trim()}`);
  }
}

function npm(...args) {
  // Beside this checkout's own packages: npm would otherwise put them where its next package.json is.
  const folder = args[args.indexOf("--prefix") + 1];
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) writeFileSync(join(folder, "package.json"), "{}\n");
  return spawnSync("npm", args, { cwd: folder, encoding: "utf8", shell: process.platform === "win32" });
}

async function bundle(name) {
  const outfile = join(own, `${name}.mjs`);
  await build({ entryPoints: [join(root, `test/nightly/${name}.ts`)], outfile, bundle: true, platform: "node", format: "esm", target: "node20.19", logLevel: "warning", banner: { js: requireInModules } });
  return outfile;
}

/** Packages in CommonJS ask for Node's own modules by `require`, which a module has not got. */
const requireInModules = 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);';

/** What a Node.js prints, as JSON. */
function ask(node, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: ["ignore", "pipe", "inherit"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => reject(new Unavailable(`${node} cannot be started: ${error.message}`)));
    child.on("close", (code) => (code === 0 ? resolve(Buffer.concat(chunks).toString()) : reject(new Error(`${node} ended with ${code}`))));
  });
}

async function inChromium(texts) {
  const path = [process.env["CHROME_PATH"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((candidate) => candidate !== undefined && existsSync(candidate));
  if (path === undefined) return undefined;
  const { chromium } = await import("playwright-core");
  const stdin = { contents: 'import { digestsOf } from "./digests.ts"; Object.assign(globalThis, { digestsOf });', resolveDir: join(root, "test/determinism"), loader: "ts" };
  const script = await build({ stdin, bundle: true, write: false, format: "iife", logLevel: "warning" });
  const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: script.outputFiles[0].text });
    return { name: `Chromium ${browser.version()}`, digests: await page.evaluate((given) => globalThis.digestsOf(given), texts) };
  } finally {
    await browser.close();
  }
}

/** Writes both traces of the first scenario that differs, and says where they part. */
async function showDifference(number, text, script, textsFile, [one, other]) {
  const scenario = join(own, `scenario-${number}.yaml`);
  writeFileSync(scenario, text);
  console.log(`\nScenario ${number} is in ${scenario}`);
  if (one.program === undefined || other.program === undefined) return;
  const traces = ["a", "b"].map((side) => join(own, `scenario-${number}-${side}.trace`));
  for (const [index, { program }] of [one, other].entries()) await ask(program, script, textsFile, "--trace", String(number), traces[index]);
  spawnSync(process.execPath, [join(root, ".dist/cli.js"), "diff", ...traces], { stdio: "inherit" });
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

async function main() {
  mkdirSync(own, { recursive: true });
  const begun = Date.now();
  const [texter, script] = [await bundle("texts"), await bundle("digests")];
  const textsFile = join(own, "texts.json");
  writeFileSync(textsFile, await ask(process.execPath, texter, values.runs, values.seed));
  const texts = JSON.parse(readFileSync(textsFile, "utf8"));
  console.log(`${texts.length} scenarios of seed ${values.seed}`);

  const versions = values.nodes === "none" ? [] : values.nodes.split(",");
  const found = [];
  const programs = [process.execPath, ...values.node, ...versions.map(fetchNode)];
  for (const program of programs) {
    const since = Date.now();
    const { here, inWorker, node, v8 } = JSON.parse(await ask(program, script, textsFile));
    found.push({ name: `Node.js ${node} (V8 ${v8})`, program, digests: here }, { name: `Node.js ${node}, recorded in a worker`, program, digests: inWorker });
    console.log(`  ${found.at(-2).name}: done, ${seconds(since)}`);
  }
  const browser = values["no-browser"] ? undefined : await inChromium(texts);
  if (browser !== undefined) found.push(browser);
  if (!values["no-browser"]) console.log(browser === undefined ? "  Chromium: not found, left out (CHROME_PATH names one)" : `  ${browser.name}: done`);
  return judge(texts, found, script, textsFile, begun);
}

async function judge(texts, found, script, textsFile, begun) {
  const [first, ...others] = found;
  const wrong = others.map((other) => ({ other, numbers: texts.flatMap((_, number) => (other.digests[number] === first.digests[number] ? [] : [number])) })).filter(({ numbers }) => numbers.length > 0);
  const distinct = new Set(first.digests).size;
  if (wrong.length === 0) {
    console.log(`\nThe same ${texts.length} digests (${distinct} different ones) ${found.length} times, in ${seconds(begun)}`);
    rmSync(own, { recursive: true });
    return 0;
  }
  for (const { other, numbers } of wrong) console.log(`\n${other.name} differs from ${first.name} in ${numbers.length} of ${texts.length} scenarios: ${numbers.slice(0, 10).join(", ")}${numbers.length > 10 ? ", …" : ""}`);
  const [{ other, numbers }] = wrong;
  await showDifference(numbers[0], texts[numbers[0]], script, textsFile, [first, other]);
  return 1;
}

/** Objects; transactions by every order, and by their graph; sessions by their definitions. */
const COMPARISONS = ["test/check/disagreement.test.ts", "test/check/isolation/levels.test.ts", "test/check/transactions/disagreement.test.ts", "test/check/levels.test.ts"];

/** Every pair of checkers on so many histories, by the tests that ask for fewer of them otherwise. */
function comparePairs(histories) {
  if (histories === "0") return 0;
  console.log(`\n${histories} histories for each pair of checkers`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", "test/vitest.config.ts", ...COMPARISONS];
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, SPLITBRAIN_PAIR_RUNS: histories } }).status === 0 ? 0 : 1;
}

try {
  process.exitCode = Math.max(await main(), comparePairs(values.pairs));
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  rmSync(own, { recursive: true, force: true });
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}

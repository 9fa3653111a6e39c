import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../sim/scenario/result.ts";
import { plainEnvironment, printed, root, startProgram } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "splitbrain-package-"));
const home = join(folder, "home");
const installed = join(home, "node_modules/splitbrain");
const installedProgram = join(home, "node_modules/.bin/splitbrain");

function inHome(command: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { cwd: home, env: plainEnvironment({ NO_COLOR: "1" }), encoding: "utf8" });
}

const splitbrain = (...args: readonly string[]): SpawnSyncReturns<string> => inHome(installedProgram, ...args);

/** A program of the checkout's development dependencies, which a user would have installed beside the package. */
function checkoutProgram(name: string, bin: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const { bin: bins } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly bin: { readonly [name: string]: string } };
  return join(dirname(manifest), bins[bin] as string);
}

describe("the package that npm pack makes, installed in an empty folder", () => {
  beforeAll(() => {
    const pack = spawnSync("npm", ["pack", "--pack-destination", folder], { cwd: root, env: plainEnvironment(), encoding: "utf8" });
    expect(pack.status, pack.stderr).toBe(0);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
    mkdirSync(home);
    writeFileSync(join(home, "package.json"), '{ "name": "somebody", "private": true, "type": "module" }\n');
    const install = spawnSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball)], { cwd: home, env: plainEnvironment(), encoding: "utf8" });
    expect(install.status, install.stderr).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds what is shipped and nothing else", () => {
    expect(readdirSync(installed).sort()).toEqual(expect.arrayContaining([".dist", "CHANGELOG.md", "LICENSE", "package.json", "scenarios"]));
    expect(readdirSync(join(installed, ".dist")).sort()).toEqual(["chunks", "cli.js", "history.html", "index.js", "schema", "sweep.html", "types", "viewer", "worker.js"]);
    for (const name of ["sim", "protocols", "viz", "test", ".ci"]) expect(existsSync(join(installed, name)), name).toBe(false);
  });

  it("runs the flagship with the digest of the checkout, and writes into the current folder alone", () => {
    const result = JSON.parse(splitbrain("run", "raft/leader-isolated", "--json").stdout) as RunResult;
    const here = spawnSync(process.execPath, [join(root, ".dist/cli.js"), "run", "raft/leader-isolated", "--json", "--out", join(folder, "out")], { encoding: "utf8" });
    expect(result.verdict).toBe("pass");
    expect(result.digest).toBe((JSON.parse(here.stdout) as RunResult).digest);
    expect(existsSync(join(home, ".splitbrain/raft-leader-isolated-seed1.trace"))).toBe(true);
    expect(existsSync(join(installed, ".splitbrain"))).toBe(false);
  });

  it("lists the bundled scenarios and ships the schemas of its files", () => {
    const scenarios = JSON.parse(splitbrain("list", "scenarios", "--json").stdout) as readonly { readonly name: string }[];
    expect(scenarios.map((one) => one.name)).toContain("raft/leader-isolated");
    const require = createRequire(join(home, "any.js"));
    for (const schema of ["scenario", "result"]) expect(JSON.parse(readFileSync(require.resolve(`splitbrain/schema/${schema}.json`), "utf8"))).toHaveProperty("$schema");
  });

  it("runs a protocol of the user's own in TypeScript, which its types accept", () => {
    expect(splitbrain("new", "protocol", "mine").status).toBe(0);
    expect(splitbrain("run", "mine.yaml", "--quiet").status).toBe(0);
    symlinkSync(join(root, "node_modules/vitest"), join(home, "node_modules/vitest"));
    const compilerOptions = { strict: true, noEmit: true, allowImportingTsExtensions: true, skipLibCheck: true, target: "es2022", module: "nodenext", types: [] };
    writeFileSync(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["mine.ts", "mine.test.ts"] }));
    const { status, stdout } = inHome(process.execPath, checkoutProgram("typescript", "tsc"), "-p", ".");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("serves the viewer with a trace", async () => {
    const child = startProgram(installedProgram, ["view", "mine.yaml", "--port", "0"], home);
    const url = /http:\S+\//.exec(await printed(child, "stdout", /http:\S+\//))?.[0] as string;
    expect(await (await fetch(url)).text()).toContain("<script");
    expect((await (await fetch(new URL("trace", url))).arrayBuffer()).byteLength).toBeGreaterThan(1000);
  });

  it("is used by a vitest file of the user's, and by the one that `new` writes", () => {
    writeFileSync(
      join(home, "again.test.ts"),
      `import { check, run } from "splitbrain";
import { expect, test } from "vitest";
import mine from "./mine.ts";

test("mine is linearizable under a partition", () => {
  const value = run({ protocol: mine, nodes: 3, duration: "3s", workload: { clients: 2, rate: "50/s", operations: { read: 1, write: 1 } }, faults: [{ at: "1s", for: "500ms", isolate: "n3" }], expect: { linearizable: true } });
  expect(value.verdict).toBe("pass");
  expect(check(value.history, { consistency: "readYourWrites" }).verdict).toBe("pass");
});
`,
    );
    const { status, stdout, stderr } = inHome(process.execPath, checkoutProgram("vitest", "vitest"), "run", "--root", home);
    expect(stdout + stderr).toMatch(/Tests\s+2 passed/);
    expect(status).toBe(0);
  });
});

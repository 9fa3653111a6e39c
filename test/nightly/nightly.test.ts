import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const script = fileURLToPath(new URL("run.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "splitbrain-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function nightly(...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--runs", "3", "--seed", "5", "--nodes", "none", "--no-browser", "--pairs", "0", ...args], { encoding: "utf8" });
  return { code: status, stdout, stderr };
}

/** A program that runs Node.js, and falsifies the digest of the second scenario. */
function wrongNode(): string {
  const path = join(folder, "wrong-node");
  const falsify = `const printed = JSON.parse(out); printed.here[1] = "0123456789abcdef"; process.stdout.write(JSON.stringify(printed));`;
  const lines = [`#!${process.execPath}`, `const { spawnSync } = require("node:child_process");`, `const out = spawnSync(process.execPath, process.argv.slice(2), { encoding: "utf8", maxBuffer: 1e9 }).stdout;`, `if (out !== "") { ${falsify} }`];
  writeFileSync(path, `${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
  return path;
}

test("npm run nightly compares the digests of a bundled file in each Node.js and its worker, and exits 0 where all are the same", () => {
  const { code, stdout, stderr } = nightly("--node", process.execPath);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("3 scenarios of seed 5\n");
  expect(stdout).toContain(`Node.js ${process.version} (V8 ${process.versions.v8}): done`);
  expect(stdout).toMatch(/The same 3 digests \(3 different ones\) 4 times, in /);
});

test("a Node.js that gives another digest is named with the scenario, which is kept, and the exit code is 1", () => {
  const { code, stdout } = nightly("--node", wrongNode());
  expect(code).toBe(1);
  expect(stdout).toContain(`differs from Node.js ${process.version} (V8 ${process.versions.v8}) in 1 of 3 scenarios: 1\n`);
  const kept = /Scenario 1 is in (.*)\n/.exec(stdout)?.[1] as string;
  expect(JSON.parse(readFileSync(kept, "utf8"))).toMatchObject({ version: 1 });
  rmSync(join(kept, ".."), { recursive: true });
});

test("an option that it does not know, or that is no number, is said in a line, with exit code 2; --help says how it is called", () => {
  expect(nightly("--run", "3")).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: Unknown option '--run'.*\n  npm run nightly -- \[--runs N\]/) as string });
  expect(nightly("--runs", "many")).toEqual({ code: 2, stdout: "", stderr: "error: --runs takes a whole number, not many\n" });
  expect(nightly("--runs", "0")).toEqual({ code: 2, stdout: "", stderr: "error: --runs takes at least 1\n" });
  expect(nightly("--help")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^npm run nightly -- /) as string });
});

test("a Node.js that cannot be started is said, with exit code 2", () => {
  const { code, stderr } = nightly("--node", join(folder, "nowhere"));
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error: .*nowhere cannot be started: /) as string });
});

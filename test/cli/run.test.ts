import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { readTraceFile } from "../../sim/trace/file.node.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { emptyFolder, outcomeOf, root, splitbrain, start } from "./cli.ts";

/** A run of a second or two of virtual time, which is over at once. */
const small = `version: 1
name: Small and quick
protocol: raft
nodes: 3
duration: 2s
workload: { clients: 1, rate: 50/s, operations: { read: 50, write: 50 }, from: 500ms }
faults:
  - { at: 1s, for: 300ms, isolate: follower }
expect: { linearizable: true }
`;

function folderWith(files: { readonly [name: string]: string }): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function runJson(args: readonly string[], cwd: string, input = ""): Promise<RunResult> {
  const { stdout } = await splitbrain(["run", ...args, "--json"], { cwd, input });
  return JSON.parse(stdout) as RunResult;
}

describe("splitbrain run", () => {
  it("prints a report, writes trace and history into .splitbrain, and exits 0 where every expectation held", async () => {
    const cwd = folderWith({ "small.yaml": small });
    const { code, stdout, stderr } = await splitbrain(["run", "small.yaml"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const part of ["Small and quick", "raft · 3 nodes · 1 client · seed 1", "is cut off from everybody", "✓ linearizable", "PASS: all 2 expectations held"]) expect(stdout).toContain(part);
    expect(stdout).toContain("splitbrain view .splitbrain/small-seed1.trace");
    expect(readdirSync(cwd).sort()).toEqual([".splitbrain", "small.yaml"]);
    expect(readdirSync(join(cwd, ".splitbrain")).sort()).toEqual(["small-seed1.history.jsonl", "small-seed1.trace"]);
  });

  it("prints lines of at most 80 columns where there is no terminal, and no colour", async () => {
    const { stdout } = await splitbrain(["run", "raft/leader-isolated"], { cwd: emptyFolder() });
    expect(stdout).not.toContain("\u001b");
    const wide = stdout.split("\n").filter((line) => line.length > 80 && !line.includes(".splitbrain/"));
    expect(wide).toEqual([]);
  });

  it("prints one JSON document, by its published schema, and nothing else with --json", async () => {
    const cwd = folderWith({ "small.yaml": small });
    const { code, stdout, stderr } = await splitbrain(["run", "small.yaml", "--json"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const result = JSON.parse(stdout) as RunResult;
    const validate = new Ajv().compile(JSON.parse(readFileSync(join(root, ".dist/schema/result.json"), "utf8")) as object);
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(result).toMatchObject({ version: 1, scenario: "Small and quick", protocol: "raft", seed: 1, verdict: "pass", virtualTime: "2s", virtualTimeNs: 2_000_000_000 });
    expect(result.files).toEqual({ trace: ".splitbrain/small-seed1.trace", history: ".splitbrain/small-seed1.history.jsonl" });
    expect(result.wallTimeMs).toBeGreaterThan(0);
  });

  it("leaves a trace that bears the digest and number of events of the result, and a history of every operation", async () => {
    const cwd = folderWith({ "small.yaml": small });
    const result = await runJson(["small.yaml"], cwd);
    const trace = readTraceFile(join(cwd, result.files.trace as string));
    expect({ digest: trace.footer.digest, events: trace.footer.events, complete: trace.footer.complete }).toEqual({ digest: result.digest, events: result.events, complete: true });
    const lines = readFileSync(join(cwd, result.files.history as string), "utf8").trimEnd().split("\n");
    const history = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly client: string });
    expect(history.filter((event) => event.type === "invoke")).toHaveLength(result.metrics["operations.invoked"] as number);
    expect(new Set(history.map((event) => event.client))).toEqual(new Set(["c1"]));
  });

  it("gives the same digest for the same seed, whatever is printed, and another for another seed", async () => {
    const cwd = folderWith({ "small.yaml": small });
    const [first, second, other] = await Promise.all([runJson(["small.yaml", "--out", "a"], cwd), runJson(["small.yaml", "--out", "b", "--log-level", "debug", "--quiet"], cwd), runJson(["small.yaml", "--seed", "2"], cwd)]);
    expect(second.digest).toBe(first.digest);
    expect(other.digest).not.toBe(first.digest);
    expect(other.seed).toBe(2);
    expect(existsSync(join(cwd, ".splitbrain/small-seed2.trace"))).toBe(true);
  });

  it("takes a scenario from standard input, and names its files for the scenario", async () => {
    const cwd = emptyFolder();
    const fromFile = await runJson(["small.yaml"], folderWith({ "small.yaml": small }));
    const fromInput = await runJson(["-"], cwd, small);
    expect(fromInput.digest).toBe(fromFile.digest);
    expect(fromInput.files.trace).toBe(".splitbrain/small-and-quick-seed1.trace");
  });

  it("overrides settings with --set, as the file would have said it", async () => {
    const cwd = folderWith({ "small.yaml": small, "other.yaml": small.replace("nodes: 3", "nodes: 5").replace("duration: 2s", "duration: 1500ms") });
    const overridden = await runJson(["small.yaml", "--set", "nodes=5", "--set", "duration=1500ms"], cwd);
    const written = await runJson(["other.yaml"], cwd);
    expect(overridden.digest).toBe(written.digest);
    expect(overridden.virtualTimeNs).toBe(1_500_000_000);
  });

  it("exits 1 where an expectation does not hold, and says which and why", async () => {
    const cwd = folderWith({ "small.yaml": small.replace("linearizable: true", 'latency.p50: "< 1us"') });
    const { code, stdout } = await splitbrain(["run", "small.yaml"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("✗ latency.p50");
    expect(stdout).toContain("FAIL: 1 of 2 expectations did not hold");
  });

  it("says the verdict in one line with --quiet, and what failed below it", async () => {
    const cwd = folderWith({ "small.yaml": small, "slow.yaml": small.replace("linearizable: true", 'latency.p50: "< 1us"') });
    const passed = await splitbrain(["run", "small.yaml", "--quiet"], { cwd });
    expect(passed.stdout).toMatch(/^pass {2}Small and quick {2}seed 1 {2}digest [0-9a-f]{16}\n$/);
    const failed = await splitbrain(["run", "slow.yaml", "--quiet"], { cwd });
    expect(failed.stdout.split("\n")[1]).toMatch(/^ {2}✗ latency\.p50: /);
  });

  it("runs a mutant by its name, with or without its protocol's, into files of its own", async () => {
    const cwd = folderWith({ "small.yaml": small });
    const result = await runJson(["small.yaml", "--mutant", "vote-not-persisted"], cwd);
    expect(result.mutant).toBe("vote-not-persisted");
    expect(result.files.trace).toBe(".splitbrain/small-vote-not-persisted-seed1.trace");
    expect((await runJson(["small.yaml", "--mutant", "raft/vote-not-persisted"], cwd)).digest).toBe(result.digest);
  });

  it("refuses a mutant that does not exist with the nearest name", async () => {
    const { code, stderr } = await splitbrain(["run", "raft/steady", "--mutant", "vote-not-persistde"], { cwd: emptyFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean `vote-not-persisted`?");
  });
});

/** Far more than anybody would wait for. */
const endless = small.replace("duration: 2s", "duration: 24h").replace("name: Small and quick", "name: Endless");

describe("an interrupted run", () => {
  it("ends cleanly on Ctrl-C: exit 130, a verdict on what was done, and files that can be read", async () => {
    const cwd = folderWith({ "endless.yaml": endless });
    const child = start(["run", "endless.yaml", "--json"], { cwd });
    const ended = outcomeOf(child);
    const part = join(cwd, ".splitbrain/endless-seed1.trace.part");
    await Promise.race([ended, waitFor(() => existsSync(part) && statSync(part).size > 0)]);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    const result = JSON.parse(stdout) as RunResult;
    expect(result.interrupted).toBe(true);
    expect(result.virtualTimeNs).toBeLessThan(24 * 3600 * 1e9);
    const trace = readTraceFile(join(cwd, result.files.trace as string));
    expect({ digest: trace.footer.digest, complete: trace.footer.complete }).toEqual({ digest: result.digest, complete: false });
    expect(readdirSync(join(cwd, ".splitbrain")).sort()).toEqual(["endless-seed1.history.jsonl", "endless-seed1.trace"]);
  });

  it("says in its report that it was interrupted, and when", async () => {
    const cwd = folderWith({ "endless.yaml": endless });
    const child = start(["run", "endless.yaml"], { cwd });
    const ended = outcomeOf(child);
    const part = join(cwd, ".splitbrain/endless-seed1.trace.part");
    await Promise.race([ended, waitFor(() => existsSync(part) && statSync(part).size > 0)]);
    child.kill("SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/INTERRUPTED at [\d.]+m?s: judged by what was done until then/);
  });
});

async function waitFor(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("the output folder", () => {
  it.each([
    ["a file in its place", "taken", (cwd: string) => writeFileSync(join(cwd, "taken"), "mine")],
    ["a file in its path", "taken/below", (cwd: string) => writeFileSync(join(cwd, "taken"), "mine")],
  ])("is refused before the run where there is %s, which is left as it is", async (_, out, prepare) => {
    const cwd = folderWith({ "endless.yaml": endless });
    prepare(cwd);
    const { code, stdout, stderr } = await splitbrain(["run", "endless.yaml", "--out", out], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`the output folder ${out} cannot be written to`);
    expect(readFileSync(join(cwd, "taken"), "utf8")).toBe("mine");
  });

  it("keeps the files of an earlier run where the disk is full midway", async () => {
    const cwd = folderWith({ "small.yaml": small });
    mkdirSync(join(cwd, ".splitbrain"));
    for (const name of ["trace", "history.jsonl"]) writeFileSync(join(cwd, `.splitbrain/small-seed1.${name}`), "earlier");
    // A device that takes no byte stands in for a disk that is full.
    symlinkSync("/dev/full", join(cwd, ".splitbrain/small-seed1.trace.part"));
    const { code, stdout, stderr } = await splitbrain(["run", "small.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: cannot write the trace \.splitbrain\/small-seed1\.trace: the disk is full\n/);
    expect(readFileSync(join(cwd, ".splitbrain/small-seed1.trace"), "utf8")).toBe("earlier");
    expect(readFileSync(join(cwd, ".splitbrain/small-seed1.history.jsonl"), "utf8")).toBe("earlier");
  });

  it("keeps the trace of an earlier run where there is no room for the history", async () => {
    const cwd = folderWith({ "small.yaml": small });
    mkdirSync(join(cwd, ".splitbrain"));
    writeFileSync(join(cwd, ".splitbrain/small-seed1.trace"), "earlier");
    symlinkSync("/dev/full", join(cwd, ".splitbrain/small-seed1.history.jsonl.part"));
    const { code, stderr } = await splitbrain(["run", "small.yaml"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("cannot write the history .splitbrain/small-seed1.history.jsonl: no space left on device");
    expect(readFileSync(join(cwd, ".splitbrain/small-seed1.trace"), "utf8")).toBe("earlier");
    expect(readdirSync(join(cwd, ".splitbrain"))).toEqual(["small-seed1.trace"]);
  });
});

describe("a reader that has seen enough", () => {
  it("is no mistake: nothing is said, and the verdict stands", async () => {
    const cwd = folderWith({ "small.yaml": small });
    const child = start(["run", "small.yaml"], { cwd });
    child.stdout?.destroy();
    const { code, stderr } = await outcomeOf(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});


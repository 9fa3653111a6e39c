import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder, splitbrain } from "./cli.ts";

type Line = readonly [process: number, type: string, f: string, key: string, value: unknown, error?: string];

/** A history of ours, an event a millisecond. */
function historyOf(...lines: readonly Line[]): string {
  return lines.map(([process, type, f, key, value, error], index) => JSON.stringify({ process, client: `c${process + 1}`, type, f, key, value, time: index * 1_000_000, ...(error !== undefined && { error }) })).join("\n");
}

/** One client writes, another reads it. */
const good = historyOf([0, "invoke", "write", "k1", 1], [0, "ok", "write", "k1", 1], [1, "invoke", "read", "k1", null], [1, "ok", "read", "k1", 1]);

/** A read that begins after the write had returned and does not see it. */
const stale = historyOf([0, "invoke", "write", "k1", 1], [0, "ok", "write", "k1", 1], [1, "invoke", "read", "k1", null], [1, "ok", "read", "k1", null]);

function folderWith(files: { readonly [name: string]: string }): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe("splitbrain check", () => {
  it("passes a linearizable history with exit code 0, and says what decided it", async () => {
    const { code, stdout } = await splitbrain(["check", "good.jsonl", "--json"], { cwd: folderWith({ "good.jsonl": good }) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, verdict: "pass", model: "kv", consistency: "linearizable", operations: 2, algorithm: expect.stringMatching(/./) as string });
  });

  it("fails a stale read with exit code 1, and shows the two operations", async () => {
    const cwd = folderWith({ "stale.jsonl": stale });
    const { code, stdout } = await splitbrain(["check", "stale.jsonl"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ fail {2}linearizable, kv, 2 operations\n/);
    expect(stdout).toContain("write k1 1");
    expect(stdout).toContain("read k1 → null");
    const json = JSON.parse((await splitbrain(["check", "stale.jsonl", "--json"], { cwd })).stdout) as { explanation: { key: string; operations: readonly { f: string }[] } };
    expect(json.explanation.key).toBe("k1");
    expect(json.explanation.operations.map((operation) => operation.f)).toEqual(["write", "read"]);
  });

  it("holds the same stale read against a weaker level, which allows it between two sessions", async () => {
    const { code, stdout } = await splitbrain(["check", "stale.jsonl", "--consistency", "readYourWrites", "--quiet"], { cwd: folderWith({ "stale.jsonl": stale }) });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "✓ pass  readYourWrites, kv, 2 operations\n" });
  });

  it("exits 3 where the budget runs out before there is a verdict", async () => {
    // Two values are written by many at once, so that no value tells which write a read saw: only a search can decide.
    const writes = Array.from({ length: 10 }, (_, process): Line => [process, "invoke", "write", "k1", process % 2]);
    const reads = Array.from({ length: 6 }, (_, index): Line[] => [[20 + index, "invoke", "read", "k1", null], [20 + index, "ok", "read", "k1", index % 2]]).flat();
    const ends = Array.from({ length: 10 }, (_, process): Line => [process, "ok", "write", "k1", process % 2]);
    const cwd = folderWith({ "wide.jsonl": historyOf(...writes, ...reads, ...ends) });
    const { code, stdout } = await splitbrain(["check", "wide.jsonl", "--budget", "1", "--json"], { cwd });
    expect({ code, verdict: (JSON.parse(stdout) as { verdict: string }).verdict }).toEqual({ code: 3, verdict: "unknown" });
  });

  it("judges transactions by their natural level, and says the strongest levels that hold unless --no-lattice is given", async () => {
    const skew = historyOf(...["x", "y"].flatMap((key, process): Line[] => {
      const steps = [["r", "x", null], ["r", "y", null], ["w", key, 1]];
      return [[process, "invoke", "txn", "", steps]];
    }), ...["x", "y"].map((key, process): Line => [process, "ok", "txn", "", [["r", "x", null], ["r", "y", null], ["w", key, 1]]]));
    const cwd = folderWith({ "skew.jsonl": skew });
    const { code, stdout } = await splitbrain(["check", "skew.jsonl", "--json"], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "fail", model: "rw-register", consistency: "strictSerializable", strongest: ["snapshotIsolation"], weakest: ["serializable"] });
    const text = await splitbrain(["check", "skew.jsonl", "--consistency", "snapshotIsolation"], { cwd });
    expect(text.stdout).toContain("strongest that hold: snapshotIsolation\n  weakest that do not: serializable\n");
    const without = await splitbrain(["check", "skew.jsonl", "--consistency", "snapshotIsolation", "--no-lattice"], { cwd });
    expect([without.code, without.stdout.includes("strongest")]).toEqual([0, false]);
  });

  it("judges several files in one go, a line each, the worst deciding", async () => {
    const cwd = folderWith({ "good.jsonl": good, "stale.jsonl": stale });
    const text = await splitbrain(["check", "good.jsonl", "stale.jsonl", "--quiet"], { cwd });
    expect(text.code).toBe(1);
    expect(text.stdout.trimEnd().split("\n").map((line) => line.slice(0, 6))).toEqual(["✓ pass", "✗ fail"]);
    const json = JSON.parse((await splitbrain(["check", "good.jsonl", "stale.jsonl", "--json"], { cwd })).stdout) as { verdict: string; histories: readonly { file: string; verdict: string }[] };
    expect(json).toMatchObject({ version: 1, verdict: "fail" });
    expect(json.histories.map(({ file, verdict }) => [file, verdict])).toEqual([["good.jsonl", "pass"], ["stale.jsonl", "fail"]]);
  });

  it("judges the histories of a folder, and leaves everything else in it alone", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "runs"));
    writeFileSync(join(cwd, "runs/a.history.jsonl"), good);
    writeFileSync(join(cwd, "runs/a.trace"), "no history");
    const { code, stdout } = await splitbrain(["check", "runs", "--json"], { cwd });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { histories: readonly { file: string }[] }).histories.map((one) => one.file)).toEqual(["runs/a.history.jsonl"]);
  });

  it("takes a history from standard input", async () => {
    const { code } = await splitbrain(["check", "-"], { cwd: emptyFolder(), input: stale });
    expect(code).toBe(1);
  });

  it("judges the history of a run of ours as the run did", async () => {
    const cwd = emptyFolder();
    const run = await splitbrain(["run", "raft/leader-isolated", "--quiet"], { cwd });
    expect(run.code).toBe(0);
    const { code, stdout } = await splitbrain(["check", ".splitbrain", "--quiet"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ pass {2}\.splitbrain\/raft-leader-isolated-seed1\.history\.jsonl {2}linearizable, kv, /);
  });

  it("points to the mistakes of every file at once, judges none, and exits 2", async () => {
    const second = historyOf([0, "ok", "write", "k1", 1]);
    const cwd = folderWith({ "good.jsonl": good, "broken.jsonl": `${good}\n{"process":`, "unpaired.jsonl": second });
    const { code, stdout, stderr } = await splitbrain(["check", "good.jsonl", "broken.jsonl", "unpaired.jsonl"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^broken\.jsonl:5:\d+:/m);
    expect(stderr).toMatch(/^unpaired\.jsonl:1:1:.*which it did not invoke/m);
  });

  it.each([
    [["nowhere.jsonl"], "there is no history nowhere.jsonl"],
    [["good.jsonl", "--model", "kvv"], "did you mean `kv`?"],
    [["good.jsonl", "--consistency", "readAtomics"], "did you mean `readAtomic`?"],
    [["good.jsonl", "--model", "kv", "--consistency", "readAtomic"], "readAtomic is a level of transactions, and the model kv has none"],
    [["good.jsonl", "--consistency", "linearisable"], "did you mean `linearizable`?"],
    [["good.jsonl", "--consistency", "kAtomic(0)"], "expected a whole number of versions from 1"],
    [["good.jsonl", "--format", "jsonll"], "did you mean `jsonl`?"],
    [["good.jsonl", "--budget", "none"], "--budget takes a whole number"],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { code, stderr } = await splitbrain(["check", ...args], { cwd: folderWith({ "good.jsonl": good }) });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

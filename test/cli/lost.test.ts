import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outcomeOf, program, splitbrain, start } from "./cli.ts";
import { broken, folderWith, huntJson, quick, withoutTime } from "./hunting.ts";

const linesOf = (path: string): number => (existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0);

/** Starts a command and kills it, without a word of warning, when something has come about. */
async function killWhen(args: readonly string[], cwd: string, isTime: () => boolean): Promise<void> {
  const child = start(args, { cwd });
  child.stdin?.end();
  let hasEnded = false;
  const outcome = outcomeOf(child).finally(() => (hasEnded = true));
  while (!isTime() && !hasEnded) await new Promise((resolve) => setTimeout(resolve, 2));
  child.kill("SIGKILL");
  expect((await outcome).code).toBeNull();
}

/** Runs a command where no file may be longer than so many KiB. */
function withSmallFiles(args: readonly string[], cwd: string, kib: number): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync("bash", ["-c", `ulimit -f ${kib}; exec "$0" "$@"`, process.execPath, program, ...args], { cwd, encoding: "utf8" });
}

/** Several hunts, one after the other. */
const LONG_MS = 180_000;

describe("a hunt that is killed", () => {
  it("in a guided search, whose later runs depend on the earlier ones, reports in the end what an unbroken one reports", async () => {
    const args = ["hunt", "quick.yaml", "--runs", "44", "--search", "guided"];
    const whole = await huntJson(args.slice(1), folderWith({ "quick.yaml": quick }));
    const cwd = folderWith({ "quick.yaml": quick });
    const path = join(cwd, ".splitbrain/quick-seed1.hunt.jsonl");
    // Once before the first batch has been learnt from, once after, and once where several have been.
    for (const lines of [5, 22, 38]) await killWhen([...args, "--resume"], cwd, () => linesOf(path) >= lines);
    const { code, result } = await huntJson([...args.slice(1), "--resume"], cwd);
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
    expect(code).toBe(0);
    // What each run was is told by its digest: those of the schedules that were changed among them.
    const digests = (folder: string): string[] => [...readFileSync(join(folder, ".splitbrain/quick-seed1.hunt.jsonl"), "utf8").matchAll(/"digest":"([0-9a-f]+)"/g)].map(([, digest]) => digest as string);
    expect(new Set(digests(cwd)).size).toBe(44);
  }, LONG_MS);

  it("while it makes a failure smaller, makes it smaller when it is carried on, and runs nothing again", async () => {
    const args = ["hunt", "broken.yaml", "--runs", "20"];
    const whole = await huntJson(args.slice(1), folderWith({ "broken.yaml": broken }));
    const cwd = folderWith({ "broken.yaml": broken });
    const path = join(cwd, ".splitbrain/broken-quorum-off-by-one-seed1.hunt.jsonl");
    await killWhen(args, cwd, () => existsSync(path) && readFileSync(path, "utf8").includes('"end":true'));
    const before = linesOf(path);
    const { code, result } = await huntJson([...args.slice(1), "--resume"], cwd);
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
    expect([code, linesOf(path) - before]).toEqual([1, 1]);
  }, LONG_MS);
});

describe.runIf(process.platform !== "win32")("a disk without room", () => {
  it("for what a failure leaves is told, nothing half is left, and --resume reports it again", async () => {
    const cwd = folderWith({ "broken.yaml": broken });
    const args = ["hunt", "broken.yaml", "--runs", "20"];
    // The journal has room, and the trace has none.
    const { status, stdout, stderr } = withSmallFiles(args, cwd, 8);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error: cannot write the trace \.splitbrain\/broken-quorum-off-by-one-seed\d\.failure\.trace: the file would be too large\n/);
    expect(readdirSync(join(cwd, ".splitbrain")).filter((name) => /\.(trace|part)$/.test(name))).toEqual([]);
    const { code, result } = await huntJson([...args.slice(1), "--resume"], cwd);
    expect([code, result.failures.map(({ reproduced }) => reproduced)]).toEqual([1, [true]]);
  }, LONG_MS);

  it("ends a sweep with a message and exit code 2, and --resume goes on where it was", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const { status, stdout, stderr } = withSmallFiles(["sweep", "quick.yaml", "--runs", "100"], cwd, 8);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/cannot write the campaign's journal \.splitbrain\/quick-seed1\.sweep\.jsonl: file too large\n {2}What was finished before is in it: with room on the disk, --resume goes on from there\.\n$/);
    const journal = join(cwd, ".splitbrain/quick-seed1.sweep.jsonl");
    const [size, lines] = [statSync(journal).size, linesOf(journal)];
    expect([size <= 8 * 1024, lines > 3]).toEqual([true, true]);
    const resumed = await splitbrain(["sweep", "quick.yaml", "--runs", "30", "--resume", "--quiet"], { cwd });
    expect(resumed.stdout).toMatch(/^sweep: verdict=pass cells=1 runs=30 failed-runs=0 /);
    // Only what was not in it yet: the header, a line a run, and the end.
    expect(linesOf(journal)).toBe(32);
    rmSync(journal);
    expect((await splitbrain(["sweep", "quick.yaml", "--runs", "30", "--quiet"], { cwd })).stdout).toBe(resumed.stdout);
  }, LONG_MS);
});

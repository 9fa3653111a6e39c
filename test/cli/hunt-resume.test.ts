import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outcomeOf, splitbrain, start } from "./cli.ts";
import { folderWith, huntJson, moduleWith, quick, withModule, withoutTime } from "./hunting.ts";

/** One seed in eight fails, and there are two ways to. */
const sometimes = { "mine.js": moduleWith('if (state.reads === 1 && ctx.pick([0, 1, 2, 3, 4, 5, 6, 7]) === 0) throw new Error(ctx.pick(["left", "right"]));'), "mine.yaml": withModule };

const args = ["mine.yaml", "--runs", "120", "--keep-going"];
const journalOf = (cwd: string): string => join(cwd, ".splitbrain/mine-seed1.hunt.jsonl");

const linesOf = (path: string): number => (existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0);

/** Starts a hunt and kills it, without a word of warning, when its journal has grown by so many lines. False where it was done before. */
async function killAfter(lines: number, cwd: string): Promise<boolean> {
  const before = linesOf(journalOf(cwd));
  const child = start(["hunt", ...args, "--resume", "--json"], { cwd });
  child.stdin?.end();
  let isDone = false;
  const outcome = outcomeOf(child).finally(() => (isDone = true));
  while (!isDone && linesOf(journalOf(cwd)) < before + lines) await new Promise((resolve) => setTimeout(resolve, 3));
  child.kill("SIGKILL");
  return (await outcome).code === null;
}

describe("a hunt that is killed", () => {
  it("at any moments, and carried on each time, reports in the end what an unbroken one reports", async () => {
    const whole = await huntJson(args, folderWith(sometimes));
    expect([whole.result.runs, whole.result.failures.length]).toEqual([120, 2]);

    const cwd = folderWith(sometimes);
    // Before its journal is there, at its first line, and then wherever some runs more have led to.
    let kills = 0;
    for (const lines of [0, 1, 2, 31, 9]) kills += Number(await killAfter(lines, cwd));
    expect(kills).toBeGreaterThan(3);
    const known = linesOf(journalOf(cwd));
    const { code, stderr, result } = await huntJson([...args, "--resume"], cwd);
    expect(stderr).toMatch(/^\d+ runs are in \.splitbrain\/mine-seed1\.hunt\.jsonl: the campaign goes on\n/);
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
    expect(code).toBe(whole.code);
    // Nothing was run twice but for what was under way at a kill.
    expect(linesOf(journalOf(cwd))).toBeGreaterThan(known);
    expect(linesOf(journalOf(cwd))).toBeLessThan(120 + 2 + 4 * kills + 1);
  });

  it("within a line says so, and one whose journal is damaged says where: those runs are done again", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const path = join(cwd, ".splitbrain/quick-seed1.hunt.jsonl");
    const whole = await huntJson(["quick.yaml", "--runs", "4"], cwd);
    const lines = readFileSync(path, "utf8").split("\n");
    lines[2] = (lines[2] as string).replace('"kind":"', '"kind":"x');
    // The first of these lines is the header, and of the last outcome only the beginning is left.
    writeFileSync(path, lines.slice(0, 5).join("\n").slice(0, -60));
    const { stderr, result } = await huntJson(["quick.yaml", "--runs", "4", "--resume"], cwd);
    expect(stderr).toContain("2 runs are in .splitbrain/quick-seed1.hunt.jsonl: the campaign goes on\n");
    expect(stderr).toContain("its last line was never finished: that run is done again\n  damaged, and done again: line 3\n");
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
  });
});

describe("--resume", () => {
  it("adds runs to a campaign that is done, and gives the report of one that had them from the start", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    await huntJson(["quick.yaml", "--runs", "3"], cwd);
    const { result } = await huntJson(["quick.yaml", "--runs", "5", "--resume"], cwd);
    const whole = await huntJson(["quick.yaml", "--runs", "5"], folderWith({ "quick.yaml": quick }));
    expect(withoutTime(result)).toEqual(withoutTime(whole.result));
  });

  it("counts the time of all parts: where it is over, nothing more is run", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const first = await huntJson(["quick.yaml", "--time", "1s"], cwd);
    const again = await huntJson(["quick.yaml", "--time", "1s", "--resume"], cwd);
    expect([again.code, again.result.runs, again.result.ended]).toEqual([0, first.result.runs, "time"]);
  });

  it("without a journal begins the campaign, and says so", async () => {
    const { code, stderr } = await huntJson(["quick.yaml", "--runs", "1", "--resume"], folderWith({ "quick.yaml": quick }));
    expect([code, stderr]).toEqual([0, "nothing to carry on at .splitbrain/quick-seed1.hunt.jsonl: the campaign begins\n"]);
  });

  it("refuses a journal of another campaign, and of another state of the protocol, and leaves it as it was", async () => {
    const cwd = folderWith(sometimes);
    await huntJson([...args.slice(0, 2), "8", "--keep-going"], cwd);
    const before = readFileSync(journalOf(cwd), "utf8");
    writeFileSync(join(cwd, "mine.js"), sometimes["mine.js"].replace("[0, 1, 2, 3, 4, 5, 6, 7]", "[0, 1]"));
    const module = await splitbrain(["hunt", ...args, "--resume"], { cwd });
    expect([module.code, module.stdout]).toEqual([2, ""]);
    expect(module.stderr).toContain("is of another campaign: it differs in the protocol's module");
    const mutated = await splitbrain(["hunt", "mine.yaml", "--resume", "--set", "nodes=2"], { cwd });
    expect(mutated.stderr).toContain("it differs in the scenario's text, overrides included; and the protocol's module");
    expect(readFileSync(journalOf(cwd), "utf8")).toBe(before);
  });

  it("does one run again: where it is not what it was, the program has changed, and the journal is refused", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    await huntJson(["quick.yaml", "--runs", "2"], cwd);
    const path = join(cwd, ".splitbrain/quick-seed1.hunt.jsonl");
    // As an older build of the same version would have left it: the run of seed 1 with what seed 2 came to.
    const { journalLine } = await import("../../sim/campaign/journal.ts");
    const [header, ...entries] = readFileSync(path, "utf8").trimEnd().split("\n").map((line) => (JSON.parse(line) as { entry: never }).entry as never);
    const other = (entries as { readonly outcome?: { readonly digest: string } }[]).map((entry) => (entry.outcome === undefined ? entry : { ...entry, outcome: { ...entry.outcome, digest: "0123456789abcdef" } }));
    writeFileSync(path, [header, ...other].map((entry) => journalLine(entry as never)).join(""));
    const { code, stderr } = await splitbrain(["hunt", "quick.yaml", "--runs", "3", "--resume"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/was written by another state of the program or the protocol: the run of seed 1 had the digest 0123456789abcdef, and now has [0-9a-f]{16}\n/);
  });
});

it.runIf(process.platform !== "win32")("a full disk ends a hunt with a message, exit code 2, and the way to go on", async () => {
  const cwd = folderWith({ "quick.yaml": quick });
  await huntJson(["quick.yaml", "--runs", "2"], cwd);
  const path = join(cwd, ".splitbrain/quick-seed1.hunt.jsonl");
  // Files of at most so many blocks: the system refuses to write on where the journal is longer.
  const blocks = Math.ceil(readFileSync(path).length / 512);
  const limited = `ulimit -f ${blocks}; exec "$0" "$@"`;
  const { spawnSync } = await import("node:child_process");
  const { program } = await import("./cli.ts");
  const { status, stderr, stdout } = spawnSync("bash", ["-c", limited, process.execPath, program, "hunt", "quick.yaml", "--runs", "40", "--resume"], { cwd, encoding: "utf8" });
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/cannot write the campaign's journal \.splitbrain\/quick-seed1\.hunt\.jsonl: file too large\n {2}What was finished before is in it: with room on the disk, --resume goes on from there\.\n/);
  const rest = await huntJson(["quick.yaml", "--runs", "6", "--resume"], cwd);
  expect([rest.code, rest.result.runs]).toEqual([0, 6]);
});

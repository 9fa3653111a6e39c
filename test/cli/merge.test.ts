import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HuntResult } from "../../sim/cli/hunt-result.ts";
import { journalHeader, journalLine } from "../../sim/campaign/journal.ts";
import { shardName, type Shard } from "../../sim/campaign/shard.ts";
import { VERSION } from "../../sim/version.ts";
import { passed } from "../campaign/outcomes.ts";
import { emptyFolder, program, splitbrain, type Outcome } from "./cli.ts";
import { folderWith, huntJson, moduleWith, quick, withModule, withoutTime } from "./hunting.ts";

/** One seed in eight fails, and there are two ways to. */
const sometimes = { "mine.js": moduleWith('if (state.reads === 1 && ctx.pick([0, 1, 2, 3, 4, 5, 6, 7]) === 0) throw new Error(ctx.pick(["left", "right"]));'), "mine.yaml": withModule };

async function huntShards(args: readonly string[], shards: readonly string[], cwd: string): Promise<void> {
  for (const shard of shards) await splitbrain(["hunt", ...args, "--shard", shard, "--quiet", "--workers", "1"], { cwd });
}

interface Merged extends Outcome {
  readonly result: HuntResult;
}

async function mergeJson(paths: readonly string[], cwd: string): Promise<Merged> {
  const outcome = await splitbrain(["merge", ...paths, "--json"], { cwd });
  if (outcome.stdout === "") throw new Error(`no JSON: ${outcome.stderr}`);
  return { ...outcome, result: JSON.parse(outcome.stdout) as HuntResult };
}

const nameOf = (shard: string, slug = "mine"): string => `.splitbrain/${slug}-seed1.shard${shard}.hunt.jsonl`;

/** A journal as a shard of `quick.yaml` leaves it when all of its runs have passed, made up: nobody asks for its digests. */
function madeUp(shard: Shard, runs: number): string {
  const { module: _, ...plan } = journalHeader(VERSION, { text: quick, file: "quick.yaml", overrides: [], mostEvents: 1000 }, 1).plan;
  const header = { ...journalHeader(VERSION, plan, 1), shard: { ...shard, runs, keepGoing: false, slug: "quick", leftOut: [], folder: ".", command: ["hunt", "quick.yaml", "--runs", String(runs)] } };
  const outcomes = Array.from({ length: runs }, (_one, index) => passed(index)).filter(({ index }) => index % shard.of === shard.number - 1);
  return [header, ...outcomes.map((outcome) => ({ outcome, atMs: 1 })), { end: true as const, by: "runs" }].map((entry) => journalLine(entry)).join("");
}

const file = (shard: Shard): string => `quick-seed1.${shardName(shard)}.hunt.jsonl`;

describe("splitbrain merge", { timeout: 180_000 }, () => {
  it("reports what one machine reports, with every failure's files", async () => {
    const args = ["mine.yaml", "--runs", "30", "--keep-going"];
    const one = await huntJson([...args, "--workers", "1"], folderWith(sometimes));
    expect(one.result.failures).toHaveLength(2);
    const cwd = folderWith(sometimes);
    await huntShards(args, ["2/2", "1/2"], cwd);
    const merged = await mergeJson([".splitbrain"], cwd);
    expect(withoutTime(merged.result)).toEqual(withoutTime(one.result));
    expect([merged.code, merged.stderr]).toEqual([one.code, ""]);
    for (const { scenario, trace } of merged.result.failures) expect([scenario, trace].map((path) => existsSync(join(cwd, path)))).toEqual([true, true]);
  });

  it("says which shard is missing and what does it; done, it passes, and leaves a journal that a hunt of the whole carries on", async () => {
    const args = ["quick.yaml", "--runs", "4", "--seed", "3", "--set", "description=it's quick"];
    const cwd = folderWith({ "quick.yaml": quick });
    await huntShards(args, ["1/2"], cwd);
    const { code, result } = await mergeJson([".splitbrain"], cwd);
    const command = "splitbrain hunt quick.yaml --runs 4 --seed 3 --set 'description=it'\\''s quick' --shard 2/2";
    expect([code, result.verdict, result.ended, result.missing]).toEqual([3, "unknown", "incomplete", [{ shard: "2/2", runs: 2, seed: 4, journals: [], damaged: [], command }]]);
    // As a shell understands it.
    expect(spawnSync("bash", ["-c", `splitbrain() { "${process.execPath}" "${program}" "$@"; }; ${command}`], { cwd }).status).toBe(0);
    const done = await mergeJson([".splitbrain"], cwd);
    expect([done.code, done.result.verdict, done.result.runs]).toEqual([0, "pass", 4]);
    const again = await huntJson([...args, "--resume"], cwd);
    expect(again.stderr).toContain("4 runs are in .splitbrain/quick-seed3.hunt.jsonl: the campaign goes on");
    const one = await huntJson(args, folderWith({ "quick.yaml": quick }));
    expect(withoutTime(again.result)).toEqual(withoutTime(one.result));
    expect(withoutTime(done.result)).toEqual(withoutTime(one.result));
  });

  it("says what is damaged or was never finished, and what does it again", async () => {
    const args = ["quick.yaml", "--runs", "6"];
    const cwd = folderWith({ "quick.yaml": quick });
    const whole = await huntJson([...args, "--shard", "2/2"], cwd);
    expect([whole.result.runs, whole.result.shard]).toEqual([3, "2/2"]);
    const path = join(cwd, nameOf("2of2", "quick"));
    const lines = readFileSync(path, "utf8").split("\n");
    lines[2] = (lines[2] as string).replace('"kind":"', '"kind":"x');
    writeFileSync(path, lines.join("\n").slice(0, -10));
    const { code, stderr, result } = await mergeJson([".splitbrain"], cwd);
    expect([code, stderr]).toEqual([3, `${nameOf("2of2", "quick")}: its last line was never finished, and does not count\n${nameOf("2of2", "quick")}: damaged, and not counted: line 3\n`]);
    const missing = result.missing?.[1];
    expect(missing).toMatchObject({ shard: "2/2", runs: 1, damaged: [`${nameOf("2of2", "quick")}:3`], command: "splitbrain hunt quick.yaml --runs 6 --shard 2/2 --resume" });
    const again = await huntJson(missing?.command.split(" ").slice(2) ?? [], cwd);
    expect(again.stderr).toContain("2 runs are in .splitbrain/quick-seed1.shard2of2.hunt.jsonl: the campaign goes on\n");
    expect(withoutTime(again.result)).toEqual(withoutTime(whole.result));
    expect((await mergeJson([".splitbrain"], cwd)).result.missing?.map(({ shard }) => shard)).toEqual(["1/2"]);
  });

  it("needs neither the scenario nor its module: on a machine that has the journals alone, what failed fails again", async () => {
    const cwd = folderWith(sometimes);
    await huntShards(["mine.yaml", "--runs", "16"], ["1/2", "2/2"], cwd);
    const elsewhere = emptyFolder();
    for (const shard of ["1of2", "2of2"]) {
      mkdirSync(join(elsewhere, `artifacts/part ${shard}`), { recursive: true });
      copyFileSync(join(cwd, nameOf(shard)), join(elsewhere, `artifacts/part ${shard}/mine-seed1.shard${shard}.hunt.jsonl`));
    }
    rmSync(cwd, { recursive: true });
    const { code, result } = await mergeJson(["artifacts"], elsewhere);
    expect([code, result.protocol, result.failures.map(({ reproduced }) => reproduced)]).toEqual([1, "./mine.js", [true]]);
    const again = await splitbrain(["run", result.failures[0]?.scenario as string, "--quiet"], { cwd: elsewhere });
    expect(again.code).toBe(1);
  });

  const journals = {
    "empty/note": "",
    "quick.yaml": quick,
    [`ours/${file({ number: 1, of: 2 })}`]: madeUp({ number: 1, of: 2 }, 4),
    [`other/${file({ number: 2, of: 2 })}`]: madeUp({ number: 2, of: 2 }, 6),
    "whole.jsonl": journalLine(journalHeader(VERSION, { text: quick, file: "quick.yaml", overrides: [], mostEvents: 1000 }, 1)),
  };

  it.each<[string, readonly string[], RegExp]>([
    ["no file", ["nowhere.jsonl"], /^error: there is no journal nowhere\.jsonl\n/],
    ["a folder without shards", ["empty"], /^error: there is no journal of a shard in empty\n/],
    ["what is no journal", ["quick.yaml"], /^error: quick\.yaml is no journal of a campaign, or its first line is damaged\n/],
    ["a whole campaign's journal", ["ours", "whole.jsonl"], /^error: whole\.jsonl is the journal of a whole campaign, and not of a shard\n {2}`splitbrain hunt --shard 1\/4` writes one of a shard\.\n$/],
    ["shards of different campaigns", ["ours", "other"], /^error: ours\/quick-seed1\.shard1of2\.hunt\.jsonl and other\/quick-seed1\.shard2of2\.hunt\.jsonl are of different campaigns: they differ in --runs, 4 there, 6 here\n/],
  ])("refuses %s with exit code 2", async (_, paths, message) => {
    const cwd = folderWith(journals);
    const { code, stdout, stderr } = await splitbrain(["merge", ...paths], { cwd });
    expect(stderr).toMatch(message);
    expect([code, stdout, existsSync(join(cwd, ".splitbrain"))]).toEqual([2, "", false]);
  });

  it.each<[string, RegExp]>([
    ["text", /What is not there of the campaign\n {2}\? shard 2 of 2 is missing as a whole: 2 runs, the first with seed 2\n {4}splitbrain hunt quick\.yaml --runs 4 --shard 2\/2\n\nINCOMPLETE: UNKNOWN: no failure in 2 runs, and others are missing\n/],
    ["junit", /<testcase classname="splitbrain\.raft" name="shard 2\/2">\n {6}<error type="missing"/],
    ["github", /::warning title=shard 2\/2 is missing::.*splitbrain hunt quick\.yaml --runs 4 --shard 2\/2\n(.*\n)*hunt: verdict=unknown runs=2 .* ended=incomplete missing-shards=1\n$/],
  ])("tells --reporter %s what is missing", async (reporter, pattern) => {
    const { code, stdout } = await splitbrain(["merge", "ours", "--reporter", reporter], { cwd: folderWith(journals), env: { GITHUB_STEP_SUMMARY: "" } });
    expect(stdout).toMatch(pattern);
    expect(code).toBe(3);
  });
});

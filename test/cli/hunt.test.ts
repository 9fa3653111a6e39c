import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { HuntResult } from "../../sim/cli/hunt-result.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { emptyFolder, outcomeOf, splitbrain, start } from "./cli.ts";
import { folderWith, huntJson, moduleWith, quick, withModule, withoutTime } from "./hunting.ts";

/** A mutant that every third seed finds. */
const broken = ["quick.yaml", "--mutant", "term-not-persisted"];

describe("splitbrain hunt", () => {
  it("without a failure exits 0, and says what so many clean runs are worth", async () => {
    const { code, stdout, stderr } = await splitbrain(["hunt", "quick.yaml", "--runs", "12"], { cwd: folderWith({ "quick.yaml": quick }) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const part of ["raft · 12 runs, from seed 1 on", "What went wrong", "What the protocol came by", "PASS: no failure in 12 runs"]) expect(stdout).toContain(part);
    // The rule of three: 3 in 12.
    expect(stdout.replace(/\s+/g, " ")).toContain("If more than 25% of such runs failed, 12 runs without a failure would be seen less than once in 20 times (rule of three, at 95% confidence).");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^hunt: verdict=pass runs=12 failures=0 failed-runs=0 without-verdict=0 events=\d+ first-seed=1 ended=runs$/);
  });

  it("stops at the first failure with exit code 1, and `run` on what it leaves fails the same way", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const { code, result } = await huntJson([...broken, "--runs", "60"], cwd);
    expect([code, result.verdict, result.ended, result.failures.length]).toEqual([1, "fail", "failure", 1]);
    const [failure] = result.failures;
    expect(failure).toMatchObject({ seed: result.runs, reproduced: true, runs: 1 });
    expect(result.outcomes.fail).toBe(1);
    for (const file of [failure?.scenario, failure?.trace, failure?.history]) expect(existsSync(join(cwd, file as string)), file).toBe(true);

    const text = readFileSync(join(cwd, failure?.scenario as string), "utf8");
    const file = parse(text) as { readonly seed: number; readonly options: { readonly mutant: string }; readonly faults: readonly object[] };
    expect([file.seed, file.options.mutant, file.faults.length]).toEqual([failure?.seed, "term-not-persisted", failure?.faults]);
    expect(file.faults.some((fault) => "random" in fault)).toBe(false);

    const again = await splitbrain(["run", failure?.scenario as string, "--json"], { cwd });
    const run = JSON.parse(again.stdout) as RunResult;
    expect([again.code, run.verdict, run.events, run.metrics["operations.invoked"]]).toEqual([1, "fail", expect.any(Number), failure?.operations]);
    const names = [...run.violations.map(({ invariant }) => invariant), ...run.expectations.filter(({ verdict }) => verdict === "fail").map(({ name }) => name)];
    expect(names[0]).toBe(failure?.name);
  });

  it("finds the same failure with one worker as with three", async () => {
    const [one, three] = await Promise.all(["1", "3"].map((workers) => huntJson([...broken, "--runs", "60", "--workers", workers], folderWith({ "quick.yaml": quick }))));
    expect(withoutTime(three!.result)).toEqual(withoutTime(one!.result));
  });

  it("keeps going on --keep-going, and reports each kind of failure once, with how many runs show it", async () => {
    const { code, result } = await huntJson([...broken, "--runs", "16", "--keep-going"], folderWith({ "quick.yaml": quick }));
    expect([code, result.runs, result.ended]).toEqual([1, 16, "runs"]);
    expect(result.failures.reduce((sum, { runs }) => sum + runs, 0)).toBe(result.outcomes.fail);
    expect(result.outcomes.fail).toBeGreaterThan(1);
    const seeds = result.failures.map(({ seed }) => seed);
    expect(seeds).toEqual(seeds.toSorted((a, b) => a - b));
  });

  it("keeps the scenario's own faults, and adds a random schedule unless there is one", async () => {
    const own = `${quick}faults: [{ at: 1s, for: 200ms, isolate: n1, name: mine }]\n`;
    const cwd = folderWith({ "own.yaml": own, "random.yaml": `${quick}faults: [{ random: { kinds: [pause] } }]\n` });
    const faultsOf = async (name: string): Promise<HuntResult["faults"]> => (await huntJson([name, "--runs", "5"], cwd)).result.faults;
    const added = await faultsOf("own.yaml");
    expect(added["isolate"]?.runs).toBe(5);
    expect(Object.keys(added).length).toBeGreaterThan(2);
    expect(Object.keys(await faultsOf("random.yaml"))).toEqual(["pause"]);
  });

  it("does not ask under added random faults what was expected of metrics under the scenario's own, and says so", async () => {
    const strict = quick.replace("linearizable: true", 'linearizable: true, availability: "== 100%", latency.p99: "< 1us"');
    const cwd = folderWith({ "strict.yaml": strict, "asked.yaml": `${strict}faults: [{ random: {} }]\n` });
    const { code, result } = await huntJson(["strict.yaml", "--runs", "2"], cwd);
    expect([code, result.leftOut]).toEqual([0, ["availability", "latency.p99"]]);
    const asked = await huntJson(["asked.yaml", "--runs", "2"], cwd);
    expect([asked.code, asked.result.leftOut, asked.result.failures[0]?.name]).toEqual([1, [], "latency.p99"]);
  });

  it("takes --seed, --set and --mutant as `run` does", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const { result } = await huntJson(["quick.yaml", "--runs", "2", "--seed", "40", "--set", "faults=[{ random: { kinds: [crash] } }]", "--set", "nodes=5"], cwd);
    expect([result.firstSeed, Object.keys(result.faults)]).toEqual([40, ["crash"]]);
    expect(result.files.journal).toBe(".splitbrain/quick-seed40.hunt.jsonl");
    const mutant = await huntJson([...broken, "--runs", "1"], cwd);
    expect([mutant.result.mutant, mutant.result.files.journal]).toEqual(["term-not-persisted", ".splitbrain/quick-term-not-persisted-seed1.hunt.jsonl"]);
  });

  it("ends when its time is over, without a failure with exit code 0", async () => {
    const { code, result } = await huntJson(["quick.yaml", "--time", "1s"], folderWith({ "quick.yaml": quick }));
    expect([code, result.ended, result.verdict]).toEqual([0, "time", "pass"]);
    expect(result.runs).toBeGreaterThan(0);
  });

  it("on Ctrl-C keeps and reports what was finished, with exit code 130", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const child = start(["hunt", "quick.yaml", "--runs", "100000", "--json"], { cwd });
    child.stdin?.end();
    const journal = join(cwd, ".splitbrain/quick-seed1.hunt.jsonl");
    while (!existsSync(journal) || readFileSync(journal, "utf8").split("\n").length < 12) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { code, stdout } = await outcomeOf(child);
    const result = JSON.parse(stdout) as { readonly interrupted: boolean; readonly ended: string; readonly runs: number };
    expect([code, result.interrupted, result.ended]).toEqual([130, true, "interrupted"]);
    expect(result.runs).toBeGreaterThan(5);
  });

  it("prints the summary line alone with --quiet", async () => {
    const { stdout, stderr } = await splitbrain(["hunt", "quick.yaml", "--runs", "2", "--quiet"], { cwd: folderWith({ "quick.yaml": quick }) });
    expect(stdout).toMatch(/^hunt: verdict=pass runs=2 [^\n]*\n$/);
    expect(stderr).toBe("");
  });

  it.each([
    [["--runs", "0"], "--runs takes a whole number from 1 to"],
    [["--time", "5"], "--time: a duration needs a unit"],
    [["--time", "0s"], "--time takes a millisecond or more"],
    [["--workers", "0"], "--workers takes a whole number from 1 to 1024"],
    [["--run-memory", "1MiB"], "--run-memory takes 32MiB or more"],
    [["--reporter", "junti"], "--reporter cannot be 'junti', did you mean `junit`?"],
    [["--json", "--reporter", "github"], "--json and --reporter github exclude each other"],
    [["--shard", "3/64"], "--shard is not supported yet"],
    [["--queue", "redis://localhost"], "--queue is not supported yet"],
    [["--audit"], "--audit is not supported yet"],
    [["--mutant", "all"], "--mutant all is not supported yet"],
    [["--mutant", "quorum"], "quorum"],
    [["--set", "faults=[{ random: {} }]", "--set", "duration=600ms"], "random"],
    [["--set", "duration=600ms"], "there is no room for random faults in quick.yaml: this schedule has"],
  ])("refuses %s", async (args, message) => {
    const cwd = folderWith({ "quick.yaml": quick });
    const { code, stdout, stderr } = await splitbrain(["hunt", "quick.yaml", ...args], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining(args.includes("--json") ? "" : message) as string]);
    expect(stdout).toEqual(args.includes("--json") ? expect.stringContaining(message) : "");
    expect(readdirSync(cwd)).toEqual(["quick.yaml"]);
  });
});

describe("a hunt over a module of one's own", () => {
  it("counts a worker that dies, a run that stalls, one that never ends and one without memory as that seed's outcome, and goes on", async () => {
    const read = `const which = state.reads === 1 ? ctx.pick([0, 1, 2, 3, 4, 5]) : 5;
      if (which === 0) process.exit(3);
      if (which === 1) for (;;);
      if (which === 2) { const map = new Map(); for (let at = 0; ; at++) map.set(at, [at]); }
      if (which === 3) ctx.setTimer("spin", [0, 0]);`;
    const cwd = folderWith({ "mine.js": moduleWith(read, `onTimer: { spin: (state, ctx) => ctx.setTimer("spin", [0, 0]) },`), "mine.yaml": withModule });
    const { code, result } = await huntJson(["mine.yaml", "--runs", "24", "--run-events", "2000", "--run-timeout", "2s", "--run-memory", "48MiB"], cwd);
    expect([code, result.verdict, result.runs]).toEqual([3, "unknown", 24]);
    expect(result.withoutVerdict.map(({ kind, message }) => `${kind}: ${message.replace(/[\d.,]+/g, "#")}`).sort()).toEqual([
      "died: its worker ended itself with exit code #",
      "died: its worker ran out of memory# of which it may hold # MiB",
      "died: the protocol did not come back within #s# after # events# at #ms of virtual time",
      "endless: not over after # events# at #ms of virtual time",
    ]);
    const { pass, died, endless } = result.outcomes;
    expect([pass > 0, pass + died + endless]).toEqual([true, 24]);
  });

  it("whose module reads the machine's clock says where, as `run` does, with the seed", async () => {
    const cwd = folderWith({ "mine.js": moduleWith("if (ctx.pick([0, 1, 2]) === 0) Date.now();"), "mine.yaml": withModule });
    const { code, stdout, stderr } = await splitbrain(["hunt", "mine.yaml", "--runs", "10"], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^mine\.js:10:\d+: a protocol cannot call `Date\.now` \(with seed \d+\)\n 10 \| {7}if/);
  });

  it("whose handler throws has the failure and a scenario in another folder that finds the module", async () => {
    const cwd = folderWith({ "here/mine.js": moduleWith('if (state.reads === 3) throw new Error("the third");'), "here/mine.yaml": withModule });
    const { code, result } = await huntJson(["here/mine.yaml", "--runs", "3", "--out", "else/where"], cwd);
    expect([code, result.failures[0]?.seed, result.failures[0]?.scenario]).toEqual([1, 1, "else/where/mine-seed1.failure.yaml"]);
    expect(result.failures[0]?.message).toContain("the third");
    expect((await splitbrain(["run", result.failures[0]?.scenario as string, "--quiet"], { cwd })).code).toBe(1);
  });

  it("says of a failure that depends on more than its seed that it does", async () => {
    // A variable of the module outlives a run: the second one in a worker fails, and none does by itself.
    const cwd = folderWith({ "mine.js": moduleWith("if (state.reads === 1 && kept.count++ > 0) throw new Error('again');"), "mine.yaml": withModule });
    const { result } = await huntJson(["mine.yaml", "--runs", "4", "--workers", "1"], cwd);
    expect(result.failures.map(({ seed, reproduced }) => [seed, reproduced])).toEqual([[2, false]]);
    const text = await splitbrain(["hunt", "mine.yaml", "--runs", "4", "--workers", "1"], { cwd });
    expect(text.stdout.replace(/\s+/g, " ")).toContain("something of the protocol outlives a run");
  });
});

describe("a hunt's reporters", () => {
  const cases = { "quick.yaml": quick };

  it("junit: a case a distinct failure, and one for all the rest; the summary line goes to standard error", async () => {
    const { code, stdout, stderr } = await splitbrain(["hunt", ...broken, "--runs", "60", "--reporter", "junit"], { cwd: folderWith(cases) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="splitbrain hunt" tests="2" failures="1" errors="0" skipped="0" time="[\d.]+">\n {2}<testsuite name="Quick \(term-not-persisted\)" /);
    expect(stdout.match(/<testcase /g)?.length).toBe(2);
    expect(stdout).toMatch(/<failure type="[^"]+" message="[^"]+">[^<]*splitbrain run \.splitbrain\/quick-term-not-persisted-seed\d+\.failure\.yaml/);
    expect(stderr).toMatch(/^hunt: verdict=fail /);
  });

  it("github: an annotation a failure, a notice, the summary line, and the page of the workflow's run", async () => {
    const cwd = folderWith(cases);
    const child = start(["hunt", ...broken, "--runs", "60", "--reporter", "github"], { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, "summary.md") } });
    child.stdin?.end();
    const { stdout } = await outcomeOf(child);
    const [error, notice, summary] = stdout.trimEnd().split("\n");
    expect(error).toMatch(/^::error file=\.splitbrain\/quick-term-not-persisted-seed\d+\.failure\.yaml,title=[^:]+::.+%0Asplitbrain run /);
    expect(notice).toMatch(/^::notice title=splitbrain hunt::Quick: fail, a failure in \d+ runs/);
    expect(summary).toMatch(/^hunt: verdict=fail /);
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(/^### splitbrain hunt\n\nQuick: fail, a failure in[^\n]+\n\n\| failure \| first seed/);
  });

  it("json: as --json", async () => {
    const { stdout } = await splitbrain(["hunt", "quick.yaml", "--runs", "2", "--reporter", "json"], { cwd: folderWith(cases) });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, scenario: "Quick", protocol: "raft", verdict: "pass", runs: 2, failures: [], neverReached: [], failureRate: { atMost: 1, confidence: 0.95 } });
  });
});

describe("a scenario from standard input", () => {
  it("is hunted too", async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await splitbrain(["hunt", "-", "--runs", "2", "--quiet"], { cwd, input: quick });
    expect([code, stdout.slice(0, 25)]).toEqual([0, "hunt: verdict=pass runs=2"]);
    expect(readdirSync(join(cwd, ".splitbrain"))).toEqual(["quick-seed1.hunt.jsonl"]);
  });
});

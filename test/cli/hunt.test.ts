import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { HuntResult } from "../../sim/cli/hunt-result.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { emptyFolder, outcomeOf, splitbrain, start } from "./cli.ts";
import { broken, folderWith, huntJson, moduleWith, quick, withModule, withoutTime, type Hunted } from "./hunting.ts";

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
    const cwd = folderWith({ "broken.yaml": broken });
    const { code, result } = await huntJson(["broken.yaml"], cwd);
    expect([code, result.verdict, result.ended, result.runs, result.failures.length]).toEqual([1, "fail", "failure", 2, 1]);
    const [failure] = result.failures;
    expect(failure).toMatchObject({ seed: 2, name: "leader completeness", reproduced: true, runs: 1, scenario: ".splitbrain/broken-quorum-off-by-one-seed2.failure.yaml" });
    for (const file of [failure?.scenario, failure?.trace, failure?.history]) expect(existsSync(join(cwd, file as string)), file).toBe(true);

    const file = parse(readFileSync(join(cwd, failure?.scenario as string), "utf8")) as { readonly options: { readonly mutant: string }; readonly faults: readonly object[] };
    expect([file.options.mutant, file.faults.length]).toEqual(["quorum-off-by-one", failure?.faults]);
    expect(file.faults.some((fault) => "random" in fault)).toBe(false);

    const again = await splitbrain(["run", failure?.scenario as string, "--json"], { cwd });
    const run = JSON.parse(again.stdout) as RunResult;
    expect([again.code, run.verdict, run.metrics["operations.invoked"]]).toEqual([1, "fail", failure?.operations]);
    expect(run.violations.map(({ invariant, message }) => [invariant, message])).toContainEqual(["leader completeness", failure?.message]);
  });

  it("finds the same with one worker as with three, and on --keep-going each kind of failure once", async () => {
    const args = ["broken.yaml", "--runs", "4", "--keep-going", "--workers"];
    const [one, three] = (await Promise.all(["1", "3"].map((workers) => huntJson([...args, workers], folderWith({ "broken.yaml": broken }))))) as [Hunted, Hunted];
    expect(withoutTime(three.result)).toEqual(withoutTime(one.result));
    const { failures, outcomes, runs, ended } = one.result;
    expect([one.code, runs, ended, failures.map(({ seed, name }) => [seed, name])]).toEqual([1, 4, "runs", [[2, "leader completeness"], [3, "election safety"]]]);
    expect(failures.reduce((sum, failure) => sum + failure.runs, 0)).toBe(outcomes.fail);
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
    const mutant = await huntJson(["quick.yaml", "--mutant", "quorum-off-by-one", "--runs", "1"], cwd);
    expect([mutant.result.mutant, mutant.result.files.journal]).toEqual(["quorum-off-by-one", ".splitbrain/quick-quorum-off-by-one-seed1.hunt.jsonl"]);
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

  it("on Ctrl-C while it makes a failure smaller writes what it has, with exit code 130", async () => {
    const cwd = folderWith({ "broken.yaml": broken });
    const child = start(["hunt", "broken.yaml", "--json"], { cwd });
    child.stdin?.end();
    const journal = join(cwd, ".splitbrain/broken-quorum-off-by-one-seed1.hunt.jsonl");
    while (!existsSync(journal) || !readFileSync(journal, "utf8").includes('{"end":true')) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill("SIGINT");
    const { code, stdout } = await outcomeOf(child);
    const { ended, failures } = JSON.parse(stdout) as HuntResult;
    expect([code, ended, failures.map(({ seed, reproduced }) => [seed, reproduced])]).toEqual([130, "interrupted", [[2, true]]]);
  });

  it("prints the summary line alone with --quiet", async () => {
    const { stdout, stderr } = await splitbrain(["hunt", "quick.yaml", "--runs", "2", "--quiet"], { cwd: folderWith({ "quick.yaml": quick }) });
    expect(stdout).toMatch(/^hunt: verdict=pass runs=2 [^\n]*\n$/);
    expect(stderr).toBe("");
  });

  it.each([
    [["--reporter", "junti"], "--reporter cannot be 'junti', did you mean `junit`?"],
    [["--json", "--time", "0s"], "--time takes a millisecond or more"],
    [["--audit", "--mutant", "quorum-off-by-one"], "--audit and --mutant exclude each other"],
    [["--mutant", "all", "--keep-going"], "--mutant all does not go with --keep-going"],
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
  it("counts a worker that dies, a run that comes to a stop and one that never ends as that seed's outcome, and goes on", async () => {
    const read = `const which = state.reads === 1 ? ctx.pick([0, 1, 2, 3]) : 3;
      if (which === 0) process.exit(3);
      if (which === 1) for (;;);
      if (which === 2) ctx.setTimer("spin", [0, 0]);`;
    const cwd = folderWith({ "mine.js": moduleWith(read, `onTimer: { spin: (state, ctx) => ctx.setTimer("spin", [0, 0]) },`), "mine.yaml": withModule });
    // These four seeds draw each of the four.
    const { code, result } = await huntJson(["mine.yaml", "--seed", "13", "--runs", "4", "--run-events", "2000", "--run-timeout", "400ms"], cwd);
    expect([code, result.verdict, result.runs, result.outcomes]).toEqual([3, "unknown", 4, { pass: 1, fail: 0, unknown: 0, endless: 1, died: 2, error: 0 }]);
    expect(result.withoutVerdict.map(({ seed, kind, message }) => `${seed} ${kind}: ${message.replace(/[\d.,]+/g, "#")}`)).toEqual([
      "13 died: the protocol did not come back within #s# after # events# at #ms of virtual time",
      "15 died: its worker ended itself with exit code #",
      "16 endless: not over after # events# at #ms of virtual time",
    ]);
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
  it("junit: the document is all there is on standard output, and the summary line goes to standard error", async () => {
    const { code, stdout, stderr } = await splitbrain(["hunt", "quick.yaml", "--runs", "2", "--reporter", "junit"], { cwd: folderWith({ "quick.yaml": quick }) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites [^]*<\/testsuites>\n$/);
    expect(stderr).toMatch(/^hunt: verdict=pass runs=2 [^\n]*\n$/);
  });

  it("github: a notice, the summary line, and the page of the workflow's run", async () => {
    const cwd = folderWith({ "quick.yaml": quick });
    const child = start(["hunt", "quick.yaml", "--runs", "2", "--reporter", "github"], { cwd, env: { GITHUB_STEP_SUMMARY: join(cwd, "summary.md") } });
    child.stdin?.end();
    const { stdout } = await outcomeOf(child);
    expect(stdout).toMatch(/^::notice title=splitbrain hunt::Quick: pass, no failure in 2 runs [^\n]*\nhunt: verdict=pass [^\n]*\n$/);
    expect(readFileSync(join(cwd, "summary.md"), "utf8")).toMatch(/^### splitbrain hunt\n\nQuick: pass, no failure in 2 runs/);
  });

  it("json: as --json", async () => {
    const { stdout } = await splitbrain(["hunt", "quick.yaml", "--runs", "2", "--reporter", "json"], { cwd: folderWith({ "quick.yaml": quick }) });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, scenario: "Quick", protocol: "raft", verdict: "pass", runs: 2, failures: [], neverReached: expect.arrayContaining(["prevote.denied"]), failureRate: { atMost: 1, confidence: 0.95 } });
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

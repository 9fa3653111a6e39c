import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HuntResult } from "../../sim/cli/hunt-result.ts";
import type { MutantsResult } from "../../sim/cli/mutants-result.ts";
import { splitbrain } from "./cli.ts";
import { folderWith } from "./hunting.ts";

/** One node with one register, and a mistake of every sort: two that a checker and an invariant see, one that nobody comes to, and one that needs an option. */
const module = `import { defineProtocol } from "splitbrain";
export default defineProtocol({
  name: "mine",
  options: { cached: { type: "boolean", default: false, summary: "Answers from a cache." } },
  rules: { answer: (state) => state.value, count: (state) => state.writes + 1, cache: (state) => state.value, repair: () => 0 },
  boot: () => ({ value: null, writes: 0 }),
  durable: ["value", "writes"],
  onMessage: {},
  onRequest: {
    read: (state, request, ctx) => ctx.reply(request, { type: "ok", value: ctx.options.cached ? ctx.rules.cache(state) : ctx.rules.answer(state) }),
    write(state, request, ctx) {
      state.value = request.value;
      state.writes = ctx.rules.count(state);
      ctx.persist();
      ctx.reply(request, { type: "ok" });
    },
    cas: (state, request, ctx) => ctx.reply(request, { type: "fail", error: "mismatch" }),
  },
  inspect: (state) => ({ writes: state.writes }),
  model: "register",
  invariants: [{
    name: "writes are counted",
    summary: "Nobody counts fewer than none.",
    begin: () => null,
    onChange: (_, node, view) => (view.shown(node).writes < 0 ? { nodes: [node], message: "fewer than none" } : undefined),
  }],
  mutants: {
    amnesia: { summary: "It answers as if nobody had written.", rules: { answer: () => null } },
    backwards: { summary: "It counts down.", rules: { count: (state) => state.writes - 1 } },
    "bad-repair": { summary: "It repairs wrongly.", rules: { repair: () => 1 } },
    "empty-cache": { summary: "Its cache is empty.", needs: { cached: true }, rules: { cache: () => null } },
  },
});
`;

const scenario = `version: 1
name: One register
protocol: ./mine.js
nodes: 1
duration: 2s
network: { latency: 1ms }
workload: { clients: 1, rate: 40/s, keys: { count: 1 }, operations: { read: 50, write: 50 } }
faults: [{ random: { kinds: [pause] } }]
expect: { linearizable: true }
`;

const files = { "mine.js": module, "mine.yaml": scenario };

async function allOf(args: readonly string[], cwd: string): Promise<{ readonly code: number | null; readonly result: MutantsResult }> {
  const { code, stdout, stderr } = await splitbrain(["hunt", "mine.yaml", "--mutant", "all", ...args, "--json"], { cwd });
  if (stdout === "") throw new Error(`no JSON: ${stderr}`);
  return { code, result: JSON.parse(stdout) as MutantsResult };
}

describe("hunt --mutant all", () => {
  it("tells of each mutant what caught it and under which seed, gives each the options that it needs, and exits 1 where one is missed", async () => {
    const cwd = folderWith(files);
    const { code, result } = await allOf(["--runs", "3"], cwd);
    expect([code, result.verdict, result.caught, result.missed]).toEqual([1, "fail", 3, ["./mine.js/bad-repair"]]);
    expect(result.mutants.map(({ name, caught, by, runs, reached }) => [name.slice("./mine.js/".length), caught, by?.kind, by?.name, by?.seed, runs, reached])).toEqual([
      ["amnesia", true, "checker", "linearizable", 1, 1, true],
      ["backwards", true, "invariant", "writes are counted", 1, 1, true],
      ["bad-repair", false, undefined, undefined, undefined, 3, false],
      ["empty-cache", true, "checker", "linearizable", 1, 1, true],
    ]);
    expect(result.mutants[3]?.needs).toEqual({ cached: true });
    expect(result.runs).toBe(6);
    // Nothing is made smaller: the table is what was asked for.
    expect(readdirSync(join(cwd, ".splitbrain")).filter((name) => name.includes("failure"))).toEqual([]);
  });

  it("prints a table, says why a mutant was missed, and carries on where it was", async () => {
    const cwd = folderWith(files);
    await allOf(["--runs", "2"], cwd);
    const { code, stdout, stderr } = await splitbrain(["hunt", "mine.yaml", "--mutant", "all", "--runs", "2", "--resume"], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("2 runs are in .splitbrain/mine-bad-repair-seed1.hunt.jsonl: the campaign goes on");
    expect(stdout).toMatch(/✓ \.\/mine\.js\/amnesia +checker +linearizable +1 +1 +/);
    expect(stdout).toMatch(/✗ \.\/mine\.js\/bad-repair +nothing/);
    expect(stdout.replace(/\s+/g, " ")).toContain("In 2 runs nobody came to what it changes");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^mutants: verdict=fail caught=3 missed=1 runs=5 events=\d+ first-seed=1 ended=all$/);
  });

  it("is a case a mutant for JUnit, and a line a missed one for GitHub", async () => {
    const cwd = folderWith(files);
    const [junit, github] = await Promise.all(["junit", "github"].map((reporter) => splitbrain(["hunt", "mine.yaml", "--mutant", "all", "--runs", "1", "--reporter", reporter, "--out", reporter], { cwd })));
    expect(junit?.stdout).toContain('<testsuites name="splitbrain mutants" tests="4" failures="1" errors="0" skipped="0"');
    expect(junit?.stdout).toContain('<failure type="missed" message="nothing caught it in 1 runs: It repairs wrongly.">');
    expect(github?.stdout.split("\n")[0]).toBe("::error title=./mine.js/bad-repair is not caught::nothing caught it in 1 runs: It repairs wrongly.");
  });

  it("without a scenario goes through every protocol; anything else needs one", async () => {
    const cwd = folderWith({});
    const refused = await splitbrain(["hunt", "--runs", "1"], { cwd });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("which scenario?")]);
    const wrong = await splitbrain(["hunt", "--mutant", "all", "--keep-going"], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("--mutant all does not go with --keep-going")]);
    expect(existsSync(join(cwd, ".splitbrain"))).toBe(false);
  });

  it("says so where a protocol has no mutants", async () => {
    const cwd = folderWith({ ...files, "mine.js": module.replace(/mutants: \{[\s\S]*\n {2}\},\n/, "") });
    const { code, stderr } = await splitbrain(["hunt", "mine.yaml", "--mutant", "all"], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining("./mine.js has no mutants")]);
  });
});

describe("hunt --audit", () => {
  it("after a campaign without a failure says which mutants the same runs catch, and which of its rules nobody called", async () => {
    const cwd = folderWith(files);
    const { code, stdout } = await splitbrain(["hunt", "mine.yaml", "--runs", "2", "--audit", "--json"], { cwd });
    const { audit, rulesNeverReached, runs, verdict } = JSON.parse(stdout) as HuntResult;
    expect([code, verdict, runs]).toEqual([0, "pass", 2]);
    expect(rulesNeverReached).toEqual(["rule cache", "rule repair", "request cas"]);
    expect(audit?.map(({ name, caught, runs: tried }) => [name.slice("./mine.js/".length), caught, tried])).toEqual([["amnesia", true, 1], ["backwards", true, 1], ["bad-repair", false, 2], ["empty-cache", null, 0]]);
  });

  it("of a campaign that failed is not done", async () => {
    const cwd = folderWith({ ...files, "mine.js": module.replace("answer: (state) => state.value", "answer: () => null") });
    const { code, stdout } = await splitbrain(["hunt", "mine.yaml", "--runs", "2", "--audit", "--json"], { cwd });
    expect([code, (JSON.parse(stdout) as HuntResult).audit]).toEqual([1, undefined]);
  });
});

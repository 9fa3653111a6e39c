import { describe, expect, it } from "vitest";
import { Args } from "../../sim/cli/command.ts";
import { formatGithub, githubSummary } from "../../sim/cli/hunt-github.ts";
import { formatJunit } from "../../sim/cli/hunt-junit.ts";
import { huntSettings } from "../../sim/cli/hunt-options.ts";
import { formatHunt, summaryLine } from "../../sim/cli/hunt-report.ts";
import { huntExitCode, type HuntFailure, type HuntResult } from "../../sim/cli/hunt-result.ts";
import { paintFor } from "../../sim/cli/terminal.ts";

const clean: HuntResult = {
  version: 1, scenario: "A <test> & more", protocol: "raft", verdict: "pass", ended: "runs", firstSeed: 1, runs: 1000, events: 184_023, virtualTime: "20000s", virtualTimeNs: 20_000e9,
  outcomes: { pass: 1000, fail: 0, unknown: 0, endless: 0, died: 0, error: 0 }, failures: [], withoutVerdict: [], faults: { crash: { runs: 300, times: 412 } },
  moments: { "election.won": 1000, "leader.stepped-down": 17 }, momentsNeverSeen: ["term.lost"], reached: {}, neverReached: [], rulesNeverReached: ["rule afterPreVotes"], phases: { "crash @ start": 12, "crash @ election.won": 290 }, leftOut: ["availability"],
  failureRate: { atMost: 0.003, confidence: 0.95 }, wallTimeMs: 12_340, files: { journal: ".splitbrain/a-seed1.hunt.jsonl" },
};

const failure: HuntFailure = {
  seed: 411, name: "election safety", message: 'n1 and n2 lead\nterm "3"', also: ["linearizable"], runs: 2, scenario: ".splitbrain/a,b-seed411.failure.yaml", faults: 1, operations: 6,
  trace: ".splitbrain/a-seed411.failure.trace", history: ".splitbrain/a-seed411.failure.history.jsonl", reproduced: true,
};

const { failureRate: _, ...rest } = clean;
const failing: HuntResult = { ...rest, verdict: "fail", ended: "failure", runs: 411, outcomes: { ...clean.outcomes, pass: 409, fail: 1, died: 1 }, failures: [failure], withoutVerdict: [{ kind: "died", message: "its worker ended itself with exit code 3", seed: 17, runs: 1 }] };

const style = { paint: paintFor(false, {}, false), columns: 80, program: "splitbrain" };

describe("a hunt's exit code", () => {
  it.each<[string, HuntResult, number]>([
    ["no failure", clean, 0],
    ["a failure", failing, 1],
    ["a failure before the interruption", { ...failing, ended: "interrupted" }, 130],
    ["a run without a verdict", { ...clean, verdict: "unknown" }, 3],
    ["a run that we could not do", { ...clean, verdict: "unknown", outcomes: { ...clean.outcomes, error: 1 } }, 70],
    ["a failure beside a run that we could not do", { ...failing, outcomes: { ...failing.outcomes, error: 1 } }, 1],
  ])("of %s is told", (_name, result, code) => expect(huntExitCode(result)).toBe(code));
});

describe("a hunt's report", () => {
  it("ends with a line whose keys stay", () => {
    expect(summaryLine(clean)).toBe("hunt: verdict=pass runs=1000 failures=0 failed-runs=0 without-verdict=0 events=184023 first-seed=1 ended=runs");
    expect(formatHunt(failing, style).split("\n").at(-1)).toBe("hunt: verdict=fail runs=411 failures=1 failed-runs=1 without-verdict=1 events=184023 first-seed=1 ended=failure");
  });

  it("says what was tried, what was never seen, and what was left out", () => {
    const text = formatHunt(clean, style);
    for (const part of ["crash  412 times  in 300 of 1,000 runs", "leader.stepped-down  in 17 of 1,000 runs", "in none: term.lost", "\n  in every run: election.won\n"]) expect(text).toContain(part);
    expect(text).toContain("Rules that no run reached\n  rule afterPreVotes\n");
    // Of the phases that there are, a crash was met in two.
    expect(text.replace(/\s+/g, " ")).toContain("in 300 of 1,000 runs not after leader.stepped-down, after term.lost");
    expect(text.replace(/\s+/g, " ")).toContain("not asked under random faults, where it was said of the scenario's own: availability");
    expect(text).toContain("If more than 0.3% of such runs failed, 1,000 runs without a failure");
  });

  it("says of a failure what it is, where to run it and where to see it", () => {
    const text = formatHunt(failing, style);
    for (const part of ["✗ election safety  seed 411, the first in 411 runs", "then linearizable", "(1 fault, 6 operations)", "splitbrain run .splitbrain/a,b-seed411.failure.yaml", "splitbrain view .splitbrain/a-seed411.failure.trace", "? a worker that died  seed 17", "FAIL: a failure in 411 runs"]) expect(text).toContain(part);
    expect(text).not.toContain("rule of three");
  });

  it("is the same but for the line of the time it took", () => {
    const without = (result: HuntResult): string[] => formatHunt(result, style).split("\n").filter((line) => !line.startsWith("took "));
    expect(without({ ...clean, wallTimeMs: 1 })).toEqual(without(clean));
  });
});

describe("junit", () => {
  it("has a case a distinct failure, one for runs without a verdict, and one for all the rest", () => {
    const text = formatJunit(failing);
    expect(text).toContain('<testsuites name="splitbrain hunt" tests="3" failures="1" errors="1" skipped="0" time="12.340">');
    expect(text).toContain('<failure type="election safety" message="n1 and n2 lead&#10;term &quot;3&quot;">n1 and n2 lead\nterm "3"\nsplitbrain run ');
    expect(text).toContain('<error type="died" message="its worker ended itself with exit code 3"/>');
    expect(text.match(/<testcase /g)?.length).toBe(3);
  });

  it("escapes what XML cannot hold", () => {
    expect(formatJunit(clean)).toContain('<testsuite name="A &lt;test&gt; &amp; more" tests="1" failures="0"');
    expect(formatJunit({ ...failing, failures: [{ ...failure, message: "\u0000\u001b[31m" }] })).toContain('message="��[31m"');
  });
});

describe("github", () => {
  it("has a line a failure, with everything escaped that ends a command, a property or a line", () => {
    expect(formatGithub(failing).split("\n")).toEqual([
      '::error file=.splitbrain/a%2Cb-seed411.failure.yaml,title=election safety (seed 411)::n1 and n2 lead%0Aterm "3"%0Asplitbrain run .splitbrain/a,b-seed411.failure.yaml',
      "::warning title=died (seed 17%2C 1 in all)::its worker ended itself with exit code 3",
      "::notice title=splitbrain hunt::A <test> & more: fail, a failure in 411 runs with 184,023 events in 5h33m of virtual time",
    ]);
    expect(formatGithub(clean)).toContain("; at most 0.3%25 of such runs fail, at 95%25 confidence");
  });

  it("has a table for the page of the workflow's run", () => {
    expect(githubSummary({ ...failing, failures: [{ ...failure, message: "a | b" }] })).toContain("\n| election safety | 411 | 2 | a \\| b | `.splitbrain/a,b-seed411.failure.yaml` |");
  });
});

describe("a hunt's options", () => {
  const settings = (values: { readonly [name: string]: unknown }): ReturnType<typeof huntSettings> => huntSettings(new Args(values));

  it("are by default as much as a person waits for: 1,000 runs, or what a minute allows", () => {
    expect(settings({})).toMatchObject({ runs: 1000, timeMs: 60_000, keepGoing: false, resume: false, reporter: "text", folder: ".splitbrain" });
  });

  it("with --runs or --time alone have no other limit", () => {
    expect(settings({ runs: "20000" })).toMatchObject({ runs: 20_000, timeMs: Infinity });
    expect(settings({ time: "10m" })).toMatchObject({ runs: Infinity, timeMs: 600_000 });
    expect(settings({ time: "1h", runs: "5" })).toMatchObject({ runs: 5, timeMs: 3_600_000 });
  });

  it.each<[{ readonly [name: string]: unknown }, string]>([
    [{ runs: "0" }, "--runs takes a whole number from 1 to"],
    [{ time: "5" }, "--time: a duration needs a unit"],
    [{ time: "0s" }, "--time takes a millisecond or more, not '0s'"],
    [{ workers: "0" }, "--workers takes a whole number from 1 to 1024"],
    [{ "run-memory": "1MiB" }, "--run-memory takes 32MiB or more, not '1MiB'"],
    [{ "run-timeout": "2parsecs" }, "--run-timeout: `parsecs` is not a unit of a duration"],
    [{ json: true, reporter: "github" }, "--json and --reporter github exclude each other"],
  ])("refuse %o", (values, message) => expect(() => settings(values)).toThrow(message));
});

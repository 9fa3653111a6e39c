import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { SweepJson } from "../../sim/campaign/sweep/json.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { browserTest } from "../viz/browser.ts";
import { outcomeOf, splitbrain, start } from "./cli.ts";
import { folderWith } from "./hunting.ts";

/** Six cells of short runs. */
const text = `version: 1
name: Losses
protocol: lww-register
nodes: 3
seed: 11
duration: 2s
network: { latency: 1ms..3ms }
workload: { clients: 1, rate: 40/s, keys: { count: 2 }, until: 1s }
experiment:
  repeat: 4
  vary:
    network.loss: [0%, 10%, 50%]
    options.gossipPeriod: [20ms, 200ms]
  measure: [staleness.share, messages.perOperation]
  plot:
    - { line: messages.perOperation, by: [network.loss] }
    - { heat: staleness.share }
    - { cdf: messages.perOperation, x: log }
`;

interface Swept {
  readonly code: number | null;
  readonly stderr: string;
  readonly result: SweepJson;
}

async function sweepJson(args: readonly string[], cwd: string): Promise<Swept> {
  const { code, stdout, stderr } = await splitbrain(["sweep", ...args, "--json"], { cwd });
  if (stdout === "") throw new Error(`no JSON: ${stderr}`);
  return { code, stderr, result: JSON.parse(stdout) as SweepJson };
}

const withoutTime = ({ wallTimeMs: _, ...rest }: SweepJson): Omit<SweepJson, "wallTimeMs"> => rest;

describe("splitbrain sweep", () => {
  it("prints a table for each metric, a line a cell, and writes a table, a result and a page", async () => {
    const cwd = folderWith({ "losses.yaml": text });
    const { code, stdout, stderr } = await splitbrain(["sweep", "losses.yaml"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const part of ["Losses", "lww-register · 6 cells, each under 4 seeds from 11", "staleness.share", "messages.perOperation", "PASS: of 24 runs 24 passed"]) expect(stdout).toContain(part);
    expect(stdout).toMatch(/\n {2}50% {11}20ms +\d/);
    expect(readdirSync(join(cwd, ".splitbrain")).sort()).toEqual(["losses-seed11.sweep.csv", "losses-seed11.sweep.html", "losses-seed11.sweep.json", "losses-seed11.sweep.jsonl"]);
    const lines = readFileSync(join(cwd, ".splitbrain/losses-seed11.sweep.csv"), "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("cell,network.loss,options.gossipPeriod,seed,verdict,staleness.share,messages.perOperation,digest");
    expect(lines).toHaveLength(25);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^sweep: verdict=pass cells=6 runs=24 failed-runs=0 without-verdict=0 events=\d+ first-seed=11 ended=runs$/);
  });

  it("prints one JSON document by the contract on --json, and keeps it", async () => {
    const cwd = folderWith({ "losses.yaml": text });
    const { code, stderr, result } = await sweepJson(["losses.yaml", "--runs", "3", "--seed", "5"], cwd);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(result).toMatchObject({ version: 1, scenario: "Losses", protocol: "lww-register", seed: 5, runs: 18, verdict: "pass" });
    expect(result.cells.map(({ settings, runs }) => [settings["network.loss"], settings["options.gossipPeriod"], runs])).toEqual(
      ["0%", "10%", "50%"].flatMap((loss) => ["20ms", "200ms"].map((period) => [loss, period, 3])),
    );
    const figures = result.cells[1]?.metrics["messages.perOperation"] as { readonly mean: number; readonly ci95: readonly [number, number]; readonly difference: { readonly pairs: number } };
    expect([figures.ci95[0] <= figures.mean, figures.mean <= figures.ci95[1], figures.difference.pairs]).toEqual([true, true, 3]);
    expect(JSON.parse(readFileSync(join(cwd, result.files.result as string), "utf8"))).toEqual(result);
  });

  it("gives durations as whole nanoseconds under names that end in Ns", async () => {
    const cwd = folderWith({ "losses.yaml": text.replace("measure: [staleness.share", "measure: [latency.p50") });
    const { result } = await sweepJson(["losses.yaml", "--runs", "2"], cwd);
    const figures = result.cells[0]?.metrics["latency.p50"] as { readonly [name: string]: unknown };
    expect(Object.keys(figures).filter((name) => !name.endsWith("Ns")).sort()).toEqual(["measured", "missing"]);
    expect(["meanNs", "p50Ns", "p95Ns", "p99Ns"].every((name) => Number.isInteger(figures[name]))).toBe(true);
    expect(readFileSync(join(cwd, result.files.table as string), "utf8").split("\n")[0]).toContain("latency.p50Ns");
  });

  it("comes to the same with one worker as with three, but for the wall time", async () => {
    const folders = ["1", "3"].map((workers) => ({ workers, cwd: folderWith({ "losses.yaml": text }) }));
    const [one, three] = await Promise.all(folders.map(({ workers, cwd }) => sweepJson(["losses.yaml", "--runs", "3", "--workers", workers], cwd)));
    expect(withoutTime(three!.result)).toEqual(withoutTime(one!.result));
    const [first, second] = folders.map(({ cwd }) => readFileSync(join(cwd, ".splitbrain/losses-seed11.sweep.csv"), "utf8"));
    expect(second).toBe(first);
  });

  it("has in each line of its table the run that `run` does with those settings", async () => {
    const cwd = folderWith({ "losses.yaml": text });
    const { result } = await sweepJson(["losses.yaml", "--runs", "2"], cwd);
    const lines = readFileSync(join(cwd, result.files.table as string), "utf8").trimEnd().split("\n");
    const [, loss, period, seed, , share, , digest] = lines.at(-1)!.split(",");
    const again = await splitbrain(["run", "losses.yaml", "--json", "--seed", seed!, "--set", `network.loss=${loss}`, "--set", `options.gossipPeriod=${period}`], { cwd });
    const run = JSON.parse(again.stdout) as RunResult;
    expect([run.digest, String(run.metrics["staleness.share"])]).toEqual([digest, share]);
  });

  it("takes a scenario without the key for one cell, and chooses what to measure", async () => {
    const { code, stdout } = await splitbrain(["sweep", "plain.yaml", "--runs", "5"], { cwd: folderWith({ "plain.yaml": text.split("experiment:")[0]! }) });
    expect(code).toBe(0);
    for (const part of ["one cell under 5 seeds from 11", "latency.p99", "staleness.share"]) expect(stdout).toContain(part);
    // Nobody is elected in a store without leaders.
    expect(stdout).not.toContain("election.time");
  });

  it("adds seeds to a sweep that was done with --resume, and runs only those", async () => {
    const cwd = folderWith({ "losses.yaml": text });
    await sweepJson(["losses.yaml", "--runs", "2"], cwd);
    const journal = join(cwd, ".splitbrain/losses-seed11.sweep.jsonl");
    const before = readFileSync(journal, "utf8").split("\n").length;
    const more = await sweepJson(["losses.yaml", "--runs", "3", "--resume"], cwd);
    // Six more outcomes, and that it came to its end.
    expect(readFileSync(journal, "utf8").split("\n").length - before).toBe(7);
    const whole = await sweepJson(["losses.yaml", "--runs", "3"], folderWith({ "losses.yaml": text }));
    expect(withoutTime(more.result)).toEqual(withoutTime(whole.result));
  });

  it("carries on what was killed, and comes to the same", async () => {
    const cwd = folderWith({ "losses.yaml": text });
    const child = start(["sweep", "losses.yaml", "--runs", "12", "--quiet"], { cwd });
    const ended = outcomeOf(child);
    const journal = join(cwd, ".splitbrain/losses-seed11.sweep.jsonl");
    while (!existsSync(journal) || statSync(journal).size < 6_000) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGKILL");
    expect((await ended).code).toBeNull();
    const resumed = await sweepJson(["losses.yaml", "--runs", "12", "--resume"], cwd);
    const whole = await sweepJson(["losses.yaml", "--runs", "12"], folderWith({ "losses.yaml": text }));
    expect(withoutTime(resumed.result)).toEqual(withoutTime(whole.result));
  });

  it("on Ctrl-C reports what was done and exits 130", async () => {
    const cwd = folderWith({ "losses.yaml": text });
    const child = start(["sweep", "losses.yaml", "--runs", "100000", "--json"], { cwd });
    const ended = outcomeOf(child);
    const journal = join(cwd, ".splitbrain/losses-seed11.sweep.jsonl");
    while (!existsSync(journal) || statSync(journal).size < 30_000) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
    const result = JSON.parse(stdout) as SweepJson;
    expect([result.interrupted, result.runs > 5, existsSync(join(cwd, result.files.page as string))]).toEqual([true, true, true]);
  });

  it("exits 1 where runs fail what is expected, and says which and where", async () => {
    const cwd = folderWith({ "losses.yaml": `${text}expect: { messages.perOperation: "< 5" }\n` });
    const { code, stdout } = await splitbrain(["sweep", "losses.yaml", "--runs", "2"], { cwd });
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, " ")).toMatch(/✗ messages\.perOperation: messages\.perOperation was .* \(6 of 12 runs, first with seed 11 and 0%, 20ms\)/);
    expect(stdout).toContain("FAIL: of 12 runs 6 passed, 6 failed");
  });

  it.each([
    [["losses.yaml", "--set", "network.loss=5%"], "the experiment varies network.loss, which --set network.loss=5% would fix"],
    [["losses.yaml", "--set", "experiment.reference=raft-2014-figure-61"], "did you mean `raft-2014-figure-16`?"],
    [["losses.yaml", "--runs", "0"], "--runs takes a whole number from 1"],
    [["losses.yaml", "--set", "experiment.vary.nodes=[3, many]"], "found `many`"],
    [["losses.yaml", "--set", "experiment.vary.duration=[2s, 500ms]", "--set", "expect.converged=true"], "`converged` needs 1s"],
    [["losses.yaml", "--time", "5s"], "sweep has no option --time"],
  ])("%j is refused with exit code 2 before anything is written", async (args, message) => {
    const cwd = folderWith({ "losses.yaml": text });
    const { code, stdout, stderr } = await splitbrain(["sweep", ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(existsSync(join(cwd, ".splitbrain"))).toBe(false);
  });

  it("compares a bundled experiment with what was published, in numbers", async () => {
    const { code, result } = await sweepJson(["experiments/wan-elections", "--runs", "20"], folderWith({}));
    expect(code).toBe(0);
    expect(result.reference).toMatchObject({ name: "ongaro-2014-wan" });
    const cells = result.reference?.cells as readonly { readonly settings: object; readonly trials: number; readonly distance: number; readonly quantiles: readonly { readonly quantile: number; readonly referenceNs: number; readonly measuredNs: number; readonly ratio: number }[] }[];
    expect(cells.map(({ settings, trials }) => [settings, trials])).toEqual(["5 of 5 up", "4 of 5 up", "3 of 5 up"].map((faults) => [{ faults }, 10_000]));
    const median = cells[0]?.quantiles.find(({ quantile }) => quantile === 0.5);
    expect(median?.referenceNs).toBe(409_600_000);
    expect(median?.ratio).toBeCloseTo((median?.measuredNs ?? 0) / 409_600_000, 12);
  });
});

describe("an experiment for other commands", () => {
  it("is run as its first cell, once, and stopped where it says", async () => {
    const cwd = folderWith({});
    const { code, stdout } = await splitbrain(["run", "experiments/wan-elections"], { cwd });
    expect(code).toBe(0);
    const words = stdout.replace(/\s+/g, " ");
    expect(words).toContain("of virtual time, to election.won ·");
    expect(words).toContain("the first of an experiment's 3 cells (faults 5 of 5 up)");
  });
});

const paper = { colorScheme: "light", offline: true } as const;

browserTest("the page of a sweep opens from its file, without a network, and shows every plot and table", async (page) => {
  const cwd = folderWith({ "losses.yaml": text.replace("name: Losses", 'name: "Losses </script> & <b>more</b>"') });
  const { result } = await sweepJson(["losses.yaml", "--runs", "3"], cwd);
  await page.goto(pathToFileURL(join(cwd, result.files.page as string)).href);
  expect(await page.locator("h1").textContent()).toBe("Losses </script> & <b>more</b>");
  expect(await page.locator("section h2").allTextContents()).toEqual([
    "messages.perOperation over network.loss", "staleness.share over network.loss and options.gossipPeriod", "Distribution of messages.perOperation",
    "staleness.share", "messages.perOperation", "Where staleness.share was greatest",
  ]);
  // Two lines, with a band each; six fields; six curves.
  expect([await page.locator("path.band").count(), await page.locator("rect.field").count(), await page.locator("section:nth-of-type(3) path.curve").count()]).toEqual([2, 6, 6]);
  // The third cell's mean, as the result has it.
  const cell = page.locator("section:nth-of-type(5) tbody tr:nth-child(3)");
  const mean = (result.cells[2]?.metrics["messages.perOperation"] as { readonly mean: number }).mean;
  expect(Number(await cell.locator("td").first().textContent())).toBeCloseTo(mean, 1);
}, paper);

browserTest("the page of a sweep tells the figures at the pointer, and may be light or dark", async (page) => {
  const cwd = folderWith({});
  const { result } = await sweepJson(["experiments/wan-elections", "--runs", "20"], cwd);
  await page.goto(pathToFileURL(join(cwd, result.files.page as string)).href);
  // Eight published quantiles for each of three curves.
  expect(await page.locator("svg.plot circle.ring").count()).toBe(24);
  await page.hover("svg.plot", { position: { x: 900, y: 200 } });
  expect(await page.locator(".tooltip tr").count()).toBe(3);
  expect(await page.locator(".tooltip").textContent()).toContain("5 of 5 up100%");
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: "Dark" }).click();
  expect(await background()).not.toBe(light);
  expect(await page.locator("section", { hasText: "Beside what was published" }).locator("tbody tr").count()).toBe(3);
}, paper);

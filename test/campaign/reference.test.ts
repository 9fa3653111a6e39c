import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { serialExecutor } from "../../sim/campaign/executor.ts";
import { cellsOf } from "../../sim/campaign/sweep/matrix.ts";
import { compareWith, readReference } from "../../sim/campaign/sweep/reference.ts";
import { CellSamples } from "../../sim/campaign/sweep/samples.ts";
import { sweep, type SweptCell } from "../../sim/campaign/sweep/sweep.ts";
import { percentile } from "../../sim/campaign/statistics/sample.ts";
import { InputError } from "../../sim/scenario/diagnostics.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";

const folder = new URL("../../scenarios/experiments/", import.meta.url);
const bundled = (name: string): ReturnType<typeof readReference> => readReference(name, `${name}.csv`, readFileSync(new URL(`reference/${name}.csv`, folder), "utf8"));

describe("the bundled figures", () => {
  it.each(readdirSync(new URL("reference/", folder)))("%s say what they are and where they come from", (file) => {
    const reference = bundled(file.replace(".csv", ""));
    expect(reference.source).toMatch(/\d{4}/);
    expect(reference.title).not.toBe("");
    expect(reference.curves.length).toBeGreaterThan(2);
  });

  it("have what the text of the paper says of Figure 16", () => {
    const { curves } = bundled("raft-2014-figure-16");
    const curve = (label: string) => curves.find((one) => one.label === label)!;
    // “a median downtime of 287 ms” with 5 ms of randomness, “the worst-case completion time (over 1000 trials) was 513 ms” with 50 ms.
    expect(Math.round(percentile(curve("150ms..155ms").steps.values, 500) / 1e6)).toBe(287);
    expect(Math.round((curve("150ms..200ms").steps.values.at(-1) as number) / 1e6)).toBe(512);
    // “without randomness … consistently took longer than 10 seconds”.
    expect(curve("150ms..150ms").steps.values[0]).toBeGreaterThan(10e9);
    expect(curves.map(({ trials }) => trials)).toEqual([100, 1000, 1000, 1000, 1000, 1000]);
    // “with an election timeout of 12–24 ms, it takes only 35 ms on average to elect a leader (the longest trial took 152 ms)”.
    const [short] = bundled("raft-2014-figure-16-scale").curves;
    const values = [...short!.steps.values];
    expect([Math.round(values.reduce((sum, value) => sum + value, 0) / values.length / 1e6), Math.round(values.at(-1)! / 1e6)]).toEqual([35, 152]);
  });
});

const table = `# title: Made up
# source: Nobody 2020
# metric: latency.p50
# unit: ms
# by: nodes
3,5
10,
30,7
20,5
40,6
`;

function cellOf(nodes: string, values: readonly (number | null)[]): SweptCell {
  const samples = new CellSamples(["latency.p50Ns"]);
  values.forEach((value, index) => samples.add({ index, seed: index, kind: "pass", digest: "", events: 0, virtualNs: 0, failures: [], faults: {}, covered: [], metrics: { "latency.p50Ns": value } }));
  return { settings: { nodes }, runs: samples.runs, kinds: samples.kinds, metrics: {}, samples };
}

describe("a table of published figures", () => {
  it("is trials in columns, in the metric's own unit, and in any order", () => {
    const { curves, by, metric, title } = readReference("made", "made.csv", table);
    expect([by, metric, title]).toEqual(["nodes", "latency.p50", "Made up"]);
    expect(curves.map(({ label, trials, steps }) => [label, trials, [...steps.values], [...steps.shares]])).toEqual([
      ["3", 4, [10e6, 20e6, 30e6, 40e6], [0.25, 0.5, 0.75, 1]],
      ["5", 3, [5e6, 6e6, 7e6], [1 / 3, 2 / 3, 1]],
    ]);
  });

  it("is compared with the cell that has the curve's setting", () => {
    const reference = readReference("made", "made.csv", table);
    const [same, half] = compareWith(reference, [cellOf("3", [10e6, 20e6, 30e6, 40e6]), cellOf("5", [5e6, 8e6, 9e6]), cellOf("7", [1])]);
    expect([same?.distance, half?.distance]).toEqual([0, expect.closeTo(2 / 3, 12)]);
    expect(same?.quantiles.find(({ quantile }) => quantile === 0.5)).toEqual({ quantile: 0.5, reference: 20e6, measured: 20e6 });
    expect(compareWith(reference, [cellOf("9", [1])])).toEqual([]);
  });

  it("counts runs without a value as later than all others", () => {
    const reference = readReference("made", "made.csv", table);
    const [one] = compareWith(reference, [cellOf("3", [10e6, 20e6, null, null])]);
    expect(one?.distance).toBe(0.5);
    expect(one?.quantiles.map(({ measured }) => measured)).toEqual([10e6, 10e6, 20e6, null, null, null, null]);
  });

  it("may be quantiles, which are compared where they are known", () => {
    const reference = readReference("made", "made.csv", table.replace(/3,5[\s\S]*/, "quantile,3\n25%,10\n50%,20\n100%,50\n").replace("# by", "# trials: 400\n# by"));
    const [one] = compareWith(reference, [cellOf("3", [10e6, 15e6, 30e6, 40e6])]);
    expect([one?.trials, one?.distance]).toEqual([400, 0]);
    expect(one?.quantiles).toEqual([{ quantile: 0.25, reference: 10e6, measured: 10e6 }, { quantile: 0.5, reference: 20e6, measured: 15e6 }, { quantile: 1, reference: 50e6, measured: 40e6 }]);
  });

  it.each([
    ["10,\n", "10\n", "this line has 1 cells, and the heading 2", 7],
    ["10,\n", "10,x\n", "expected a number, found `x`", 7],
    ["# unit: ms", "# unit: weeks", "weeks is not a unit: ns, us, ms, s or %", 1],
    ["# metric: latency.p50\n", "", "a table of published figures names its metric: # metric: election.time", 1],
  ])("with %j as %j is refused: %s", (from, to, message, line) => {
    try {
      readReference("made", "made.csv", table.replace(from, to));
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).diagnostics).toMatchObject([{ file: "made.csv", line, message }]);
      return;
    }
    throw new Error("nothing was refused");
  });
});

/** A bundled experiment with few runs, in this thread. */
async function swept(name: string, repeat: number): Promise<ReturnType<typeof compareWith>> {
  const text = readFileSync(new URL(`${name}.yaml`, folder), "utf8");
  const { experiment } = parseScenario(text, { file: name, protocols: (protocol) => protocols[protocol], protocolNames: Object.keys(protocols) });
  const { axes, measure, reference, text: base } = experiment!;
  const executor = serialExecutor({ text: base, file: name, overrides: [], mostEvents: 1e7, measure: ["election.timeNs"] }, { protocols });
  const { cells } = await sweep(executor, { cells: cellsOf(axes), repeat, firstSeed: 1, measure }, { isOver: () => false });
  return compareWith(bundled(reference!), cells);
}

describe("elections beside what was published", () => {
  it("have the wide-area times of Ongaro's simulator, with five, four and three nodes up", async () => {
    const comparisons = await swept("wan-elections", 300);
    // All is specified, so chance alone may tell them apart: with 300 runs by 0.08 in one of twenty cases.
    expect(comparisons.map(({ distance, criticalDistance }) => distance < criticalDistance!)).toEqual([true, true, true]);
    for (const { quantiles } of comparisons) {
      const median = quantiles.find(({ quantile }) => quantile === 0.5)!;
      expect(Math.abs(median.measured! / median.reference - 1)).toBeLessThan(0.04);
    }
  });

  it("have the medians of Figure 16 to within a tenth, from 5 ms of randomness on", async () => {
    const comparisons = await swept("election-timeout", 60);
    const medians = comparisons.map(({ settings, quantiles }) => {
      const { reference, measured } = quantiles.find(({ quantile }) => quantile === 0.5)!;
      return { timeout: settings["options.electionTimeout"], off: measured! / reference - 1 };
    });
    expect(medians.map(({ timeout }) => timeout)).toEqual(["150ms..151ms", "150ms..155ms", "150ms..175ms", "150ms..200ms", "150ms..300ms"]);
    for (const { timeout, off } of medians.slice(1)) expect(Math.abs(off), timeout).toBeLessThan(0.1);
    // One millisecond is a world of its own: votes are split again and again, for a second and more.
    expect(Math.abs(medians[0]!.off)).toBeLessThan(0.5);
  });
});

/** An experiment: every cell of a matrix under the same seeds, and what the metrics came to in each. */
import { Streams } from "../../kernel/stream.ts";
import { metricInfo, type MetricUnit } from "../../metrics/index.ts";
import type { Executor } from "../executor.ts";
import { hunt, type HuntOptions } from "../hunt.ts";
import type { OutcomeKind } from "../job.ts";
import type { HuntReport } from "../tally.ts";
import { matrixSteering, type SweepCell } from "./matrix.ts";
import { CellSamples } from "./samples.ts";
import { summarise, type Summary } from "./summary.ts";

export interface SweepPlan {
  readonly cells: readonly SweepCell[];
  /** Seeds a cell. */
  readonly repeat: number;
  readonly firstSeed: number;
  /** Metrics by the names that they have in scenarios. */
  readonly measure: readonly string[];
}

export interface SweptCell {
  readonly settings: SweepCell["settings"];
  readonly runs: number;
  readonly kinds: { readonly [kind in OutcomeKind]: number };
  /** By the metric's name; null where no run had a value. */
  readonly metrics: { readonly [metric: string]: Summary | null };
  readonly samples: CellSamples;
}

export interface SweepReport {
  readonly cells: readonly SweptCell[];
  /** What failed, and how often, over all cells. */
  readonly campaign: HuntReport;
}

/** The name that a metric has in results. */
export const resultName = (metric: string): string => (unitOf(metric) === "duration" ? `${metric}Ns` : metric);

export const unitOf = (metric: string): MetricUnit => metricInfo(metric)?.unit ?? "number";

export async function sweep(executor: Executor, plan: SweepPlan, options: Pick<HuntOptions, "isOver" | "done" | "onOutcome">): Promise<SweepReport> {
  const { cells, measure, repeat, firstSeed } = plan;
  const samples = cells.map(() => new CellSamples(measure.map(resultName)));
  const steering = matrixSteering(cells, firstSeed, (outcome, cell) => samples[cell]?.add(outcome));
  const campaign = await hunt(executor, { ...options, firstSeed, runs: cells.length * repeat, keepGoing: true, steering });
  return { cells: sweptCells(plan, samples), campaign };
}

function sweptCells({ cells, measure, firstSeed }: SweepPlan, samples: readonly CellSamples[]): SweptCell[] {
  // The resampling has the experiment's seed as well: the same experiment has the same intervals.
  const streams = new Streams(firstSeed);
  return cells.map(({ settings }, at): SweptCell => {
    const own = samples[at] as CellSamples;
    const metrics: { [metric: string]: Summary | null } = {};
    for (const metric of measure) {
      const first = at === 0 ? undefined : samples[0]?.of(resultName(metric));
      metrics[metric] = summarise(own.of(resultName(metric)), first, streams, `bootstrap/${metric}/${at}`);
    }
    return { settings, runs: own.runs, kinds: own.kinds, metrics, samples: own };
  });
}

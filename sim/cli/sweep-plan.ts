/** From a scenario on the command line to the plan of a sweep. Whatever is wrong with it is found before anything is run. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { protocols } from "../../protocols/index.ts";
import type { CampaignPlan } from "../campaign/job.ts";
import { scenarioOf, type Registry } from "../campaign/run-job.ts";
import { cellsOf } from "../campaign/sweep/matrix.ts";
import { readReference, type Reference } from "../campaign/sweep/reference.ts";
import { resultName, type SweepPlan } from "../campaign/sweep/sweep.ts";
import { didYouMean } from "../scenario/diagnostics.ts";
import type { Override } from "../scenario/overrides.ts";
import type { Experiment, Scenario } from "../scenario/scenario.ts";
import { UsageError } from "./exit.ts";
import { loadSource, type LoadedScenario } from "./load-scenario.ts";
import { packagePath } from "./package.ts";
import { displayPath, readScenario, slugOf } from "./scenario-source.ts";

export interface SweepTarget {
  readonly runs: number | undefined;
  readonly seed: number | undefined;
  readonly mutant: string | undefined;
  readonly overrides: readonly Override[];
  readonly budget: number | undefined;
  readonly mostEvents: number;
}

export interface PlannedSweep {
  readonly plan: CampaignPlan;
  readonly sweep: SweepPlan;
  /** The first cell's scenario. */
  readonly scenario: Scenario;
  readonly experiment: Experiment;
  readonly registry: Registry;
  readonly reference: Reference | undefined;
  /** For the names of files. */
  readonly slug: string;
}

/** Seeds a cell, where nothing says how many. */
const USUAL_REPEAT = 100;

/** Collected where the experiment names nothing; what no run has is left out of the report. */
const USUAL_METRICS = ["availability", "latency.p50", "latency.p99", "unavailable.longest", "staleness.share", "election.time", "convergence.time", "messages.perOperation"];

/** Throws an InputError with every mistake in the scenario, or a UsageError. */
export async function planSweep(name: string, target: SweepTarget): Promise<PlannedSweep> {
  const source = readScenario(name);
  const { overrides } = target;
  let loaded = await loadSource(source, target);
  // A scenario without the key is an experiment with one cell.
  if (loaded.scenario.experiment === undefined) loaded = await loadSource(source, { ...target, overrides: [...overrides, { path: "experiment.repeat", value: String(USUAL_REPEAT) }] });
  const { scenario, module } = loaded;
  const experiment = scenario.experiment as Experiment;
  refuseFixed(experiment, overrides);

  const cells = cellsOf(experiment.axes);
  const reference = experiment.reference === undefined ? undefined : findReference(experiment.reference, loaded.folder);
  const measured = experiment.measure.length === 0 ? USUAL_METRICS : experiment.measure;
  const measure = [...new Set([...measured, ...(reference === undefined ? [] : [reference.metric])])];
  const registry: Registry = module === undefined ? protocols : { ...protocols, [scenario.protocolName]: module.protocol };
  const plan: CampaignPlan = {
    text: experiment.text,
    file: source.file,
    overrides: [],
    mostEvents: target.mostEvents,
    budget: target.budget,
    measure: measure.map(resultName),
    module: module?.bundled,
  };
  const firstSeed = scenario.world.seed;
  // What is right value by value may still be wrong in combination.
  cells.forEach((cell, index) => scenarioOf(plan, { index, seed: firstSeed, overrides: cell.overrides }, registry));
  const sweep: SweepPlan = { cells, repeat: target.runs ?? experiment.repeat ?? USUAL_REPEAT, firstSeed, measure };
  return { plan, sweep, scenario, experiment, registry, reference, slug: slugFor(loaded) };
}

function slugFor({ slug, scenario }: LoadedScenario): string {
  const mutant = scenario.mutant === undefined ? "" : `-${slugOf(scenario.mutant)}`;
  return `${slug ?? slugOf(scenario.name)}${mutant}`;
}

/** `--set` gives one value to what the experiment gives many. */
function refuseFixed({ axes }: Experiment, overrides: readonly Override[]): void {
  for (const { path, value } of overrides) {
    if (!axes.some((axis) => axis.path === path)) continue;
    throw new UsageError(`the experiment varies ${path}, which --set ${path}=${value} would fix`, `--set experiment.vary.${path}='[${value}]' sets the values that it takes.`);
  }
}

const REFERENCES = ["scenarios", "experiments", "reference"];

/** A bundled table by its name, or a file beside the scenario. */
function findReference(name: string, folder: string): Reference {
  const bundled = readdirSync(packagePath(...REFERENCES)).filter((file) => file.endsWith(".csv")).map((file) => file.slice(0, -".csv".length));
  const path = bundled.includes(name) ? packagePath(...REFERENCES, `${name}.csv`) : resolve(folder, name);
  if (!existsSync(path)) throw new UsageError(`there are no published figures '${name}', neither among the bundled ones nor as a file beside the scenario${didYouMean(name, bundled)}`, `Bundled are ${bundled.join(", ")}.`);
  return readReference(name, displayPath(path), readFileSync(path, "utf8"));
}

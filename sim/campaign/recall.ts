/**
 * Scenarios that differ in nothing but their seed are read once: for a short run, reading takes as long as running. A
 * random schedule is drawn when a scenario is read, so one that has any is read each time.
 */
import type { Scenario } from "../scenario/scenario.ts";
import type { CampaignPlan, Job } from "./job.ts";

/** As many are remembered as there are cells in most experiments. */
const MOST_KEPT = 256;

const kept = new Map<string, Scenario>();

/** The scenario of a job for a run that leaves no trace: what `source` says of the seed is another run's. */
export function recall<Registry extends object>(plan: CampaignPlan, job: Job, registry: Registry, read: (plan: CampaignPlan, job: Job, registry: Registry) => Scenario): Scenario {
  const key = `${numberOf(registry)} ${JSON.stringify([plan.text, plan.file, plan.mutant, plan.overrides, job.overrides])}`;
  const known = kept.get(key);
  if (known !== undefined) return { ...known, world: { ...known.world, seed: job.seed } };
  const scenario = read(plan, job, registry);
  if (scenario.random !== undefined) return scenario;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, scenario);
  return scenario;
}

/** The same names may mean other protocols in another registry. */
const registries = new WeakMap<object, number>();
let nextRegistry = 0;

function numberOf(registry: object): number {
  const known = registries.get(registry) ?? nextRegistry++;
  registries.set(registry, known);
  return known;
}

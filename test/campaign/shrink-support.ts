/** Failing scenarios that are quick to run, and attempts at them. */
import { protocols } from "../../protocols/index.ts";
import type { CampaignPlan, Failure, Outcome } from "../../sim/campaign/job.ts";
import { runJob, scenarioOf, type Means, type Registry } from "../../sim/campaign/run-job.ts";
import { attempter, shrink, type Shrunk } from "../../sim/campaign/shrink/shrink.ts";

export const registry = protocols as Registry;
const means: Means = { protocols: registry };

export const planOf = (text: string): CampaignPlan => ({ text, file: "test.yaml", overrides: [], mostEvents: 1_000_000 });

/** A failure with its scenario, its random schedules written out. */
export function failing(text: string, seed: number): { readonly source: string; readonly outcome: Outcome; readonly target: Failure } {
  const job = { index: 0, seed };
  const outcome = runJob(planOf(text), job, means);
  const [target] = outcome.failures;
  if (target === undefined) throw new Error(`seed ${seed} does not fail`);
  return { source: scenarioOf(planOf(text), job, registry).source, outcome, target };
}

export const attempt = attempter(planOf(""), means);

export function shrunk(source: string, target: Failure, mostAttempts = 400): Promise<Shrunk> {
  return shrink(source, { attempt, protocols: registry, target, mostAttempts });
}

/** A storm over a cluster with a mistake. */
export const storm = (mutant: string): string =>
  JSON.stringify({
    version: 1, protocol: "raft", options: { mutant }, nodes: 5, duration: "8s",
    network: { latency: "lognormal(1ms 8ms)", loss: "1%" },
    workload: { clients: 2, rate: "30/s", keys: { count: 2 } },
    faults: [{ random: { intensity: "60%" } }], expect: { linearizable: true },
  });

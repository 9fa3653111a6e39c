/** One run of a campaign: from a job to its outcome. */
import type { AnyProtocol } from "../protocol.ts";
import { formatCount, formatDuration } from "../explain/index.ts";
import { InputError, type Diagnostic } from "../scenario/diagnostics.ts";
import { parseScenario } from "../scenario/parse.ts";
import { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Coverage } from "./coverage.ts";
import { failuresOf } from "./failures.ts";
import type { CampaignPlan, Job, Outcome } from "./job.ts";
import { recall } from "./recall.ts";

/** The protocols that a plan's scenario may name. */
export type Registry = Readonly<Record<string, AnyProtocol>>;

/**
 * Does a part of a run, and sees to it that it comes back: a protocol's handler may loop for ever. It is told how far the
 * run is, for what it may have to say.
 */
export type Guard = <Result>(part: () => Result, whereabouts: () => string) => Result;

/** What a run needs besides its plan. */
export interface Means {
  readonly protocols: Registry;
  readonly guard?: Guard | undefined;
  /** What is wrong in the user's module, where an error of the run tells that. */
  readonly locate?: ((error: unknown) => readonly Diagnostic[] | undefined) | undefined;
}

const unguarded: Guard = (part) => part();

/** Steps of the queue that are run under one guard. */
const SLICE = 10_000;

/** A job's scenario. Throws an InputError where the plan is wrong. */
export function scenarioOf(plan: CampaignPlan, job: Job, protocols: Registry): Scenario {
  return parseScenario(plan.text, {
    file: plan.file,
    protocols: (name) => (Object.hasOwn(protocols, name) ? protocols[name] : undefined),
    protocolNames: Object.keys(protocols),
    overrides: [...plan.overrides, ...(job.overrides ?? [])],
    seed: job.seed,
    mutant: plan.mutant,
  });
}

/** One run. Whatever goes wrong in it is an outcome too. */
export function runJob(plan: CampaignPlan, job: Job, { protocols, guard = unguarded, locate }: Means): Outcome {
  try {
    return { index: job.index, seed: job.seed, ...outcomeOf(plan, recall(plan, job, protocols, scenarioOf), guard) };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const diagnostics = error instanceof InputError ? error.diagnostics : locate?.(error);
    return withoutResult(job, { kind: "error", message, ...(diagnostics !== undefined && { diagnostics }) });
  }
}

/** The outcome of a job whose run left nothing to judge. */
export function withoutResult({ index, seed }: Job, known: Pick<Outcome, "kind" | "message" | "diagnostics">): Outcome {
  return { index, seed, digest: "", events: 0, virtualNs: 0, failures: [], faults: {}, covered: [], metrics: {}, ...known };
}

function outcomeOf(plan: CampaignPlan, scenario: Scenario, guard: Guard): Omit<Outcome, "index" | "seed"> {
  const coverage = new Coverage();
  const run = guard(() => new Run(scenario, { sinks: [coverage], budget: plan.budget, history: false }), () => "at the start");
  const isEndless = !advance(run, plan.mostEvents, guard);
  const { result } = guard(() => run.finish(), () => "while it was judged");
  // Of a run that was cut off, what broke in it is known, and nothing that is asked of its end.
  const failures = failuresOf(result).filter(({ name }) => !isEndless || result.violations.some(({ invariant }) => invariant === name));
  const counted = Object.entries(result.metrics).filter(([name]) => plan.measure?.includes(name) === true);
  return {
    kind: failures.length > 0 ? "fail" : isEndless ? "endless" : result.verdict,
    digest: result.digest,
    events: result.events,
    virtualNs: result.virtualTimeNs,
    failures,
    faults: coverage.faults,
    covered: coverage.covered,
    metrics: Object.fromEntries(counted),
    ...(isEndless && { message: `not over after ${formatCount(result.events)} events, at ${formatDuration(result.virtualTimeNs)} of virtual time` }),
  };
}

/** Runs to the end: true; or through as many steps of the queue as there may be: false. */
function advance(run: Run, mostSteps: number, guard: Guard): boolean {
  const whereabouts = (): string => `after ${formatCount(run.events)} events, at ${formatDuration(run.virtualTimeNs)} of virtual time`;
  for (let left = mostSteps; left > 0; left -= SLICE) {
    const steps = Math.min(SLICE, left);
    if (!guard(() => run.advance(steps), whereabouts)) return true;
  }
  return false;
}

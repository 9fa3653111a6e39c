/** One run of a campaign: from a job to its outcome. */
import type { AnyProtocol } from "../protocol.ts";
import { formatCount, formatDuration } from "../explain/index.ts";
import { InputError, type Diagnostic } from "../scenario/diagnostics.ts";
import { parseScenario } from "../scenario/parse.ts";
import type { RunResult } from "../scenario/result.ts";
import { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Coverage } from "./coverage.ts";
import { failuresOf } from "./failures.ts";
import type { CampaignPlan, Job, Outcome } from "./job.ts";
import { recall } from "./recall.ts";
import { watchRules } from "./rules.ts";

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

/** Steps of the queue that are run under one guard: most runs are over in fewer, because a guard is not for nothing. */
const SLICE = 100_000;

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
  const coverage = new Coverage(scenario.world.nodes.length);
  const { result, isEndless } = runGuarded(plan, scenario, coverage, guard);
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
    covered: [...coverage.covered, ...(result.sometimes ?? []).flatMap(({ name, reached }) => (reached ? [`reached ${name}`] : []))].sort(),
    metrics: Object.fromEntries(counted),
    ...(isEndless && { message: `not over ${placeOf(result.events, result.virtualTimeNs)}` }),
  };
}

/** Runs to the end, or through as many steps of the queue as there may be, and judges what there is then. */
function runGuarded({ mostEvents, budget }: CampaignPlan, scenario: Scenario, coverage: Coverage, guard: Guard): { readonly result: RunResult; readonly isEndless: boolean } {
  let run: Run | undefined;
  let left = mostEvents;
  const part = (): { readonly result: RunResult; readonly isEndless: boolean } | undefined => {
    if (run === undefined) {
      const protocol = watchRules(scenario.protocol, (rule) => coverage.call(rule));
      run = new Run({ ...scenario, protocol }, { sinks: [coverage], budget, history: false });
      coverage.watch(run.world);
    }
    const isGoingOn = run.advance(Math.min(SLICE, left));
    left -= SLICE;
    return isGoingOn && left > 0 ? undefined : { result: run.finish().result, isEndless: isGoingOn };
  };
  const whereabouts = (): string => (run === undefined ? "at its start" : placeOf(run.events, run.virtualTimeNs));
  for (;;) {
    const done = guard(part, whereabouts);
    if (done !== undefined) return done;
  }
}

const placeOf = (events: number, virtualNs: number): string => `after ${formatCount(events)} events, at ${formatDuration(virtualNs)} of virtual time`;

/** What a hunt comes to, as `hunt --json` prints it (version 1; fields are only ever added), and its exit code. */
import type { VerdictKind } from "../check/verdict.ts";
import { CONFIDENCE, failureRateBound } from "../campaign/evidence.ts";
import type { AuditedMutant } from "../campaign/audit.ts";
import type { OutcomeKind } from "../campaign/job.ts";
import { rulesOf } from "../campaign/rules.ts";
import { formatTime } from "../explain/index.ts";
import type { Shard } from "../campaign/shard.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { exitCodeOf, exitCodes } from "./exit.ts";
import type { HuntCampaign } from "./hunt-campaign.ts";
import type { WrittenFailure } from "./hunt-failures.ts";
import type { MissingPart } from "./hunt-missing.ts";
import type { PlannedHunt } from "./hunt-plan.ts";

export interface HuntResult {
  readonly version: 1;
  readonly scenario: string;
  readonly protocol: string;
  readonly mutant?: string | undefined;
  readonly verdict: VerdictKind;
  /** What it ended by. */
  readonly ended: HuntCampaign["ended"];
  readonly firstSeed: number;
  readonly runs: number;
  readonly events: number;
  readonly virtualTime: string;
  readonly virtualTimeNs: number;
  readonly outcomes: { readonly [Kind in OutcomeKind]: number };
  readonly failures: readonly HuntFailure[];
  /** Runs that came to no verdict, by why they did not, with the first of them. */
  readonly withoutVerdict: readonly { readonly kind: OutcomeKind; readonly message: string; readonly seed: number; readonly runs: number }[];
  /** Of each kind of fault: in how many runs it struck, and how often. */
  readonly faults: { readonly [kind: string]: { readonly runs: number; readonly times: number } };
  /** In how many runs the protocol came by each of its moments. */
  readonly moments: { readonly [event: string]: number };
  /** Those of its moments that no run came by. */
  readonly momentsNeverSeen: readonly string[];
  /** In how many runs each thing that the scenario's `sometimes` names was reached, and what else the protocol marks as good or rare. */
  readonly reached: { readonly [name: string]: number };
  /** Those that no run reached, the scenario's first. They leave the verdict as it is: nothing has failed. */
  readonly neverReached: readonly string[];
  /** Rules and handlers of the protocol that no run called: of what is wrong in them, the campaign says nothing. */
  readonly rulesNeverReached: readonly string[];
  /** Kinds of faults in the protocol's phases, `crash @ election.won`, and in how many runs each was met. */
  readonly phases: { readonly [fault: string]: number };
  /** What the same runs come to with each of the protocol's mutants in place, on `--audit`. */
  readonly audit?: readonly AuditedMutant[] | undefined;
  /** Expectations of the scenario that were not asked under random faults. */
  readonly leftOut: readonly string[];
  /** Without a failure: with this confidence, at most this share of such runs fails. */
  readonly failureRate?: { readonly atMost: number; readonly confidence: number } | undefined;
  readonly interrupted?: boolean | undefined;
  /** Of a part of a campaign: which. */
  readonly shard?: string | undefined;
  /** Of a campaign in shards: what is not there, and the command that does it. The campaign is over when this is empty or not there. */
  readonly missing?: readonly MissingPart[] | undefined;
  /** All that depends on the machine. */
  readonly wallTimeMs: number;
  readonly files: { readonly journal: string };
}

export interface HuntFailure {
  readonly seed: number;
  readonly name: string;
  readonly message: string;
  /** What else broke in that run. */
  readonly also: readonly string[];
  /** How many runs failed like this. */
  readonly runs: number;
  readonly scenario: string;
  readonly faults: number;
  readonly operations: number;
  readonly trace: string;
  readonly history: string;
  /** False where the run did not fail in this way when it was done again by itself. */
  readonly reproduced: boolean;
}

export function huntResult({ scenario, firstSeed, leftOut }: PlannedHunt, { report, ended, elapsedMs, journal, missing }: HuntCampaign, failures: readonly WrittenFailure[], shard?: Shard): HuntResult {
  const moments = coveredBy(report, "emit");
  const known = Object.keys(scenario.protocol.events ?? {});
  const verdict = ended === "incomplete" && report.failures.length === 0 ? "unknown" : verdictOf(report);
  return {
    version: 1,
    scenario: scenario.name,
    protocol: scenario.protocolName,
    ...(scenario.mutant !== undefined && { mutant: scenario.mutant }),
    verdict,
    ended,
    firstSeed,
    runs: report.runs,
    events: report.events,
    virtualTime: formatTime(report.virtualNs),
    virtualTimeNs: report.virtualNs,
    outcomes: report.outcomes,
    failures: failures.map(failureJson),
    withoutVerdict: report.withoutVerdict.map(({ kind, message, seed, runs }) => ({ kind, message, seed, runs })),
    faults: report.faults,
    moments,
    momentsNeverSeen: known.filter((event) => moments[event] === undefined),
    ...reachedBy(scenario, report),
    rulesNeverReached: report.runs === 0 ? [] : rulesOf(scenario.protocol).filter((rule) => report.covered[rule] === undefined),
    phases: coveredBy(report, "fault"),
    leftOut,
    ...(failures.length === 0 && report.outcomes.pass > 0 && { failureRate: { atMost: failureRateBound(report.outcomes.pass), confidence: CONFIDENCE } }),
    ...(ended === "interrupted" && { interrupted: true }),
    ...(shard !== undefined && { shard: `${shard.number}/${shard.of}` }),
    ...(missing !== undefined && missing.length > 0 && { missing }),
    wallTimeMs: Math.round(elapsedMs * 10) / 10,
    files: { journal },
  };
}

/** In how many runs each thing of a kind was come by, by what coverage calls it. */
function coveredBy({ covered }: HuntCampaign["report"], kind: string): { [name: string]: number } {
  return Object.fromEntries(Object.entries(covered).flatMap(([what, runs]) => (what.startsWith(`${kind} `) ? [[what.slice(kind.length + 1), runs]] : [])));
}

function reachedBy({ sometimes = [], protocol }: Scenario, report: HuntCampaign["report"]): Pick<HuntResult, "reached" | "neverReached"> {
  const known = { ...coveredBy(report, "sometimes"), ...coveredBy(report, "reached") };
  const wanted = [...new Set([...sometimes.map(({ name }) => name), ...Object.keys(protocol.sometimes ?? {}), ...Object.keys(known)])];
  const reached = Object.fromEntries(wanted.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])));
  return { reached, neverReached: report.runs === 0 ? [] : wanted.filter((name) => known[name] === undefined) };
}

function failureJson({ job, name, message, also, runs, scenario, faults, operations, trace, history, isReproduced }: WrittenFailure): HuntFailure {
  return { seed: job.seed, name, message, also, runs, scenario, faults, operations, trace, history, reproduced: isReproduced };
}

/** One failure fails it; where there is none, one run without a verdict leaves it open, as no run at all does. */
function verdictOf({ failures, outcomes, runs }: HuntCampaign["report"]): VerdictKind {
  if (failures.length > 0) return "fail";
  return outcomes.pass === runs && runs > 0 ? "pass" : "unknown";
}

export function huntExitCode({ verdict, ended, outcomes }: HuntResult): number {
  if (ended === "interrupted") return exitCodes.interrupted;
  if (verdict !== "fail" && outcomes.error > 0) return exitCodes.internal;
  return exitCodeOf(verdict);
}

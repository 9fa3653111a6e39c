/**
 * Makes a failing scenario small enough for a person to read:
 *
 *     const { text } = await shrink(scenario.source, { attempt: attempter(plan, means), protocols, target: failure, mostAttempts: 3000 });
 *
 * The text is a whole scenario with explicit faults. `attempt` runs one and must be a pure function of the text; it may
 * do so elsewhere. The result fails the same way: the same invariant is violated, or the same expectation fails. The same
 * input gives the same result on every machine. Passes follow each other, cheap and large cuts first, until none helps.
 */
import type { Failure, Outcome, CampaignPlan } from "../job.ts";
import { runJob, type Means, type Registry } from "../run-job.ts";
import { calmWorld, fewerSettings } from "./calm.ts";
import { asScript, earlierEnd, fewerClients, fewerFaults, fewerNodes, fewerOperations, lastOperations, lighterLoad, onlyWhatFails, plainerOperations } from "./cut.ts";
import { faultsOf, readData, scriptOf, writeData, type ScenarioData } from "./data.ts";
import { described } from "./describe.ts";
import { explicitFaults, fewerVictims, plainerKinds, plainerLists, plainerWaits, singleStrikes } from "./kinds.ts";
import { fewerDisturbed } from "./gentle.ts";
import { observe } from "./observe.ts";
import type { Bench, Pass } from "./pass.ts";
import { Search, type Attempt } from "./search.ts";
import { inOrder, rounderTimes, shorterFaults, shorterPauses } from "./times.ts";

export { isSameFailure, type Attempt } from "./search.ts";

export interface ShrinkOptions {
  readonly attempt: Attempt;
  /** The protocols that the scenario may name: what its runs did is looked at here, beside the attempts. */
  readonly protocols: Registry;
  readonly target: Failure;
  /** Runs. */
  readonly mostAttempts: number;
  /** Events of all runs together, which is about as good as time, and the same on every machine. Default: 6 million. */
  readonly mostEvents?: number | undefined;
  readonly onProgress?: ((progress: ShrinkProgress) => void) | undefined;
}

export interface ShrinkProgress {
  readonly attempts: number;
  readonly mostAttempts: number;
  readonly faults: number;
  /** Undefined as long as they are drawn and not listed. */
  readonly operations: number | undefined;
}

export interface Shrunk {
  readonly text: string;
  readonly outcome: Outcome;
  readonly attempts: number;
  /** As the scenario lists them. */
  readonly faults: number;
  /** That its clients invoke. */
  readonly operations: number;
}

const USUAL_EVENTS = 6_000_000;

/** Cuts that shift what is drawn: they may try other seeds. */
const first: readonly Pass[] = [onlyWhatFails, lighterLoad, earlierEnd, calmWorld, earlierEnd, fewerFaults, earlierEnd, fewerNodes, asScript, fewerOperations];
const then: readonly Pass[] = [
  fewerFaults, earlierEnd, calmWorld, asScript, lastOperations, fewerOperations, earlierEnd, fewerNodes, singleStrikes, explicitFaults, plainerWaits, plainerKinds, fewerVictims, shorterFaults, fewerSettings,
  fewerClients, plainerOperations, shorterPauses, rounderTimes, earlierEnd, inOrder, plainerLists,
];
/** When it is as small as it gets: what is left disturbs no more than it must. */
const last: readonly Pass[] = [fewerDisturbed, rounderTimes, plainerLists];

/** Throws an Error where the text does not fail in this way to begin with. */
export async function shrink(text: string, { attempt, protocols, target, mostAttempts, mostEvents = USUAL_EVENTS, onProgress }: ShrinkOptions): Promise<Shrunk> {
  const original = readData(text);
  const search = new Search(original, {
    attempt,
    target,
    mostAttempts,
    mostEvents,
    onAttempt: (attempts) => onProgress?.({ attempts, mostAttempts, faults: faultsOf(search.data).length, operations: scriptOf(search.data)?.length }),
  });
  const look = (data: ScenarioData): ReturnType<typeof observe> => observe(JSON.stringify(data), target, protocols);
  const expects = (original["expect"] ?? {}) as object;
  const bench: Bench = { search, observe: look, expectation: Object.hasOwn(expects, target.name) ? target.name : "invariants", seeds: 3 };
  if (look(original) === undefined) throw new Error(`this scenario does not fail by “${target.name}”`);
  search.share = 0.6; // Something is left for what makes a scenario plain, also where it does not become small.
  for (const pass of first) await pass(bench);
  search.share = 1;
  for (let before = ""; before !== JSON.stringify(search.data) && !search.isOver; ) {
    before = JSON.stringify(search.data);
    for (const pass of then) await pass(bench);
  }
  for (const pass of last) await pass(bench);

  const seen = look(search.data);
  const operations = seen?.operations.length ?? 0;
  const named = described(search.data, target, seen, operations);
  const outcome = search.outcome ?? (await attempt(JSON.stringify(search.data)));
  return { text: writeData(named), outcome, attempts: search.attempts, faults: faultsOf(named).length, operations };
}

/** Attempts as runs in this thread. */
export function attempter(plan: CampaignPlan, means: Means): (text: string) => Outcome {
  return (text) => {
    const seed = readData(text)["seed"];
    return runJob({ ...plan, text, overrides: [], mutant: undefined }, { index: 0, seed: typeof seed === "number" ? seed : 1 }, means);
  };
}

/** Makes what a hunt found small enough to read, as a whole scenario's text. */
import type { Outcome } from "../campaign/job.ts";
import { withoutResult } from "../campaign/run-job.ts";
import { attempter, isSameFailure, shrink } from "../campaign/shrink/shrink.ts";
import { formatCount } from "../explain/index.ts";
import type { Shrink } from "./hunt-failures.ts";
import type { PlannedHunt } from "./hunt-plan.ts";
import type { Terminal } from "./terminal.ts";

/** Runs that shrinking may take; the limit on their events comes first where runs are long. */
const MOST_ATTEMPTS = 3000;

/**
 * Runs in this thread: with what was found, a handler that loops for ever would have been another outcome. Once it is asked
 * to end, no further attempt comes to anything, and what it has is the result.
 */
export function shrinker({ plan, registry }: PlannedHunt, terminal: Terminal | undefined, isAskedToEnd: () => boolean): Shrink {
  const run = attempter(plan, { protocols: registry });
  const attempt = async (text: string): Promise<Outcome> => {
    await new Promise((resolve) => setImmediate(resolve)); // Ctrl-C is heard between two runs.
    return isAskedToEnd() ? withoutResult({ index: 0, seed: 0 }, { kind: "unknown" }) : run(text);
  };
  return async ({ source }, failure) => {
    const onProgress = ({ attempts, faults }: { readonly attempts: number; readonly faults: number }): void => {
      terminal?.progress(`  making it smaller: ${formatCount(attempts)} runs, ${formatCount(faults)} faults left`);
    };
    const fails = (await attempt(source)).failures.some((one) => isSameFailure(one, failure));
    if (!fails) return source; // It depends on more than its seed: there is nothing to go by.
    return (await shrink(source, { attempt, protocols: registry, target: failure, mostAttempts: MOST_ATTEMPTS, onProgress })).text;
  };
}

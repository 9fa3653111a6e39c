/** How long the parts of a drawn run take: trouble, the calm that expectations ask for after it, and the workload. */
import { NS_PER_MS } from "../../kernel/time.ts";
import { CONVERGED_WITHIN, PROGRESS_WITHIN } from "../../scenario/format/index.ts";
import { formatDuration, parseDuration, parseDurationRange } from "../../scenario/quantities.ts";

/** In virtual milliseconds. */
export interface Times {
  /** From and to, how long something may go wrong, from the beginning on. */
  readonly trouble: readonly [min: number, max: number];
  /** How long clients go on after that. */
  readonly calm: number;
  /** How long the run goes on after them. */
  readonly quiet: number;
}

/** Without anything that asks for more, in milliseconds. */
const USUAL_CALM = 300;
const USUAL_TROUBLE = [500, 3_500] as const;
/** Less trouble than this, in milliseconds, is none. */
const LEAST_TROUBLE = 100;

/** `duration`: of whole runs, `2s` or `2s..10s`. Throws a RangeError where it leaves no time for trouble. */
export function timesFor(expect: { readonly [name: string]: unknown }, duration: string | undefined): Times {
  const calm = Math.max(USUAL_CALM, within(expect["progress"], PROGRESS_WITHIN));
  const quiet = within(expect["converged"], CONVERGED_WITHIN);
  if (duration === undefined) return { trouble: USUAL_TROUBLE, calm, quiet };
  const [min, max] = parseDurationRange(duration).map((ns) => Math.floor(ns / NS_PER_MS) - calm - quiet) as [number, number];
  if (min >= LEAST_TROUBLE) return { trouble: [min, max], calm, quiet };
  const least = formatDuration((calm + quiet + LEAST_TROUBLE) * NS_PER_MS);
  throw new RangeError(`a duration of ${duration} is too short: what is expected after the last fault needs ${least} or more`);
}

/** Milliseconds that an expectation of this value asks for. */
function within(value: unknown, usual: number): number {
  if (value === undefined) return 0;
  const own = typeof value === "object" && value !== null ? (value as { readonly within?: unknown }).within : undefined;
  return Math.ceil((typeof own === "string" ? parseDuration(own) : usual) / NS_PER_MS);
}

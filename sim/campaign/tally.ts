/** What a campaign adds up to, outcome by outcome in the order of their jobs. */
import type { Failure, Job, Outcome, OutcomeKind } from "./job.ts";

/** A failure, with the first run that showed it and how many did. Of what breaks in one run, the first thing is its failure. */
export interface FoundFailure extends Failure {
  readonly job: Job;
  /** Of that run. */
  readonly digest: string;
  readonly runs: number;
  /** What else broke in that run, by name. */
  readonly also: readonly string[];
}

/** Why some runs came to no verdict, with the first of them and how many there were. */
export interface MissingVerdict {
  readonly kind: OutcomeKind;
  readonly message: string;
  readonly seed: number;
  readonly runs: number;
  readonly diagnostics?: Outcome["diagnostics"];
}

export interface HuntReport {
  readonly runs: number;
  readonly events: number;
  readonly virtualNs: number;
  /** One of each shape, in the order of the runs that showed them first. */
  readonly failures: readonly FoundFailure[];
  readonly outcomes: { readonly [Kind in OutcomeKind]: number };
  /** How many runs each kind of fault struck in, and how often. */
  readonly faults: { readonly [kind: string]: { readonly runs: number; readonly times: number } };
  /** In how many runs each thing was come by. */
  readonly covered: { readonly [what: string]: number };
  readonly withoutVerdict: readonly MissingVerdict[];
}

export class Tally {
  #runs = 0;
  #events = 0;
  #virtualNs = 0;
  readonly #failures = new Map<string, FoundFailure>();
  readonly #outcomes: { [Kind in OutcomeKind]: number } = { pass: 0, fail: 0, unknown: 0, endless: 0, died: 0, error: 0 };
  readonly #faults = new Map<string, { runs: number; times: number }>();
  readonly #covered = new Map<string, number>();
  readonly #missing = new Map<string, MissingVerdict>();

  add(outcome: Outcome, job: Job): void {
    this.#runs += 1;
    this.#events += outcome.events;
    this.#virtualNs += outcome.virtualNs;
    this.#outcomes[outcome.kind] += 1;
    for (const [kind, times] of Object.entries(outcome.faults)) {
      const sum = this.#faults.get(kind) ?? { runs: 0, times: 0 };
      this.#faults.set(kind, { runs: sum.runs + 1, times: sum.times + times });
    }
    for (const what of outcome.covered) this.#covered.set(what, (this.#covered.get(what) ?? 0) + 1);
    this.#fail(outcome, job);
    if (outcome.kind !== "pass" && outcome.kind !== "fail") this.#miss(outcome);
  }

  report(): HuntReport {
    return {
      runs: this.#runs,
      events: this.#events,
      virtualNs: this.#virtualNs,
      failures: [...this.#failures.values()],
      outcomes: { ...this.#outcomes },
      faults: Object.fromEntries([...this.#faults].sort(byName)),
      covered: Object.fromEntries([...this.#covered].sort(byName)),
      withoutVerdict: [...this.#missing.values()],
    };
  }

  #fail({ failures: [first, ...others], digest }: Outcome, job: Job): void {
    if (first === undefined) return;
    const known = this.#failures.get(first.shape);
    const also = [...new Set(others.map(({ name }) => name))].filter((name) => name !== first.name);
    this.#failures.set(first.shape, known === undefined ? { ...first, job, digest, runs: 1, also } : { ...known, runs: known.runs + 1 });
  }

  #miss({ kind, seed, message = "", diagnostics }: Outcome): void {
    // What differs in figures alone is told once.
    const key = `${kind} ${message.replace(/[\d.,]+(ns|us|ms|s)?/g, "#")}`;
    const known = this.#missing.get(key);
    const first = { kind, message, seed, runs: 1, ...(diagnostics !== undefined && { diagnostics }) };
    this.#missing.set(key, known === undefined ? first : { ...known, runs: known.runs + 1 });
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

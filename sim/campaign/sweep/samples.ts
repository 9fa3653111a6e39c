import type { Outcome, OutcomeKind } from "../job.ts";

/** What the runs of one cell came to, by the position of their seed. Where a run has no value there is NaN. */
export class CellSamples {
  readonly kinds: { readonly [kind in OutcomeKind]: number } = { pass: 0, fail: 0, unknown: 0, endless: 0, died: 0, error: 0 };
  runs = 0;
  events = 0;
  virtualNs = 0;
  readonly #metrics: readonly string[];
  readonly #values = new Map<string, number[]>();
  readonly outcomes: { readonly seed: number; readonly kind: OutcomeKind; readonly digest: string; readonly events: number }[] = [];

  /** `metrics`: by the names that they have in results. */
  constructor(metrics: readonly string[]) {
    this.#metrics = metrics;
    for (const metric of metrics) this.#values.set(metric, []);
  }

  /** Outcomes come in the order of their seeds. */
  add({ seed, kind, digest, events, virtualNs, metrics }: Outcome): void {
    (this.kinds as { [kind in OutcomeKind]: number })[kind] += 1;
    this.runs += 1;
    this.events += events;
    this.virtualNs += virtualNs;
    this.outcomes.push({ seed, kind, digest, events });
    for (const name of this.#metrics) this.of(name).push(metrics[name] ?? NaN);
  }

  /** A value for each run, in the order of the seeds. */
  of(metric: string): number[] {
    return this.#values.get(metric) as number[];
  }
}

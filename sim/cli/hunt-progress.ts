/** The progress line of a hunt. */
import type { Outcome } from "../campaign/job.ts";
import { formatCount, formatDuration } from "../explain/index.ts";
import type { Terminal } from "./terminal.ts";

const EVERY_MS = 200;
const NS_PER_MS = 1_000_000;

export interface HuntLimits {
  readonly runs: number;
  readonly timeMs: number;
  /** Wall time of an earlier part of the same campaign. */
  readonly elapsedMs: number;
}

export class HuntProgress {
  readonly #terminal: Terminal | undefined;
  readonly #limits: HuntLimits;
  readonly #begun = performance.now();
  readonly #kinds = new Set<string>();
  readonly #timer: NodeJS.Timeout | undefined;
  /** Those of an earlier part as well. */
  #runs = 0;
  /** Of this part alone. */
  #ownRuns = 0;
  #events = 0;
  #failures = 0;
  #missing = 0;

  /** Without a terminal it shows nothing. */
  constructor(limits: HuntLimits, done: Iterable<Outcome>, terminal: Terminal | undefined) {
    this.#terminal = terminal;
    this.#limits = limits;
    for (const outcome of done) this.#count(outcome);
    if (terminal?.isWatched === true) this.#timer = setInterval(() => this.#show(), EVERY_MS).unref();
  }

  add(outcome: Outcome): void {
    this.#ownRuns += 1;
    this.#events += outcome.events;
    this.#count(outcome);
  }

  clear(): void {
    clearInterval(this.#timer);
    this.#terminal?.progress("");
  }

  #count(outcome: Outcome): void {
    this.#runs += 1;
    for (const kind of Object.keys(outcome.faults)) this.#kinds.add(kind);
    if (outcome.failures.length > 0) this.#failures += 1;
    else if (outcome.kind !== "pass") this.#missing += 1;
  }

  #show(): void {
    const elapsedMs = performance.now() - this.#begun;
    const { runs } = this.#limits;
    const parts = [
      runs === Infinity ? `${formatCount(this.#runs)} runs` : `${formatCount(this.#runs)} of ${formatCount(runs)} runs`,
      `${formatCount(Math.round((this.#events / elapsedMs) * 1000))} events/s`,
      `${this.#kinds.size} kinds of trouble`,
      `${formatCount(this.#failures)} ${this.#failures === 1 ? "failure" : "failures"}`,
      ...(this.#missing > 0 ? [`${formatCount(this.#missing)} without verdict`] : []),
      ...this.#left(elapsedMs),
    ];
    this.#terminal?.progress(`  ${parts.join("  ")}`);
  }

  /** How long it still takes, by what is over first: time or runs. */
  #left(elapsedMs: number): string[] {
    const { runs, timeMs, elapsedMs: before } = this.#limits;
    const byRuns = this.#ownRuns === 0 ? Infinity : ((runs - this.#runs) * elapsedMs) / this.#ownRuns;
    const leftMs = Math.max(0, Math.min(byRuns, timeMs - before - elapsedMs));
    if (leftMs === Infinity) return [];
    return [`${formatDuration(Math.ceil(leftMs / 1000) * 1000 * NS_PER_MS)} left`];
  }
}

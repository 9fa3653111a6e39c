/** The progress line of a run that takes longer than a second. */
import { formatCount, formatDuration } from "../explain/index.ts";
import type { Run } from "../scenario/run.ts";
import type { Terminal } from "./terminal.ts";

const FIRST_AFTER_MS = 1000;
const EVERY_MS = 200;

export class Progress {
  readonly #run: Run;
  readonly #terminal: Terminal | undefined;
  readonly #begun = performance.now();
  #next = FIRST_AFTER_MS;

  /** Without a terminal it shows nothing. */
  constructor(run: Run, terminal: Terminal | undefined) {
    this.#run = run;
    this.#terminal = terminal;
  }

  show(): void {
    const elapsedMs = performance.now() - this.#begun;
    if (elapsedMs < this.#next) return;
    this.#next = elapsedMs + EVERY_MS;
    const { virtualTimeNs, durationNs, events, operations } = this.#run;
    const share = Math.floor((virtualTimeNs / durationNs) * 100);
    const rate = formatCount(Math.round((events / elapsedMs) * 1000));
    this.#terminal?.progress(`  ${share}%  ${formatDuration(virtualTimeNs)} of ${formatDuration(durationNs)}  ${rate} events/s  ${formatCount(operations)} operations`);
  }

  clear(): void {
    this.#terminal?.progress("");
  }
}

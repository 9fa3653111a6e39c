/**
 * Convergence: all running nodes show the same replicated state at some instant soon after the trouble has ended, and from
 * then to the end. Needs no history, only what the replicas showed.
 */
import type { Verdict } from "./verdict.ts";
import { secondsText } from "./words.ts";

export class Convergence {
  /** By node: what it shows, null while it is not running. */
  readonly #states: (string | null)[];
  /** Instant and event of the last update. What is shown at one instant counts as of the last of its updates. */
  #time = 0;
  #event = -1;
  #changed = true;
  /** Since when all running nodes agree, or since when they differ; with the event that began it. */
  #agree = false;
  #since = 0;
  #sinceEvent = -1;
  #shows = 0;

  constructor(nodes: number) {
    this.#states = new Array<string | null>(nodes).fill(null);
  }

  /** What a node shows from now on; null: it is not running. Times never go back. */
  show(time: number, event: number, node: number, state: string | null): void {
    if (time > this.#time) this.#settle();
    this.#time = time;
    this.#shows++;
    if (this.#states[node] === state) return;
    this.#states[node] = state;
    this.#event = event;
    this.#changed = true;
  }

  /** Virtual time since which all running nodes have shown the same, in nanoseconds; null where they do not now. */
  get convergedAt(): number | null {
    this.#settle();
    return this.#agree ? this.#since : null;
  }

  /** How long after `settledNs` they came to show the same for good, in nanoseconds; null where they do not now. */
  timeToConverge(settledNs: number): number | null {
    const at = this.convergedAt;
    return at === null ? null : Math.max(0, at - settledNs);
  }

  /** At the run's end. `settledNs`: when the workload and the last temporary fault had ended. `names`: the nodes', in order. */
  verdict(settledNs: number, withinNs: number, endNs: number, names: readonly string[]): Verdict {
    const took = this.timeToConverge(settledNs);
    const base = { consistency: "converged", model: "replicas", algorithm: "equality of states", operations: this.#shows, explored: this.#shows };
    const failure = { key: "", operations: [], event: this.#sinceEvent, time: this.#since };
    const running = this.#states.filter((state) => state !== null).length;
    if (running === 0) {
      return { ...base, verdict: "fail", detail: `no node was running at the end (${secondsText(endNs)})`, failure };
    }
    if (took === null) {
      const detail = `the nodes still differed at the end (${secondsText(endNs)}), and had since ${secondsText(this.#since)}: ${this.#groups(names)}`;
      return { ...base, verdict: "fail", detail, failure };
    }
    if (took > withinNs) {
      const detail = `all ${running} running nodes showed the same only from ${secondsText(this.#since)}, ${secondsText(took)} after ${secondsText(settledNs)}, when workload and faults had ended; allowed were ${secondsText(withinNs)}`;
      return { ...base, verdict: "fail", detail, failure };
    }
    return { ...base, verdict: "pass", detail: `all ${running} running nodes showed the same from ${secondsText(this.#since)} to the end` };
  }

  /** Ends an instant: what is shown now has been shown since. */
  #settle(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const agree = this.#allAgree();
    if (agree === this.#agree) return;
    this.#agree = agree;
    this.#since = this.#time;
    this.#sinceEvent = this.#event;
  }

  /** Where nobody runs, nobody agrees. */
  #allAgree(): boolean {
    const first = this.#states.find((state) => state !== null);
    return first !== undefined && this.#states.every((state) => state === null || state === first);
  }

  /** `n1, n2 | n3`: the running nodes by what they show. */
  #groups(names: readonly string[]): string {
    const groups = new Map<string, string[]>();
    this.#states.forEach((state, node) => {
      if (state === null) return;
      const group = groups.get(state);
      if (group === undefined) groups.set(state, [names[node]!]);
      else group.push(names[node]!);
    });
    return [...groups.values()].map((group) => group.join(", ")).join(" | ");
  }
}

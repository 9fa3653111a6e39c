/** Outcomes without runs, for tests of what is made of them. */
import type { Executor } from "../../sim/campaign/executor.ts";
import type { Failure, Job, Outcome } from "../../sim/campaign/job.ts";

export function passed(index: number, firstSeed = 1): Outcome {
  return { index, seed: firstSeed + index, kind: "pass", digest: `d${index}`, events: 100 + index, virtualNs: 1_000, failures: [], faults: { crash: 1 + (index % 3) }, covered: [`emit e${index % 5}`], metrics: {} };
}

export function failureNamed(name: string, message = `${name} is broken`): Failure {
  return { name, message, shape: `${name}: broken`, event: 7 };
}

export function failed(index: number, ...names: readonly string[]): Outcome {
  return { ...passed(index), kind: "fail", failures: names.map((name) => failureNamed(name)) };
}

/** Gives outcomes in the order that `pick` says: which of those that are under way comes next. */
export class PuppetExecutor implements Executor {
  readonly width: number;
  /** The jobs that it was given, in order. */
  readonly asked: Job[] = [];
  readonly #outcomeOf: (job: Job) => Outcome | undefined;
  readonly #pick: (count: number) => number;
  #waiting: { readonly job: Job; readonly give: (outcome: Outcome | undefined) => void }[] = [];

  constructor(width: number, outcomeOf: (job: Job) => Outcome | undefined, pick: (count: number) => number = () => 0) {
    this.width = width;
    this.#outcomeOf = outcomeOf;
    this.#pick = pick;
  }

  run(job: Job): Promise<Outcome | undefined> {
    this.asked.push(job);
    return new Promise((give) => {
      this.#waiting.push({ job, give });
      // All that are handed in at a time are waiting when the next one is picked.
      setImmediate(() => {
        const [next] = this.#waiting.splice(this.#pick(this.#waiting.length), 1);
        next?.give(this.#outcomeOf(next.job));
      });
    });
  }

  async close(): Promise<void> {
    for (const { give } of this.#waiting.splice(0)) give(undefined);
  }
}

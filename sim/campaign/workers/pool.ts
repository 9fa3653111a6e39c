/**
 * Runs a campaign's jobs over the machine's cores, each worker a process of its own: a protocol that runs out of memory
 * takes down what it runs in, and in a thread that would be everything.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Tinypool } from "tinypool";
import type { Executor } from "../executor.ts";
import type { CampaignPlan, Job, Outcome } from "../job.ts";
import { withoutResult } from "../run-job.ts";
import { LAST_WORDS, type Begun, type Task } from "./worker.ts";

export interface PoolOptions {
  /** The file that a worker loads; its default export is what `makeWorker` makes. */
  readonly worker: string;
  /** How many processes there are. */
  readonly workers: number;
  /** The most memory that a worker may hold, in MiB. */
  readonly memoryMiB: number;
  /** A run whose protocol does not come back for so long is given up: milliseconds of wall time. */
  readonly stallMs: number;
}

export function poolExecutor(plan: CampaignPlan, options: PoolOptions): Executor {
  return shared?.executor(plan, options) ?? new Pool(plan, options);
}

let shared: SharedWorkers | undefined;

/** As long as this works, each campaign goes on with the workers of the one before it: to start them takes longer than a short campaign. */
export async function sharingWorkers<Result>(work: () => Promise<Result>): Promise<Result> {
  const workers = new SharedWorkers();
  shared = workers;
  try {
    return await work();
  } finally {
    shared = undefined;
    await workers.close();
  }
}

/** A run that is no longer wanted may still come to its end in so many milliseconds; a worker is not ended for less. */
const REST_MS = 1000;

class SharedWorkers {
  #idle: { readonly pool: Pool; readonly key: string } | undefined;

  executor(plan: CampaignPlan, options: PoolOptions): Executor {
    const key = JSON.stringify(options);
    const pool = this.#idle?.key === key ? this.#idle.pool : new Pool(plan, options);
    if (this.#idle?.pool === pool) this.#idle = undefined;
    pool.begin(plan);
    return {
      width: pool.width,
      run: (job) => pool.run(job),
      close: async () => {
        if (this.#idle?.pool === pool) return;
        if (this.#idle === undefined && (await pool.rest(REST_MS))) this.#idle = { pool, key };
        else await pool.close();
      },
    };
  }

  async close(): Promise<void> {
    await this.#idle?.pool.close();
  }
}

class Pool implements Executor {
  readonly width: number;
  #plan: CampaignPlan;
  readonly #options: PoolOptions;
  readonly #pool: Tinypool;
  readonly #watched = new WeakSet<ChildProcess>();
  /** Who is doing which job, by its index. */
  readonly #doers = new Map<number, Witness>();
  /** The worker that ended last, for where one cannot even begin. */
  #lastEnded: Witness | undefined;
  #isClosed = false;
  /** What is under way in the workers. */
  readonly #underWay = new Set<Promise<unknown>>();
  #isDestroyed = false;

  constructor(plan: CampaignPlan, options: PoolOptions) {
    this.width = options.workers;
    this.#plan = plan;
    this.#options = options;
    this.#pool = new Tinypool({
      runtime: "child_process",
      filename: options.worker,
      minThreads: options.workers,
      maxThreads: options.workers,
      execArgv: [`--max-old-space-size=${options.memoryMiB}`],
      env: environment(),
    });
    // A worker that ends while it has nothing to do is replaced.
    this.#pool.on("error", () => this.#watch());
    this.#watch();
  }

  async run(job: Job): Promise<Outcome | undefined> {
    const outcome = await this.#try(job);
    // What a worker has done before may have been too much for it, or somebody has ended it: a fresh one tells.
    return outcome?.kind === "died" ? this.#try(job) : outcome;
  }

  /** From here on its jobs are another campaign's. */
  begin(plan: CampaignPlan): void {
    this.#plan = plan;
    this.#isClosed = false;
  }

  /** Gives out no more outcomes; true if the workers have nothing left to do within so many milliseconds. */
  async rest(patienceMs: number): Promise<boolean> {
    this.#isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), patienceMs)));
    const done = Promise.allSettled(this.#underWay).then((ends) => ends.every(({ status }) => status === "fulfilled"));
    const isIdle = await Promise.race([done, tooLong]);
    clearTimeout(timer);
    return isIdle;
  }

  async close(): Promise<void> {
    if (this.#isDestroyed) return;
    this.#isClosed = this.#isDestroyed = true;
    await this.#pool.destroy();
  }

  async #try(job: Job): Promise<Outcome | undefined> {
    if (this.#isClosed) return undefined;
    const task: Task = { plan: this.#plan, job, stallMs: this.#options.stallMs };
    try {
      const running = this.#pool.run(task) as Promise<Outcome>;
      this.#underWay.add(running);
      running.finally(() => this.#underWay.delete(running)).catch(() => undefined);
      this.#watch();
      const outcome = await running;
      return this.#isClosed ? undefined : outcome;
    } catch (error) {
      if (this.#isClosed) return undefined;
      const witness = this.#doers.get(job.index);
      if (witness === undefined) throw await this.#cannotBegin(error);
      if (!witness.hasEnded) throw error;
      const message = await witness.reason(this.#options.memoryMiB);
      return this.#isClosed ? undefined : withoutResult(job, { kind: "died", message });
    } finally {
      this.#doers.delete(job.index);
    }
  }

  /** Looks at the workers that have come since. */
  #watch(): void {
    for (const worker of this.#pool.threads) {
      // The pool lends its processes to nobody; what they print, and how they end, is known to nobody else.
      const { process: child } = worker as unknown as { readonly process: ChildProcess };
      if (this.#watched.has(child)) continue;
      this.#watched.add(child);
      const witness = new Witness(child);
      child.on("message", (message: Partial<Begun> | null) => {
        if (message?.begun !== undefined) this.#doers.set(message.begun, witness);
      });
      child.once("exit", () => (this.#lastEnded = witness));
    }
  }

  async #cannotBegin(error: unknown): Promise<Error> {
    const reason = await this.#lastEnded?.reason(this.#options.memoryMiB);
    return new Error(`a worker cannot begin its work: ${reason ?? String(error)}`, { cause: error });
  }
}

/** What npm and others put there for Node must not change how a worker runs. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== "NODE_OPTIONS");
  return Object.fromEntries(entries);
}

const MOST_KEPT = 8192;

/** Hears what a worker says last. */
class Witness {
  readonly #child: ChildProcess;
  #said = "";
  #isClosed = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.unpipe();
    child.stdout?.resume();
    child.stderr?.unpipe();
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#said = (this.#said + text).slice(-MOST_KEPT)));
    child.once("close", () => (this.#isClosed = true));
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Why it ended, in words. */
  async reason(memoryMiB: number): Promise<string> {
    if (!this.#isClosed) await once(this.#child, "close");
    const at = this.#said.lastIndexOf(LAST_WORDS);
    if (at >= 0) return this.#said.slice(at + LAST_WORDS.length).trim();
    const { exitCode, signalCode } = this.#child;
    if (/heap out of memory|FATAL ERROR.*Allocation failed/.test(this.#said)) return `its worker ran out of memory, of which it may hold ${memoryMiB} MiB`;
    if (signalCode === "SIGKILL") return "its worker was killed, perhaps by the system for want of memory";
    if (signalCode !== null) return `its worker was ended by ${signalCode}`;
    return `its worker ended itself with exit code ${exitCode ?? "unknown"}`;
  }
}

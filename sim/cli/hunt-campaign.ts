/** A hunt's campaign: its journal, its workers, its progress, and its end by runs, time, failure or Ctrl-C. */
import { join, relative } from "node:path";
import type { Executor } from "../campaign/executor.ts";
import { guidedBy } from "../campaign/guided.ts";
import { hunt } from "../campaign/hunt.ts";
import type { Job, Outcome } from "../campaign/job.ts";
import { JournalError, journalHeader, type JournalHeader } from "../campaign/journal.ts";
import { schedulesOf } from "../campaign/schedules.ts";
import { plainly, type Steering } from "../campaign/steering.ts";
import { inShard, inWhole, runsOf, shardName, steeringOf as shardSteering, WHOLE, type Shard, type ShardHeader } from "../campaign/shard.ts";
import type { HuntReport } from "../campaign/tally.ts";
import { findJournal, JournalFile, type FoundJournal } from "../campaign/workers/journal-file.ts";
import { poolExecutor } from "../campaign/workers/pool.ts";
import { formatCount } from "../explain/index.ts";
import { VERSION } from "../version.ts";
import { exitCodes } from "./exit.ts";
import type { HuntSettings } from "./hunt-options.ts";
import type { MissingPart } from "./hunt-missing.ts";
import type { PlannedHunt } from "./hunt-plan.ts";
import { HuntProgress } from "./hunt-progress.ts";
import { onInterrupt } from "./interrupt.ts";
import { packagePath } from "./package.ts";
import { programState } from "./program-state.ts";
import { PATIENCE_MS } from "./queue-patience.ts";
import type { Terminal } from "./terminal.ts";

export interface HuntCampaign {
  readonly report: HuntReport;
  readonly ended: "runs" | "time" | "failure" | "interrupted" | "incomplete";
  /** Wall time, of earlier parts of the same campaign as well. */
  readonly elapsedMs: number;
  readonly journal: string;
  /** Of a campaign in shards: what is not there. */
  readonly missing?: readonly MissingPart[] | undefined;
}

/** Throws a JournalError where its journal cannot be written, or is not the one to carry on. */
export async function runCampaign(planned: PlannedHunt, settings: HuntSettings, terminal: Terminal): Promise<HuntCampaign> {
  // Before anything is written or put aside.
  if (settings.queue !== undefined) await (await import("../campaign/workers/redis.ts")).checkRedis(settings.queue);
  const shard = settings.shard ?? WHOLE;
  const { path, journal, found: inJournal } = openJournal(journalPath(planned, settings), headerOf(planned, settings), settings, terminal);
  // The journal knows a run by its place in the whole campaign, and the hunt by its place in what is done here.
  const found = inJournal === undefined ? undefined : { ...inJournal, outcomes: inShard(shard, inJournal.outcomes) };
  const steering = steeringOf(planned, settings);
  const runs = runsOf(shard, settings.runs);
  const clock = new Clock(found?.elapsedMs ?? 0, settings.timeMs);
  const executor = await openExecutor(planned, runs, settings, clock, terminal).catch((error: unknown) => {
    journal.close();
    throw error;
  });
  const limits = { runs, timeMs: settings.timeMs, elapsedMs: clock.elapsedMs };
  const progress = new HuntProgress(limits, found?.outcomes.values() ?? [], settings.quiet ? undefined : terminal);
  let isInterrupted = false;
  const release = onInterrupt(() => {
    if (isInterrupted) process.exit(exitCodes.interrupted);
    isInterrupted = true;
    void executor.close();
  });
  try {
    if (found !== undefined) await checkSame(beforeLearning(found, steering), executor, path);
    const report = await hunt(executor, {
      firstSeed: planned.firstSeed,
      runs,
      keepGoing: settings.keepGoing,
      isOver: () => isInterrupted || clock.isOver,
      steering,
      done: found?.outcomes,
      onOutcome(outcome) {
        journal.write({ outcome: inWhole(shard, outcome), atMs: Math.round(clock.elapsedMs) });
        progress.add(outcome);
      },
    });
    const ended = isInterrupted ? "interrupted" : endOf(report, runs, settings);
    if (!isInterrupted) journal.write({ end: true, by: ended });
    return { report, ended, elapsedMs: clock.elapsedMs, journal: path };
  } finally {
    progress.clear();
    release();
    await executor.close();
    journal.close();
  }
}

/** Who does the runs: processes of this machine, or workers wherever they are. */
async function openExecutor({ plan, slug, firstSeed }: PlannedHunt, runs: number, settings: HuntSettings, clock: Clock, terminal: Terminal): Promise<Executor> {
  const { memoryMiB, stallMs, queue, workers, quiet } = settings;
  if (queue === undefined) return poolExecutor(plan, { worker: packagePath(".dist/worker.js"), workers: Math.min(workers, runs), memoryMiB, stallMs });
  const { queueExecutor } = await import("../campaign/workers/queue.ts");
  const say = (text: string): void => (quiet ? undefined : terminal.say(text));
  return queueExecutor({ url: queue, name: `${slug}-seed${firstSeed}`, version: programState(), plan, memoryMiB, stallMs, patienceMs: PATIENCE_MS, isOver: () => clock.isOver, say });
}

/** Where a campaign's journal lies, or a shard's. */
function journalPath({ slug, firstSeed }: PlannedHunt, { folder, shard }: HuntSettings): string {
  return join(folder, `${slug}-seed${firstSeed}${shard === undefined ? "" : `.${shardName(shard)}`}.hunt.jsonl`);
}

function headerOf(planned: PlannedHunt, settings: HuntSettings): JournalHeader {
  const header = journalHeader(VERSION, planned.plan, planned.firstSeed, settings.search === "plain" ? undefined : settings.search);
  return settings.shard === undefined ? header : { ...header, shard: shardHeaderOf(settings.shard, planned, settings) };
}

/** What whoever merges the shards needs to report as this machine would. */
function shardHeaderOf(shard: Shard, { plan, slug, leftOut, loaded }: PlannedHunt, { runs, keepGoing, command }: HuntSettings): ShardHeader {
  const folder = relative(process.cwd(), loaded.folder);
  return { ...shard, runs: runs === Infinity ? null : runs, keepGoing, slug, leftOut, folder: folder === "" ? "." : folder, command, module: plan.module };
}

function steeringOf({ plan, firstSeed, registry }: PlannedHunt, { search, shard }: HuntSettings): Steering {
  if (shard !== undefined) return shardSteering(shard, firstSeed);
  return search === "plain" ? plainly(firstSeed) : guidedBy(firstSeed, schedulesOf(plan, registry));
}

/** The runs that were planned before anything was learnt: of any other nobody knows yet what its settings were. */
function beforeLearning(found: FoundJournal, { batch, ahead }: Steering): FoundJournal {
  return { ...found, outcomes: new Map([...found.outcomes].filter(([index]) => index < batch * ahead)) };
}

function endOf(report: HuntReport, runs: number, { keepGoing }: HuntSettings): HuntCampaign["ended"] {
  if (report.failures.length > 0 && !keepGoing) return "failure";
  return report.runs >= runs ? "runs" : "time";
}

/** The campaign's wall time, over all of its parts. */
class Clock {
  readonly #before: number;
  readonly #begun = performance.now();
  readonly #limitMs: number;

  constructor(beforeMs: number, limitMs: number) {
    this.#before = beforeMs;
    this.#limitMs = limitMs;
  }

  get elapsedMs(): number {
    return this.#before + performance.now() - this.#begun;
  }

  get isOver(): boolean {
    return this.elapsedMs >= this.#limitMs;
  }
}

/** The journal of a campaign that is under way. */
export interface OpenedJournal {
  readonly path: string;
  readonly journal: JournalFile;
  readonly found: FoundJournal | undefined;
}

/** Begins a campaign's journal, or goes on with the one that is there. Throws a JournalError. */
export function openJournal(path: string, header: JournalHeader, { resume, quiet }: HuntSettings, terminal: Terminal): OpenedJournal {
  if (!resume) return { path, journal: JournalFile.begin(path, header), found: undefined };
  const found = findJournal(path, header);
  if (!quiet) terminal.say(resumption(path, found));
  return { path, journal: found === undefined ? JournalFile.begin(path, header) : JournalFile.goOn(path, found.wholeBytes), found };
}

/** What is carried on, and what is wrong with it. */
function resumption(path: string, found: FoundJournal | undefined): string {
  if (found === undefined) return `nothing to carry on at ${path}: the campaign begins`;
  const { outcomes, damaged, isTorn } = found;
  const lines = [`${formatCount(outcomes.size)} ${outcomes.size === 1 ? "run is" : "runs are"} in ${path}: the campaign goes on`];
  if (isTorn) lines.push("  its last line was never finished: that run is done again");
  if (damaged.length > 0) lines.push(`  damaged, and done again: line ${damaged.slice(0, 10).join(", ")}${damaged.length > 10 ? ` and ${formatCount(damaged.length - 10)} more` : ""}`);
  return lines.join("\n");
}

/** The version's number does not tell every change of the program: one of the runs is done again, and must be what it was. */
export async function checkSame({ outcomes }: FoundJournal, executor: Executor, path: string, overridesOf: (index: number) => Job["overrides"] = () => undefined): Promise<void> {
  const known = [...outcomes.values()].filter(({ digest }) => digest !== "");
  const [first] = known.sort((a, b) => a.index - b.index);
  if (first === undefined) return;
  const again: Outcome | undefined = await executor.run({ index: first.index, seed: first.seed, overrides: overridesOf(first.index) });
  if (again === undefined || again.digest === first.digest) return;
  const change = again.digest === "" ? `now ends in “${again.message ?? again.kind}”` : `now has ${again.digest}`;
  throw new JournalError(
    `${path} was written by another state of the program or the protocol: the run of seed ${first.seed} had the digest ${first.digest}, and ${change}`,
    "Without --resume, a campaign begins anew; --out names another folder.",
  );
}

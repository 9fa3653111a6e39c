/** What `splitbrain hunt` is asked for on the command line, checked. */
import { availableParallelism } from "node:os";
import { parseDuration, parseSize, QuantityError } from "../scenario/quantities.ts";
import type { Shard } from "../campaign/shard.ts";
import type { Args } from "./command.ts";
import { UsageError } from "./exit.ts";
import { USUAL_SEARCH, type Reporter, type Search } from "./hunt-choices.ts";
import { DEFAULT_FOLDER } from "./output.ts";

export interface HuntSettings {
  /** Infinity: until time is over. */
  readonly runs: number;
  /** Of wall time, interruptions left out, in milliseconds. Infinity: until all runs are done. */
  readonly timeMs: number;
  readonly workers: number;
  readonly keepGoing: boolean;
  readonly resume: boolean;
  /** After a campaign without a failure: the same one of every mutant. */
  readonly audit: boolean;
  readonly search: Search;
  /** Which part of the campaign is done here; undefined: all of it. */
  readonly shard: Shard | undefined;
  /** The redis whose workers do the runs; undefined: processes of this machine. */
  readonly queue: string | undefined;
  readonly budget: number | undefined;
  readonly mostEvents: number;
  readonly memoryMiB: number;
  readonly stallMs: number;
  readonly reporter: Reporter;
  readonly quiet: boolean;
  readonly folder: string;
  /** The words of the command, without what changes nothing in the campaign's report. */
  readonly command: readonly string[];
}

/** Where neither --runs nor --time is given: as much as a person waits for. */
const USUAL_RUNS = 1000;
const USUAL_TIME_MS = 60_000;

const NS_PER_MS = 1_000_000;
const BYTES_PER_MIB = 1024 * 1024;

/** Throws a UsageError where an option is wrong. */
export function huntSettings(args: Args): HuntSettings {
  const runs = args.whole("runs", 1, Number.MAX_SAFE_INTEGER);
  const timeMs = duration(args, "time");
  const hasLimit = runs !== undefined || timeMs !== undefined;
  checkSpread(args, runs);
  checkAudit(args);
  return {
    runs: runs ?? (hasLimit ? Infinity : USUAL_RUNS),
    timeMs: timeMs ?? (hasLimit ? Infinity : USUAL_TIME_MS),
    workers: args.whole("workers", 1, 1024) ?? availableParallelism(),
    keepGoing: args.flag("keep-going"),
    resume: args.flag("resume"),
    audit: args.flag("audit"),
    search: searchOf(args),
    shard: shardOf(args),
    queue: queueOf(args),
    budget: args.whole("budget", 1, Number.MAX_SAFE_INTEGER),
    mostEvents: args.whole("run-events", 1, Number.MAX_SAFE_INTEGER) ?? 20_000_000,
    memoryMiB: memory(args) ?? 1024,
    stallMs: duration(args, "run-timeout") ?? 30_000,
    reporter: reporterOf(args),
    quiet: args.flag("quiet"),
    folder: args.text("out") ?? DEFAULT_FOLDER,
    command: commandOf(args),
  };
}

const OF_THE_CAMPAIGN = ["runs", "time", "search", "seed", "mutant", "budget", "run-events", "run-timeout", "run-memory"] as const;

/** What somebody else has to say for the same campaign. */
function commandOf(args: Args): string[] {
  const valued = OF_THE_CAMPAIGN.flatMap((name) => (args.isGiven(name) ? [`--${name}`, args.text(name) as string] : []));
  const flags = (["keep-going", "guided"] as const).flatMap((name) => (args.flag(name) ? [`--${name}`] : []));
  return ["hunt", args.text("scenario") ?? "-", ...valued, ...flags, ...args.texts("set").flatMap((one) => ["--set", one])];
}

/** Throws a UsageError where --json and --reporter contradict each other. */
export function reporterOf(args: Args): Reporter {
  const chosen = args.text("reporter") as Reporter | undefined;
  if (args.flag("json") && chosen !== undefined && chosen !== "json") throw new UsageError(`--json and --reporter ${chosen} exclude each other`, "Standard output takes one of them.");
  return args.flag("json") ? "json" : (chosen ?? "text");
}

function searchOf(args: Args): Search {
  const chosen = args.text("search") as Search | undefined;
  if (args.flag("guided") && chosen === "plain") throw new UsageError("--guided and --search plain exclude each other");
  return args.flag("guided") ? "guided" : (chosen ?? USUAL_SEARCH);
}

/** `3/64`: the third of 64. */
function shardOf(args: Args): Shard | undefined {
  const text = args.text("shard");
  if (text === undefined) return undefined;
  const [, number, of] = (/^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? []).map(Number);
  if (number !== undefined && of !== undefined && number <= of) return { number, of };
  throw new UsageError(`--shard takes which part of how many, such as 3/64, not '${text}'`, "The first of four is 1/4, and the last 4/4.");
}

/** An address of a redis: `redis://host:6379`, with a name, a password and a database where they are needed. */
export function queueOf(args: Args): string | undefined {
  const text = args.text("queue");
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== "" && /^(\/\d*)?$/.test(url.pathname)) return text;
  throw new UsageError("--queue takes the address of a redis, such as redis://localhost:6379 or redis://user:password@host:6379/1");
}

/** What a campaign on many machines cannot be. */
function checkSpread(args: Args, runs: number | undefined): void {
  const [shard, queue] = [shardOf(args), queueOf(args)];
  if (shard !== undefined && searchOf(args) === "guided") {
    throw new UsageError("--shard cannot be searched in by --search guided, which goes by what all runs came by", "On many machines it works with --queue.");
  }
  if (shard !== undefined && queue !== undefined) throw new UsageError("--shard and --queue exclude each other", "Each spreads the whole campaign in its own way.");
  if (queue !== undefined && args.isGiven("workers")) throw new UsageError("--workers does not go with --queue", "Each `splitbrain worker --queue …` takes --workers for its own machine.");
  if (shard !== undefined && runs !== undefined && shard.number > runs) throw new UsageError(`of ${runs === 1 ? "a single run" : `${runs} runs`} there is none for --shard ${shard.number}/${shard.of}`, "There can be as many shards as runs.");
}

/** What goes through all mutants takes whole campaigns. */
function checkAudit(args: Args): void {
  const isAll = args.text("mutant") === "all";
  if (args.flag("audit") && args.isGiven("mutant")) throw new UsageError("--audit and --mutant exclude each other", "--audit goes through every mutant after a campaign of the protocol itself; --mutant all does nothing else.");
  if (!isAll && !args.flag("audit")) return;
  const name = isAll ? "--mutant all" : "--audit";
  if (args.isGiven("shard")) throw new UsageError(`${name} does not go with --shard`, "Each mutant is hunted in a campaign of its own.");
  if (isAll && args.flag("keep-going")) throw new UsageError("--mutant all does not go with --keep-going", "Each mutant is hunted to its first failure. For all that one of them breaks: --mutant NAME --keep-going.");
}

/** A duration of wall time, in milliseconds. */
function duration(args: Args, name: string): number | undefined {
  const ns = quantity(args, name, parseDuration);
  if (ns === undefined) return undefined;
  if (ns < NS_PER_MS) throw new UsageError(`--${name} takes a millisecond or more, not '${args.text(name)}'`);
  return Math.round(ns / NS_PER_MS);
}

/** Node itself does not start with less. */
const LEAST_MIB = 32;

function memory(args: Args): number | undefined {
  const bytes = quantity(args, "run-memory", parseSize);
  if (bytes === undefined) return undefined;
  if (bytes < LEAST_MIB * BYTES_PER_MIB) throw new UsageError(`--run-memory takes ${LEAST_MIB}MiB or more, not '${args.text("run-memory")}'`);
  return Math.floor(bytes / BYTES_PER_MIB);
}

function quantity(args: Args, name: string, parse: (text: string) => number): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new UsageError(`--${name}: ${error.message}`, error.hint);
  }
}

/** What `splitbrain hunt` is asked for on the command line, checked. */
import { availableParallelism } from "node:os";
import { parseDuration, parseSize, QuantityError } from "../scenario/quantities.ts";
import type { Args } from "./command.ts";
import { UsageError } from "./exit.ts";
import type { Reporter } from "./hunt-choices.ts";
import { DEFAULT_FOLDER } from "./output.ts";

export interface HuntSettings {
  /** Infinity: until time is over. */
  readonly runs: number;
  /** Of wall time, interruptions left out, in milliseconds. Infinity: until all runs are done. */
  readonly timeMs: number;
  readonly workers: number;
  readonly keepGoing: boolean;
  readonly resume: boolean;
  readonly budget: number | undefined;
  readonly mostEvents: number;
  readonly memoryMiB: number;
  readonly stallMs: number;
  readonly reporter: Reporter;
  readonly quiet: boolean;
  readonly folder: string;
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
  return {
    runs: runs ?? (hasLimit ? Infinity : USUAL_RUNS),
    timeMs: timeMs ?? (hasLimit ? Infinity : USUAL_TIME_MS),
    workers: args.whole("workers", 1, 1024) ?? availableParallelism(),
    keepGoing: args.flag("keep-going"),
    resume: args.flag("resume"),
    budget: args.whole("budget", 1, Number.MAX_SAFE_INTEGER),
    mostEvents: args.whole("run-events", 1, Number.MAX_SAFE_INTEGER) ?? 20_000_000,
    memoryMiB: memory(args) ?? 1024,
    stallMs: duration(args, "run-timeout") ?? 30_000,
    reporter: reporterOf(args),
    quiet: args.flag("quiet"),
    folder: args.text("out") ?? DEFAULT_FOLDER,
  };
}

function reporterOf(args: Args): Reporter {
  const chosen = args.text("reporter") as Reporter | undefined;
  if (args.flag("json") && chosen !== undefined && chosen !== "json") throw new UsageError(`--json and --reporter ${chosen} exclude each other`, "Standard output takes one of them.");
  return args.flag("json") ? "json" : (chosen ?? "text");
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

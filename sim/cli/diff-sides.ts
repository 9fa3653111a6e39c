/** What `splitbrain diff` compares: from the words on the command line to what each side is. */
import type { Override } from "../scenario/overrides.ts";
import type { Args } from "./command.ts";
import { UsageError } from "./exit.ts";
import { parseOverride } from "./run-scenario.ts";
import { isTraceFile } from "./trace-file.ts";

export interface ScenarioSide {
  readonly type: "scenario";
  readonly name: string;
  /** Undefined: the scenario's own, or that of the trace on the other side. */
  readonly seed: number | undefined;
  readonly mutant: string | undefined;
  readonly overrides: readonly Override[];
}

export type Side =
  | { readonly type: "trace"; readonly path: string }
  | ScenarioSide
  /** The scenario that the trace on the other side carries, run again. */
  | (Omit<ScenarioSide, "type" | "name"> & { readonly type: "again" });

export interface Sides {
  readonly a: Side;
  readonly b: Side;
}

/** Throws a UsageError where the options do not go together. */
export function sidesOf(args: Args): Sides {
  const [a, b] = [args.text("a") as string, args.text("b")];
  const isRun = { a: !isTraceFile(a), b: b === undefined || !isTraceFile(b) };
  refuseForTraces(args, isRun);
  const seeds = perSide(args, "seed", isRun, "both").map((text) => (text === undefined ? undefined : wholeSeed(text)));
  const mutants = perSide(args, "mutant", isRun, "b");
  const common = overridesOf(args, "set");
  const settings = (side: 0 | 1) => ({ seed: seeds[side], mutant: mutants[side], overrides: [...common, ...overridesOf(args, side === 0 ? "set-a" : "set-b")] });
  const first: Side = isRun.a ? { type: "scenario", name: a, ...settings(0) } : { type: "trace", path: a };
  if (b !== undefined) return { a: first, b: isRun.b ? { type: "scenario", name: b, ...settings(1) } : { type: "trace", path: b } };
  return { a: first, b: isRun.a ? { type: "scenario", name: a, ...settings(1) } : { type: "again", ...settings(1) } };
}

/** A trace is what it was: no option changes it. */
function refuseForTraces(args: Args, isRun: { readonly a: boolean; readonly b: boolean }): void {
  const given = (option: string): boolean => args.texts(option).length > 0;
  const refuse = (option: string, what: string): never => {
    throw new UsageError(`--${option} has no meaning here: ${what}`, "A trace is what it was; only a scenario is run with options.");
  };
  const both = ["seed", "mutant", "set", "set-a", "set-b"].find(given);
  if (!isRun.a && !isRun.b && both !== undefined) refuse(both, "both sides are traces");
  for (const side of ["a", "b"] as const) if (!isRun[side] && given(`set-${side}`)) refuse(`set-${side}`, `${side} is a trace`);
}

/** The values of an option that may be given for each side: once, then it is for what is run (`both`), or for b alone. */
function perSide(args: Args, option: string, isRun: { readonly a: boolean; readonly b: boolean }, once: "both" | "b"): [string | undefined, string | undefined] {
  const values = args.texts(option);
  const most = isRun.a && isRun.b ? 2 : 1;
  if (values.length > most) throw new UsageError(`--${option} is given ${values.length} times`, most === 2 ? "Give it once, or twice: first a's, then b's." : "Give it once: the other side is a trace.");
  const [first, second] = values;
  if (values.length === 2) return [first, second];
  if (!isRun.b) return [first, undefined];
  return [once === "both" && isRun.a ? first : undefined, first];
}

function wholeSeed(text: string): number {
  const seed = /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed takes a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not '${text}'`);
}

function overridesOf(args: Args, option: string): Override[] {
  return args.texts(option).map((text) => parseOverride(text, `--${option}`));
}

/**
 * Verdicts on histories, ours or anybody's: needs no simulator, in Node and in the browser. This file is the registry of
 * levels, models and formats; each is a file of its own.
 */
import { CheckError } from "./check-error.ts";
import { CONFIGURATIONS } from "./decide.ts";
import { type HistoryEvent, type HistoryProblem, HistoryError, type Operation, operationsOf } from "./history.ts";
import { beginReading as begin, type ReadOptions, type Recording } from "./import/index.ts";
import { levelOf } from "./levels.ts";
import { minimal } from "./minimal.ts";
import { casRegister } from "./models/cas-register.ts";
import { counter } from "./models/counter.ts";
import { kvAppend } from "./models/kv-append.ts";
import { kv } from "./models/kv.ts";
import { log } from "./models/log.ts";
import type { Model } from "./models/model.ts";
import { multiRegister } from "./models/multi-register.ts";
import { mutex } from "./models/mutex.ts";
import { priorityQueue } from "./models/priority-queue.ts";
import { queue } from "./models/queue.ts";
import { recognise } from "./models/recognise.ts";
import { register } from "./models/register.ts";
import { semaphore } from "./models/semaphore.ts";
import { set } from "./models/set.ts";
import { stack } from "./models/stack.ts";
import type { Verdict } from "./verdict.ts";

export { CheckError } from "./check-error.ts";
export { Convergence } from "./convergence.ts";
export { HistoryError, formatHistory, operationsOf } from "./history.ts";
export type { HistoryEvent, HistoryProblem, Operation } from "./history.ts";
export { type ReadOptions, type Recording, formatAliases, formats } from "./import/index.ts";
export { type Level, levelOf, levels, levelsNotYet } from "./levels.ts";
export type { Model } from "./models/model.ts";
export { defineModel, type ModelDefinition, ModelError } from "./models/own.ts";
export { judgeListAppend, transactionLevels } from "./transactions/judge.ts";
export { type LegalOrder, type Reason, type Verdict, type VerdictKind, worst } from "./verdict.ts";
export { type Verification, verify } from "./verify.ts";

export const models: { readonly [name: string]: Model } = Object.fromEntries([register, casRegister, multiRegister, kv, kvAppend, mutex, semaphore(1), counter, set, queue, stack, priorityQueue, log].map((model) => [model.name, model]));

/** Names that mean something and that nothing here judges yet. */
export const modelsNotYet: readonly string[] = ["list-append", "rw-register", "bank"];

export interface CheckOptions {
  /** By its name, or one of one's own; `kv` unless said otherwise. */
  readonly model?: string | Model | undefined;
  /** `linearizable` unless said otherwise, `serializable` where there is no real time. */
  readonly consistency?: string | undefined;
  /** How many configurations may be explored before the verdict is `unknown`. */
  readonly budget?: number | undefined;
  /** Whether a fail is told by a part of the history from which nothing can be left out. It takes longer. */
  readonly minimal?: boolean | undefined;
  /** The line of each event in its file, from 1, for messages; else its position counts. */
  readonly lines?: readonly number[] | undefined;
  /** False where the order of the history's events says nothing about two sessions, as a {@link Recording} says. */
  readonly hasRealTime?: boolean | undefined;
}

/** Takes a history in chunks, and gives its recording at the end. */
export interface HistoryReading {
  push(chunk: string): void;
  end(): Recording;
}

/**
 * Begins to read a history, recognised by its content unless `format` says what it is. Both `push` and `end` throw a
 * {@link HistoryError} with every mistake and its place.
 */
export function beginReading(options: ReadOptions = {}): HistoryReading {
  const reading = begin(options);
  return {
    push: (chunk) => reading.push(chunk),
    end() {
      const recording = reading.end();
      return { ...recording, model: recording.model ?? recognise(recording.operations ?? recording.history) };
    },
  };
}

/** Reads a history that is there as a whole, as {@link beginReading} does. */
export function readHistory(text: string, options: ReadOptions = {}): Recording {
  const reading = beginReading(options);
  reading.push(text);
  return reading.end();
}

/**
 * The verdict on a history. Throws a {@link CheckError} for a name that it does not know, and a {@link HistoryError}
 * for a history that is malformed or does not fit the model.
 */
export function check(history: readonly HistoryEvent[] | readonly Operation[], options: CheckOptions = {}): Verdict {
  const model = typeof options.model === "object" ? options.model : modelOf(options.model ?? "kv");
  const consistency = options.consistency ?? (options.hasRealTime === false ? "serializable" : "linearizable");
  const level = levelOf(consistency);
  if (options.hasRealTime === false) mustNotNeedTime(consistency);
  const operations = isOperations(history) ? history : operationsOf(history, options.lines);
  mustFit(operations, model, options.lines);
  const judge = (some: readonly Operation[], budget: number): Verdict => level.judge(some, model, budget);
  const verdict = judge(operations, options.budget ?? CONFIGURATIONS);
  return options.minimal === true ? minimal(verdict, operations, model, judge) : verdict;
}

/** Levels that hold an operation against others that ended before it began, in whatever session. */
const TIMED = /^(linearizable|strictSerializable|kAtomic|boundedStaleness)\b/;

function mustNotNeedTime(consistency: string): void {
  if (!TIMED.test(consistency)) return;
  throw new CheckError(`${consistency} is about real time, and this history knows the order inside each session only: ask for serializable, or a weaker level`);
}

export function modelOf(name: string): Model {
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  if (model !== undefined) return model;
  const permits = /^semaphore\(([1-9]\d{0,5})\)$/.exec(name)?.[1];
  if (permits !== undefined) return semaphore(Number(permits));
  throw new CheckError(modelsNotYet.includes(name) ? `the model ${name} is not supported yet` : `there is no model ${name}; there are ${Object.keys(models).join(", ")}`);
}

function isOperations(history: readonly HistoryEvent[] | readonly Operation[]): history is readonly Operation[] {
  return history.length > 0 && "outcome" in history[0]!;
}

function mustFit(operations: readonly Operation[], model: Model, lines: readonly number[] | undefined): void {
  const problems = operations.flatMap((operation): HistoryProblem[] => {
    const known = model.anyFunction === true || model.functions.includes(operation.f);
    const message = known ? model.misfit(operation) : `the model ${model.name} has no ${operation.f}; it has ${model.functions.join(", ")}`;
    return message === undefined ? [] : [{ line: lines?.[operation.invoked] ?? operation.invoked + 1, column: 1, message }];
  });
  if (problems.length > 0) throw new HistoryError(problems);
}

/** Histories on disk and the verdicts on them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { check, CheckError, formats, formatsNotYet, HistoryError, isolationLevels, judgedOf, levels, models, mustJudge, readHistory, transactionModels, worst } from "../check/index.ts";
import type { HistoryProblem, Operation, Recording, Verdict, VerdictKind } from "../check/index.ts";
import { closest, didYouMean, InputError, oneOf, type Diagnostic } from "../scenario/diagnostics.ts";
import { UsageError } from "./exit.ts";

export interface JudgeOptions {
  readonly model: string | undefined;
  readonly consistency: string | undefined;
  readonly format: string | undefined;
  readonly budget: number | undefined;
  /** Whether the verdicts say which other levels hold. */
  readonly lattice: boolean;
}

export interface JudgedHistory {
  readonly file: string;
  readonly verdict: Verdict;
  /** What a verdict's positions refer to. */
  readonly operations: readonly Operation[];
}

export interface Judged {
  /** The worst of all. */
  readonly verdict: VerdictKind;
  readonly histories: readonly JudgedHistory[];
  /** True where several files or a folder were named, so that the answer is a list. */
  readonly isList: boolean;
}

/** Reads and judges every history. Throws an InputError with the mistakes of all files before it judges any. */
export async function judgeHistories(names: readonly string[], options: JudgeOptions): Promise<Judged> {
  checkNames(options);
  const files = names.flatMap(filesOf);
  const texts = files.map((file) => ({ file, text: readText(file) }));
  const recordings = collect(texts, ({ file, text }) => ({ file, recording: read(file, text, options) }));
  const histories = collect(recordings, ({ file, recording }) => judge(file, recording, options));
  const isList = names.length > 1 || files.length !== 1 || files[0] !== names[0];
  return { verdict: worst(histories.map((one) => one.verdict.verdict)), histories, isList };
}

/** All results, or all mistakes. */
function collect<Item, Result>(items: readonly Item[], act: (item: Item) => Result): Result[] {
  const results: Result[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const item of items) {
    try {
      results.push(act(item));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      diagnostics.push(...error.diagnostics);
    }
  }
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return results;
}

/** Names that are wrong are wrong for every file: they are told once, before anything is read. */
function checkNames({ model, consistency, format }: JudgeOptions): void {
  mustBeKnown(model, (name) => mustJudge({ model: name }), [...Object.keys(models), ...Object.keys(transactionModels)]);
  mustBeKnown(consistency, (name) => mustJudge({ model, consistency: name }), [...Object.keys(levels), ...Object.keys(isolationLevels)]);
  if (format === undefined || Object.hasOwn(formats, format)) return;
  if (formatsNotYet.includes(format)) throw new UsageError(`the format ${format} is not supported yet`);
  throw new UsageError(`there is no format '${format}'${didYouMean(format, Object.keys(formats))}`, `There are ${oneOf(Object.keys(formats), "and")}.`);
}

function mustBeKnown(name: string | undefined, find: (name: string) => void, known: readonly string[]): void {
  if (name === undefined) return;
  try {
    find(name);
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    const meant = closest(name, known);
    throw new UsageError(error.message, meant === undefined ? undefined : `did you mean \`${meant}\`?`);
  }
}

/** Endings of histories; anything else in a folder (a trace, a scenario) is none. */
const endings = [".jsonl", ".json", ".edn", ".log", ".txt"];

function filesOf(name: string): string[] {
  if (name === "-") return [name];
  if (!existsSync(name)) throw new UsageError(`there is no history ${name}`, "`splitbrain run` writes one beside its trace.");
  if (!statSync(name).isDirectory()) return [name];
  const files = readdirSync(name).filter((file) => endings.some((ending) => file.endsWith(ending)));
  if (files.length === 0) throw new UsageError(`there is no history in the folder ${name}`, `A history ends in ${oneOf(endings)}.`);
  return files.sort().map((file) => join(name, file));
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function read(file: string, text: string, { format }: JudgeOptions): Recording & { readonly text: string } {
  try {
    return { ...readHistory(text, { format, file }), text };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new InputError(error.problems.map((problem) => diagnosticOf(problem, problem.line, file, text)));
  }
}

function judge(file: string, recording: Recording & { readonly text: string }, { model = recording.model, consistency, budget, lattice }: JudgeOptions): JudgedHistory {
  try {
    const verdict = check(recording.history, { model, consistency, budget, lattice });
    return { file, operations: judgedOf(recording.history, model), verdict };
  } catch (error) {
    if (error instanceof CheckError) throw new UsageError(error.message);
    if (!(error instanceof HistoryError)) throw error;
    // The check counts events; a reader counts lines.
    throw new InputError(error.problems.map((problem) => diagnosticOf(problem, recording.lines[problem.line - 1] ?? problem.line, file, recording.text)));
  }
}

function diagnosticOf({ column, message }: HistoryProblem, line: number, file: string, text: string): Diagnostic {
  const excerpt = text.split(/\r?\n/)[line - 1];
  return { file, line, column, message, ...(excerpt !== undefined && excerpt.trim() !== "" && { excerpt }) };
}

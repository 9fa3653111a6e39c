/** Histories on disk and the verdicts on them. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { check, CheckError, formatAliases, formats, HistoryError, isolationLevels, judgedOf, levels, modelOf, models, mustJudge, transactionModels, transactionsOf, verify, verifyTransactions, worst } from "../check/index.ts";
import type { Operation, Recording, Verdict, VerdictKind, Verification } from "../check/index.ts";
import { closest, didYouMean, InputError, oneOf, type Diagnostic } from "../scenario/diagnostics.ts";
import { UsageError } from "./exit.ts";
import type { ModelModule } from "./model-module.node.ts";
import { isModuleName } from "./module-name.ts";
import { diagnosticsOf, type HistoryFile, isRereadable, readHistoryFile, type ShowProgress } from "./read-history.ts";

export interface JudgeOptions {
  readonly model: string | undefined;
  readonly consistency: string | undefined;
  readonly format: string | undefined;
  readonly budget: number | undefined;
  /** Whether the verdicts say which other levels hold. */
  readonly lattice: boolean;
  readonly verify: boolean;
}

export interface JudgedHistory {
  readonly file: string;
  readonly verdict: Verdict;
  /** What a verdict's positions refer to; empty where it points at none and there is much to judge. */
  readonly operations: readonly Operation[];
  /** Where it was asked for. */
  readonly verification?: Verification | undefined;
}

export interface Judged {
  /** The worst of all. */
  readonly verdict: VerdictKind;
  readonly histories: readonly JudgedHistory[];
  /** True where several files or a folder were named, so that the answer is a list. */
  readonly isList: boolean;
}

/** Histories of so many bytes together are kept while all are read; larger ones are read again when they are judged. */
const KEPT_BYTES = 256 * 2 ** 20;

/** Reads and judges every history. Throws an InputError with the mistakes of all files before it judges any. */
export async function judgeHistories(names: readonly string[], options: JudgeOptions, progress: ShowProgress = () => undefined): Promise<Judged> {
  checkNames(options);
  const files = names.flatMap(filesOf);
  const own = await ownModel(options.model);
  const isLarge = files.length > 1 && files.reduce((sum, file) => sum + (isRereadable(file) ? statSync(file).size : 0), 0) > KEPT_BYTES;
  const readOne = (file: string): Promise<HistoryFile> => readHistoryFile(file, options.format, progress);
  const read = await collect(files, async (file) => {
    const one = await readOne(file);
    return isLarge && isRereadable(file) ? { file } : { file, one };
  });
  const histories = await collect(read, async ({ file, one }) => {
    const judged = judge(one ?? (await readOne(file)), options, own);
    return isLarge && judged.verdict.failure === undefined ? { ...judged, operations: [] } : judged;
  });
  const isList = names.length > 1 || files.length !== 1 || files[0] !== names[0];
  return { verdict: worst(histories.map((one) => one.verdict.verdict)), histories, isList };
}

/** All results, or all mistakes. */
async function collect<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const item of items) {
    try {
      results.push(await act(item));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      diagnostics.push(...error.diagnostics);
    }
  }
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return results;
}

/** The model of the user's own that the option names, where it names a module. */
async function ownModel(name: string | undefined): Promise<ModelModule | undefined> {
  if (name === undefined || !isModuleName(name)) return undefined;
  const { loadModelModule } = await import("./model-module.node.ts");
  return loadModelModule(name);
}

/** Names that are wrong are wrong for every file: they are told once, before anything is read. */
function checkNames({ model, consistency, format }: JudgeOptions): void {
  if (model === undefined || !isModuleName(model)) {
    mustBeKnown(model, (name) => mustJudge({ model: name }), [...Object.keys(models), ...Object.keys(transactionModels)]);
    mustBeKnown(consistency, (name) => mustJudge({ model, consistency: name }), [...Object.keys(levels), ...Object.keys(isolationLevels)]);
  }
  if (format === undefined || Object.hasOwn(formats, format) || Object.hasOwn(formatAliases, format)) return;
  throw new UsageError(`there is no format '${format}'${didYouMean(format, [...Object.keys(formats), ...Object.keys(formatAliases)])}`, `There are ${oneOf(Object.keys(formats), "and")}.`);
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

function judge({ file, recording, linesAt }: HistoryFile, { model = recording.model, consistency, budget, lattice, verify: isVerified }: JudgeOptions, own: ModelModule | undefined): JudgedHistory {
  const { lines, hasRealTime } = recording;
  try {
    const verdict = check(recording.operations ?? recording.history, { model: own?.model ?? model, consistency, budget, lines, hasRealTime, lattice, minimal: true });
    const operations = recording.operations ?? judgedOf(recording.history, model, lines);
    return { file, operations, verdict, ...(isVerified && { verification: verificationOf(verdict, operations, recording, own, model) }) };
  } catch (error) {
    if (error instanceof CheckError) throw new UsageError(error.message);
    if (!(error instanceof HistoryError)) throw own === undefined ? error : own.locate(error);
    throw new InputError(diagnosticsOf(file, error.problems, linesAt));
  }
}

function verificationOf(verdict: Verdict, operations: readonly Operation[], { history, lines }: Recording, own: ModelModule | undefined, model = "kv"): Verification {
  if (own !== undefined) return verify(verdict, operations, own.model);
  if (model === "list-append" || model === "rw-register") return verifyTransactions(verdict, transactionsOf(history, lines, model));
  return Object.hasOwn(transactionModels, model) ? { outcome: "open", why: "sums are not replayed" } : verify(verdict, operations, modelOf(model));
}

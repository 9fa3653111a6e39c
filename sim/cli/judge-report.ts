/** Verdicts on histories, for people and as JSON. */
import type { Operation } from "../check/index.ts";
import { formatCount, formatTime, operationText } from "../explain/index.ts";
import type { Judged, JudgedHistory } from "./judge-histories.ts";
import { alignRows, wrap, type Paint } from "./terminal.ts";

export interface JudgeStyle {
  readonly paint: Paint;
  readonly columns: number;
  readonly isQuiet: boolean;
}

const MOST_OPERATIONS = 12;

/** One document for a file, and a list of them for several. */
export function jsonOf({ verdict, histories, isList }: Judged): object {
  if (isList) return { version: 1, verdict, histories: histories.map((one) => ({ file: one.file, ...jsonOfOne(one) })) };
  return { version: 1, ...jsonOfOne(histories[0] as JudgedHistory) };
}

function jsonOfOne({ verdict, operations, verification }: JudgedHistory): object {
  const { failure, witness } = verdict;
  return {
    verdict: verdict.verdict,
    model: verdict.model,
    consistency: verdict.consistency,
    algorithm: verdict.algorithm,
    operations: verdict.operations,
    ...(verdict.strongest !== undefined && { strongest: verdict.strongest, weakest: verdict.weakest, undecided: verdict.undecided }),
    explanation: {
      detail: verdict.detail,
      ...(verdict.anomalies !== undefined && { anomalies: verdict.anomalies }),
      explored: verdict.explored,
      ...(failure !== undefined && {
        key: failure.key,
        atNs: failure.time,
        operations: failure.operations.map((position) => jsonOfOperation(operations[position] as Operation)),
        ...(failure.isMinimal !== undefined && { minimal: failure.isMinimal }),
        ...(failure.cycle !== undefined && { cycle: failure.cycle.map(({ from, to, kind, key, why }) => ({ from, to, kind, key, why })) }),
      }),
      ...(witness !== undefined && { witness }),
    },
    ...(verification !== undefined && { verification }),
  };
}

function jsonOfOperation({ process, client, f, key, input, output, outcome, invokedAt, returnedAt }: Operation): object {
  return { process, client, f, key, input, output, outcome, invokedNs: invokedAt, returnedNs: Number.isFinite(returnedAt) ? returnedAt : null };
}

export function formatJudged({ histories, isList }: Judged, style: JudgeStyle): string {
  return histories.map((one) => formatOne(one, isList, style)).join(isList && !style.isQuiet ? "\n\n" : "\n");
}

const looks = { pass: ["✓", "green"], fail: ["✗", "red"], unknown: ["?", "yellow"] } as const;

function formatOne(judged: JudgedHistory, isList: boolean, { paint, columns, isQuiet }: JudgeStyle): string {
  const { verdict, file } = judged;
  const [mark, colour] = looks[verdict.verdict];
  const name = isList ? `  ${file}` : "";
  const head = `${paint[colour](`${mark} ${verdict.verdict}`)}${name}  ${verdict.consistency}, ${verdict.model}, ${formatCount(verdict.operations)} ${isTransactional(judged.operations[0]) ? "transactions" : "operations"}`;
  if (isQuiet) return head;
  const how = paint.dim(`by ${verdict.algorithm}${verdict.explored === 0 ? "" : `, ${formatCount(verdict.explored)} ${verdict.explored === 1 ? "configuration" : "configurations"} explored`}`);
  return [head, ...formatDetail(judged, columns), ...formatFailure(judged), ...formatPlace(judged), `  ${how}`, ...formatVerification(judged, paint)].join("\n");
}

const MOST_REASONS = 12;

/** One sentence; of a circle of transactions, what it is called and a line for each of its steps. */
function formatDetail({ verdict: { detail, failure } }: JudgedHistory, columns: number): string[] {
  const cycle = failure?.cycle ?? [];
  const name = /^(G[\w-]+|a circle): /.exec(detail)?.[1];
  if (cycle.length === 0 || name === undefined) return [`  ${wrap(detail, columns - 2, "  ")}`];
  const steps = cycle.slice(0, MOST_REASONS).map(({ from, to, kind, why }) => [`    T${from} → T${to}`, kind, why]);
  const left = cycle.length - steps.length;
  return [`  ${name}, in which each must come before the next:`, ...alignRows(steps), ...(left > 0 ? [`    … and ${left} more until T${cycle[0]!.from}`] : [])];
}

const verifications = { verified: ["verified", "green"], wrong: ["THIS VERDICT DOES NOT STAND UP", "red"], open: ["not verified", "yellow"] } as const;

function formatVerification({ verification }: JudgedHistory, paint: Paint): string[] {
  if (verification === undefined) return [];
  const [word, colour] = verifications[verification.outcome];
  return [`  ${paint[colour](word)}: ${verification.why}`];
}

/** Which levels hold, in two lines, by the outermost of them. */
function formatPlace({ verdict: { strongest, weakest = [], undecided = [] } }: JudgedHistory): string[] {
  if (strongest === undefined) return [];
  const names = (levels: readonly string[]): string => (levels.length === 0 ? "none" : levels.join(", "));
  const open = undecided.length === 0 ? "" : `; not decided: ${undecided.join(", ")}`;
  return [`  strongest that hold: ${names(strongest)}`, `  weakest that do not: ${names(weakest)}${open}`];
}

/** The operations that refute it, the one that cannot be explained last. */
function formatFailure({ verdict, operations }: JudgedHistory): string[] {
  const involved = verdict.failure?.operations ?? [];
  if (involved.length === 0) return [];
  const isTimed = operations.some(({ invokedAt }) => invokedAt > 0);
  const shown = involved.slice(-MOST_OPERATIONS).map((position) => operationRow(operations[position] as Operation, isTimed));
  const left = involved.length - shown.length;
  return ["", ...(left > 0 ? [`    … ${left} operations before these`] : []), ...alignRows(shown), ""];
}

function operationRow(operation: Operation, isTimed: boolean): string[] {
  const { client, outcome, invokedAt, returnedAt, invoked, returned } = operation;
  const [begun, ended] = isTimed ? [formatTime(invokedAt), formatTime(returnedAt)] : [`event ${invoked + 1}`, `${returned + 1}`];
  return [`    ${client}`, ...(isTransactional(operation) ? [`T${operation.index}`] : []), operationText(operation), outcome === "mismatch" ? "mismatch" : "", `${begun} … ${Number.isFinite(returned) ? ended : "no answer"}`];
}

/** Verdicts on transactions call them by their numbers. */
function isTransactional(operation: Operation | undefined): boolean {
  return operation?.f === "txn" || operation?.f === "aborted txn";
}

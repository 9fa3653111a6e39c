/** From a verdict and the operations that it speaks of to what the picture is drawn from. */
import type { Operation, Verdict } from "../../sim/check/index.ts";
import { operationText } from "../../sim/explain/operation.ts";
import { formatCount } from "../../sim/explain/units.ts";
import type { HistoryData, OperationData } from "./data.ts";

/** More than a browser draws at once. */
const MOST = 50_000;
/** Operations that leave everything as it is, by their usual names. */
const LOOKS: ReadonlySet<string> = new Set(["read", "get", "peek", "contains", "length"]);

/** `title`: the history's name. */
export function historyData(title: string, operations: readonly Operation[], verdict: Verdict): HistoryData {
  const chosen = chosenOf(operations, verdict);
  const sorted = [...chosen.operations].sort((a, b) => a.invoked - b.invoked);
  const position = new Map(sorted.map((operation, at) => [operation.index, at]));
  const here = (indexes: readonly number[]): number[] => indexes.flatMap((index) => position.get(index) ?? []);
  const clients = [...new Set(sorted.map(({ client }) => client))].sort(byNumber);
  const hasKeys = new Set(sorted.map(({ key }) => key)).size > 1;
  const { failure, witness = [] } = verdict;
  const cycle = (failure?.cycle ?? []).flatMap(({ from, to, kind, why }) => {
    const [a, b] = [position.get(from), position.get(to)];
    return a === undefined || b === undefined ? [] : [{ from: a, to: b, kind, why }];
  });
  return {
    title,
    verdict: verdict.verdict,
    facts: [verdict.consistency, verdict.model, `${formatCount(verdict.operations)} ${isTransactional(operations) ? "transactions" : "operations"}`, `by ${verdict.algorithm}`],
    detail: sentence(verdict.detail),
    clients,
    operations: sorted.map((operation) => operationData(operation, clients.indexOf(operation.client), hasKeys)),
    isTimed: sorted.some(({ invokedAt }) => invokedAt > 0),
    witness: witness.map(({ part, order }) => ({ part, order: here(order) })),
    refutation: here(failure?.operations ?? []),
    cycle,
    ...(chosen.why !== undefined && { leftOut: chosen.why }),
  };
}

/** All of them; of too many those of the key that fails, or those before the first impossible one. */
function chosenOf(operations: readonly Operation[], { failure }: Verdict): { readonly operations: readonly Operation[]; readonly why?: string } {
  if (operations.length <= MOST) return { operations };
  const key = failure?.key ?? "";
  const ofKey = key === "" ? operations : operations.filter((operation) => operation.key === key);
  if (ofKey.length <= MOST) return { operations: ofKey, why: `Only the ${formatCount(ofKey.length)} operations on ${key} are shown, of ${formatCount(operations.length)}.` };
  const refuting = new Set(failure?.operations ?? []);
  const culprit = failure === undefined ? undefined : operations.find(({ index }) => index === failure.operations.at(-1));
  const until = ofKey.filter(({ invoked }) => invoked <= (culprit?.returned ?? Infinity));
  const last = culprit === undefined ? until.slice(0, MOST) : until.slice(-MOST);
  const shown = [...ofKey.filter(({ index }) => refuting.has(index) && !last.some((other) => other.index === index)), ...last];
  return { operations: shown, why: `${culprit === undefined ? "The first" : "The last"} ${formatCount(last.length)} operations${key === "" ? "" : ` on ${key}`}${culprit === undefined ? "" : " before the first impossible one"} are shown, of ${formatCount(operations.length)}.` };
}

function operationData(operation: Operation, row: number, hasKeys: boolean): OperationData {
  const { f, key, outcome, invoked, returned, invokedAt, returnedAt, invokeEvent, returnEvent, output } = operation;
  const isLook = LOOKS.has(f) || outcome === "mismatch" || (f === "txn" && Array.isArray(output) && (output as readonly (readonly unknown[])[]).every(([step]) => step === "r"));
  return {
    row, key, outcome, invoked,
    event: returnEvent >= 0 ? returnEvent : invokeEvent,
    kind: isLook ? "look" : "change",
    // Sentences about transactions call them by their numbers.
    what: `${isTransactional([operation]) ? `T${operation.index}  ` : ""}${operationText(operation, hasKeys)}`,
    returned: Number.isFinite(returned) ? returned : null,
    invokedNs: invokedAt,
    returnedNs: Number.isFinite(returnedAt) ? returnedAt : null,
  };
}

const isTransactional = ([first]: readonly Operation[]): boolean => first?.f === "txn" || first?.f === "aborted txn";

/** `c2` before `c10`. */
function byNumber(a: string, b: string): number {
  const [x, y] = [Number(/\d+$/.exec(a)?.[0] ?? NaN), Number(/\d+$/.exec(b)?.[0] ?? NaN)];
  const [p, q] = [a.replace(/\d+$/, ""), b.replace(/\d+$/, "")];
  if (p !== q) return p < q ? -1 : 1;
  return x - y || (a < b ? -1 : 1);
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

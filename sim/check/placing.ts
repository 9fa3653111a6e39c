/** Where a history that was judged stands in the lattice of levels, as far as that can be told at little cost. */
import { CheckError } from "./check-error.ts";
import type { HistoryEvent, Operation } from "./history.ts";
import { judgeReadings } from "./isolation/judge.ts";
import { isolationLevels, NATURAL } from "./isolation/levels.ts";
import { readingsOf } from "./isolation/read-mapping.ts";
import { implied, place, type Place } from "./lattice.ts";
import { levels } from "./levels.ts";
import type { Model } from "./models/model.ts";
import { type TransactionModel, transactionsOf } from "./transactions/transaction.ts";
import type { Verdict, VerdictKind } from "./verdict.ts";

/** Longer histories are not asked for more than they were; and each further level may explore so many configurations. */
const MOST_OPERATIONS = 20_000;
const SHARE = 20_000;

/** Operations that saturation of orders by sessions takes seconds for. */
const MOST_ORDERED = 5_000;
const BY_ORDER: ReadonlySet<string> = new Set(["sequential", "causalMemory", "causalConvergence", "causal", "pram"]);

export function placeObjects(verdict: Verdict, operations: readonly Operation[], model: Model): Place {
  const askable = Object.keys(levels).filter((level) => model.access !== undefined || level === "linearizable" || level === "sequential");
  // What takes an argument is asked only by itself: there would be no end of it.
  const asked = askable.filter((level) => !level.includes("("));
  return place(asked, knownFrom(verdict), (level) => {
    if (operations.length > (BY_ORDER.has(level) ? MOST_ORDERED : MOST_OPERATIONS)) return "unknown";
    try {
      return levels[level]!.judge(operations, model, SHARE).verdict;
    } catch (error) {
      if (error instanceof CheckError) return "unknown";
      throw error;
    }
  });
}

export function placeTransactions(verdict: Verdict, history: readonly HistoryEvent[], hasRealTime: boolean): Place {
  const model = verdict.model as TransactionModel;
  const asked = Object.keys(isolationLevels).filter((level) => hasRealTime || level !== NATURAL);
  if (verdict.operations > MOST_OPERATIONS) return place(asked, knownFrom(verdict), () => "unknown");
  const readings = readingsOf(transactionsOf(history, undefined, model), model);
  return place(asked, knownFrom(verdict), (level) => judgeReadings(readings, model, level, SHARE).verdict);
}

/** Another `k` or bound than the lattice's stands alone in it. */
function knownFrom({ consistency, verdict }: Verdict): ReadonlyMap<string, VerdictKind> {
  return Object.hasOwn(implied, consistency) ? new Map([[consistency, verdict]]) : new Map();
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, type HistoryEvent, implied, implies, isolationLevels, levels, type Operation, operationsOf } from "../../sim/check/index.ts";
import { histories, sessions } from "./isolation/histories.ts";
import { registerHistory } from "./histories.ts";

const OF_TRANSACTIONS = Object.keys(isolationLevels);
const OF_OBJECTS = Object.keys(levels);

/** All pairs that the lattice joins, however far apart. */
function breaches(verdicts: ReadonlyMap<string, string>): string[] {
  const names = [...verdicts.keys()];
  return names.flatMap((strong) => names.filter((weak) => implies(strong, weak) && verdicts.get(strong) === "pass" && verdicts.get(weak) === "fail").map((weak) => `${strong} without ${weak}`));
}

const ofTransactions = (history: readonly HistoryEvent[], model: string): Map<string, string> => new Map(OF_TRANSACTIONS.map((consistency) => [consistency, check(history, { model, consistency }).verdict]));
const ofObjects = (operations: readonly Operation[]): Map<string, string> => new Map(OF_OBJECTS.map((consistency) => [consistency, check(operations, { model: "kv", consistency }).verdict]));

describe("the lattice of levels", () => {
  test("names every level that is judged, and no other", () => {
    expect(Object.keys(implied).sort()).toEqual([...OF_TRANSACTIONS, ...OF_OBJECTS].sort());
    expect(Object.values(implied).flat().filter((level) => !Object.hasOwn(implied, level))).toEqual([]);
    expect(OF_TRANSACTIONS.every((level) => implies("strictSerializable", level) && implies(level, "readCommitted"))).toBe(true);
  });

  test.each(["rw-register", "list-append"] as const)("%s: no history of 1,000 passes a level and fails one below it, also with many transactions", (model) => {
    fc.assert(fc.property(histories(model, 9), (history) => breaches(ofTransactions(history, model)).length === 0), { numRuns: 1000 });
  });

  test("objects: no history of 1,000 passes a level and fails one below it", () => {
    fc.assert(fc.property(fc.boolean().chain((unique) => registerHistory(8, unique, 3)), (operations) => breaches(ofObjects(operations)).length === 0), { numRuns: 1000 });
  });

  test("transactions of one step are operations: 1,000 histories pass no level of the ones and fail one of the others below it", () => {
    const single = histories("rw-register", 7).map((history) => history.map((event) => ({ ...event, value: (event.value as unknown[]).slice(0, 1) })));
    const isDirty = (history: readonly HistoryEvent[]): boolean => history.some(({ type }) => type === "fail");
    fc.assert(
      fc.property(single.filter((history) => !isDirty(history)), (history) => {
        const both = new Map([...ofTransactions(history, "rw-register"), ...ofObjects(asOperations(history))]);
        expect(breaches(both)).toEqual([]);
        expect([both.get("linearizable"), both.get("sequential"), both.get("causalConvergence")]).toEqual([both.get("strictSerializable"), both.get("serializable"), both.get("transactionalCausal")]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["rw-register", "list-append"] as const)("%s: the strongest that hold and the weakest that do not say of 500 histories what each level says", (model) => {
    fc.assert(
      fc.property(histories(model, 6), fc.constantFrom(...OF_TRANSACTIONS), (history, consistency) => {
        const { strongest = [], weakest = [], undecided = [] } = check(history, { model, consistency, lattice: true });
        const placed = (level: string): string => (strongest.some((one) => implies(one, level)) ? "pass" : weakest.some((one) => implies(level, one)) ? "fail" : "unknown");
        expect(undecided).toEqual([]);
        expect(new Map(OF_TRANSACTIONS.map((level) => [level, placed(level)]))).toEqual(ofTransactions(history, model));
      }),
      { numRuns: 500 },
    );
  });

  test("write skew is snapshot isolated and not serializable", () => {
    const { strongest, weakest, undecided } = check(sessions("[x=0 y=0 x1]", "[x=0 y=0 y1]"), { model: "rw-register", lattice: true });
    expect({ strongest, weakest, undecided }).toEqual({ strongest: ["snapshotIsolation"], weakest: ["serializable"], undecided: [] });
  });

  test("a stale read between two sessions is sequential, and breaks none of the guarantees of a session", () => {
    const event = (process: number, type: HistoryEvent["type"], f: string, value: unknown): HistoryEvent => ({ process, client: `c${process}`, type, f, key: "x", value, time: 0 });
    const stale = [event(0, "invoke", "write", 1), event(0, "ok", "write", 1), event(1, "invoke", "read", null), event(1, "ok", "read", null)];
    const { strongest, weakest, undecided } = check(stale, { lattice: true });
    expect({ strongest, weakest, undecided }).toEqual({ strongest: ["sequential", "readYourWrites", "monotonicReads", "monotonicWrites", "writesFollowReads"], weakest: ["linearizable"], undecided: [] });
  });
});

function asOperations(history: readonly HistoryEvent[]): Operation[] {
  return operationsOf(history.map((event): HistoryEvent => {
    const [f, key, value] = (event.value as [string, string, unknown][])[0]!;
    return { ...event, f: f === "w" ? "write" : "read", key, value };
  }));
}

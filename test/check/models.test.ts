import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, defineModel, type HistoryEvent, type ModelDefinition, modelOf, type Operation, readHistory } from "../../sim/check/index.ts";
import { historyOf, objects, rulesOf } from "./objects.ts";

const event = (process: number, type: HistoryEvent["type"], f: string, value: unknown): HistoryEvent => ({ process, client: `c${process}`, type, f, key: "", value, time: 0 });
const ran = (...calls: readonly (readonly [f: string, input: unknown, output: unknown])[]): HistoryEvent[] => calls.flatMap(([f, input, output]) => [event(1, "invoke", f, input), event(1, "ok", f, output)]);

describe("models by example", () => {
  test("a lock that two hold at a time, a queue out of order, a set that forgets: each fails, with the operation that shows it", () => {
    expect(check(ran(["acquire", null, null], ["acquire", null, null]), { model: "mutex" }).verdict).toBe("fail");
    const swapped = check(ran(["enqueue", 1, 1], ["enqueue", 2, 2], ["dequeue", null, 2]), { model: "queue" });
    expect([swapped.verdict, swapped.failure?.operations]).toEqual(["fail", [0, 1, 2]]);
    expect(swapped.detail).toBe("dequeue by c1 returned 2 (event 6), although c1's enqueue of 1 had completed (event 2), before 2 was enqueued, and nobody took 1");
    expect(check(ran(["add", "a", null], ["read", null, []]), { model: "set" }).verdict).toBe("fail");
    expect(check(ran(["add", "a", null], ["read", null, ["a"]]), { model: "set" }).verdict).toBe("pass");
  });

  test("a semaphore has the permits that its name says", () => {
    const three = ran(["acquire", null, null], ["acquire", 2, null]);
    expect([check(three, { model: "semaphore(3)" }).verdict, check(three, { model: "semaphore(2)" }).verdict]).toEqual(["pass", "fail"]);
    expect(() => modelOf("semaphore(0)")).toThrow("there is no model semaphore(0)");
  });

  test("an operation in a shape that the model does not have is a mistake", () => {
    expect(() => check(ran(["add", "one", null]), { model: "counter" })).toThrow("add takes a whole number");
    expect(() => check(ran(["txn", [["delete", "x", 1]], []]), { model: "multi-register" })).toThrow("txn takes and returns a list of");
  });

  test("operations' names, and what reads return, tell the model", () => {
    const recognised = (...calls: readonly (readonly [f: string, input: unknown, output: unknown])[]): string | undefined => readHistory(ran(...calls).map((one) => JSON.stringify(one)).join("\n")).model;
    expect(recognised(["acquire", null, null])).toBe("mutex");
    expect(recognised(["enqueue", 1, null], ["dequeue", null, 1])).toBe("queue");
    expect(recognised(["add", 1, null], ["read", null, 1])).toBe("counter");
    expect(recognised(["add", 1, null], ["read", null, [1]])).toBe("set");
    expect(recognised(["append", 1, 0], ["read", 0, 1])).toBe("log");
    expect(recognised(["push", 1, null], ["pop", null, 1])).toBe("stack");
    expect(recognised(["fly", 1, null])).toBeUndefined();
  });
});

describe("a model of one's own", () => {
  /** A register whose write may be lost. */
  const lossy: ModelDefinition<number> = {
    name: "lossy-register",
    initial: 0,
    functions: ["read", "write"],
    isNondeterministic: true,
    next: (value, { f, input, output, outcome }) => (f === "write" ? [value, input as number] : outcome === "info" || output === value ? [value] : []),
  };
  const register = defineModel<number>({ name: "own-register", initial: 0, next: (value, { f, input, output }) => (f === "write" ? [input as number] : output === value ? [value] : []), pure: ({ f }) => f === "read" });

  test("may leave open what happens: any way that explains the history counts, and one way counts to its end", () => {
    const model = defineModel(lossy);
    expect(check(ran(["write", 1, null], ["read", null, 0]), { model }).verdict).toBe("pass");
    expect(check(ran(["write", 1, null], ["read", null, 0], ["read", null, 1]), { model }).verdict).toBe("fail");
    expect(check(ran(["write", 1, null], ["write", 2, null], ["read", null, 1], ["read", null, 1]), { model }).verdict).toBe("pass");
    expect(check(ran(["write", 1, null], ["read", null, 0]), { model: register }).verdict).toBe("fail");
  });

  test("says so where it does not own up to leaving things open, and where it is no model", () => {
    expect(() => check(ran(["write", 1, null]), { model: defineModel({ ...lossy, isNondeterministic: false }) })).toThrow("does not say isNondeterministic: true");
    expect(() => defineModel({ name: "x", initial: 0 } as never)).toThrow("the model x has no function next(state, operation)");
  });

  test("agrees with the built-in one: the queue told by a user, 500 histories", () => {
    const told = objects.queue;
    const own = defineModel<unknown>({
      name: "own-queue",
      initial: [],
      next(state, operation) {
        const after = rulesOf(told)(state, operation);
        return after === undefined ? [] : [after.state];
      },
      pure: ({ f }) => f === "peek",
    });
    const agrees = (operations: Operation[]): boolean => check(operations, { model: own }).verdict === check(operations, { model: "queue" }).verdict;
    fc.assert(fc.property(historyOf(told, { most: 7 }), agrees), { numRuns: 500 });
  });
});

import { expect, test } from "vitest";
import { check, CheckError, HistoryError, isolationLevels, levels, models, readHistory, transactionModels, type HistoryEvent } from "../../sim/check/index.ts";

const invoke = (f: string, value: unknown): HistoryEvent => ({ process: 0, client: "c1", type: "invoke", f, key: "k1", value, time: 0 });

test("the levels and models that there are", () => {
  expect(Object.keys(levels)).toEqual("linearizable sequential causalMemory causalConvergence causal pram readYourWrites monotonicReads monotonicWrites writesFollowReads kAtomic(2) boundedStaleness(1s)".split(" "));
  expect(Object.keys(isolationLevels)).toEqual("strictSerializable serializable snapshotIsolation prefixConsistent transactionalCausal readAtomic readCommitted".split(" "));
  expect(Object.keys(transactionModels)).toEqual(["list-append", "rw-register", "bank"]);
  expect(Object.keys(models)).toEqual(["register", "cas-register", "multi-register", "kv", "kv-append", "mutex", "semaphore", "counter", "set", "queue", "stack", "priority-queue", "log"]);
});

test("every name of the contract is judged", () => {
  const contract = {
    levels: "linearizable sequential causal causalConvergence causalMemory pram readYourWrites monotonicReads monotonicWrites writesFollowReads kAtomic(2) boundedStaleness(1s)".split(" "),
    isolation: "readCommitted readAtomic transactionalCausal prefixConsistent snapshotIsolation serializable strictSerializable".split(" "),
    models: "register cas-register multi-register kv kv-append mutex semaphore counter set queue stack priority-queue log list-append rw-register bank".split(" "),
  };
  for (const consistency of contract.levels) expect(check([], { consistency }).consistency).toBe(consistency);
  for (const consistency of contract.isolation) {
    for (const model of ["list-append", "rw-register"]) expect(check([], { model, consistency })).toMatchObject({ consistency, model, verdict: "pass" });
  }
  for (const model of contract.models) expect(check([], { model }).model).toBe(model);
  expect([check([], { model: "rw-register" }).consistency, check([], { model: "list-append", hasRealTime: false }).consistency, check([], { model: "bank" }).consistency]).toEqual(["strictSerializable", "serializable", "constantTotal"]);
});

test("a level and a model that do not go together are refused, with those that do", () => {
  expect(() => check([], { model: "kv", consistency: "readAtomic" })).toThrow(new CheckError("readAtomic is a level of transactions, and the model kv has none; it is judged by linearizable, sequential, causalMemory, causalConvergence, causal, pram, readYourWrites, monotonicReads, monotonicWrites, writesFollowReads, kAtomic(2), boundedStaleness(1s)"));
  expect(() => check([], { model: "rw-register", consistency: "linearizable" })).toThrow("the model rw-register is judged by strictSerializable, serializable,");
  expect(() => check([], { model: "bank", consistency: "serializable" })).toThrow("the model bank is judged by constantTotal, not by serializable");
  expect(() => check([], { model: "rw-register", consistency: "strictSerializable", hasRealTime: false })).toThrow("strictSerializable asks about real time, and the history has none");
});

test("a name that means nothing is told from one that is to come", () => {
  expect(() => check([], { consistency: "linearisable" })).toThrow("there is no level linearisable; there are linearizable, sequential, causalMemory,");
  expect(() => check([], { model: "toString" })).toThrow("there is no model toString; there are register, cas-register, multi-register, kv, kv-append,");
});

test("operations that the model does not have, or not in this shape, are mistakes in the history, with their lines", () => {
  expect(() => check([invoke("cas", [1, 2])], { model: "register" })).toThrow(new HistoryError([{ line: 1, column: 1, message: "the model register has no cas; it has read, write" }]));
  expect(() => check([invoke("cas", 3)], { lines: [7] })).toThrow(new HistoryError([{ line: 7, column: 1, message: "cas takes the value [expected, new]" }]));
  expect(() => check([invoke("append", 3)], { model: "kv-append" })).toThrow("append takes a text");
});

test("a history's operations stand for a model", () => {
  const modelOf = (f: string): string | undefined => readHistory(JSON.stringify(invoke(f, null))).model;
  expect([modelOf("read"), modelOf("append"), modelOf("enqueue"), modelOf("transfer")]).toEqual(["kv", "kv-append", "queue", "bank"]);
  const transaction = (...steps: unknown[]): string | undefined => readHistory(JSON.stringify(invoke("txn", steps))).model;
  expect([transaction(["r", "x", null], ["w", "x", 1]), transaction(["append", "x", 1]), transaction()]).toEqual(["rw-register", "list-append", "rw-register"]);
});

import { expect, test } from "vitest";
import { check, CheckError, HistoryError, levels, levelsNotYet, models, modelsNotYet, readHistory, type HistoryEvent } from "../../sim/check/index.ts";

const invoke = (f: string, value: unknown): HistoryEvent => ({ process: 0, client: "c1", type: "invoke", f, key: "k1", value, time: 0 });

test("the levels and models that there are", () => {
  expect(Object.keys(levels)).toEqual("linearizable sequential causalMemory causalConvergence causal pram readYourWrites monotonicReads monotonicWrites writesFollowReads kAtomic(2) boundedStaleness(1s)".split(" "));
  expect(Object.keys(models)).toEqual(["register", "cas-register", "multi-register", "kv", "kv-append", "mutex", "semaphore", "counter", "set", "queue", "stack", "priority-queue", "log"]);
});

test("every name of the contract is judged, or refused as not supported yet", () => {
  const contract = {
    levels: "linearizable sequential causal causalConvergence causalMemory pram readYourWrites monotonicReads monotonicWrites writesFollowReads kAtomic(2) boundedStaleness(1s) readCommitted readAtomic transactionalCausal prefixConsistent snapshotIsolation serializable strictSerializable".split(" "),
    models: "register cas-register multi-register kv kv-append mutex semaphore counter set queue stack priority-queue log list-append rw-register bank".split(" "),
  };
  for (const consistency of contract.levels) {
    if (Object.hasOwn(levels, consistency)) expect(check([], { consistency }).consistency).toBe(consistency);
    else expect(() => check([], { consistency })).toThrow(new CheckError(`the level ${consistency} is not supported yet`));
  }
  for (const model of contract.models) {
    if (Object.hasOwn(models, model)) expect(check([], { model }).model).toBe(model);
    else expect(() => check([], { model })).toThrow(new CheckError(`the model ${model} is not supported yet`));
  }
  expect(contract.levels).toHaveLength(Object.keys(levels).length + levelsNotYet.length);
  expect(contract.models).toHaveLength(Object.keys(models).length + modelsNotYet.length);
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
  expect([modelOf("read"), modelOf("append"), modelOf("enqueue")]).toEqual(["kv", "kv-append", "queue"]);
});

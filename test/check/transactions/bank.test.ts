import { expect, test } from "vitest";
import { check, type HistoryEvent } from "../../../sim/check/index.ts";

const event = (process: number, type: HistoryEvent["type"], f: string, value: unknown): HistoryEvent => ({ process, client: `c${process}`, type, f, key: "", value, time: 0 });
const read = (process: number, balances: object): HistoryEvent[] => [event(process, "invoke", "read", null), event(process, "ok", "read", balances)];
const transfer = { from: "a", to: "b", amount: 5 };
const move = [event(0, "invoke", "transfer", transfer), event(0, "ok", "transfer", transfer)];

test("reads of all accounts that find one sum pass, whatever is in each", () => {
  const { verdict, consistency, detail } = check([...read(1, { a: 10, b: 0 }), ...move, ...read(2, { a: 5, b: 5 })], { model: "bank" });
  expect([verdict, consistency, detail]).toEqual(["pass", "constantTotal", "2 reads of all accounts found 10 in total"]);
});

test("a read between the two halves of a transfer fails, with the read that it contradicts", () => {
  const { verdict, detail, failure } = check([...read(1, { a: 10, b: 0 }), ...move, ...read(2, { a: 5, b: 0 })], { model: "bank" });
  expect([verdict, failure?.operations]).toEqual(["fail", [0, 2]]);
  expect(detail).toBe("read by c2 found 5 in total (event 6), although there was 10 in the read by c1");
});

test("what was put in at first is what there must be, and every account must be there", () => {
  const init = [event(0, "invoke", "init", { a: 10, b: 0 }), event(0, "ok", "init", { a: 10, b: 0 })];
  expect(check([...init, ...read(1, { a: 9, b: 0 })], { model: "bank" }).verdict).toBe("fail");
  expect(check([...init, ...read(1, { a: 10 })], { model: "bank" }).detail).toContain('did not find the account "b"');
});

test("operations of another shape are mistakes, with their places", () => {
  expect(() => check([event(0, "invoke", "transfer", 5)], { model: "bank" })).toThrow("1:1: transfer takes { from, to, amount }, the amount a whole number");
  expect(() => check([event(0, "invoke", "steal", null)], { model: "bank" })).toThrow("the model bank has no steal; it has init, transfer, read");
});

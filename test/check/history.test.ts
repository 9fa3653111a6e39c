import fc from "fast-check";
import { expect, test } from "vitest";
import { formatHistory, HistoryError, operationsOf, type HistoryEvent } from "../../sim/check/history.ts";
import { eventsOf, registerHistory } from "./histories.ts";

const event = (process: number, type: HistoryEvent["type"], f: string, value: unknown, time: number, more: Partial<HistoryEvent> = {}): HistoryEvent => ({ process, client: `c${process}`, type, f, key: "k1", value, time, ...more });

test("an invocation and its completion are one operation, with their positions, times and trace events", () => {
  expect(operationsOf([event(0, "invoke", "read", null, 10, { event: 5 }), event(1, "invoke", "write", 7, 11), event(0, "ok", "read", 3, 12, { event: 9 })])).toEqual([
    { index: 0, process: 0, client: "c0", f: "read", key: "k1", input: null, output: 3, outcome: "ok", invoked: 0, returned: 2, invokedAt: 10, returnedAt: 12, invokeEvent: 5, returnEvent: 9 },
    { index: 1, process: 1, client: "c1", f: "write", key: "k1", input: 7, output: null, outcome: "info", invoked: 1, returned: Infinity, invokedAt: 11, returnedAt: Infinity, invokeEvent: -1, returnEvent: -1 },
  ]);
});

test("a failed operation did not happen, but a comparison that was false did", () => {
  const outcomes = operationsOf([
    ...[event(0, "invoke", "write", 1, 1), event(0, "fail", "write", 1, 2, { error: "refused" })],
    ...[event(0, "invoke", "cas", [1, 2], 3), event(0, "fail", "cas", [1, 2], 4, { error: "mismatch" })],
    ...[event(0, "invoke", "cas", [1, 2], 5), event(0, "fail", "cas", [1, 2], 6)],
  ]).map(({ index, outcome, invoked, returned }) => ({ index, outcome, invoked, returned }));
  expect(outcomes).toEqual([{ index: 0, outcome: "mismatch", invoked: 2, returned: 3 }]);
});

test("what ended as info is open for ever", () => {
  const [operation] = operationsOf([event(0, "invoke", "write", 1, 1), event(0, "info", "write", 1, 2, { error: "timeout" })]);
  expect(operation).toMatchObject({ outcome: "info", returned: Infinity, returnedAt: Infinity });
});

test("every malformed pair is reported with its position", () => {
  const malformed = [event(0, "ok", "read", 1, 1), event(1, "invoke", "read", null, 2), event(1, "invoke", "write", 1, 3), event(1, "ok", "cas", 1, 4)];
  expect(() => operationsOf(malformed)).toThrow(HistoryError);
  const problems = ((): unknown => {
    try {
      return operationsOf(malformed, [1, 2, 4, 5]);
    } catch (error) {
      return (error as HistoryError).problems;
    }
  })();
  expect(problems).toEqual([
    { line: 1, column: 1, message: "process 0 completes read (ok), which it did not invoke" },
    { line: 4, column: 1, message: "process 1 invokes write while its read is still open" },
    { line: 5, column: 1, message: "process 1 completes cas k1, but what it invoked is write k1" },
  ]);
});

test("a line of a history has the contract's fields in the contract's order", () => {
  expect(formatHistory(event(0, "invoke", "read", null, 1234567, { event: 4 }))).toBe('{"process":0,"client":"c0","type":"invoke","f":"read","key":"k1","value":null,"time":1234567}');
  expect(formatHistory(event(3, "fail", "cas", [1, 2], 5, { error: "mismatch" }))).toBe('{"process":3,"client":"c3","type":"fail","f":"cas","key":"k1","value":[1,2],"time":5,"error":"mismatch"}');
});

test("operations are the same after they were taken apart into events and paired again", () => {
  const strip = ({ index, ...rest }: ReturnType<typeof operationsOf>[number]): unknown => ({ ...rest, output: rest.f === "read" && rest.outcome === "ok" ? rest.output : null, index });
  fc.assert(
    fc.property(registerHistory(8, false), (operations) => {
      expect(operationsOf(eventsOf(operations)).map((operation) => strip({ ...operation }))).toEqual(operations.map(strip));
    }),
    { numRuns: 500 },
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, CheckError } from "../../sim/check/index.ts";
import type { Operation } from "../../sim/check/history.ts";
import { operationsFrom, registerHistory, type Placed } from "./histories.ts";

const word = (holds: boolean): string => (holds ? "pass" : "fail");

/** The operations that may have written what was seen; the first value has none, and stands as completed before all. */
const FIRST = { invoked: -Infinity, returned: -Infinity };
type Source = Pick<Operation, "invoked" | "returned">;

function written({ f, input, outcome }: Operation): unknown {
  if (f === "write") return input;
  if (f !== "cas" || outcome === "mismatch") return undefined;
  const [expected, value] = input as [unknown, unknown];
  return expected === value ? undefined : value;
}

function seen({ f, input, output, outcome }: Operation): unknown {
  if (outcome !== "ok") return undefined;
  return f === "read" ? output : f === "cas" ? (input as [unknown, unknown])[0] : undefined;
}

function sourcesOf(operations: readonly Operation[], reader: Operation): Source[] {
  const value = seen(reader);
  const writers = operations.filter((other) => other !== reader && written(other) === value && other.invoked < reader.returned);
  return value === null ? [...writers, FIRST] : writers;
}

const isBefore = (a: Operation, b: Operation): boolean => a.client === b.client && a.key === b.key && a.returned < b.invoked;
const isOlder = (a: Source, b: Source): boolean => a.returned < b.invoked;

/** By the words of the definitions: every pair of a session, every source. */
const definitions: { readonly [level: string]: (operations: readonly Operation[]) => boolean } = {
  readYourWrites: (operations) =>
    readers(operations).every((reader) => {
      const own = operations.filter((other) => other.outcome === "ok" && written(other) !== undefined && isBefore(other, reader));
      const sources = sourcesOf(operations, reader);
      return sources.length > 0 && own.every((write) => sources.some((source) => !isOlder(source, write)));
    }),
  monotonicReads: (operations) =>
    readers(operations).every((reader) => {
      const earlier = readers(operations).filter((other) => isBefore(other, reader));
      const sources = sourcesOf(operations, reader);
      return sources.length > 0 && earlier.every((other) => sourcesOf(operations, other).some((old) => sources.some((source) => !isOlder(source, old))));
    }),
};

function readers(operations: readonly Operation[]): Operation[] {
  return operations.filter((operation) => seen(operation) !== undefined);
}

for (const level of Object.keys(definitions)) {
  test(`${level}: 4,000 generated histories get the verdict that the definition gives, pair by pair`, () => {
    const histories = fc.boolean().chain((unique) => registerHistory(8, unique, 2));
    fc.assert(
      fc.property(histories, (operations) => {
        expect(check(operations, { consistency: level }).verdict).toBe(word(definitions[level]!(operations)));
      }),
      { numRuns: 4000 },
    );
  });

  test(`${level}: what is linearizable passes, in 2,000 generated histories`, () => {
    const histories = fc.boolean().chain((unique) => registerHistory(8, unique, 2));
    fc.assert(
      fc.property(histories, (operations) => {
        if (check(operations).verdict === "pass") expect(check(operations, { consistency: level }).verdict).toBe("pass");
      }),
      { numRuns: 2000 },
    );
  });
}

const write = (client: string, value: unknown, from: number, to: number): Placed => ({ client, f: "write", input: value, output: null, outcome: "ok", from, to });
const read = (client: string, value: unknown, from: number, to: number): Placed => ({ client, f: "read", input: null, output: value, outcome: "ok", from, to });
const cas = (client: string, expected: unknown, value: unknown, from: number, to: number): Placed => ({ client, f: "cas", input: [expected, value], output: null, outcome: "ok", from, to });

const judge = (consistency: string, ...deeds: Placed[]): readonly [string, string] => {
  const { verdict, detail } = check(operationsFrom(deeds), { consistency });
  return [verdict, detail];
};

describe("read your writes", () => {
  const ryw = (...deeds: Placed[]): readonly [string, string] => judge("readYourWrites", ...deeds);

  test("a session that does not see its own write", () => {
    expect(ryw(write("c1", 1, 0, 1), read("c1", null, 2, 3))).toEqual(["fail", "read of x by c1 returned null at 0.003s, which is older, after its own write of 1 had completed at 0.001s"]);
  });
  test("another session may see nothing of it", () => expect(ryw(write("c1", 1, 0, 1), read("c2", null, 2, 3))[0]).toBe("pass"));
  test("a newer value of somebody else will do", () => expect(ryw(write("c1", 1, 0, 1), write("c2", 2, 2, 3), read("c1", 2, 4, 5))[0]).toBe("pass"));
  test("a value whose write was open together with one's own is not older", () => expect(ryw(write("c1", 1, 0, 5), write("c2", 2, 1, 4), read("c1", 2, 6, 7))[0]).toBe("pass"));
  test("a read that was open together with the write is not ordered after it", () => expect(ryw(write("c1", 1, 0, 3), read("c1", null, 1, 4))[0]).toBe("pass"));
  test("a write that never completed obliges nobody", () => expect(ryw({ ...write("c1", 1, 0, 0), outcome: "info" }, read("c1", null, 2, 3))[0]).toBe("pass"));
  test("another key is another matter", () => expect(ryw({ ...write("c1", 1, 0, 1), key: "y" }, read("c1", null, 2, 3))[0]).toBe("pass"));
  test("a cas writes its new value, and finds its old one", () => {
    expect(ryw(cas("c1", null, 1, 0, 1), read("c1", null, 2, 3))[1]).toBe("read of x by c1 returned null at 0.003s, which is older, after its own cas from null to 1 had completed at 0.001s");
    expect(ryw(write("c1", 1, 0, 1), cas("c1", null, 2, 2, 3))[1]).toBe("cas of x from null to 2 by c1 succeeded at 0.003s, finding null, which is older, after its own write of 1 had completed at 0.001s");
  });
  test("a value that nobody wrote has no place in any order", () => expect(ryw(read("c1", 9, 0, 1))).toEqual(["fail", "read of x by c1 returned 9 at 0.001s, which nobody had written"]));
  test("a value written twice is as new as the newest of its writes", () => {
    const again = [write("c2", 1, 0, 1), write("c1", 2, 2, 3)] as const;
    expect(ryw(...again, read("c1", 1, 6, 7))[0]).toBe("fail");
    expect(ryw(...again, write("c2", 1, 4, 5), read("c1", 1, 6, 7))[0]).toBe("pass");
  });
});

describe("monotonic reads", () => {
  const mr = (...deeds: Placed[]): readonly [string, string] => judge("monotonicReads", ...deeds);
  const writes = [write("c1", 1, 0, 1), write("c1", 2, 2, 3)] as const;

  test("a session that goes back", () => {
    expect(mr(...writes, read("c2", 2, 4, 5), read("c2", 1, 6, 7))).toEqual(["fail", "read of x by c2 returned 1 at 0.007s, which is older, after its earlier read had returned 2 at 0.005s"]);
  });
  test("two sessions may each be at another place", () => expect(mr(...writes, read("c2", 2, 4, 5), read("c3", 1, 6, 7))[0]).toBe("pass"));
  test("reads that were open together are not ordered", () => expect(mr(...writes, read("c2", 2, 4, 6), read("c2", 1, 5, 7))[0]).toBe("pass"));
  test("a session need not see its own writes", () => expect(mr(...writes, read("c1", null, 4, 5), read("c1", 1, 6, 7))[0]).toBe("pass"));
  test("back to the first value", () => expect(mr(...writes, read("c2", 1, 4, 5), read("c2", null, 6, 7))[0]).toBe("fail"));
  test("the newest that was read counts, not the last", () => {
    const three = [write("c1", 1, 0, 1), write("c3", 3, 0, 3), write("c1", 2, 2, 5)] as const;
    // 3 is older than neither 1 nor 2, so that reading it between them lets nobody off.
    expect(mr(...three, read("c2", 2, 6, 7), read("c2", 3, 8, 9), read("c2", 1, 10, 11))[0]).toBe("fail");
  });
  test("a failure points to the event and the operations", () => {
    const operations = operationsFrom([...writes, read("c2", 2, 4, 5), read("c2", 1, 6, 7)]).map((operation) => ({ ...operation, returnEvent: 100 + operation.returned }));
    expect(check(operations, { consistency: "monotonicReads" }).failure).toEqual({ key: "x", operations: [2, 3], event: 107, time: 7_000_000 });
  });
});

test("a model that is no register has no session levels yet", () => {
  expect(() => check([], { model: "kv-append", consistency: "monotonicReads" })).toThrow(new CheckError("this level is not supported yet for the model kv-append"));
});

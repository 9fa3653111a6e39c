import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, CheckError, type Operation } from "../../sim/check/index.ts";
import { definitions, happened, inSession, isReading, isWrite, mixed, scattered, seen, writerOf } from "./session-definitions.ts";
import { bruteForce, registerRules, type Rules } from "./brute.ts";
import { operationsFrom, type Placed, registerHistory } from "./histories.ts";

const word = (holds: boolean): string => (holds ? "pass" : "fail");

/** `npm run nightly` asks for 100,000. */
const RUNS = Number(process.env["SPLITBRAIN_PAIR_RUNS"] ?? 2000);

for (const level of Object.keys(definitions)) {
  test(`${level}: ${RUNS} generated histories get the verdict of the definition, tried out, and both verdicts are among them`, { timeout: 60_000 + 30 * RUNS }, () => {
    const counts = { pass: 0, fail: 0 };
    fc.assert(
      fc.property(fc.oneof(mixed(6), scattered(7)), (operations) => {
        const certain = happened(operations);
        const holds = certain !== undefined && definitions[level]!(certain);
        expect(check(operations, { consistency: level }).verdict).toBe(word(holds));
        counts[holds ? "pass" : "fail"] += 1;
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(counts.pass, counts.fail)).toBeGreaterThan(RUNS / 30);
  });
}

test("sequential, also where values repeat and comparisons are false: 1,000 histories of two keys, no disagreement", () => {
  const rules: Rules<{ readonly [key: string]: unknown }> = (state, operation) => {
    const next = registerRules(state[operation.key] ?? null, operation);
    return next === undefined ? undefined : { state: { ...state, [operation.key]: next.state } };
  };
  /** Real time, within sessions only: operations of others never stand in the way. */
  const alone = (operations: readonly Operation[]): boolean => {
    const done = new Set<Operation>();
    const search = (state: { readonly [key: string]: unknown }): boolean => {
      const left = operations.filter((operation) => !done.has(operation));
      if (left.every(({ outcome }) => outcome === "info")) return true;
      return left.some((operation) => {
        if (left.some((other) => inSession(other, operation))) return false;
        const next = rules(state, operation);
        if (next === undefined) return false;
        done.add(operation);
        const found = search(next.state);
        done.delete(operation);
        return found;
      });
    };
    return search({});
  };
  const twoKeys = fc.tuple(registerHistory(6, false, 3), fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })).map(([operations, onY]) => operations.map((one, at) => ({ ...one, key: onY[at] ? "y" : "x" })));
  fc.assert(fc.property(twoKeys, (operations) => check(operations, { consistency: "sequential" }).verdict === word(alone(operations))), { numRuns: 1000 });
});

describe("staleness", () => {
  const lastOf = (k: number): Rules<readonly unknown[]> => (values, { f, input, output, outcome }) => {
    if (f === "read") return outcome === "info" || values.includes(output) ? { state: values } : undefined;
    if (f === "write") return { state: [input, ...values].slice(0, k) };
    const [expected, value] = input as [unknown, unknown];
    if (outcome === "mismatch") return values[0] === expected ? undefined : { state: values };
    // From a value to itself it is a read.
    if (expected === value) return outcome === "info" || values.includes(value) ? { state: values } : undefined;
    if (values[0] === expected) return { state: [value, ...values].slice(0, k) };
    return outcome === "info" ? { state: values } : undefined;
  };

  for (const k of [1, 2, 3]) {
    test(`kAtomic(${k}): 1,000 histories against every order there is`, () => {
      const histories = fc.boolean().chain((unique) => registerHistory(6, unique));
      fc.assert(fc.property(histories, (operations) => check(operations, { consistency: `kAtomic(${k})` }).verdict === word(bruteForce(operations, [null], lastOf(k)))), { numRuns: 1000 });
    });
  }

  test("boundedStaleness: 1,000 histories against every order in which a read may have begun so much earlier", () => {
    fc.assert(
      fc.property(registerHistory(6, true), fc.integer({ min: 0, max: 12 }), (operations, bound) => {
        const boundNs = bound * 1_000_000 + 500_000;
        const begun = (operation: Operation): number => operation.invokedAt - (operation.f === "read" || operation.outcome === "mismatch" ? boundNs : 0);
        const shifted = operations.map((operation) => ({ ...operation, invoked: begun(operation), returned: operation.returnedAt }));
        expect(check(operations, { consistency: `boundedStaleness(${boundNs}ns)` }).verdict).toBe(word(bruteForce(shifted, null, registerRules)));
      }),
      { numRuns: 1000 },
    );
  });

  test("an argument that is none is refused, with how it is written", () => {
    expect(() => check([], { consistency: "kAtomic(0)" })).toThrow(new CheckError("kAtomic(0): expected a whole number of versions from 1, as in kAtomic(2)"));
    expect(() => check([], { consistency: "boundedStaleness(soon)" })).toThrow(new CheckError("boundedStaleness(soon): expected a duration, as in boundedStaleness(1s)"));
  });
});

describe("what a write passes on", () => {
  const isOlder = (a: Operation | undefined, b: Operation | undefined): boolean => (a === undefined ? b !== undefined : b !== undefined && a.returned < b.invoked);
  const readers = (operations: readonly Operation[]): Operation[] => operations.filter((one) => isReading(one) && one.outcome === "ok");

  /** Every reader, every other one before it in its session, the session of what that one saw. */
  const holds = (operations: readonly Operation[], dutiesOf: (writer: Operation) => (Operation | undefined)[]): boolean =>
    readers(operations).every((reader) => {
      if (seen(reader) !== null && sourceOf(operations, reader) === undefined) return false;
      return readers(operations).every((earlier) => {
        const writer = inSession(earlier, reader) ? sourceOf(operations, earlier) : undefined;
        return writer === undefined || dutiesOf(writer).every((duty) => duty?.key !== reader.key || !isOlder(sourceOf(operations, reader), duty));
      });
    });
  const sourceOf = (operations: readonly Operation[], reader: Operation): Operation | undefined => {
    const writer = writerOf(operations, reader);
    return writer !== undefined && writer.invoked < reader.returned ? writer : undefined;
  };
  const isCertain = (operations: readonly Operation[]): boolean => operations.every(({ outcome }) => outcome !== "info");

  test("monotonicWrites and writesFollowReads: 3,000 histories get the verdict of the definition, pair by pair", () => {
    fc.assert(
      fc.property(mixed(8).filter(isCertain), (operations) => {
        const own = (writer: Operation): Operation[] => operations.filter((other) => isWrite(other) && inSession(other, writer));
        const read = (writer: Operation): (Operation | undefined)[] => readers(operations).filter((other) => inSession(other, writer)).map((other) => sourceOf(operations, other));
        expect(check(operations, { consistency: "monotonicWrites" }).verdict).toBe(word(holds(operations, own)));
        expect(check(operations, { consistency: "writesFollowReads" }).verdict).toBe(word(holds(operations, read)));
      }),
      { numRuns: 3000 },
    );
  });

  const write = (client: string, key: string, value: unknown, from: number): Placed => ({ client, key, f: "write", input: value, output: null, outcome: "ok", from, to: from + 1 });
  const read = (client: string, key: string, value: unknown, from: number): Placed => ({ client, key, f: "read", input: null, output: value, outcome: "ok", from, to: from + 1 });

  test("who has seen the second of two writes sees the first", () => {
    const { verdict, detail } = check(operationsFrom([write("c1", "x", 1, 0), write("c1", "y", 2, 2), read("c2", "y", 2, 4), read("c2", "x", null, 6)]), { consistency: "monotonicWrites" });
    expect(verdict).toBe("fail");
    expect(detail).toBe("read of x by c2 returned null at 0.007s, which is older than what c1's write of 1 had completed at 0.001s, although read of y by c2 returned 2 at 0.005s had shown what the same session wrote after that (write at 0.002s)");
  });
});

describe("the histories of Bouajjani et al., POPL 2017, figure 3", () => {
  /** One line a session; each session alone in its time, so that real time says nothing about the others. */
  const judge = (...sessions: readonly string[]): { readonly [level: string]: string } => {
    const deeds = sessions.flatMap((session, client) =>
      session.split(" ").map((text, at): Placed => {
        const [, f, key, value] = /^([wr])\((\w)\)(\d)$/.exec(text) as unknown as [string, string, string, string];
        const number = value === "0" ? null : Number(value);
        const when = { client: `c${client + 1}`, key, outcome: "ok" as const, from: 10 * at, to: 10 * at + 9 };
        return f === "w" ? { ...when, f: "write", input: number, output: null } : { ...when, f: "read", input: null, output: number };
      }),
    );
    const operations = operationsFrom(deeds);
    return Object.fromEntries(["causal", "causalConvergence", "causalMemory", "sequential"].map((consistency) => [consistency, check(operations, { consistency }).verdict]));
  };

  test("(a) is CM and not CCv", () => expect(judge("w(x)1 r(x)2", "w(x)2 r(x)1")).toEqual({ causal: "pass", causalConvergence: "fail", causalMemory: "pass", sequential: "fail" }));
  test("(b) is CCv and not CM", () => expect(judge("w(z)1 w(x)1 w(y)1", "w(x)2 r(z)0 r(y)1 r(x)2")).toEqual({ causal: "pass", causalConvergence: "pass", causalMemory: "fail", sequential: "fail" }));
  test("(c) is CC, and neither CM nor CCv", () => expect(judge("w(x)1", "w(x)2 r(x)1 r(x)2")).toEqual({ causal: "pass", causalConvergence: "fail", causalMemory: "fail", sequential: "fail" }));
  test("(d) is CM and CCv, and not sequential", () => expect(judge("w(x)1 r(y)0 w(y)1 r(x)1", "w(x)2 r(y)0 w(y)2 r(x)2")).toEqual({ causal: "pass", causalConvergence: "pass", causalMemory: "pass", sequential: "fail" }));
  test("(e) is not even CC", () => expect(judge("w(x)1 w(y)1", "r(y)1 w(x)2", "r(x)2 r(x)1")).toEqual({ causal: "fail", causalConvergence: "fail", causalMemory: "fail", sequential: "fail" }));
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, CheckError, type Operation } from "../../sim/check/index.ts";
import { bruteForce, registerRules, type Rules } from "./brute.ts";
import { operationsFrom, type Placed, registerHistory } from "./histories.ts";

/** Up to `most` operations on two keys by up to three clients, each value written once; few enough to try every order. */
function histories(most: number): fc.Arbitrary<Operation[]> {
  return fc.tuple(registerHistory(most, true, 3), fc.array(fc.boolean(), { minLength: most, maxLength: most })).map(([operations, onY]) =>
    operations.filter(({ outcome }) => outcome !== "mismatch").map((operation, index) => ({ ...operation, index, key: onY[index] ? "y" : "x" })),
  );
}

/** Histories that follow one order of operations, so that strong levels hold too, and a change of what one read returned. */
function nearLegal(most: number): fc.Arbitrary<Operation[]> {
  const step = fc.record({
    client: fc.integer({ min: 1, max: 3 }),
    key: fc.constantFrom("x", "y"),
    f: fc.constantFrom("read", "read", "write", "cas"),
    stale: fc.integer({ min: 0, max: 9 }),
    isOpen: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    long: fc.integer({ min: 0, max: 3 }),
  });
  return fc.array(step, { minLength: 1, maxLength: most }).map((steps) => {
    const values: Record<string, unknown[]> = { x: [null], y: [null] };
    const deeds: Placed[] = [];
    steps.forEach(({ client, key, f, stale, isOpen, long }, position) => {
      const written = values[key]!;
      const seen = written.at(-1 - (stale > 6 ? stale - 6 : 0)) ?? null;
      const when = { client: `c${client}`, key, outcome: isOpen ? ("info" as const) : ("ok" as const), from: 4 * position, to: 4 * position + 1 + 3 * long };
      if (f === "read") deeds.push({ ...when, f, input: null, output: seen });
      else deeds.push({ ...when, f, input: f === "cas" ? [seen, position + 1] : position + 1, output: null });
      if (f !== "read") written.push(position + 1);
    });
    return operationsFrom(deeds);
  });
}

const mixed = (most: number): fc.Arbitrary<Operation[]> => fc.oneof(histories(most), nearLegal(most));

const isWrite = ({ f }: Operation): boolean => f !== "read";
const written = ({ f, input }: Operation): unknown => (f === "cas" ? (input as unknown[])[1] : input);
const seen = ({ f, input, output, outcome }: Operation): unknown => (f === "cas" ? (input as unknown[])[0] : outcome === "ok" ? output : undefined);
const isReading = (operation: Operation): boolean => operation.f === "cas" || (operation.f === "read" && operation.outcome === "ok");
const inSession = (a: Operation, b: Operation): boolean => a.client === b.client && a.returned < b.invoked;

/** What certainly happened; undefined where something saw what nobody wrote. */
function happened(operations: readonly Operation[]): Operation[] | undefined {
  const certain = new Set(operations.filter(({ outcome }) => outcome === "ok"));
  for (const operation of certain) {
    if (!isReading(operation) || seen(operation) === null) continue;
    const writer = writerOf(operations, operation);
    if (writer === undefined) return undefined;
    certain.add(writer); // Grows while it is gone through.
  }
  return operations.filter((operation) => certain.has(operation));
}

function writerOf(operations: readonly Operation[], reader: Operation): Operation | undefined {
  return operations.find((other) => other !== reader && isWrite(other) && other.key === reader.key && written(other) === seen(reader));
}

/** The causal order, by closing over every triple. */
function causes(operations: readonly Operation[]): (a: Operation, b: Operation) => boolean {
  const after = operations.map((a) => operations.map((b) => inSession(a, b) || (isReading(b) && writerOf(operations, b) === a)));
  operations.forEach((_, k) => operations.forEach((_, i) => operations.forEach((_, j) => (after[i]![j] ||= after[i]![k]! && after[k]![j]!))));
  return (a, b) => after[operations.indexOf(a)]![operations.indexOf(b)]!;
}

/** Whether some order of the members that keeps the relation lets those who are asked read what they read. */
function hasOrder(members: readonly Operation[], before: (a: Operation, b: Operation) => boolean, asked: (operation: Operation) => boolean): boolean {
  const done = new Set<Operation>();
  const search = (values: { readonly [key: string]: unknown }): boolean => {
    if (done.size === members.length) return true;
    return members.some((operation) => {
      if (done.has(operation) || members.some((other) => !done.has(other) && before(other, operation))) return false;
      if (isReading(operation) && asked(operation) && seen(operation) !== (values[operation.key] ?? null)) return false;
      done.add(operation);
      const found = search(isWrite(operation) ? { ...values, [operation.key]: written(operation) } : values);
      done.delete(operation);
      return found;
    });
  };
  return search({});
}

/** Some total order of all operations that keeps the relation, by which everybody's past explains what was read. */
function hasArbitration(members: readonly Operation[], before: (a: Operation, b: Operation) => boolean): boolean {
  const search = (order: readonly Operation[]): boolean => {
    if (order.length === members.length) return members.every((reader) => !isReading(reader) || explains(order, before, reader));
    return members.some((next) => !order.includes(next) && !members.some((other) => other !== next && !order.includes(other) && before(other, next)) && search([...order, next]));
  };
  return search([]);
}

function explains(order: readonly Operation[], before: (a: Operation, b: Operation) => boolean, reader: Operation): boolean {
  const last = order.findLast((other) => isWrite(other) && other.key === reader.key && other !== reader && before(other, reader));
  return (last === undefined ? null : written(last)) === seen(reader);
}

/** By the words of each definition, on operations that certainly happened. */
const definitions: { readonly [level: string]: (operations: readonly Operation[]) => boolean } = {
  sequential: (operations) => hasOrder(operations, inSession, () => true),
  causal(operations) {
    const before = causes(operations);
    if (operations.some((one) => before(one, one))) return false;
    return operations.filter(isReading).every((reader) => hasOrder(operations.filter((other) => other === reader || before(other, reader)), before, (one) => one === reader));
  },
  causalConvergence(operations) {
    const before = causes(operations);
    return !operations.some((one) => before(one, one)) && hasArbitration(operations, before);
  },
  causalMemory(operations) {
    const before = causes(operations);
    if (operations.some((one) => before(one, one))) return false;
    return operations.every((end) => hasOrder(operations.filter((other) => other === end || before(other, end)), before, (one) => one === end || inSession(one, end)));
  },
  pram: (operations) =>
    operations.every((end) => {
      const own = (one: Operation): boolean => one === end || inSession(one, end);
      const reads = (a: Operation, b: Operation): boolean => inSession(a, b) || (own(b) && isReading(b) && writerOf(operations, b) === a);
      return hasOrder(operations.filter((one) => isWrite(one) || own(one)), reads, own);
    }),
};

const word = (holds: boolean): string => (holds ? "pass" : "fail");

for (const level of Object.keys(definitions)) {
  test(`${level}: 1,500 generated histories get the verdict of the definition, tried out, and both verdicts are among them`, () => {
    const counts = { pass: 0, fail: 0 };
    fc.assert(
      fc.property(mixed(6), (operations) => {
        const certain = happened(operations);
        const holds = certain !== undefined && definitions[level]!(certain);
        expect(check(operations, { consistency: level }).verdict).toBe(word(holds));
        counts[holds ? "pass" : "fail"] += 1;
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(counts.pass, counts.fail)).toBeGreaterThan(50);
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

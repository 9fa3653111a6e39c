/** Levels of sessions by the words of their definitions, all orders tried, and small histories to try them on. */
import fc from "fast-check";
import type { Operation } from "../../sim/check/index.ts";
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

/** Histories of replicas that have little to do with each other: reads return any value of their key, whenever it is written. */
export function scattered(most: number): fc.Arbitrary<Operation[]> {
  const step = fc.record({ client: fc.integer({ min: 1, max: 3 }), key: fc.constantFrom("x", "x", "y"), isRead: fc.boolean(), pick: fc.nat(9), long: fc.integer({ min: 0, max: 5 }) });
  return fc.array(step, { minLength: 3, maxLength: most, size: "max" }).map((steps) =>
    operationsFrom(
      steps.map(({ client, key, isRead, pick, long }, position): Placed => {
        const when = { client: `c${client}`, key, outcome: "ok" as const, from: 4 * position, to: 4 * position + (long === 0 ? 9 : 1) };
        if (!isRead) return { ...when, f: "write", input: position + 1, output: null };
        const values = [null, ...steps.flatMap((other, at) => (other.key === key && !other.isRead ? [at + 1, at + 1] : []))];
        return { ...when, f: "read", input: null, output: values[pick % values.length]! };
      }),
    ),
  );
}

export const mixed = (most: number): fc.Arbitrary<Operation[]> => fc.oneof(histories(most), nearLegal(most));

export const isWrite = ({ f }: Operation): boolean => f !== "read";
const written = ({ f, input }: Operation): unknown => (f === "cas" ? (input as unknown[])[1] : input);
export const seen = ({ f, input, output, outcome }: Operation): unknown => (f === "cas" ? (input as unknown[])[0] : outcome === "ok" ? output : undefined);
export const isReading = (operation: Operation): boolean => operation.f === "cas" || (operation.f === "read" && operation.outcome === "ok");
export const inSession = (a: Operation, b: Operation): boolean => a.client === b.client && a.returned < b.invoked;

/** What certainly happened; undefined where something saw what nobody wrote. */
export function happened(operations: readonly Operation[]): Operation[] | undefined {
  const certain = new Set(operations.filter(({ outcome }) => outcome === "ok"));
  for (const operation of certain) {
    if (!isReading(operation) || seen(operation) === null) continue;
    const writer = writerOf(operations, operation);
    if (writer === undefined) return undefined;
    certain.add(writer); // Grows while it is gone through.
  }
  return operations.filter((operation) => certain.has(operation));
}

export function writerOf(operations: readonly Operation[], reader: Operation): Operation | undefined {
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
export const definitions: { readonly [level: string]: (operations: readonly Operation[]) => boolean } = {
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

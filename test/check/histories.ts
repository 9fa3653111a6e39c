/** Arbitrary small histories for fast-check, and what one needs to write histories by hand. */
import fc from "fast-check";
import type { HistoryEvent, Operation } from "../../sim/check/history.ts";

/** What an operation did, without when. */
export interface Deed {
  readonly f: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly outcome: Operation["outcome"];
  readonly key?: string;
  readonly client?: string;
}

/** Deeds with the ends of their intervals; where two ends are equal, the later in the list comes later. */
export type Placed = Deed & { readonly from: number; readonly to: number };

/** The operations of deeds, numbered in the order of their invocations; each is its own process. */
export function operationsFrom(deeds: readonly Placed[]): Operation[] {
  const ends = deeds.flatMap((deed, number) => [
    { number, at: Math.min(deed.from, deed.to), returns: false },
    ...(deed.outcome === "info" ? [] : [{ number, at: Math.max(deed.from, deed.to), returns: true }]),
  ]);
  ends.sort((a, b) => a.at - b.at || a.number - b.number || Number(a.returns) - Number(b.returns));
  const positions = new Map<number, { invoked: number; returned: number }>();
  ends.forEach(({ number, returns }, position) => {
    if (returns) positions.get(number)!.returned = position;
    else positions.set(number, { invoked: position, returned: Infinity });
  });
  const ordered = [...positions.keys()].sort((a, b) => positions.get(a)!.invoked - positions.get(b)!.invoked);
  return ordered.map((number, index) => {
    const { f, input, output, outcome, key = "x", client = `c${number + 1}` } = deeds[number]!;
    const { invoked, returned } = positions.get(number)!;
    const returnedAt = returned === Infinity ? Infinity : returned * 1_000_000;
    return { index, process: number, client, f, key, input, output, outcome, invoked, returned, invokedAt: invoked * 1_000_000, returnedAt, invokeEvent: -1, returnEvent: -1 };
  });
}

const interval = { from: fc.integer({ min: 0, max: 20 }), to: fc.integer({ min: 0, max: 20 }) };
/** Short ones too, so that there is an order to break. */
const placed = fc.oneof(fc.record(interval), fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 3 })).map(([from, length]) => ({ from, to: from + length })));

/** Register operations on few values, among them null, so that values are written twice and read back. */
export function registerDeed(values: readonly unknown[]): fc.Arbitrary<Deed> {
  const value = fc.constantFrom(...values);
  const returned = fc.constantFrom<"ok" | "info">("ok", "ok", "ok", "info");
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ f: fc.constant("read"), input: fc.constant(null), output: value, outcome: returned }) },
    { weight: 3, arbitrary: fc.record({ f: fc.constant("write"), input: value, output: fc.constant(null), outcome: returned }) },
    { weight: 3, arbitrary: fc.record({ f: fc.constant("cas"), input: fc.tuple(value, value), output: fc.constant(null), outcome: fc.constantFrom<Operation["outcome"]>("ok", "mismatch", "mismatch", "info") }) },
  );
}

/** Up to `most` deeds on a register; where values are to be unique, what is written is numbered from 1. */
export function registerHistory(most: number, unique: boolean, clients = 3): fc.Arbitrary<Operation[]> {
  const deed = registerDeed(unique ? [null, 1, 2, 3, 4] : [null, 1, 2]);
  const one = fc.tuple(deed, placed, fc.integer({ min: 1, max: clients })).map(([what, when, client]) => ({ ...what, ...when, client: `c${client}` }));
  return fc.array(one, { minLength: 1, maxLength: most }).map((deeds) => operationsFrom(unique ? deeds.map(numbered()) : deeds));
}

function numbered(): (deed: Placed) => Placed {
  let next = 1;
  return (deed) => {
    if (deed.f === "write") return { ...deed, input: next++ };
    if (deed.f === "cas") return { ...deed, input: [(deed.input as unknown[])[0], next++] };
    return deed;
  };
}

/** Up to `most` operations of appended texts. */
export function appendHistory(most: number): fc.Arbitrary<Operation[]> {
  const piece = fc.constantFrom("a", "b", "ab");
  const text = fc.constantFrom("", "a", "b", "ab", "ba", "aba", "abb");
  const returned = fc.constantFrom<"ok" | "info">("ok", "ok", "info");
  const deed: fc.Arbitrary<Deed> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ f: fc.constant("get"), input: fc.constant(null), output: text, outcome: returned }) },
    { weight: 3, arbitrary: fc.record({ f: fc.constant("append"), input: piece, output: fc.constant(null), outcome: returned }) },
    { weight: 1, arbitrary: fc.record({ f: fc.constant("put"), input: text, output: fc.constant(null), outcome: returned }) },
  );
  return fc.array(fc.tuple(deed, placed), { minLength: 1, maxLength: most }).map((deeds) => operationsFrom(deeds.map(([what, when]) => ({ ...what, ...when }))));
}

/** The events of operations, for what reads histories. */
export function eventsOf(operations: readonly Operation[]): HistoryEvent[] {
  const events: (HistoryEvent & { readonly at: number })[] = [];
  for (const { process, client, f, key, input, output, outcome, invoked, returned, invokedAt, returnedAt } of operations) {
    events.push({ process, client, type: "invoke", f, key, value: input, time: invokedAt, at: invoked });
    if (outcome === "info") continue;
    const ended = { process, client, f, key, value: f === "read" || f === "get" ? output : input, time: returnedAt, at: returned };
    events.push(outcome === "ok" ? { ...ended, type: "ok" } : { ...ended, type: "fail", error: "mismatch" });
  }
  return events.sort((a, b) => a.at - b.at).map(({ at: _, ...event }) => event);
}

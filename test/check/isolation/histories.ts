/** Small histories of transactions: as some store of ours would give them, as nobody would, and from a short notation. */
import fc from "fast-check";
import type { HistoryEvent } from "../../../sim/check/index.ts";
import type { Step, TransactionModel } from "../../../sim/check/transactions/transaction.ts";

export interface Planned {
  readonly client: string;
  readonly steps: readonly Step[];
  readonly outcome?: "ok" | "fail" | "info";
  /** When it begins and ends; moments of one time come in the order of the transactions. */
  readonly from: number;
  readonly to: number;
}

/** Each transaction has a process of its own, so that a session may have several open. */
export function historyFrom(planned: readonly Planned[]): HistoryEvent[] {
  const events = planned.flatMap(({ client, steps, outcome = "ok", from, to }, process) => {
    const asked = steps.map(([f, key, value]): Step => [f, key, f === "r" ? null : value]);
    const event = { process, client, f: "txn", key: "", time: 0 };
    return [
      { at: from, event: { ...event, type: "invoke" as const, value: asked } },
      { at: Math.max(to, from + 0.5), event: { ...event, type: outcome, value: outcome === "ok" ? steps : asked } },
    ];
  });
  return events.sort((a, b) => a.at - b.at).map(({ at, event }) => ({ ...event, time: Math.round(at * 10) }));
}

/**
 * From a notation: a line a session, transactions in brackets, `x1` a write of 1 to x, `x=1` a read, `x=0` one of what was
 * there at first. Sessions know nothing of each other's time.
 */
export function sessions(...lines: readonly string[]): HistoryEvent[] {
  const planned = lines.flatMap((line, session) =>
    [...line.matchAll(/\[([^\]]*)\](!?)/g)].map(([, text, abort], at): Planned => {
      const steps = text!.trim().split(/\s+/).map((step): Step => {
        const [, key, reads, value] = /^([a-z])(=?)(\d+)$/.exec(step) as unknown as [string, string, string, string];
        return reads === "" ? ["w", key, Number(value)] : ["r", key, value === "0" ? null : Number(value)];
      });
      return { client: `c${session + 1}`, steps, outcome: abort === "!" ? "fail" : "ok", from: 100 * at + session, to: 100 * at + 90 + session };
    }),
  );
  return historyFrom(planned);
}

const KEYS = ["x", "y"];

interface Draw {
  readonly client: number;
  readonly steps: readonly { readonly reads: boolean; readonly key: number; readonly pick: number }[];
  readonly end: number;
  readonly gap: number;
  readonly length: number;
  readonly age: number;
}

const draws = (most: number): fc.Arbitrary<Draw[]> =>
  fc.array(
    fc.record({
      client: fc.nat(3),
      steps: fc.array(fc.record({ reads: fc.boolean(), key: fc.nat(1), pick: fc.nat(9) }), { minLength: 1, maxLength: 4 }),
      end: fc.nat(24),
      gap: fc.nat(2),
      length: fc.nat(5),
      age: fc.nat(5),
    }),
    { minLength: 2, maxLength: most, size: "max" },
  );

/**
 * How a store goes wrong: not at all, by old snapshots, by old versions of single keys, by any version, by dirty ones;
 * in a fork, transactions write one key or read both, at any versions.
 */
const FAULTS = ["none", "old", "torn", "any", "dirty", "fork", "fork"] as const;

function forked(steps: Draw["steps"], age: number): Draw["steps"] {
  const { key, pick } = steps[0]!;
  if (age % 2 === 0) return [{ reads: false, key, pick }];
  return [{ reads: true, key, pick }, { reads: true, key: 1 - key, pick: steps.at(-1)!.pick }];
}

/** As the transactions follow each other, in a store that has one of the faults, at some of its reads. */
export function histories(model: TransactionModel, most: number): fc.Arbitrary<HistoryEvent[]> {
  return fc.tuple(draws(most), fc.constantFrom(...FAULTS)).map(([drawn, fault]) => {
    const versions: { [key: string]: unknown[][] } = Object.fromEntries(KEYS.map((key) => [key, [[]]]));
    const moments: number[][] = [KEYS.map(() => 1)];
    const ago = (age: number): number[] => moments[Math.max(0, moments.length - 1 - age)]!;
    let value = 0;
    let now = 0;
    const planned = drawn.map(({ client, steps, end, gap, length, age }): Planned => {
      const own: { [key: string]: unknown[] } = {};
      const shape = fault === "fork" ? forked(steps, age) : steps;
      const done = shape.map(({ reads, key: number, pick }): Step => {
        const key = KEYS[number]!;
        if (!reads) {
          value += 1;
          (own[key] ??= []).push(value);
          return [model === "list-append" ? "append" : "w", key, value];
        }
        const all = versions[key]!;
        const at = fault === "none" || fault === "dirty" ? 0 : fault === "old" ? Math.max(0, age - 2) : Math.max(0, pick - 6);
        const version = fault === "fork" || (fault === "any" && pick < 2) ? all[(pick * 7 + age) % all.length]! : all[ago(at)[number]! - 1]!;
        // A dirty store may lose what the transaction wrote itself.
        const list = [...version, ...(fault === "dirty" && pick === 9 ? [] : (own[key] ?? []))];
        return ["r", key, model === "list-append" ? list : (list.at(-1) ?? null)];
      });
      const outcome = end === 0 ? "fail" : end === 1 ? "info" : "ok";
      for (const [key, values] of Object.entries(own)) {
        if (outcome === "fail" && fault !== "dirty") continue;
        const shown = fault === "dirty" && end > 16 ? values.slice(0, 1) : values;
        versions[key]!.push([...versions[key]!.at(-1)!, ...shown]);
      }
      moments.push(KEYS.map((key) => versions[key]!.length));
      now += gap;
      return { client: `c${client}`, steps: done, outcome, from: now, to: now + length };
    });
    return historyFrom(planned);
  });
}

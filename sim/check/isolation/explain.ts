/** Why no order of commits exists, for people: each step of a cycle with its reason. */
import type { Transaction } from "../transactions/transaction.ts";
import type { Reason } from "../verdict.ts";
import { APART, type Edge, INFERRED, REALTIME, RW, SESSION, WR, WW } from "./commit-order.ts";
import { INITIAL, type Readings } from "./readings.ts";

const KINDS: { readonly [kind: number]: string } = { [SESSION]: "session", [WR]: "wr", [WW]: "ww", [INFERRED]: "inferred", [RW]: "rw", [REALTIME]: "realtime", [APART]: "apart" };

/** The reasons of a cycle, steps through one session put together. */
export function reasonsOf(cycle: readonly Edge[], readings: Readings): Reason[] {
  const first = Math.max(0, cycle.findIndex(({ kind }, i) => kind !== SESSION || cycle.at(i - 1)!.kind !== SESSION));
  const steps: Edge[] = [];
  for (const edge of [...cycle.slice(first), ...cycle.slice(0, first)]) {
    const last = steps.at(-1);
    if (last?.kind === SESSION && edge.kind === SESSION) steps[steps.length - 1] = { ...edge, from: last.from };
    else steps.push(edge);
  }
  return steps.map((edge) => ({ from: edge.from, to: edge.to, kind: KINDS[edge.kind]!, key: edge.key === -1 ? "" : readings.keys[edge.key]!, why: whyOf(edge, readings) }));
}

function whyOf({ from, to, kind, key, through }: Edge, readings: Readings): string {
  const name = readings.keys[key] ?? "";
  if (kind === SESSION) return `T${from} returned before T${to} began in the session of ${readings.transactions[from]!.client}`;
  if (kind === REALTIME) return `T${from} returned before T${to} began`;
  if (kind === WR) return `T${to} saw T${from}'s write of ${name}`;
  if (kind === WW) return `T${to}'s version of ${name} came after T${from}'s`;
  if (kind === APART) return `both wrote ${name}, and T${from} had begun before T${to} committed`;
  if (kind === INFERRED) return `both wrote ${name}, and T${through} comes after T${from} and read ${name} from T${to}`;
  const older = sourceOf(readings, from, key);
  return `T${from} read ${name} ${older === INITIAL ? "as it was at first" : `from T${older}`}, without T${to}'s write`;
}

function sourceOf({ reads, sources }: Readings, t: number, key: number): number {
  for (let read = reads.start[t]!; read < reads.start[t + 1]!; read++) if (reads.items[read] === key) return sources[read]!;
  return INITIAL;
}

/** All that a cycle speaks of, who shows a step included, the one that returned last at the end. */
export function involvedIn(cycle: readonly Edge[], transactions: readonly Transaction[]): number[] {
  const involved = new Set(cycle.flatMap(({ from, through }) => (through === -1 ? [from] : [from, through])));
  return [...involved].sort((a, b) => ended(transactions[a]!) - ended(transactions[b]!) || a - b);
}

/** One that never returned is no news at the end: it was there from its beginning. */
function ended({ invoked, returned }: Transaction): number {
  return Number.isFinite(returned) ? returned : invoked;
}

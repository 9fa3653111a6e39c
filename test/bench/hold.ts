/**
 * The hold model, the usual measure of an event queue: with a number of events pending, take the next one out and push
 * another at its time plus a random increment. Ours is held against other queues in one run, in turns, because two
 * runs on a shared machine do not compare.
 *
 * Jones 1986, "An empirical comparison of priority-queue and event-set implementations", Communications of the ACM 29(4).
 */
import FlatQueue from "flatqueue";
import TinyQueue from "tinyqueue";
import { EventQueue } from "../../sim/kernel/queue.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { exponential } from "../../sim/kernel/distribution.ts";

export interface HoldRow {
  readonly pending: number;
  /** Operations (a pop and a push) a second of our queue: the median of the rounds. */
  readonly ours: number;
  /** Our speed over another queue's: the median over the rounds of the ratio within a round. */
  readonly ratios: { readonly [queue: string]: number };
}

/** A queue with events in it: runs a number of hold operations. */
type Hold = (operations: number) => void;
type Contender = (pending: number) => Hold;

/** Increments in ns, drawn beforehand so that only the queues are measured. Exponential with a mean of 1 ms. */
const INCREMENTS = drawIncrements(4096);
const MASK = INCREMENTS.length - 1;

function drawIncrements(count: number): Float64Array {
  const stream = new Stream("hold");
  return new Float64Array(count).map(() => exponential(stream, 1_000_000));
}

/** Stands for what an event carries; all queues get the same. */
const PAYLOADS = Array.from({ length: 1024 }, (_, number) => ({ kind: "deliver", number }));

// Each contender has its loop to itself, so that none is slowed by what the engine has learnt about another.
const contenders: { readonly [name: string]: Contender } = {
  ours: (pending) => {
    const queue = new EventQueue<object>();
    for (let i = 0; i < pending; i += 1) queue.push(INCREMENTS[i & MASK]!, PAYLOADS[i & 1023]!);
    let drawn = 0;
    return (operations) => {
      for (let i = 0; i < operations; i += 1) {
        const payload = queue.pop()!;
        queue.push(queue.poppedTime + INCREMENTS[drawn++ & MASK]!, payload);
      }
    };
  },
  "heap of objects": (pending) => {
    const queue = new ObjectHeap();
    for (let i = 0; i < pending; i += 1) queue.push(INCREMENTS[i & MASK]!, PAYLOADS[i & 1023]!);
    let drawn = 0;
    return (operations) => {
      for (let i = 0; i < operations; i += 1) {
        const event = queue.pop()!;
        queue.push(event.time + INCREMENTS[drawn++ & MASK]!, event.payload);
      }
    };
  },
  tinyqueue: (pending) => {
    let sequence = 0;
    const queue = new TinyQueue<ObjectEvent>([], (a, b) => a.time - b.time || a.sequence - b.sequence);
    for (let i = 0; i < pending; i += 1) queue.push({ time: INCREMENTS[i & MASK]!, sequence: sequence++, payload: PAYLOADS[i & 1023]! });
    let drawn = 0;
    return (operations) => {
      for (let i = 0; i < operations; i += 1) {
        const event = queue.pop()!;
        queue.push({ time: event.time + INCREMENTS[drawn++ & MASK]!, sequence: sequence++, payload: event.payload });
      }
    };
  },
  flatqueue: (pending) => {
    const queue = new FlatQueue<object>();
    for (let i = 0; i < pending; i += 1) queue.push(PAYLOADS[i & 1023]!, INCREMENTS[i & MASK]!);
    let drawn = 0;
    return (operations) => {
      for (let i = 0; i < operations; i += 1) {
        const time = queue.peekValue()!;
        const payload = queue.pop()!;
        queue.push(payload, time + INCREMENTS[drawn++ & MASK]!);
      }
    };
  },
  "flatqueue of numbers": (pending) => {
    const queue = new FlatQueue<number>();
    for (let i = 0; i < pending; i += 1) queue.push(i, INCREMENTS[i & MASK]!);
    let drawn = 0;
    return (operations) => {
      for (let i = 0; i < operations; i += 1) {
        const time = queue.peekValue()!;
        const payload = queue.pop()!;
        queue.push(payload, time + INCREMENTS[drawn++ & MASK]!);
      }
    };
  },
};

/**
 * Measures the hold model at each number of pending events: `rounds` rounds, in each of which every queue runs for
 * about `sliceMs` milliseconds, in turns. Speeds depend on the machine; the ratios less so.
 */
export function holdModel(sizes: readonly number[] = [100, 1_000, 10_000, 100_000, 1_000_000], rounds = 15, sliceMs = 30): HoldRow[] {
  return sizes.map((pending) => holdAt(pending, rounds, sliceMs));
}

/** The rows as a table for people. */
export function holdTable(rows: readonly HoldRow[]): string {
  const others = Object.keys(rows[0]?.ratios ?? {});
  const head = ["pending", "ours, ops/s", ...others.map((name) => `/ ${name}`)];
  const lines = rows.map((row) => [
    row.pending.toLocaleString("en"),
    Math.round(row.ours).toLocaleString("en"),
    ...others.map((name) => row.ratios[name]!.toFixed(2)),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)));
  return [head, ...lines].map((line) => line.map((cell, column) => cell.padStart(widths[column]!)).join("  ")).join("\n");
}

function holdAt(pending: number, rounds: number, sliceMs: number): HoldRow {
  const names = Object.keys(contenders);
  const holds = names.map((name) => contenders[name]!(pending));
  // The times that a queue begins with repeat a table; after an operation an event they are spread as they stay.
  for (const hold of holds) hold(Math.max(pending, 300_000));
  const speeds: number[][] = names.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    holds.forEach((hold, index) => speeds[index]!.push(speedOf(hold, sliceMs)));
  }
  const ratios: { [queue: string]: number } = {};
  names.forEach((name, index) => {
    if (index > 0) ratios[name] = median(speeds[0]!.map((ours, round) => ours / speeds[index]![round]!));
  });
  return { pending, ours: median(speeds[0]!), ratios };
}

/** Operations a second. */
function speedOf(hold: Hold, sliceMs: number): number {
  hold(1_000);
  const begin = performance.now();
  let operations = 0;
  let end = begin;
  while (end - begin < sliceMs) {
    hold(1_000);
    operations += 1_000;
    end = performance.now();
  }
  return (operations * 1_000) / (end - begin);
}

function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

interface ObjectEvent {
  readonly time: number;
  readonly sequence: number;
  readonly payload: object;
}

/** What one would write first: a binary heap of objects, stable by a sequence number. */
class ObjectHeap {
  readonly #events: ObjectEvent[] = [];
  #pushed = 0;

  push(time: number, payload: object): void {
    const events = this.#events;
    const event = { time, sequence: this.#pushed++, payload };
    let position = events.length;
    events.push(event);
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!comesFirst(event, events[parent]!)) break;
      events[position] = events[parent]!;
      position = parent;
    }
    events[position] = event;
  }

  pop(): ObjectEvent | undefined {
    const events = this.#events;
    const top = events[0];
    const last = events.pop();
    if (last === undefined || events.length === 0) return top;
    let position = 0;
    for (let child = 1; child < events.length; child = 2 * position + 1) {
      if (child + 1 < events.length && comesFirst(events[child + 1]!, events[child]!)) child += 1;
      if (!comesFirst(events[child]!, last)) break;
      events[position] = events[child]!;
      position = child;
    }
    events[position] = last;
    return top;
  }
}

function comesFirst(a: ObjectEvent, b: ObjectEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}

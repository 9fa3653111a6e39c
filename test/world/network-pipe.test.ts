/** Bandwidth and queues: what a message waits for its link. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponential } from "../../sim/kernel/distribution.ts";
import { Stream } from "../../sim/kernel/stream.ts";
import { ms, NS_PER_S, seconds } from "../../sim/kernel/time.ts";
import { sizeOf } from "../../sim/trace/value.ts";
import type { LinkConfig } from "../../sim/world/config.ts";
import { Pipe } from "../../sim/world/pipe.ts";
import { constant, fault, heard, note, puppet, run, sel, type Act } from "./build.ts";

const MBPS = 125_000; // A megabit a second, in bytes.

/** A note whose message has exactly so many bytes. */
function noteOf(bytes: number): ReturnType<typeof note> {
  // A longer text has a longer length before it.
  for (let length = bytes; ; length -= 1) if (sizeOf(note("x".repeat(length))) === bytes) return note("x".repeat(length));
}

const burst = (count: number, bytes: number): Act => (_, ctx) => {
  for (let sent = 0; sent < count; sent += 1) ctx.send("n2", noteOf(bytes));
};

/** When notes of n1 arrive at n2, which are sent at 10 ms. */
function arrivals(count: number, bytes: number, network: Partial<LinkConfig>, more: Parameters<typeof run>[1] = {}) {
  const { seen } = run(puppet({ n1: [[ms(10), burst(count, bytes)]] }), { duration: seconds(20), ...more, network });
  return { times: heard(seen, 1).map(([, at]) => at - ms(10)), drops: seen.of("drop"), seen };
}

describe("a link with a bandwidth", () => {
  test("takes latency + b / bandwidth for one message of b bytes: 2 ms + 1,000 B / (1 Mbps) = 10 ms", () => {
    expect(arrivals(1, 1000, { latency: constant(ms(2)), bandwidth: MBPS }).times).toEqual([ms(10)]);
  });

  test("has a message of the size that its trace says", () => {
    const { seen } = arrivals(1, 1000, { bandwidth: MBPS });
    expect(seen.of("send")[0]?.bytes).toBe(1000);
  });

  test("passes one message behind the other: of three, 8 ms each, the last comes 24 ms and the latency later", () => {
    expect(arrivals(3, 1000, { latency: constant(ms(2)), bandwidth: MBPS }).times).toEqual([ms(10), ms(18), ms(26)]);
  });

  test("passes its bandwidth when it is saturated, to a thousandth: 2,000 messages of 700 B at 3 Mbps", () => {
    const { times } = arrivals(2000, 700, { latency: constant(0), bandwidth: 3 * MBPS });
    const last = times.at(-1) as number;
    expect(times.length).toBe(2000);
    expect(Math.abs((2000 * 700 * NS_PER_S) / last / (3 * MBPS) - 1)).toBeLessThan(0.001);
  });

  test("rounds no more than once: 3,000 messages of 100 B that each take a fraction of a nanosecond end in the nanosecond in which they must", () => {
    const { times } = arrivals(3000, 100, { latency: constant(0), bandwidth: 9_999_991 / 8 });
    expect(times.at(-1)).toBe(Number((3000n * 100n * 8n * 1_000_000_000n + 9_999_990n) / 9_999_991n));
  });

  test("is one for each direction and pair: what n1 sends to n3 does not wait for what it sends to n2, nor for what n2 answers", () => {
    const both: Act = (_, ctx) => ctx.peers.forEach((peer) => ctx.send(peer, noteOf(1000)));
    const { seen } = run(puppet({ n1: [[ms(10), both]], n2: [[ms(10), both]] }), { network: { latency: constant(0), bandwidth: MBPS } });
    expect(seen.of("deliver").map(({ time }) => time)).toEqual([ms(18), ms(18), ms(18), ms(18)]);
  });

  test("is occupied by what is lost by chance: what follows does not come earlier", () => {
    const { times, drops } = arrivals(200, 1000, { latency: constant(0), loss: 0.5, bandwidth: MBPS });
    expect(drops.length).toBeGreaterThan(50);
    expect(times.every((time) => time % ms(8) === 0)).toBe(true);
    expect(times.at(-1)).toBeGreaterThan(ms(8 * 180));
  });

  test("leaves the other draws as they were: the same messages are lost with and without", () => {
    const lost = (bandwidth: number | undefined): unknown => arrivals(300, 500, { loss: 0.2, bandwidth }).drops.map(({ message }) => message);
    expect(lost(100 * MBPS)).toEqual(lost(undefined));
  });

  test("is not emptied by a cut: what waits arrives when its time has come, if the cut has ended", () => {
    const faults = [fault("partition", [sel("n1"), sel("rest")], { at: ms(12), for: ms(10) })];
    const { times, drops } = arrivals(4, 1000, { latency: constant(0), bandwidth: MBPS }, { faults });
    expect([times, drops.map(({ reason, time }) => [reason, time])]).toEqual([[ms(16), ms(24), ms(32)], [["cut", ms(18)]]]);
  });

  test("does not change the run where nobody records it: events are as many", () => {
    const script = puppet({ n1: [[ms(10), burst(100, 300)]] });
    const overrides = { network: { bandwidth: MBPS, queue: 5_000 } };
    const { world } = run(script, overrides);
    const bare = run(script, overrides, { watches: false }).world;
    expect(bare.events).toBe(world.events);
  });
});

describe("a queue", () => {
  const limited = { latency: constant(0), bandwidth: MBPS, queue: 3000 };

  test("holds what it may and drops the rest: of ten messages at once one is sent, three wait and six are dropped", () => {
    const { times, drops } = arrivals(10, 1000, limited);
    expect(times).toEqual([ms(8), ms(16), ms(24), ms(32)]);
    expect(drops.map(({ reason, time, fault: by }) => `${reason} ${time} ${by}`)).toEqual(new Array(6).fill(`queue ${ms(10)} -1`));
  });

  test("of 2,999 bytes holds two of 1,000", () => expect(arrivals(10, 1000, { ...limited, queue: 2999 }).times.length).toBe(3));

  test("of nothing lets pass what finds the link idle, however large", () => expect(arrivals(10, 100_000, { ...limited, queue: 0 }).times).toEqual([ms(800)]));

  test("is seen to grow: of ten messages at once, three are recorded to wait 8, 16 and 24 ms; a retry of a connection waits as well", () => {
    const { seen } = arrivals(10, 1000, limited);
    expect(seen.of("wait").map(({ node, peer, name, queue, data, cause }) => [node, peer, name, queue, data, seen.events[cause]?.kind])).toEqual(
      [1, 2, 3].map((place) => [0, 1, "Note", place, ms(8 * place), "send"]),
    );
    const ordered = arrivals(10, 1000, { ...limited, fifo: true });
    const [first, ...later] = ordered.seen.of("wait").map(({ queue, data }) => [queue, data]);
    expect([first, later.length > 2, ordered.times.length]).toEqual([[1, ms(8)], true, 10]);
  });

  test("has room again when the next message begins to be sent, and not before", () => {
    const three: Act = (_, ctx) => void [1, 2].forEach(() => ctx.send("n2", noteOf(1000)));
    const at = (time: number): number => {
      const one: Act = (_, ctx) => ctx.send("n2", noteOf(1000));
      const { seen } = run(puppet({ n1: [[0, three], [time, one]] }), { network: { ...limited, queue: 1000 } });
      return heard(seen, 1).length;
    };
    expect([at(ms(8) - 1), at(ms(8))]).toEqual([2, 3]);
  });

  test("drops nothing of a duplicate alone: what is dropped is not copied", () => {
    const { drops, seen } = arrivals(10, 1000, { ...limited, duplicate: 1 });
    expect([drops.length, seen.of("duplicate").length]).toEqual([6, 4]);
  });
});

/** Of one message, in nanoseconds: what it waits and takes, what it waits, and how many wait then; -1, or 0, where it is dropped. */
type Turn = readonly [takes: number, waits: number, waiting: number];

/** The same queue by its words, in exact fractions. */
function byDefinition(bits: bigint, room: number, sent: readonly (readonly [at: number, bytes: number])[]): Turn[] {
  const accepted: { begins: bigint; ends: bigint; bytes: number }[] = []; // In bits-th parts of a nanosecond.
  return sent.map(([at, bytes]) => {
    const now = BigInt(at) * bits;
    const before = accepted.filter(({ begins }) => begins > now);
    const waiting = before.reduce((sum, one) => sum + one.bytes, 0);
    const idleAt = accepted.at(-1)?.ends ?? 0n;
    if (idleAt > now && waiting + bytes > room) return [-1, 0, before.length];
    const begins = idleAt > now ? idleAt : now;
    const ends = begins + BigInt(bytes) * 8_000_000_000n;
    accepted.push({ begins, ends, bytes });
    const inNs = (time: bigint): number => Number((time + bits - 1n) / bits) - at;
    return [inNs(ends), begins > now ? inNs(begins) : 0, before.length + (begins > now ? 1 : 0)];
  });
}

test("the pipe does what a queue of exact fractions does, with any sizes, times, bandwidths and room", () => {
  const sent = fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 5_000_000 }))), { maxLength: 40 });
  const bits = fc.oneof(fc.integer({ min: 5_000, max: 6_000 }), fc.integer({ min: 10_000, max: 10_000_000_000 }), fc.constantFrom(1_000_000_000, 999_999_937));
  fc.assert(
    fc.property(sent, bits, fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 6000 })), (gaps, rate, room) => {
      let now = 0;
      const messages = gaps.map(([gap, bytes]): [number, number] => [(now += gap), bytes]);
      const pipe = new Pipe(rate / 8, room === Infinity ? undefined : room);
      expect(messages.map(([at, bytes]): Turn => [pipe.enter(at, bytes), pipe.waitNs, pipe.waiting])).toEqual(byDefinition(BigInt(rate), room, messages));
    }),
    { numRuns: 500, seed: 5 },
  );
});

test("a copied pipe goes on as the original, and its own way", () => {
  const pipe = new Pipe(MBPS / 7, 3000);
  pipe.enter(0, 1000);
  pipe.enter(5, 1999);
  const copy = pipe.copy(MBPS / 7, 3000);
  expect([copy.enter(9, 1001), copy.enter(9, 1)]).toEqual([pipe.enter(9, 1001), -1]);
});

/**
 * M/D/1: Poisson arrivals at a link that is busy for a share ρ of the time wait ρ / (2 (1 - ρ)) transmission times on
 * average. Pollaczek–Khinchine; Kleinrock, Queueing Systems vol. 1, 1975, §5.6.
 */
test.each([0.3, 0.5, 0.8])("messages of one size that come at random wait as in an M/D/1 queue, to 2 %: load %d", (load) => {
  const stream = new Stream(`md1 ${load}`);
  const pipe = new Pipe(MBPS, undefined);
  const count = 400_000;
  const service = ms(8); // 1,000 bytes at a megabit a second.
  let now = 0;
  let waited = 0;
  for (let sent = 0; sent < count; sent += 1) {
    now += exponential(stream, service / load);
    waited += pipe.enter(now, 1000) - service;
  }
  const expected = (load / (2 * (1 - load))) * service;
  expect(Math.abs(waited / count / expected - 1)).toBeLessThan(0.02);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, seconds, us } from "../../sim/kernel/time.ts";
import type { NodeId, Reply, Value } from "../../sim/protocol.ts";
import { backoff } from "../../sim/world/retry.ts";
import type { WorkloadConfig } from "../../sim/world/config.ts";
import { constant, fault, isNear, run, sel, uniform, type Recording } from "./build.ts";
import { answering, attempts, closed, history, ok, once, only, openLoop, play, quick, retry, silent, type Answer } from "./clients.ts";

describe("an open loop", () => {
  test("has the rate that it asks for, all clients together: 200/s are 2000 in 10 s", () => {
    const seen = play(ok, openLoop(200, { clients: 4 }), { duration: seconds(10) });
    const count = seen.of("invoke").length;
    expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(2000));
    for (const client of [3, 4, 5, 6]) expect(Math.abs(seen.of("invoke").filter(({ node }) => node === client).length - 500)).toBeLessThan(5 * Math.sqrt(500));
  });

  test("is a Poisson process: of its gaps a share of 1/e is longer than the mean, and of e^-2 than twice that", () => {
    const times = play(ok, openLoop(1000), { duration: seconds(4) }).of("invoke").map(({ time }) => time);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    for (const means of [1, 2]) expect(isNear(gaps.filter((gap) => gap > means * ms(1)).length, gaps.length, Math.exp(-means))).toBe(true);
  });

  test("invokes at its arrival times even while earlier operations are pending: the same times as where all is answered", () => {
    const times = (answer: Answer): number[] => play(answer, openLoop(100)).of("invoke").map(({ time }) => time);
    expect(times(silent)).toEqual(times(ok));
    expect(times(ok).length).toBeGreaterThan(50);
  });
});

describe("a closed loop", () => {
  test("has one operation at a time: each begins so long after the last has ended", () => {
    const seen = play(ok, closed(ms(5)), { duration: ms(30) });
    expect(history(seen).map(({ kind, time }) => [kind, time])).toEqual([
      ["invoke", ms(5)], ["ok", ms(7)], ["invoke", ms(12)], ["ok", ms(14)], ["invoke", ms(19)], ["ok", ms(21)], ["invoke", ms(26)], ["ok", ms(28)],
    ]);
  });

  test("goes on after a timeout, a pause later: operations that take 95 ms begin at 5, 105 and 205 ms", () => {
    const seen = play(silent, closed(ms(5), { timeout: ms(95) }), { duration: ms(250) });
    expect(seen.of("invoke").map(({ time }) => time)).toEqual([ms(5), ms(105), ms(205)]);
  });

  test("draws the pause each time: 1..9 ms", () => {
    const seen = play(ok, { clients: 1, think: uniform(ms(1), ms(9)), network: quick });
    const times = seen.of("invoke").map(({ time }) => time);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(gaps.every((gap) => gap >= ms(1) && gap <= ms(9))).toBe(true);
    expect(new Set(gaps).size).toBe(gaps.length);
  });

  test("is a loop for each client: two clients have two operations at a time", () => {
    expect(play(ok, closed(ms(5), { clients: 2 }), { duration: ms(6) }).of("invoke").length).toBe(2);
  });
});

describe("from and until", () => {
  test("no operation begins before `from`, and the first of a closed loop a pause after it: 105 ms", () => {
    expect(play(ok, closed(ms(5), { from: ms(100) })).of("invoke")[0]?.time).toBe(ms(105));
  });

  test("none begins at `until` or later: 5 and 10 ms, and not 15 ms", () => {
    const seen = play(ok, closed(ms(5), { until: ms(15), network: quick }));
    expect(seen.of("invoke").map(({ time }) => time)).toEqual([ms(5), ms(10)]);
  });

  test("what is pending then is still waited for: 16 ms", () => {
    const seen = play(ok, closed(ms(10), { until: ms(15), network: { ...quick, latency: constant(ms(3)) } }));
    expect(history(seen).map(({ kind, time }) => [kind, time])).toEqual([["invoke", ms(10)], ["ok", ms(16)]]);
  });

  test("property: every invocation lies in [from, until), in both loops", () => {
    const window = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 400 }));
    fc.assert(
      fc.property(window, fc.boolean(), fc.integer({ min: 0, max: 99 }), ([from, length], isOpen, seed) => {
        const workload = { ...(isOpen ? openLoop(500, { clients: 2 }) : closed(ms(2), { clients: 2 })), from: ms(from), until: ms(from + length) };
        expect(play(ok, workload, { seed }).of("invoke").filter(({ time }) => time < ms(from) || time >= ms(from + length))).toEqual([]);
      }),
      { numRuns: 20, seed: 51 },
    );
  });
});

describe("the history", () => {
  test("of a read has no argument, and what it returned: null, 7", () => {
    expect(history(play(ok, closed(ms(5), only("read")), { duration: ms(8) })).map(({ data }) => data)).toEqual([null, 7]);
  });

  test("of a read that was answered without a value has null", () => {
    expect(history(play(() => ({ type: "ok" }), closed(ms(5), only("read")), { duration: ms(8) })).map(({ data }) => data)).toEqual([null, null]);
  });

  test("of a write and a cas has the argument both times, whatever the reply says", () => {
    const answer: Answer = () => ({ type: "ok", value: 99 });
    expect(history(play(answer, closed(ms(5), only("write")), { duration: ms(8) })).map(({ data }) => data)).toEqual([1, 1]);
    expect(history(play(answer, closed(ms(5), only("cas")), { duration: ms(8) })).map(({ data }) => data)).toEqual([[null, 1], [null, 1]]);
  });

  test("of another operation has what the reply says, else the argument: 5, and 1", () => {
    const of = (reply: Reply): unknown => history(play(() => reply, closed(ms(5), only("add")), { duration: ms(8) })).at(-1)?.data;
    expect([of({ type: "ok", value: 5 }), of({ type: "ok" })]).toEqual([5, 1]);
  });

  test("of a comparison that was false is a fail with the reason mismatch", () => {
    const seen = play(() => ({ type: "fail", error: "mismatch" }), closed(ms(5), only("cas")), { duration: ms(8) });
    expect(history(seen).map(({ kind, reason, data }) => [kind, reason, data])).toEqual([["invoke", "", [null, 1]], ["fail", "mismatch", [null, 1]]]);
  });

  test("a fail ends its operation, which is not tried again: 1 attempt", () => {
    expect(attempts(play(() => ({ type: "fail", error: "full" }), openLoop(100, { until: ms(15) }))).length).toBe(play(ok, openLoop(100, { until: ms(15) })).of("invoke").length);
  });

  test("what is written is new each time, by whichever client and operation", () => {
    const seen = play(ok, openLoop(1000, { clients: 3, ...only("read", "write", "cas") }));
    const written = seen.of("invoke").flatMap(({ name, data }) => (name === "read" ? [] : [name === "cas" ? (data as Value[])[1] : data]));
    expect(written.length).toBeGreaterThan(500);
    expect(new Set(written).size).toBe(written.length);
  });

  test("operations come by their weights: 50, 40 and 10 of 100", () => {
    const operations = [{ f: "read", weight: 50 }, { f: "write", weight: 40 }, { f: "cas", weight: 10 }];
    const invoked = play(ok, openLoop(2000, { operations }), { duration: seconds(2) }).of("invoke");
    for (const { f, weight } of operations) expect(isNear(invoked.filter(({ name }) => name === f).length, invoked.length, weight / 100)).toBe(true);
  });

  const keysOf = (keys: WorkloadConfig["keys"]): string[] => play(ok, openLoop(2000, { keys }), { duration: seconds(2) }).of("invoke").map(({ key }) => key);

  test("keys are uniform unless said otherwise: each of 5 has a fifth", () => {
    const keys = keysOf({ count: 5, distribution: { type: "uniform" } });
    for (const key of ["k1", "k2", "k3", "k4", "k5"]) expect(isNear(keys.filter((one) => one === key).length, keys.length, 0.2)).toBe(true);
  });

  test("zipf(1) gives key i a weight of 1/i: of 3 keys 6/11, 3/11 and 2/11", () => {
    const keys = keysOf({ count: 3, distribution: { type: "zipf", exponent: 1 } });
    [6, 3, 2].forEach((weight, index) => expect(isNear(keys.filter((one) => one === `k${index + 1}`).length, keys.length, weight / 11)).toBe(true));
  });

  test("sequential keys follow each other: k1, k2, k3, k1", () => {
    expect(keysOf({ count: 3, distribution: { type: "sequential" } }).slice(0, 4)).toEqual(["k1", "k2", "k3", "k1"]);
  });

  test("a cas expects what its client saw last of the key: null, then what it wrote or read", () => {
    let stored: Value = null;
    const register: Answer = ({ f, value }) => {
      if (f === "write") stored = value;
      if (f === "cas") stored = (value as Value[])[1] as Value;
      return { type: "ok", ...(f === "read" && { value: stored }) };
    };
    const invoked = play(register, closed(ms(1), { ...only("read", "write", "cas"), keys: { count: 1, distribution: { type: "uniform" } } }), { duration: seconds(1) }).of("invoke", "ok");
    let last: unknown = null;
    let compared = 0;
    for (const { kind, name, data } of invoked) {
      if (kind === "invoke" && name === "cas") {
        expect((data as Value[])[0]).toBe(last);
        compared += 1;
      }
      if (kind === "ok") last = name === "cas" ? (data as Value[])[1] : data;
    }
    expect(compared).toBeGreaterThan(50);
  });
});

describe("processes", () => {
  test("property: none has two operations at a time, and none is used again after an info", () => {
    const flaky: Answer = ({ operation }) => (operation % 3 === 0 ? undefined : operation % 5 === 0 ? { type: "fail", error: "full" } : { type: "ok" });
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 99 }), (isOpen, clients, seed) => {
        const workload = { ...(isOpen ? openLoop(300) : closed(ms(3))), clients, timeout: ms(40), retry: once };
        const seen = play(flaky, workload, { seed });
        const busy = new Map<number, number>();
        const gone = new Set<number>();
        const clientOf = new Map<number, number>();
        const wrong: string[] = [];
        for (const { kind, process, operation, node } of history(seen)) {
          if ((clientOf.get(process) ?? node) !== node) wrong.push(`process ${process} of two clients`);
          clientOf.set(process, node);
          if (kind === "invoke") {
            if (busy.has(process) || gone.has(process)) wrong.push(`process ${process} invokes ${operation}`);
            busy.set(process, operation);
            continue;
          }
          if (busy.get(process) !== operation) wrong.push(`process ${process} completes ${operation}`);
          busy.delete(process);
          if (kind === "info") gone.add(process);
        }
        expect([wrong, busy.size]).toEqual([[], 0]);
      }),
      { numRuns: 15, seed: 52 },
    );
  });

  test("are used again after an ok and a fail: one for a client of a closed loop", () => {
    const seen = play(({ operation }) => (operation % 2 === 0 ? { type: "ok" } : { type: "fail", error: "full" }), closed(ms(5)));
    expect(new Set(history(seen).map(({ process }) => process))).toEqual(new Set([0]));
  });

  test("are new after each info: 0, 1, 2", () => {
    const seen = play(silent, closed(ms(5), { timeout: ms(95) }), { duration: ms(250) });
    expect(seen.of("invoke").map(({ process }) => process)).toEqual([0, 1, 2]);
  });
});

describe("the session", () => {
  test("counts its operations from 1, and says the lowest that it still waits for", () => {
    const asked: [string, number, number][] = [];
    const answer: Answer = ({ client, sequence, firstOpen }) => {
      asked.push([client, sequence, firstOpen]);
      return sequence === 2 ? undefined : { type: "ok" };
    };
    play(answer, openLoop(20, { retry: once, until: ms(400), network: quick }), { duration: ms(500) });
    expect(asked.slice(0, 5)).toEqual([["c1", 1, 1], ["c1", 2, 2], ["c1", 3, 2], ["c1", 4, 2], ["c1", 5, 2]]);
  });

  test("does not wait any more for what ended as info: firstOpen goes on", () => {
    const opened: number[] = [];
    play(({ firstOpen }) => (opened.push(firstOpen), undefined), closed(ms(5), { timeout: ms(95), retry: once }), { duration: ms(250) });
    expect(opened).toEqual([1, 2, 3]);
  });

  test("is the same for all attempts of an operation, which are numbered: 1, 2, 3", () => {
    const asked: number[][] = [];
    play(({ operation, sequence, attempt }) => (asked.push([operation, sequence, attempt]), undefined), closed(ms(5), { until: ms(6), retry: { ...retry, after: ms(20) } }), { duration: ms(80) });
    expect(asked).toEqual([[0, 1, 1], [0, 1, 2], [0, 1, 3]]);
  });

  test("property: sequences of a client are 1, 2, 3 … and firstOpen never falls", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99 }), (seed) => {
        const last = new Map<string, { sequence: number; firstOpen: number }>();
        const answer: Answer = ({ client, sequence, firstOpen, attempt, operation }) => {
          const before = last.get(client) ?? { sequence: 0, firstOpen: 0 };
          if (attempt === 1) expect(sequence).toBe(before.sequence + 1);
          expect(firstOpen).toBeGreaterThanOrEqual(before.firstOpen);
          expect(firstOpen).toBeLessThanOrEqual(sequence);
          last.set(client, { sequence: Math.max(sequence, before.sequence), firstOpen });
          return operation % 4 === 0 ? undefined : { type: "ok" };
        };
        const workload = openLoop(300, { clients: 2, timeout: ms(60), network: quick, retry: { ...retry, after: ms(20) } });
        // An expectation that fails in a handler is a handler that throws.
        expect(run(answering(answer), { workload, seed, nodes: 1, duration: ms(400) }).world.watch.violations).toEqual([]);
        expect(last.get("c1")?.sequence).toBeGreaterThan(20);
      }),
      { numRuns: 20, seed: 53 },
    );
  });

  test("carries a token that the protocol's client side makes of each reply: 0, 1, 2", () => {
    const tokens: Value[] = [];
    const client = { token: 0, onReply: (token: Value) => (token as number) + 1 };
    const protocol = answering(({ token }) => (tokens.push(token), { type: "ok" }), { client });
    run(protocol, { workload: closed(ms(5), { network: quick }), duration: ms(16) });
    expect(tokens).toEqual([0, 1, 2]);
  });

  test("keeps its token where the client side throws, which is a violation and no crash of the simulator", () => {
    const client = { token: { seen: 3 }, onReply: () => { throw new Error("no"); } };
    const tokens: Value[] = [];
    const { world } = run(answering(({ token }) => (tokens.push(token), { type: "ok" }), { client }), { nodes: 1, workload: closed(ms(5), { network: quick }), duration: ms(12) });
    expect(tokens).toEqual([{ seen: 3 }, { seen: 3 }]);
    expect(world.watch.violations.map(({ message }) => message)).toEqual(["client.onReply threw Error: no"]);
  });

  test("hands the handler a request that it cannot change", () => {
    const { world } = run(answering((request) => (((request as { key: string }).key = "mine"), undefined)), { nodes: 1, workload: closed(ms(5)), duration: ms(8) });
    expect(world.watch.violations[0]?.message).toContain("TypeError");
  });
});

describe("an operation that is not answered", () => {
  test("ends as info at its timeout, 1 s after its beginning: its time and why", () => {
    const seen = play(silent, closed(ms(5), { until: ms(6) }), { duration: seconds(2) });
    expect(seen.of("info").map(({ time, reason, data }) => [time, reason, data])).toEqual([[ms(1005), "timeout", seen.of("invoke")[0]?.data]]);
  });

  test("and is pending at the end ends as info then: end of run", () => {
    const seen = play(silent, closed(ms(5), { until: ms(6) }), { duration: ms(500) });
    expect(seen.events.slice(-2).map(({ kind, time, reason }) => [kind, time, reason])).toEqual([["info", ms(500), "end of run"], ["end", ms(500), "duration"]]);
  });

  test("and whose reply comes after its timeout stays an info, and the late reply is passed over", () => {
    const seen = play(ok, closed(ms(5), { until: ms(6), timeout: ms(10), retry: once, network: { ...quick, latency: constant(ms(8)) } }));
    expect(history(seen).map(({ kind, time }) => [kind, time])).toEqual([["invoke", ms(5)], ["info", ms(15)]]);
  });

  test("and is answered twice ends once", () => {
    const seen = play(ok, openLoop(200, { network: { ...quick, latency: constant(ms(1)), duplicate: 1 } }));
    expect(seen.of("ok").length).toBe(seen.of("invoke").length - seen.of("info").length);
    expect(new Set(seen.of("ok").map(({ operation }) => operation)).size).toBe(seen.of("ok").length);
  });

  test("is tried again elsewhere after `after` and a pause that doubles: 5, 215, 435, 675 ms", () => {
    const seen = play(silent, closed(ms(5), { until: ms(6), retry }), { duration: seconds(1) });
    expect(attempts(seen).map(([at]) => at)).toEqual([5, 215, 435, 675, 955].map(ms));
    const nodes = attempts(seen).map(([, to]) => to);
    nodes.slice(1).forEach((node, index) => expect(node).not.toBe(nodes[index]));
  });

  test("is tried again at the same node where there is no other", () => {
    expect(attempts(play(silent, closed(ms(5), { until: ms(6), retry }), { nodes: 1 })).map(([, to]) => to)).toEqual(new Array(5).fill("n1"));
  });

  test("pauses no longer than `max`: 25 ms between `after` and the next attempt from the third on", () => {
    const seen = play(silent, closed(ms(5), { until: ms(6), retry: { ...retry, after: ms(50), max: ms(25) } }), { duration: ms(500) });
    const times = attempts(seen).map(([at]) => at);
    expect(times.slice(1).map((time, index) => time - (times[index] as number) - ms(50))).toEqual([10, 20, 25, 25, 25, 25].map(ms));
  });

  test("takes a late answer to its first attempt while the second is under way", () => {
    const answer: Answer = ({ attempt }) => (attempt === 1 ? { type: "ok" } : undefined);
    const seen = play(answer, closed(ms(5), { until: ms(6), retry: { ...retry, after: ms(20) }, network: { ...quick, latency: constant(ms(18)) } }));
    expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(41)]);
  });

  test("is tried once where retry is off: 1 attempt, info at the timeout", () => {
    const seen = play(silent, closed(ms(5), { until: ms(6), retry: once }), { duration: seconds(2) });
    expect([attempts(seen).length, seen.of("info")[0]?.time]).toEqual([1, ms(1005)]);
  });

  test("has one invoke and one completion, however many attempts", () => {
    const seen = play(({ attempt }) => (attempt < 3 ? undefined : { type: "ok" }), openLoop(50, { retry: { ...retry, after: ms(30) } }), { duration: seconds(2) });
    const count = (kind: "invoke" | "ok" | "info"): number => seen.of(kind).length;
    expect(count("invoke")).toBe(count("ok") + count("info"));
    expect(attempts(seen).length).toBeGreaterThan(2.5 * count("ok"));
  });
});

describe("backoff", () => {
  test("without jitter is 10, 20, 40, … 500 ms", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 1000].map((pauses) => backoff(retry, pauses, 0.7))).toEqual([10, 20, 40, 80, 160, 320, 500, 500, 500].map(ms));
  });

  test("property: the jittered share of it is drawn, evenly from none to all", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (pauses, jitter, draw) => {
        const full = Math.min(retry.max, retry.backoff * 2 ** Math.min(pauses, 40));
        expect(Math.abs(backoff({ ...retry, jitter }, pauses, draw) - full * (1 - jitter * draw))).toBeLessThanOrEqual(0.5);
      }),
      { numRuns: 300, seed: 54 },
    );
  });

  test("is drawn for each pause: the first pauses of 100 operations lie in 5..10 ms, half of them below 7.5 ms", () => {
    const seen = play(({ attempt }) => (attempt === 1 ? undefined : { type: "ok" }), closed(ms(1), { network: quick, retry: { ...retry, jitter: 0.5, after: ms(1) } }), { duration: seconds(2) });
    const times = attempts(seen).map(([at]) => at);
    const pauses = seen.of("send").filter(({ name, attempt }) => name !== "reply" && attempt === 2).map(({ time }) => time - (times[times.indexOf(time) - 1] as number) - ms(1));
    expect(pauses.length).toBeGreaterThan(100);
    expect(pauses.every((pause) => pause >= ms(5) && pause <= ms(10))).toBe(true);
    expect(isNear(pauses.filter((pause) => pause < ms(7.5)).length, pauses.length, 0.5)).toBe(true);
  });
});

describe("a redirection", () => {
  const toLeader = (leader: NodeId): Answer => (_, ctx) => (ctx.self === leader ? { type: "ok" } : { type: "redirect", to: leader });

  test("is followed at once: the operation of 5 ms ends at 9 ms, two hops of 2 ms later", () => {
    const seen = play(toLeader("n3"), closed(ms(5), { until: ms(6) }), { seed: 2 });
    expect(attempts(seen).map(([at]) => at)).toEqual([ms(5), ms(7)]);
    expect(attempts(seen)[1]?.[1]).toBe("n3");
    expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(9)]);
  });

  test("that names nobody leads to another node after the pause: at 17 ms", () => {
    const seen = play(({ attempt }) => (attempt === 1 ? { type: "redirect" } : { type: "ok" }), closed(ms(5), { until: ms(6), retry }));
    const [[first], [second, to]] = attempts(seen) as [[number, string], [number, string]];
    expect([first, second]).toEqual([ms(5), ms(17)]);
    expect(to).not.toBe(attempts(seen)[0]?.[1]);
  });

  test("with to: null is one that names nobody", () => {
    const seen = play(({ attempt }) => (attempt === 1 ? ({ type: "redirect", to: null } as never) : { type: "ok" }), closed(ms(5), { until: ms(6), retry }));
    expect(attempts(seen).map(([at]) => at)).toEqual([ms(5), ms(17)]);
  });

  test("to the node that sends it leads to another one after the pause", () => {
    const seen = play(({ attempt }, ctx) => (attempt === 1 ? { type: "redirect", to: ctx.self } : { type: "ok" }), closed(ms(5), { until: ms(6), retry }));
    expect(attempts(seen).map(([at]) => at)).toEqual([ms(5), ms(17)]);
    expect(new Set(attempts(seen).map(([, to]) => to)).size).toBe(2);
  });

  test("of an earlier attempt is passed over", () => {
    const late: Answer = ({ attempt }) => (attempt === 1 ? { type: "redirect", to: "n1" } : undefined);
    const seen = play(late, closed(ms(5), { until: ms(6), retry: { ...retry, after: ms(20), backoff: ms(2) }, network: { ...quick, latency: constant(ms(15)) } }), { duration: ms(48), seed: 3 });
    expect(attempts(seen).map(([at]) => at)).toEqual([ms(5), ms(27)]);
  });

  test("that comes during the pause before the next attempt takes its place: 2 attempts, not 3", () => {
    const late: Answer = ({ attempt }) => (attempt === 1 ? { type: "redirect", to: "n1" } : undefined);
    const workload = closed(ms(5), { until: ms(6), retry: { ...retry, after: ms(20), backoff: ms(50) }, network: { ...quick, latency: constant(ms(12)) } });
    // The pause would have ended at 75 ms; the second attempt's own wait ends at 49 ms, and its pause at 149 ms.
    const runs = [1, 2, 3, 4, 5, 6].map((seed) => attempts(play(late, workload, { seed, duration: ms(140) })));
    const elsewhere = runs.filter(([first]) => first?.[1] !== "n1");
    expect(elsewhere.length).toBeGreaterThan(0);
    for (const [first, ...others] of elsewhere) expect([first?.[0], ...others]).toEqual([ms(5), [ms(29), "n1"]]);
  });

  const circle: Answer = (_, ctx) => ({ type: "redirect", to: ctx.self === "n1" ? "n2" : "n1" });

  test("in a circle without latency goes no further than the nodes in an instant, then pauses: 3 attempts each time", () => {
    const seen = play(circle, closed(ms(5), { until: ms(6), network: quick, retry }), { nodes: 2, duration: ms(40) });
    expect(attempts(seen).map(([at]) => at)).toEqual([5, 5, 5, 15, 15, 15, 35, 35, 35].map(ms));
  });

  test("in a circle ends at the timeout even where the pause is nothing: info at 25 ms, within 10,000 attempts", () => {
    const seen = play(circle, closed(ms(5), { until: ms(6), timeout: ms(20), network: quick, retry: { ...retry, backoff: 0, max: 0 } }), { nodes: 2 });
    expect(seen.of("info").map(({ time }) => time)).toEqual([ms(25)]);
    expect(attempts(seen).length).toBeLessThan(10_000);
  });

  test("is not followed where retry is off: nothing is known of the operation", () => {
    const seen = play(toLeader("n3"), closed(ms(5), { until: ms(6), retry: once }), { seed: 2 });
    expect(history(seen).map(({ kind, time, reason }) => [kind, time, reason])).toEqual([["invoke", ms(5), ""], ["info", ms(7), "redirected"]]);
  });

  test("teaches a client whom to ask all the same: the second operation goes to n3", () => {
    const seen = play(toLeader("n3"), closed(ms(5), { until: ms(16), retry: once, target: "leader" }), { seed: 2 });
    expect(attempts(seen)[1]?.[1]).toBe("n3");
    expect(seen.of("ok").length).toBe(1);
  });
});

describe("the target", () => {
  const firsts = (seen: Recording): string[] => seen.of("send").filter(({ name, attempt }) => name !== "reply" && attempt === 1).map(({ peer }) => `n${peer + 1}`);

  test("any is each node alike: of 1000 operations each of 4 nodes has a quarter", () => {
    const seen = play(ok, openLoop(1000), { nodes: 4 });
    for (const node of ["n1", "n2", "n3", "n4"]) expect(isNear(firsts(seen).filter((one) => one === node).length, firsts(seen).length, 0.25)).toBe(true);
  });

  for (const target of ["sticky", "leader"] as const) {
    test(`${target} stays with the node that answered`, () => {
      expect(new Set(firsts(play(ok, closed(ms(5), { target })))).size).toBe(1);
    });

    test(`${target} goes first where it was redirected to last: n2`, () => {
      const answer: Answer = (_, ctx) => (ctx.self === "n2" ? { type: "ok" } : { type: "redirect", to: "n2" });
      expect(new Set(firsts(play(answer, closed(ms(5), { target }))).slice(1))).toEqual(new Set(["n2"]));
    });

    for (const [name, policy] of [["", retry], [" and retry is off", once]] as const) {
      test(`${target} leaves a node that does not answer${name}`, () => {
        const seen = play((_, ctx) => (ctx.self === "n1" ? undefined : { type: "ok" }), closed(ms(5), { target, retry: policy, timeout: ms(300), clients: 5 }), { duration: seconds(5) });
        expect(firsts(seen).slice(-20)).not.toContain("n1");
      });
    }
  }
});

test("a client that finds crashed nodes asks another 210 ms later: the operation of 5 ms ends at 217 ms", () => {
  const seen = play(ok, closed(ms(5), { until: ms(6), retry }), { nodes: 2, seed: 2, faults: [fault("crash", sel("all"), { at: 0, for: ms(100) })] });
  expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(217)]);
});

test("without latency and with no time to think, time goes on: an operation each 10 µs, 100 in 1 ms", () => {
  const seen = play(ok, { clients: 1, think: constant(0), network: quick, until: ms(1) });
  expect(seen.of("ok").length).toBe(100);
});

test("without latency and with 20 µs to think, a client does 49 operations in 1 ms", () => {
  const seen = play(ok, { clients: 1, think: constant(us(20)), network: quick, until: ms(1) });
  expect(seen.of("ok").length).toBe(49);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms, seconds, us } from "../../sim/kernel/time.ts";
import type { TraceEvent } from "../../sim/trace/event.ts";
import { constant, run, type Recording } from "./build.ts";
import { answering, attempts, closed, ok, once, openLoop, play, quick, retry, silent, type Answer } from "./clients.ts";

const requests = (seen: Recording): TraceEvent[] => seen.of("send").filter(({ name }) => name !== "reply");
const isHedge = ({ data }: TraceEvent): boolean => (data as { readonly hedge?: boolean }).hedge === true;
const oneOperation = closed(ms(5), { until: ms(6), retry: once });
const hedge = { after: ms(50), most: 2 };

describe("a hedged request", () => {
  test("goes to another node when the first is not answered in time, with the same session and sequence: at 5 and 55 ms", () => {
    const asked: [number, string, number, number][] = [];
    const seen = play(({ attempt, client, sequence, operation }) => (asked.push([attempt, client, sequence, operation]), undefined), { ...oneOperation, hedge });
    expect(requests(seen).map((event) => [event.time, event.attempt, isHedge(event)])).toEqual([[ms(5), 1, false], [ms(55), 2, true]]);
    expect(asked).toEqual([[1, "c1", 1, 0], [2, "c1", 1, 0]]);
    expect(new Set(attempts(seen).map(([, to]) => to)).size).toBe(2);
  });

  test("is not sent where the first is answered before", () => {
    const seen = play(ok, openLoop(100, { hedge: { after: ms(3), most: 2 } }));
    expect(requests(seen).filter(isHedge)).toEqual([]);
  });

  test("changes nothing where it is not sent", () => {
    expect(play(ok, openLoop(100, { clients: 2, hedge: { after: ms(3), most: 2 } })).lines).toEqual(play(ok, openLoop(100, { clients: 2 })).lines);
  });

  test("completes the operation if it is answered first: at 57 ms; what comes later is passed over", () => {
    const slowFirst: Answer = ({ attempt }) => (attempt === 1 ? undefined : { type: "ok" });
    const seen = play(slowFirst, { ...oneOperation, hedge });
    expect(seen.of("ok", "info").map(({ kind, time }) => [kind, time])).toEqual([["ok", ms(57)]]);
  });

  test("lets the first answer win, and is passed over then: ok at 65 ms, once", () => {
    // The first attempt's reply takes 60 ms, the second's comes at 115 ms.
    const seen = play(ok, { ...oneOperation, hedge, network: { ...quick, latency: constant(ms(30)) } }, { duration: ms(300) });
    expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(65)]);
    expect(seen.of("deliver").filter(({ name }) => name === "reply").map(({ time, attempt }) => [time, attempt])).toEqual([[ms(65), 1], [ms(115), 2]]);
  });

  test("is sent again and again, to nodes that were not asked, up to the most: at 5, 55, 105 and 155 ms to four nodes", () => {
    const seen = play(silent, { ...oneOperation, hedge: { ...hedge, most: 4 } }, { nodes: 5 });
    expect(attempts(seen).map(([at]) => at)).toEqual([5, 55, 105, 155].map(ms));
    expect(new Set(attempts(seen).map(([, to]) => to)).size).toBe(4);
  });

  test("goes to the same node where there is no other", () => {
    expect(attempts(play(silent, { ...oneOperation, hedge }, { nodes: 1 }))).toEqual([[ms(5), "n1"], [ms(55), "n1"]]);
  });

  test("begins anew with each attempt: 5, 55, then after 200 ms and 10 ms of pause 215 and 265 ms", () => {
    const seen = play(silent, { ...oneOperation, retry: { ...retry, attempts: 2 }, hedge });
    expect(requests(seen).map((event) => [event.time, event.attempt, isHedge(event)])).toEqual([[ms(5), 1, false], [ms(55), 2, true], [ms(215), 3, false], [ms(265), 4, true]]);
  });

  test("may be for some operations alone: reads, and no writes", () => {
    const seen = play(silent, openLoop(100, { timeout: ms(100), retry: once, hedge: { ...hedge, operations: ["read"] } }));
    const hedged = new Set(requests(seen).filter(isHedge).map(({ name }) => name));
    expect([hedged, new Set(requests(seen).map(({ name }) => name))]).toEqual([new Set(["read"]), new Set(["read", "write"])]);
  });

  test("takes from the retry budget: one for ten operations, and one to begin with", () => {
    const seen = play(silent, openLoop(200, { until: seconds(4), timeout: ms(150), hedge, retry: { ...once, budget: 0.1 } }), { duration: seconds(5) });
    const [all, hedges] = [seen.of("invoke").length, requests(seen).filter(isHedge).length];
    expect(hedges).toBeLessThanOrEqual(1 + all / 10);
    expect(hedges).toBeGreaterThan(all / 10 - 2);
  });

  test("draws from a stream of its own: retries pause as long as they do without it", () => {
    const pauses = (hedged: boolean): number[] => {
      const seen = play(silent, { ...oneOperation, retry: { ...retry, jitter: 1 }, ...(hedged && { hedge }) });
      return requests(seen).filter((event) => !isHedge(event)).map(({ time }) => time);
    };
    expect(pauses(true)).toEqual(pauses(false));
  });
});

describe("a redirection while two requests are under way", () => {
  /** n1 answers slowly, n2 sends everybody to n3, which answers at once. */
  const answer: Answer = (_, ctx) => (ctx.self === "n1" ? undefined : ctx.self === "n2" ? { type: "redirect", to: "n3" } : { type: "ok" });
  const runs = Array.from({ length: 40 }, (_, seed) => play(answer, { ...oneOperation, retry, hedge }, { seed, duration: ms(150) }));

  test("that comes to the hedge is followed, while the first goes on: 5, 55 and 57 ms", () => {
    const found = runs.filter((seen) => attempts(seen)[0]?.[1] === "n1" && attempts(seen)[1]?.[1] === "n2");
    expect(found.length).toBeGreaterThan(0);
    for (const seen of found) {
      expect(attempts(seen)).toEqual([[ms(5), "n1"], [ms(55), "n2"], [ms(57), "n3"]]);
      expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(59)]);
    }
  });

  test("to nobody ends that request alone: the first is still answered", () => {
    const late: Answer = ({ attempt }) => (attempt === 1 ? { type: "ok" } : { type: "redirect" });
    const workload = { ...oneOperation, retry, hedge: { after: ms(10), most: 2 }, network: { ...quick, latency: constant(ms(8)) } };
    const seen = play(late, workload);
    // The hedge leaves at 15 ms and is sent away at 31 ms; the first is answered at 21 ms already.
    expect(seen.of("ok").map(({ time }) => time)).toEqual([ms(21)]);
    const slow = run(answering(({ attempt }, ctx) => (attempt === 1 ? undefined : (void ctx, { type: "redirect" }))), { workload: { ...workload, timeout: ms(100) } }).seen;
    expect([attempts(slow).length, slow.of("info").map(({ time, reason }) => [time, reason])]).toEqual([2, [[ms(105), "timeout"]]]);
  });

  test("to nobody for both leads to the pause and another attempt", () => {
    const seen = play(({ attempt }) => (attempt <= 2 ? { type: "redirect" } : { type: "ok" }), { ...oneOperation, retry, hedge: { after: us(500), most: 2 } });
    // Sent away at 7 and 7.5 ms, then a pause of 10 ms.
    expect(attempts(seen).map(([at]) => at)).toEqual([ms(5), ms(5.5), ms(17.5), ms(18)]);
  });

  test("without retries leaves the other request to be answered, and ends the operation when none is left", () => {
    const none = play(() => ({ type: "redirect" }), { ...oneOperation, hedge: { after: us(500), most: 2 } });
    expect(none.of("info").map(({ time, reason }) => [time, reason])).toEqual([[ms(7.5), "redirected"]]);
    const one = play(({ attempt }) => (attempt === 1 ? { type: "redirect" } : { type: "ok" }), { ...oneOperation, hedge: { after: us(500), most: 2 } });
    expect(one.of("ok").map(({ time }) => time)).toEqual([ms(7.5)]);
  });
});

test("property: with whatever answers, an operation has one completion, its attempts are 1, 2, 3 …, and no more than the most are under way", () => {
  const settings = fc.record({ seed: fc.nat({ max: 99 }), most: fc.integer({ min: 2, max: 4 }), after: fc.integer({ min: 1, max: 30 }), nodes: fc.integer({ min: 1, max: 4 }), isOpen: fc.boolean() });
  const answer: Answer = ({ operation, attempt }, ctx) => {
    const kind = (operation * 7 + attempt * 3) % 5;
    if (kind === 0) return undefined;
    if (kind === 1) return { type: "redirect", to: ctx.nodes[(operation + attempt) % ctx.nodes.length] };
    return kind === 2 ? { type: "redirect" } : { type: "ok" };
  };
  fc.assert(
    fc.property(settings, ({ seed, most, after, nodes, isOpen }) => {
      const more = { clients: 2, timeout: ms(120), retry: { ...retry, after: ms(25) }, hedge: { after: ms(after), most } };
      const { seen } = run(answering(answer), { seed, nodes, duration: ms(500), workload: isOpen ? openLoop(100, more) : closed(ms(4), more) });
      const invoked = seen.of("invoke").map(({ operation }) => operation);
      expect(seen.of("ok", "fail", "info").map(({ operation }) => operation).sort((a, b) => a - b)).toEqual(invoked);
      const ends = new Map(seen.of("ok", "fail", "info").map(({ operation, time }) => [operation, time]));
      for (const operation of invoked) {
        const sent = requests(seen).filter((event) => event.operation === operation);
        expect(sent.map(({ attempt }) => attempt)).toEqual(sent.map((_, index) => index + 1));
        expect(sent.every(({ time }) => time <= (ends.get(operation) as number))).toBe(true);
      }
    }),
    { numRuns: 40, seed: 64 },
  );
});

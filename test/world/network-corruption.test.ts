/** What the network itself corrupts, of nodes' and of clients' messages. */
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { Note } from "./build.ts";
import { constant, fault, groups, isNear, note, puppet, run, type Act } from "./build.ts";

const MANY = 1000;
const burst: Act = (_, ctx) => {
  for (let text = 0; text < MANY; text += 1) ctx.send("n2", note(text));
};
const heard: unknown[] = [];
const bursts = puppet({ n1: [[ms(10), burst]] }, { onMessage: { Note: (_: object, message: Note) => void heard.push(message.text) } });
const latency = constant(ms(3));

describe("with a checksum", () => {
  const { seen } = run(bursts, { network: { latency, corrupt: 0.3 } });

  test("30% of the messages are dropped when they arrive, at 13 ms, because of it", () => {
    expect(isNear(seen.of("drop").length, MANY, 0.3)).toBe(true);
    expect(new Set(seen.of("drop").map(({ reason, time, fault: by }) => `${reason} ${time} ${by}`))).toEqual(new Set([`checksum ${ms(13)} -1`]));
    expect(seen.of("drop", "deliver").length).toBe(MANY);
  });
  test("the copy of one is as it was sent: with both at 100% every message arrives once", () => {
    const { seen: both } = run(bursts, { network: { latency, corrupt: 1, duplicate: 1 } });
    expect([both.of("drop").length, both.of("deliver").length, both.of("corrupt").length]).toEqual([MANY, MANY, 0]);
  });
  test("what a cut or a crash would have lost is lost by that", () => {
    const reasons = (...faults: ReturnType<typeof fault>[]): unknown => [...new Set(run(bursts, { network: { latency, corrupt: 1 }, faults }).seen.of("drop").map(({ reason }) => reason))];
    expect(reasons(fault("partition", groups("n1", "rest"), { at: ms(11) }))).toEqual(["cut"]);
    expect(reasons(fault("crash", "n2", { at: ms(11) }))).toEqual(["down"]);
  });
});

describe("without a checksum", () => {
  heard.length = 0;
  const { seen } = run(bursts, { network: { latency, corrupt: 0.3, checksum: false } });
  const received = heard.slice();

  test("30% of the messages are delivered changed, in one scalar, and the trace says what their receiver got", () => {
    const changed = new Map(seen.of("corrupt").map(({ message, data }) => [message, (data as Note).text]));
    expect([isNear(changed.size, MANY, 0.3), seen.of("drop"), seen.of("deliver").length]).toEqual([true, [], MANY]);
    expect(received).toEqual(seen.of("deliver").map(({ message }) => (changed.has(message) ? changed.get(message) : message)));
    expect([...changed].filter(([message, text]) => message === text)).toEqual([]);
  });
  test("a changed message's delivery is caused by its corruption, which its sending caused", () => {
    const [corrupt] = seen.of("corrupt");
    const delivery = seen.of("deliver").find(({ message }) => message === corrupt?.message);
    const sending = seen.of("send").find(({ message }) => message === corrupt?.message);
    expect([delivery?.cause, corrupt?.cause]).toEqual([corrupt?.id, sending?.id]);
  });
});

describe("clients' messages", () => {
  const workload = { clients: 1, rate: 2000, until: ms(500), retry: { enabled: false, after: 1, backoff: 1, max: 1, jitter: 0 } };

  test("are not corrupted by the network's share", () => {
    expect(run(puppet({}), { network: { latency, corrupt: 1 }, workload }).seen.of("drop")).toEqual([]);
  });
  test("are by their own: of requests and replies 20% each fail their checksum", () => {
    const { seen } = run(puppet({}), { workload: { ...workload, network: { corrupt: 0.2 } } });
    const [requests, replies] = [seen.of("send").filter(({ name }) => name !== "reply").length, seen.of("send").filter(({ name }) => name === "reply").length];
    const dropped = seen.of("drop").filter(({ reason }) => reason === "checksum");
    expect(isNear(dropped.filter(({ name }) => name !== "reply").length, requests, 0.2)).toBe(true);
    expect(isNear(dropped.filter(({ name }) => name === "reply").length, replies, 0.2)).toBe(true);
  });
  test("without a checksum reach node and client changed, which asks and answers what nobody did; nothing else breaks", () => {
    const { seen } = run(puppet({}), { workload: { ...workload, network: { corrupt: 0.5, checksum: false } } });
    expect(seen.of("corrupt").some(({ name }) => name === "reply")).toBe(true);
    expect(seen.of("corrupt").some(({ name }) => name === "write")).toBe(true);
    expect(seen.of("crash")).toEqual([]);
    expect(seen.of("ok").length).toBeGreaterThan(400);
  });
});

import { describe, expect, test } from "vitest";
import { ms, seconds } from "../../sim/kernel/time.ts";
import type { NetworkConfig } from "../../sim/world/config.ts";
import { constant, fault, isNear, run, sel, uniform, type Recording } from "./build.ts";
import { answering, attempts, closed, ok, openLoop, retry, silent, type Answer } from "./clients.ts";

const zones: NetworkConfig["zones"] = [
  { a: "eu", b: "us", link: { latency: constant(ms(40)) } },
  { a: "eu", b: "asia", link: { latency: constant(ms(90)) } },
  { a: "us", b: "asia", link: { latency: constant(ms(70)) } },
];
const firsts = (seen: Recording): string[] => seen.of("send").filter(({ name, attempt }) => name !== "reply" && attempt === 1).map(({ peer }) => `n${peer + 1}`);

/** n1 and n2 in Europe, n3 in America, n4 in Asia; c1 in Europe, c2 in America. */
const world = { nodes: 4, zones: ["eu", "eu", "us", "asia", "eu", "us"], network: { latency: constant(ms(1)), zones } };
const nearest = { target: "nearest", clients: 1 } as const;
const play = (answer: Answer, more: object): Recording => run(answering(answer), { ...world, ...more }).seen;

describe("the nearest node", () => {
  test("is asked first: in Europe n1 or n2, each half of the time; in America n3", () => {
    const seen = play(ok, { workload: openLoop(1000, { ...nearest, clients: 2 }) });
    const of = (client: number): string[] => seen.of("send").filter(({ name, node }) => name !== "reply" && node === client).map(({ peer }) => `n${peer + 1}`);
    expect(new Set(of(4))).toEqual(new Set(["n1", "n2"]));
    expect(isNear(of(4).filter((node) => node === "n1").length, of(4).length, 0.5)).toBe(true);
    expect(new Set(of(5))).toEqual(new Set(["n3"]));
  });

  test("is any alike where all are as near: of 1000 operations each of 4 nodes has a quarter, and they go where `any` sends them", () => {
    const alike = { zones: [], network: { latency: constant(ms(1)), zones: [] } };
    const found = firsts(play(ok, { ...alike, workload: openLoop(1000, nearest) }));
    for (const node of ["n1", "n2", "n3", "n4"]) expect(isNear(found.filter((one) => one === node).length, found.length, 0.25)).toBe(true);
    expect(found).toEqual(firsts(play(ok, { ...alike, workload: openLoop(1000, { clients: 1, target: "any" }) })));
  });

  test("goes by the medians of both ways, exceptions for a link included: a slow way back makes n1 the second", () => {
    const links = [{ from: ["n1"], to: ["c1"], link: { latency: uniform(ms(1), ms(5)) } }];
    expect(new Set(firsts(play(ok, { workload: openLoop(100, nearest), network: { ...world.network, links } })))).toEqual(new Set(["n2"]));
  });

  test("goes by the network's settings, not by what faults do to it", () => {
    const slow = fault("slow", { nodes: sel("n3"), by: constant(ms(300)) }, { at: 0 });
    const seen = play(ok, { zones: ["eu", "eu", "us", "asia", "us"], workload: openLoop(100, nearest), faults: [slow] });
    expect(new Set(firsts(seen))).toEqual(new Set(["n3"]));
  });

  test("that does not answer is followed by the others in their order, and then all again", () => {
    const seen = play(silent, { workload: closed(ms(5), { ...nearest, until: ms(6), timeout: seconds(2), retry: { ...retry, after: ms(200), backoff: 0 } }), duration: seconds(2) });
    const order = attempts(seen).map(([, to]) => to);
    expect(order.slice(0, 2).sort()).toEqual(["n1", "n2"]);
    expect(order.slice(2, 4)).toEqual(["n3", "n4"]);
    expect(order.slice(4, 6).sort()).toEqual(["n1", "n2"]);
    expect(order.slice(6, 8)).toEqual(["n3", "n4"]);
  });

  test("that is slow is hedged by the next nearest: n1 and n2, then n3", () => {
    const seen = play(silent, { workload: closed(ms(5), { ...nearest, until: ms(6), hedge: { after: ms(20), most: 3 }, retry: { ...retry, enabled: false } }) });
    const order = attempts(seen).map(([, to]) => to);
    expect([order.slice(0, 2).sort(), order.slice(2)]).toEqual([["n1", "n2"], ["n3"]]);
  });

  test("that sends its clients elsewhere is still asked first", () => {
    const toLeader: Answer = (_, ctx) => (ctx.self === "n4" ? { type: "ok" } : { type: "redirect", to: "n4" });
    const seen = play(toLeader, { zones: ["eu", "eu", "us", "asia", "us"], workload: openLoop(20, nearest), duration: seconds(3) });
    expect(new Set(firsts(seen))).toEqual(new Set(["n3"]));
    expect(seen.of("ok").length).toBeGreaterThan(30);
  });
});

/**
 * Every source of chance has a stream of its own: adding something to a scenario leaves all other draws as they were, so
 * that a failure stays the same failure while the scenario around it shrinks.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import type { FaultConfig, NetworkConfig } from "../../sim/world/config.ts";
import { build, constant, fault, note, puppet, run, sel, uniform, type Act, type Recording, type Script } from "../world/build.ts";

type Overrides = NonNullable<Parameters<typeof build>[1]>;

const NODES = ["n1", "n2", "n3"];
/** Each of the three sends to the others at fixed times, and to whoever else there is. */
const talk: Act = (_, ctx) => {
  for (const peer of ctx.peers) ctx.send(peer, note(ctx.now));
  ctx.setTimer("idle", [0, ms(3)], String(ctx.now));
};
const script = (nodes: readonly string[]): Script => Object.fromEntries(nodes.map((node, index) => [node, Array.from({ length: 40 }, (_, nth) => [ms(5 * nth) + index, talk] as const)]));

function happens(overrides: Overrides): Recording {
  const nodes = (overrides.nodes ?? NODES) as readonly string[];
  const idle = { onTimer: { act: (state: object, ctx: any, index: string) => script(nodes)[ctx.self]?.[Number(index)]?.[1](state, ctx), idle: () => {} } };
  return run(puppet(script(nodes), idle), { duration: ms(400), clocks: { offset: [0, 0], drift: [0, 0] }, ...overrides, nodes }).seen;
}

const base: Overrides = {
  network: { latency: uniform(ms(1), ms(9)), loss: 0.1, duplicate: 0.1, corrupt: 0.05 },
  workload: { clients: 2, think: uniform(ms(1), ms(9)), operations: [{ f: "read", weight: 1 }, { f: "write", weight: 1 }], network: { latency: uniform(ms(1), ms(3)), loss: 0.05 } },
  faults: [fault("flaky", { nodes: sel("random"), loss: 0.5 }, { at: ms(30), for: [ms(30), ms(60)] }), fault("pause", "random", { every: [ms(50), ms(90)], for: [ms(1), ms(9)] })],
};

/** What became of every message from one endpoint to another, by the time at which it was sent. */
function traffic(seen: Recording, from: number, to: number): string[] {
  const sent = new Map<number, number>();
  const fates: string[] = [];
  for (const { kind, node, peer, message, time, reason, of } of seen.events) {
    if (kind === "send" && node === from && peer === to) sent.set(message, time);
    else if (kind === "duplicate" && sent.has(of)) sent.set(message, sent.get(of) as number);
    else if ((kind === "deliver" || kind === "drop") && sent.has(message)) fates.push(`${sent.get(message)} ${kind} ${time} ${reason}`);
  }
  return fates;
}

/** All directions between these endpoints but those that are left out. */
function traffics(seen: Recording, endpoints: readonly number[], but: (from: number, to: number) => boolean = () => false): unknown {
  const all = endpoints.flatMap((from) => endpoints.filter((to) => from !== to && !but(from, to)).map((to) => [from, to, traffic(seen, from, to)] as const));
  expect(all.reduce((sum, [, , fates]) => sum + fates.length, 0)).toBeGreaterThan(20);
  return all;
}

/** What a client asked, and when. */
const asked = (seen: Recording, client: number): unknown => seen.of("invoke").filter(({ node }) => node === client).map(({ time, name, key }) => [time, name, key]);
const fired = (seen: Recording, node: number): unknown => seen.of("timer").filter((event) => event.node === node && event.name === "idle").map(({ time, key }) => [time, key]);
const struck = (seen: Recording, kind: string): unknown => seen.of("fault").filter(({ name }) => name === kind).map(({ time, data }) => [time, (data as { nodes: unknown }).nodes]);

const seeds = { numRuns: 12, seed: 77 };
const forAll = (check: (seed: number) => void): void => fc.assert(fc.property(fc.nat(), check), seeds);
/** With the faults, whom they strike, and what that does to links is drawn as well. */
const withFaults = (seed: number, more: Overrides = {}): Overrides => ({ ...base, seed, ...more });
const calm = (seed: number, more: Overrides = {}): Overrides => ({ ...base, seed, faults: [], ...more });

describe("adding to a scenario leaves all other draws as they were:", () => {
  test("a node", () => {
    forAll((seed) => {
      const [before, after] = [happens(calm(seed, { workload: { clients: 0 } })), happens(calm(seed, { workload: { clients: 0 }, nodes: [...NODES, "n4"] }))];
      expect(traffics(after, [0, 1, 2])).toEqual(traffics(before, [0, 1, 2]));
      expect([0, 1, 2].map((node) => fired(after, node))).toEqual([0, 1, 2].map((node) => fired(before, node)));
    });
  });

  test("a client", () => {
    forAll((seed) => {
      const [before, after] = [happens(calm(seed)), happens(calm(seed, { workload: { ...base.workload, clients: 3 } }))];
      expect(traffics(after, [0, 1, 2])).toEqual(traffics(before, [0, 1, 2]));
      expect([3, 4].map((client) => asked(after, client))).toEqual([3, 4].map((client) => asked(before, client)));
      expect(traffics(after, [0, 1, 2, 3, 4], (from, to) => from < 3 && to < 3)).toEqual(traffics(before, [0, 1, 2, 3, 4], (from, to) => from < 3 && to < 3));
    });
  });

  test("a fault: those that were there strike the same nodes at the same times, and other links than its own are as they were", () => {
    const kinds = fc.constantFrom<FaultConfig>(
      fault("slow", { link: [sel("n1"), sel("n2")], by: uniform(0, ms(9)) }, { at: ms(10), for: ms(300) }),
      fault("flaky", { link: [sel("n1"), sel("n2")], loss: 0.5 }, { at: ms(10), for: ms(300) }),
      fault("duplicate", { link: [sel("n1"), sel("n2")], rate: 0.5 }, { at: ms(10), for: ms(300) }),
      fault("corrupt", { link: [sel("n1"), sel("n2")], rate: 0.5 }, { at: ms(10), for: ms(300) }),
      fault("burst", { link: [sel("n1"), sel("n2")], loss: 0.9, good: uniform(ms(5), ms(50)), bad: uniform(ms(5), ms(50)) }, { at: ms(10), for: ms(300) }),
      fault("clog", { link: [sel("n1"), sel("n2")] }, { at: ms(10), for: ms(30) }),
      fault("block", { from: sel("n1"), to: sel("n2") }, { at: ms(10), for: ms(300) }),
    );
    const own = (from: number, to: number): boolean => from < 2 && to < 2;
    fc.assert(
      fc.property(fc.nat(), kinds, fc.boolean(), (seed, added, isFirst) => {
        const faults = isFirst ? [added, ...base.faults!] : [...base.faults!, added];
        const [before, after] = [happens(withFaults(seed)), happens(withFaults(seed, { faults }))];
        expect(["flaky", "pause"].filter((kind) => kind !== added.kind).map((kind) => struck(after, kind))).toEqual(["flaky", "pause"].filter((kind) => kind !== added.kind).map((kind) => struck(before, kind)));
        expect(traffics(after, [0, 1, 2], own)).toEqual(traffics(before, [0, 1, 2], own));
        expect([0, 1, 2].map((node) => fired(after, node))).toEqual([0, 1, 2].map((node) => fired(before, node)));
      }),
      { numRuns: 40, seed: 78 },
    );
  });

  test("an exception among the links", () => {
    const link = fc.constantFrom<NetworkConfig["links"][number]["link"]>({ latency: constant(ms(40)) }, { loss: 0.9 }, { bandwidth: 500, queue: 100 }, { corrupt: 1 }, { fifo: true });
    const own = (from: number, to: number): boolean => from === 0 && to === 1;
    fc.assert(
      fc.property(fc.nat(), link, (seed, exception) => {
        const links = [{ from: ["n1"], to: ["n2"], link: exception }];
        const [before, after] = [happens(withFaults(seed)), happens(withFaults(seed, { network: { ...base.network, links } }))];
        expect(traffics(after, [0, 1, 2, 3, 4], (from, to) => own(from, to) || (from > 2 && to > 2))).toEqual(traffics(before, [0, 1, 2, 3, 4], (from, to) => own(from, to) || (from > 2 && to > 2)));
      }),
      { numRuns: 30, seed: 79 },
    );
  });

  test("loss, duplication, corruption or a bandwidth: what still arrives takes as long, but for its turn on the link", () => {
    const more = fc.constantFrom<Partial<NetworkConfig>>({ loss: 0.5 }, { loss: 0 }, { duplicate: 0.5 }, { corrupt: 0.5 }, { bandwidth: 1e12 });
    fc.assert(
      fc.property(fc.nat(), more, (seed, setting) => {
        const arrivals = (network: Partial<NetworkConfig>): Map<string, string> => {
          const firsts = new Map<string, string>();
          for (const from of [0, 1, 2]) {
            for (const to of [0, 1, 2].filter((other) => other !== from)) {
              for (const fate of traffic(happens(calm(seed, { network, workload: { clients: 0 } })), from, to)) {
                const [sent, kind, time] = fate.split(" ") as [string, string, string];
                if (kind === "deliver" && !firsts.has(`${from} ${to} ${sent}`)) firsts.set(`${from} ${to} ${sent}`, time);
              }
            }
          }
          return firsts;
        };
        const plain = { latency: uniform(ms(1), ms(9)) };
        const [before, after] = [arrivals(plain), arrivals({ ...plain, ...setting })];
        const isCopied = setting.duplicate !== undefined;
        for (const [message, time] of after) {
          const was = Number(before.get(message));
          // Of two copies the first may be the second; a terabyte a second takes a nanosecond for what these say.
          if (isCopied) expect(Number(time)).toBeLessThanOrEqual(was);
          else expect(Number(time) - was).toBeLessThanOrEqual(setting.bandwidth === undefined ? 0 : 1);
        }
        expect(after.size).toBeGreaterThan(50);
      }),
      { numRuns: 8, seed: 80 },
    );
  });

  test("zones: within them, and between others, latencies are drawn as before", () => {
    forAll((seed) => {
      const zones = ["a", "a", "b", "", ""];
      const network = { ...base.network, zones: [{ a: "a", b: "b", link: { latency: constant(ms(50)) } }] };
      const [before, after] = [happens(withFaults(seed)), happens(withFaults(seed, { zones, network }))];
      const across = (from: number, to: number): boolean => (from > 2 && to > 2) || ([from, to].includes(2) && from < 3 && to < 3);
      expect(traffics(after, [0, 1, 2, 3, 4], across)).toEqual(traffics(before, [0, 1, 2, 3, 4], across));
    });
  });
});

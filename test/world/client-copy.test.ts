import fc from "fast-check";
import { expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import { World } from "../../sim/world/world.ts";
import { config, constant, Recording, uniform } from "./build.ts";
import { answering, type Answer } from "./clients.ts";

/** Some requests are lost, some sent elsewhere, some answered late. */
const answer: Answer = ({ operation, attempt }, ctx) => {
  const kind = (operation * 5 + attempt * 3) % 4;
  if (kind === 0) return undefined;
  return kind === 1 ? { type: "redirect", to: ctx.nodes[operation % ctx.nodes.length] } : { type: "ok" };
};

test("a world of clients with stages, bursts, sizes, budgets and hedges can be copied at any step: the copy goes on as it does, and each alone", () => {
  const settings = fc.record({ seed: fc.nat({ max: 50 }), steps: fc.integer({ min: 0, max: 600 }), arrivals: fc.constantFrom("poisson", "regular" as const), target: fc.constantFrom("nearest", "leader" as const) });
  fc.assert(
    fc.property(settings, ({ seed, steps, arrivals, target }) => {
      const workload = {
        clients: 3,
        rate: [{ from: 50, to: 400, lasts: ms(300) }],
        bursts: { every: ms(150), lasts: ms(30), rate: 800 },
        arrivals,
        target,
        values: { size: uniform(20, 90) },
        keys: { count: 20, distribution: { type: "hotspot" as const, keys: 0.1, operations: 0.9 } },
        operations: [{ f: "read", weight: 1 }, { f: "cas", weight: 1 }],
        timeout: ms(90),
        retry: { enabled: true, after: ms(20), backoff: ms(3), max: ms(50), jitter: 1, budget: 0.4, attempts: 3 },
        hedge: { after: ms(6), most: 3 },
      };
      const zones = ["eu", "us", "us", "eu", "us", ""];
      const network = { latency: constant(ms(1)), zones: [{ a: "eu", b: "us", link: { latency: constant(ms(4)) } }] };
      const settings = config({ seed, duration: ms(500), zones, network, workload: workload as never });
      const original = new World(settings, answering(answer), { sinks: [] });
      for (let step = 0; step < steps; step += 1) original.step();

      const finish = (world: World): string[] => {
        const seen = new Recording();
        const copy = world.copy({ sinks: [seen] });
        copy.runUntil(ms(500));
        copy.finish("duration");
        return seen.lines;
      };
      const first = finish(original);
      expect(first.length).toBeGreaterThan(10);
      const uncopied = new Recording();
      const whole = new World(settings, answering(answer), { sinks: [uncopied] });
      whole.runUntil(ms(500));
      whole.finish("duration");
      expect(uncopied.lines.slice(-first.length)).toEqual(first);
      expect(finish(original)).toEqual(first);
      expect(finish(original.copy())).toEqual(first);
    }),
    { numRuns: 25, seed: 66 },
  );
});

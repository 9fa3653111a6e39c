import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { raft } from "../../protocols/raft/index.ts";
import { lwwRegister } from "../../protocols/lww-register/index.ts";
import { defineProtocol, parseScenario, protocols, run, scenarios, scenarioText, type AnyProtocol, type DrawnScenario, type ScenariosOptions } from "../../sim/index.ts";
import { drawable } from "../../sim/scenario/random/kinds.ts";
import { parseDuration } from "../../sim/scenario/quantities.ts";
import type { Scenario } from "../../sim/scenario/scenario.ts";

/** Serves nothing and says nothing. */
const silent = defineProtocol<{ n: number }>({ name: "silent", boot: () => ({ n: 0 }), onMessage: {}, onRequest: {} });
const known = { ...protocols, silent };

function parsed(scenario: DrawnScenario): Scenario {
  return parseScenario(scenarioText(scenario), { file: "drawn.yaml", protocols: (name) => known[name as keyof typeof known], protocolNames: Object.keys(known) });
}

const sample = (options: ScenariosOptions = {}, count = 200, protocol = raft): DrawnScenario[] => fc.sample(scenarios(protocol, options), { numRuns: count, seed: 7 }) as DrawnScenario[];
const kindsOf = (all: readonly DrawnScenario[]): Set<string> => new Set(all.flatMap(({ faults = [] }) => faults.flatMap((fault) => Object.keys(fault).filter((key) => Object.hasOwn(drawable, key)))));

/** Restrictions as a user may choose them. */
const restrictions: fc.Arbitrary<ScenariosOptions> = fc.record(
  {
    nodes: fc.constantFrom([1], [3, 5], [2, 4, 7]),
    faults: fc.constantFrom([], ["crash"], ["ring", "bridge"], ["bitrot", "partition"], ["slowCpu", "skew"]),
    mostFaults: fc.constantFrom(0, 1, 20),
    duration: fc.constantFrom("7s", "6500ms..9s"),
    expect: fc.constantFrom({}, { converged: true }, { progress: { within: "2s" }, converged: { within: "500ms" } }, { invariants: false }),
    fixed: fc.constantFrom({ network: { latency: "3ms" } }, { workload: { clients: 0 } }, { cpu: { perMessage: "1ms" }, disk: { sync: "1ms" } }),
  },
  { requiredKeys: [] },
);

/** Clients must be there to get on, and something that converges. */
function isPossible({ expect: asked = {}, fixed = {} }: ScenariosOptions, protocol: AnyProtocol): boolean {
  const hasClients = fixed.workload === undefined && protocol !== silent;
  return (hasClients || asked["progress"] === undefined) && (protocol.replicated !== undefined || asked["converged"] === undefined);
}

describe("every drawn scenario", () => {
  it.each([["raft", raft], ["lww-register", lwwRegister], ["a protocol that serves nothing", silent]])("of %s is one without mistakes, whatever it is restricted to", (_, protocol) => {
    const drawn = restrictions.filter((options) => isPossible(options, protocol)).chain((options) => scenarios(protocol, options));
    fc.assert(fc.property(drawn, (scenario) => void parsed(scenario)), { numRuns: 80, seed: 3 });
  });

  it("has no fault that is not over when the calm begins that its expectations need", () => {
    const drawn = scenarios(raft, { expect: { progress: { within: "1500ms" } }, fixed: { workload: { clients: 2, rate: "20/s" } } });
    fc.assert(
      fc.property(drawn, (scenario) => {
        const { faults, expectations } = run(scenario);
        const calm = parseDuration(scenario.duration) - 1.5e9;
        for (const { untilNs, fromNs } of faults) expect(untilNs ?? fromNs).toBeLessThanOrEqual(calm);
        expect(expectations.find(({ name }) => name === "invariants")?.verdict).toBe("pass");
      }),
      { numRuns: 10, seed: 5 },
    );
  });

  it("is one that its protocol stands: Raft is linearizable, and registers converge", () => {
    fc.assert(fc.property(scenarios("raft"), (scenario) => run(scenario).verdict === "pass"), { numRuns: 12, seed: 11 });
    fc.assert(fc.property(scenarios("lww-register"), (scenario) => run(scenario).verdict === "pass"), { numRuns: 12, seed: 11 });
  });
});

describe("drawn scenarios", () => {
  const all = sample();

  it("have every kind of fault that a protocol can be asked to survive, at times and at moments, and others only where they are named", () => {
    const usual = Object.keys(drawable).filter((kind) => drawable[kind]?.isOnlyNamed?.({ nodes: [], zones: [], events: [], hasLeader: true, hasServiceTime: true, hasChecksum: true }) !== true);
    expect([...kindsOf(sample({}, 600))].sort()).toEqual(usual.sort());
    expect([...kindsOf(sample({ faults: ["bitrot", "crash"] }))].sort()).toEqual(["bitrot", "crash"]);
    const items = all.flatMap(({ faults = [] }) => faults);
    const waiting = items.filter((fault) => "when" in fault).length / items.length;
    expect(waiting).toBeGreaterThan(0.1);
    expect(waiting).toBeLessThan(0.6);
  });

  it("have all sizes, all of the protocol's options, all surroundings, and none of each", () => {
    expect(new Set(all.map(({ nodes }) => nodes))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(new Set(all.flatMap(({ options = {} }) => Object.keys(options)))).toEqual(new Set(Object.keys(raft.options ?? {})));
    for (const part of ["network", "clocks", "disk", "cpu", "faults", "options"]) expect([part, all.some((one) => part in one), all.some((one) => !(part in one))]).toEqual([part, true, true]);
    const workloads = all.map(({ workload }) => workload as { readonly [key: string]: unknown });
    for (const key of ["rate", "think", "operations", "target", "retry"]) expect([key, workloads.some((one) => key in one), workloads.some((one) => !(key in one))]).toEqual([key, true, true]);
  });

  it("change everything that takes time together, so that a leader is heard before its followers give it up", () => {
    for (const { world } of all.map(parsed)) {
      const { heartbeat, electionTimeout } = world.options as { readonly heartbeat: number; readonly electionTimeout: readonly [number, number] };
      expect(electionTimeout[0] / heartbeat).toBe(3);
    }
    expect(new Set(all.map(({ options }) => (options as { heartbeat?: string } | undefined)?.heartbeat))).toEqual(new Set([undefined, "25ms", "100ms"]));
  });

  it("keep to what they are restricted to", () => {
    const few = sample({ nodes: [3, 5], faults: ["partition", "crash"], mostFaults: 2, duration: "4s", expect: { linearizable: true, progress: { within: "1s" } }, options: { preVote: [true] }, fixed: { network: { loss: "1%" } } });
    for (const { nodes, faults = [], duration, expect: asked, options, ...rest } of few) {
      expect([3, 5]).toContain(nodes);
      expect(faults.length).toBeLessThanOrEqual(2);
      expect([duration, asked]).toEqual(["4s", { linearizable: true, progress: { within: "1s" } }]);
      expect(options).toMatchObject({ preVote: true });
      expect(rest["network"]).toEqual({ loss: "1%" });
    }
    expect(kindsOf(few)).toEqual(new Set(["partition", "crash"]));
  });

  it.each<[string, ScenariosOptions, string]>([
    ["a kind that is not there", { faults: ["crsh"] }, "there is no kind of fault 'crsh' to draw, did you mean `crash`?"],
    ["no size", { nodes: [] }, "a cluster has one node or more, not []"],
    ["a run that leaves no time", { duration: "1s", expect: { progress: { within: "3s" } } }, "a duration of 1s is too short: what is expected after the last fault needs 3.1s or more"],
  ])("refuse %s", (_, options, message) => {
    expect(() => scenarios(raft, options)).toThrow(new RangeError(message));
  });

  it("refuse a protocol that is not there", () => {
    expect(() => scenarios("rafd")).toThrow(new RangeError("there is no protocol 'rafd', did you mean `raft`?"));
  });
});

describe("a failing one", () => {
  /** Runs until it has been shrunk, counting them. */
  function counterexample(mutant: string, seed: number, path?: string) {
    let runs = 0;
    const property = fc.property(scenarios(raft, { options: { mutant: [mutant] } }), (scenario) => {
      runs += 1;
      return run(scenario).verdict === "pass";
    });
    const { counterexample: found, counterexamplePath } = fc.check(property, { numRuns: 200, seed, ...(path !== undefined && { path, endOnFailure: true }) });
    return { scenario: found![0], path: counterexamplePath!, runs };
  }

  it.each([
    ["quorum-off-by-one", 1],
    ["no-up-to-date-check", 1],
  ])("%s shrinks to at most two faults, three clients and a second and a half, within 600 runs, and prints as a file that fails the same way", { timeout: 120_000 }, (mutant, seed) => {
    const { scenario, path, runs } = counterexample(mutant, seed);
    expect(runs).toBeLessThan(600);
    expect(scenario.faults?.length ?? 0).toBeLessThanOrEqual(2);
    expect((scenario.workload as { readonly clients: number }).clients).toBeLessThanOrEqual(3);
    expect(parseDuration(scenario.duration)).toBeLessThanOrEqual(1.5e9);

    const value = run(scenario);
    expect(value.verdict).toBe("fail");
    expect(fc.stringify(scenario)).toBe(`\n${scenarioText(scenario)}`);
    expect(run(scenarioText(scenario))).toEqual(value);
    // fast-check's seed and path give it again at once.
    expect(counterexample(mutant, seed, path)).toMatchObject({ scenario, runs: 1 });
  });
});

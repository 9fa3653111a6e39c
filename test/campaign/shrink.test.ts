import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultsOf, readData, withFaults, writeData } from "../../sim/campaign/shrink/data.ts";
import { fewest } from "../../sim/campaign/shrink/fewest.ts";
import { isSameFailure, shrink } from "../../sim/campaign/shrink/shrink.ts";
import { attempt, failing, registry, shrunk, storm } from "./shrink-support.ts";

describe("taking items out", () => {
  const items = Array.from({ length: 40 }, (_, index) => index);

  it("finds exactly those that the failure needs, wherever they stand", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...items), { maxLength: 5 }), async (needed) => {
        const left = await fewest(items, async (rest) => needed.every((one) => rest.includes(one)));
        expect(left).toEqual(needed.slice().sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it("tries a long list in parts alone where it is told so", async () => {
    let tests = 0;
    const left = await fewest(Array.from({ length: 1000 }, (_, index) => index), async (rest) => {
      tests += 1;
      return rest.includes(617);
    }, 10);
    expect(left).toContain(617);
    expect(left.length).toBeLessThanOrEqual(125);
    expect(tests).toBeLessThan(40);
  });

  it("leaves nothing that could be taken out by itself, whatever the test is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.func(fc.boolean()), async (chance) => {
        const test = async (rest: readonly number[]): Promise<boolean> => rest.length === items.length || chance(rest.join());
        const left = await fewest(items, test);
        for (const one of left) expect(await test(left.filter((other) => other !== one))).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a scenario's text", () => {
  it("is the same for the same data, a fault and an operation a line", () => {
    const data = readData("faults: [{at: 1s, crash: n1}, { at: 2s, for: 1s, partition: [[n1, n2], rest] }]\nnodes: 3 # three\nversion: 1\nprotocol: raft\nworkload: { script: [{ at: 1s, client: c1, read: k1 }], clients: 1 }\n");
    const text = `version: 1
protocol: raft
nodes: 3
workload:
  script:
    - { at: 1s, client: c1, read: k1 }
  clients: 1
faults:
  - { at: 1s, crash: n1 }
  - { at: 2s, for: 1s, partition: [ [ n1, n2 ], rest ] }
`;
    expect(writeData(data)).toBe(text);
    expect(writeData(readData(text))).toBe(text);
  });
});

describe("shrinking", () => {
  it.each([
    ["local-reads", 2],
    ["double-vote", 3],
    ["quorum-off-by-one", 3],
    ["no-up-to-date-check", 3],
  ])("%s: the result fails the same way, always, with at most 4 faults and 20 operations", async (mutant, seed) => {
    const found = failing(storm(mutant), seed);
    const before = readData(found.source);
    const result = await shrunk(found.source, found.target);

    const again = attempt(result.text);
    expect(again.kind).toBe("fail");
    expect(again.failures.some((one) => isSameFailure(one, found.target))).toBe(true);
    expect(again.digest).toBe(result.outcome.digest);
    expect(result.faults).toBe(faultsOf(readData(result.text)).length);
    expect(result.faults).toBeLessThanOrEqual(Math.min(4, faultsOf(before).length));
    expect(result.operations).toBeLessThanOrEqual(20);
    expect(again.events).toBeLessThan(found.outcome.events / 10);
    expect(result.text).not.toContain("random");
  });

  it("leaves no fault that could be taken out", async () => {
    const found = failing(storm("local-reads"), 2);
    const data = readData((await shrunk(found.source, found.target, 1500)).text);
    for (const [position] of faultsOf(data).entries()) {
      const rest = attempt(writeData(withFaults(data, faultsOf(data).filter((_, at) => at !== position))));
      expect(rest.failures.some((one) => isSameFailure(one, found.target))).toBe(false);
    }
  });

  it("comes to the same twice, however long an attempt takes to come back", async () => {
    const found = failing(storm("double-vote"), 3);
    const once = await shrunk(found.source, found.target, 60);
    const later = await shrink(found.source, { attempt: (text) => Promise.resolve().then(() => attempt(text)), protocols: registry, target: found.target, mostAttempts: 60 });
    expect(later).toEqual(once);
  });

  it("stops when the attempts are over, with what it has", async () => {
    const found = failing(storm("double-vote"), 3);
    const { attempts, text } = await shrunk(found.source, found.target, 5);
    expect(attempts).toBe(5);
    expect(attempt(text).failures.some((one) => isSameFailure(one, found.target))).toBe(true);
  });

  it("finds of a series of faults the one time that matters", async () => {
    const scenario = { ...readData(storm("term-not-persisted")), faults: [{ every: "1s", between: ["1s", "7s"], for: "100ms", crash: "leader" }] };
    const found = failing(JSON.stringify(scenario), 1);
    const [fault, ...others] = faultsOf(readData((await shrunk(found.source, found.target, 300)).text));
    expect(others).toEqual([]);
    expect(Object.keys(fault ?? {})).toEqual(expect.not.arrayContaining(["every", "between"]));
  });

  it("says of what waited for an event when it struck, and leaves out what waited in vain", async () => {
    const faults = [{ when: "election.won", after: "30ms", between: ["500ms", "7s"], for: "300ms", crash: "leader" }, { when: "election.won", nth: 40, between: ["1s", "7s"], for: "1s", pause: "n1" }, { at: "1s", for: "1s", isolate: "leader" }];
    const found = failing(JSON.stringify({ ...readData(storm("term-not-persisted")), faults }), 1);
    const left = faultsOf(readData((await shrunk(found.source, found.target, 300)).text));
    expect(left.map(({ when }) => when)).toEqual(left.map(() => undefined));
    expect(left.filter((fault) => "pause" in fault)).toEqual([]);
  });

  it("spends no more events than it may, but for the last attempt", async () => {
    const found = failing(storm("double-vote"), 3);
    let [spent, last] = [0, 0];
    const counting = (text: string): ReturnType<typeof attempt> => {
      const outcome = attempt(text);
      spent += last = outcome.events;
      return outcome;
    };
    await shrink(found.source, { attempt: counting, protocols: registry, target: found.target, mostAttempts: 1000, mostEvents: 20_000 });
    expect(spent - last).toBeLessThan(20_000);
  });

  it("says so where there is nothing to shrink", async () => {
    const target = { name: "one vote a term", message: "", shape: "", event: -1 };
    await expect(shrunk(JSON.stringify({ version: 1, protocol: "raft", duration: "1s" }), target)).rejects.toThrow("this scenario does not fail by “one vote a term”");
  });

  it("keeps an expectation that fails because nothing breaks", async () => {
    const text = JSON.stringify({ version: 1, protocol: "raft", duration: "2s", workload: { rate: "20/s" }, expect: { linearizable: false }, faults: [{ at: "1s", for: "200ms", isolate: "leader" }] });
    const found = failing(text, 1);
    const result = await shrunk(found.source, found.target, 200);
    expect(readData(result.text)["expect"]).toEqual({ linearizable: false });
    expect([result.faults, result.operations]).toEqual([0, 0]);
  });
});

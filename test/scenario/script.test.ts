import Ajv from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { protocols } from "../../protocols/index.ts";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { run } from "../../sim/scenario/run.ts";
import { bundledContext } from "./bundled.ts";
import { mistakes, scenarioOf } from "./support.ts";

const wrong = (text: string): string[] => mistakes(`workload: { ${text} }`);

describe("a scripted workload", () => {
  it("has its operations in the order of their times, and neither a rate nor a pause", () => {
    const { workload } = scenarioOf("workload: { clients: 2, script: [{ at: 2s, client: c2, cas: k7 }, { at: 1500ms, client: c1, write: k1, to: n3 }] }").world;
    expect(workload.script).toEqual([
      { at: ms(1500), client: 0, f: "write", key: "k1", to: 2 },
      { at: seconds(2), client: 1, f: "cas", key: "k7" },
    ]);
    expect(Object.keys(workload)).toEqual(expect.not.arrayContaining(["rate", "think"]));
  });

  it("may have no operation at all", () => {
    expect(scenarioOf("workload: { script: [] }").world.workload.script).toEqual([]);
  });

  it.each([
    ["script: k1", "3:21 expected a list, found `k1`"],
    ["script: [{ client: c1, read: k1 }]", "3:22 the key `at` is missing"],
    ["script: [{ at: 1s, read: k1 }]", "3:22 the key `client` is missing"],
    ["script: [{ at: 1s, client: c1 }]", "3:22 one of the keys `read`, `write` or `cas` is missing"],
    ["script: [{ at: 1s, client: c1, read: k1, write: k1 }]", "3:54 `read` and `write` exclude each other"],
    ["script: [{ at: 1s, client: c1, reed: k1 }]", "3:44 unknown setting or operation `reed`, did you mean `read`?"],
    ["script: [{ at: 1s, client: c1, read: 5 }]", "3:50 expected text, found `5`"],
    ["script: [{ at: 1s, client: c4, read: k1 }]", "3:40 there is no client `c4`"],
    ["script: [{ at: 1s, client: n1, read: k1 }]", "3:40 there is no client `n1`"],
    ["script: [{ at: 1s, client: c1, read: k1, to: n4 }]", "3:58 there is no node `n4`, did you mean `n1`?"],
    ["script: [{ at: 10s, client: c1, read: k1 }]", "3:28 this operation would begin at 10s; the workload ends at 10s"],
    ["from: 2s, script: [{ at: 1s, client: c1, read: k1 }]", "3:38 this is before the workload, which begins at 2s"],
    ["rate: 5/s, script: []", "3:13 `rate` and `script` exclude each other"],
    ["think: 5ms, script: []", "3:13 `think` and `script` exclude each other"],
    ["script: [], keys: { count: 2 }", "3:25 `keys` and `script` exclude each other"],
    ["script: [], operations: { read: 1 }", "3:25 `operations` and `script` exclude each other"],
  ])("%s", (text, ...expected) => expect(wrong(text)).toEqual(expected));
});

describe("the JSON Schema of a script", () => {
  const isValid = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, allowMatchingProperties: true }).compile(scenarioJsonSchema(Object.values(protocols)));
  it.each([
    ["[{ at: 1s, client: c1, write: k1, to: n3 }]", true],
    ["[{ at: 0, client: c1, read: k1 }]", true],
    ["[]", true],
    ["[{ client: c1, read: k1 }]", false],
    ["[{ at: 1s, client: c1, read: 5 }]", false],
    ["[{ at: 1, client: c1, read: k1 }]", false],
  ])("%s", (text, expected) => expect(isValid(parse(`version: 1\nprotocol: raft\nworkload: { script: ${text} }`))).toBe(expected));
});

describe("what a loop asked, as a script", () => {
  const of = (text: string): ReturnType<typeof run> => run(parseScenario(text, bundledContext));
  const base = { version: 1, protocol: "raft", nodes: 3, duration: "1s", network: { latency: "lognormal(1ms 8ms)" }, faults: [{ at: "500ms", for: "200ms", isolate: "leader" }] };

  it("gives the same run, event by event", () => {
    const loops = fc.record({ seed: fc.nat(), rate: fc.constantFrom("40/s", "150/s"), clients: fc.integer({ min: 1, max: 3 }), operations: fc.constantFrom({ read: 1, write: 1 }, { cas: 1, write: 2 }) });
    fc.assert(
      fc.property(loops, ({ seed, ...loop }) => {
        const drawn = of(JSON.stringify({ ...base, seed, workload: { ...loop, retry: false, keys: { count: 2 } } }));
        const asked = drawn.history.filter(({ type }) => type === "invoke");
        const script = asked.map(({ time, client, f, key }) => ({ at: `${time}ns`, client, [f]: key }));
        const scripted = of(JSON.stringify({ ...base, seed, workload: { clients: loop.clients, retry: false, script } }));
        expect(scripted.result.digest).toBe(drawn.result.digest);
      }),
      { numRuns: 12 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { parseScenario, protocolOf } from "../../sim/scenario/parse.ts";
import { context, mistakes, mistakesIn, scenarioOf } from "./support.ts";

/** Everything but the text. */
function meaning(scenario: ReturnType<typeof scenarioOf>): unknown {
  const { source: _source, protocol, ...rest } = scenario;
  return { ...rest, protocol: protocol.name };
}

const item = (text: string): ReturnType<typeof scenarioOf>["world"]["faults"][number] => {
  const [fault] = scenarioOf(`nodes: 5\nfaults:\n  - ${text}`).world.faults;
  if (fault === undefined) throw new Error("no fault");
  return fault;
};

describe("what a file leaves out", () => {
  const { world, ...scenario } = scenarioOf("");

  it("a scenario of two lines is three nodes for ten seconds", () => {
    expect([world.nodes, world.duration, world.seed, world.faults]).toEqual([["n1", "n2", "n3"], seconds(10), 1, []]);
  });

  it("its network is a quick one that loses nothing", () => {
    expect(world.network).toEqual({ latency: { type: "lognormal", median: ms(1), p99: ms(5) }, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false, links: [], zones: [] });
  });

  it("its clocks are right, and its disks sync in a millisecond", () => {
    expect([world.clocks, world.disk]).toEqual([
      { offset: [0, 0], drift: [0, 0] },
      { sync: { type: "constant", value: ms(1) }, write: { type: "constant", value: 0 } },
    ]);
  });

  it("its clients read and write, 100 times a second", () => {
    expect(world.workload).toEqual({
      clients: 3,
      rate: 100,
      keys: { count: 5, distribution: { type: "uniform" } },
      operations: [
        { f: "read", weight: 50 },
        { f: "write", weight: 50 },
      ],
      from: 0,
      until: seconds(10),
      timeout: seconds(1),
      retry: { enabled: true, after: ms(200), backoff: ms(10), max: ms(500), jitter: 0.5 },
      target: "any",
      network: { latency: world.network.latency, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false },
    });
  });

  it("its options are the protocol's own defaults", () => {
    expect(world.options).toEqual({ electionTimeout: [ms(150), ms(300)], preVote: false, reads: "log" });
  });

  it("its invariants hold, and it is called as its file", () => {
    expect([scenario.expect, scenario.invariants, scenario.name, scenario.description]).toEqual([[{ type: "invariants", holds: true }], "on", "test", ""]);
  });
});

describe("the workload", () => {
  it("a protocol with operations of its own gets them all alike, and its own target", () => {
    const { operations, target } = scenarioOf("", {}, "queue").world.workload;
    expect([operations.map(({ f, weight }) => `${f} ${weight}`), target]).toEqual([["push 50", "pop 50", "peek 50"], "sticky"]);
  });
  it("a protocol that serves nothing has no clients", () => expect(scenarioOf("", {}, "silent").world.workload.clients).toBe(0));
  it("no clients are allowed", () => expect(scenarioOf("workload: { clients: 0 }").world.workload.clients).toBe(0));
  it("operations keep the file's order", () => {
    expect(scenarioOf("workload: { operations: { cas: 10, write: 40, read: 50 } }").world.workload.operations.map(({ f }) => f)).toEqual(["cas", "write", "read"]);
  });
  it("think closes the loop", () => {
    const { rate, think } = scenarioOf("workload: { think: 5ms }").world.workload;
    expect([rate, think]).toEqual([undefined, { type: "constant", value: ms(5) }]);
  });
  it("retry: false is one attempt", () => expect(scenarioOf("workload: { retry: false }").world.workload.retry.enabled).toBe(false));
  it("a part of retry leaves the rest as it was", () => {
    expect(scenarioOf("workload: { retry: { after: 50ms } }").world.workload.retry).toEqual({ enabled: true, after: ms(50), backoff: ms(10), max: ms(500), jitter: 0.5 });
  });
  it("clients' messages take the network's latency and nothing of its loss", () => {
    const { network } = scenarioOf("network: { latency: 3ms, loss: 5% }").world.workload;
    expect(network).toEqual({ latency: { type: "constant", value: ms(3) }, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false });
  });
  it("but for what workload.network says", () => {
    const { network } = scenarioOf("network: { latency: 3ms }\nworkload: { network: { loss: 5% } }").world.workload;
    expect(network).toEqual({ latency: { type: "constant", value: ms(3) }, loss: 0.05, duplicate: 0, corrupt: 0, checksum: true, fifo: false });
  });
  it("ends before the time that convergence asks for", () => {
    expect(scenarioOf("duration: 20s\nexpect: { converged: { within: 2s } }").world.workload.until).toBe(seconds(18));
  });
  it("keys go round or are skewed", () => {
    const of = (text: string): unknown => scenarioOf(`workload: { keys: { distribution: ${text} } }`).world.workload.keys.distribution;
    expect([of("sequential"), of("zipf(0.99)")]).toEqual([{ type: "sequential" }, { type: "zipf", exponent: 0.99 }]);
  });
});

describe("faults", () => {
  it("at a time, for a time", () => {
    const { start, lasts, kind } = item("{ at: 5s, for: 1s..2s, pause: leader }");
    expect([kind, start, lasts]).toEqual(["pause", { type: "at", at: [seconds(5), seconds(5)] }, [seconds(1), seconds(2)]]);
  });
  it("again and again, in the whole run unless told otherwise", () => {
    expect(item("{ every: 1s..2s, pause: random }").start).toEqual({ type: "every", every: [seconds(1), seconds(2)], between: [0, seconds(10)] });
    expect(item("{ every: 1s, between: [2s, 8s], pause: random }").start).toEqual({ type: "every", every: [seconds(1), seconds(1)], between: [seconds(2), seconds(8)] });
  });
  it("when something happens", () => {
    expect(item("{ when: election.won, nth: 2, after: 5ms, crash: leader }").start).toEqual({ type: "when", event: "election.won", nth: 2, after: [ms(5), ms(5)] });
    expect(item("{ when: election.won, crash: leader }").start).toEqual({ type: "when", event: "election.won", nth: 1, after: [0, 0] });
  });
  it("without an end", () => expect(item("{ at: 1s, isolate: n1 }").lasts).toBeUndefined());
  it("a crash loses the unsynced unless it says otherwise", () => {
    expect([item("{ at: 1s, crash: n1 }").params, item("{ at: 1s, crash: n1, lose: disk }").params.lose]).toEqual([
      { value: { type: "node", node: "n1" }, lose: "unsynced" },
      "disk",
    ]);
  });
  it("every selector of the format", () => {
    const selectors = ["n1", "[n1, leader]", "leader", "followers", "follower", "random", "random(2)", "minority", "majority", "all", "rest"];
    expect(selectors.map((selector) => item(`{ at: 1s, pause: ${selector} }`).params.value)).toEqual([
      { type: "node", node: "n1" },
      { type: "list", of: [{ type: "node", node: "n1" }, { type: "leader" }] },
      { type: "leader" },
      { type: "followers" },
      { type: "follower" },
      { type: "random", count: 1 },
      { type: "random", count: 2 },
      { type: "minority" },
      { type: "majority" },
      { type: "all" },
      { type: "rest" },
    ]);
  });
  it("groups, links and one-way blocks", () => {
    expect(item("{ at: 1s, partition: [[leader, n2], rest] }").params.value).toEqual([{ type: "list", of: [{ type: "leader" }, { type: "node", node: "n2" }] }, { type: "rest" }]);
    expect(item("{ at: 1s, block: { from: leader, to: rest } }").params.value).toEqual({ from: { type: "leader" }, to: { type: "rest" } });
    expect(item("{ at: 1s, flaky: { link: [n1, n2], loss: 30% } }").params.value).toEqual({ link: [{ type: "node", node: "n1" }, { type: "node", node: "n2" }], loss: 0.3 });
    expect(item("{ at: 1s, skew: { nodes: n1, by: -2s } }").params.value).toEqual({ nodes: { type: "node", node: "n1" }, by: -seconds(2) });
  });
  it("a fault has the same text wherever it stands, however it is laid out and called, and another has another", () => {
    const text = item("{ at: 5s, for: 1s, crash: n1, lose: disk }").text;
    const again = scenarioOf("nodes: 5\nfaults:\n  - { at: 1s, pause: n2 }\n  - name: boom\n    lose: disk\n    crash: n1\n    for: 1s\n    at: 5s\n").world.faults;
    expect(again.map((fault) => fault.text === text)).toEqual([false, true]);
    expect([text, again[1]?.name]).toEqual(['{"at":"5s","for":"1s","crash":"n1","lose":"disk"}', "boom"]);
  });
});

describe("expectations", () => {
  it("stand in the file's order, invariants first where the file does not say", () => {
    expect(scenarioOf('expect: { latency.p99: "< 100ms", linearizable: false, converged: { within: 2s } }').expect).toEqual([
      { type: "invariants", holds: true },
      { type: "metric", metric: "latency.p99", comparison: "<", value: ms(100), text: "< 100ms" },
      { type: "consistency", level: "linearizable", holds: false },
      { type: "converged", within: seconds(2), holds: true },
    ]);
  });
  it("invariants: false asks for a breach, off asks nothing", () => {
    const of = (value: string): unknown => {
      const { expect: expected, invariants } = scenarioOf(`expect: { invariants: ${value} }`);
      return [expected, invariants];
    };
    expect([of("true"), of("false"), of("off")]).toEqual([
      [[{ type: "invariants", holds: true }], "on"],
      [[{ type: "invariants", holds: false }], "on"],
      [[], "off"],
    ]);
  });
  it("converged: true means within a second", () => expect(scenarioOf("expect: { converged: true }").expect[1]).toEqual({ type: "converged", within: seconds(1), holds: true }));
  it("converged: false asks that it does not", () => expect(scenarioOf("expect: { converged: false }").expect[1]).toEqual({ type: "converged", within: seconds(1), holds: false }));
  it("a metric is compared in its own unit", () => {
    const of = (text: string): unknown => {
      const metric = scenarioOf(`expect: { ${text} }`).expect[1];
      return metric?.type === "metric" ? `${metric.comparison} ${metric.value}` : metric;
    };
    expect([of('availability: ">= 95%"'), of('availability: ">=0.95"'), of('operations.ok: "> 100"'), of('bytes.sent: "< 64KiB"'), of('latency.cas.p99: "<= 1s"')]).toEqual([
      ">= 0.95",
      ">= 0.95",
      "> 100",
      "< 65536",
      "<= 1000000000",
    ]);
  });
  it("an operation of the protocol's own has its latency", () => {
    expect(scenarioOf('expect: { latency.push.p99: "< 1s" }', {}, "queue").expect[1]).toMatchObject({ metric: "latency.push.p99" });
  });
});

describe("mutants", () => {
  it("are put in place", () => expect(scenarioOf("options: { mutant: double-vote }").mutant).toBe("double-vote"));
  it("are no option of the protocol's", () => expect(scenarioOf("options: { mutant: double-vote }").world.options).not.toHaveProperty("mutant"));
  it("of the command line win, with or without the protocol's name", () => {
    expect(["double-vote", "kv/double-vote"].map((mutant) => scenarioOf("options: { mutant: vote-not-persisted }", { mutant }).mutant)).toEqual(["double-vote", "double-vote"]);
  });
  it("that are not there are reported under the option's name", () => {
    expect(mistakesIn("version: 1\nprotocol: kv", { mutant: "doubel-vote" })).toEqual([
      { file: "--mutant doubel-vote", line: 1, column: 1, message: "unknown mutant `doubel-vote`, did you mean `double-vote`?", excerpt: "doubel-vote", length: 11, hint: "mutants: vote-not-persisted, double-vote" },
    ]);
  });
});

describe("overrides", () => {
  const set = (...settings: string[]): { overrides: { path: string; value: string }[] } => ({
    overrides: settings.map((setting) => ({ path: setting.slice(0, setting.indexOf("=")), value: setting.slice(setting.indexOf("=") + 1) })),
  });
  const base = "network: { loss: 1% }\nfaults:\n  - { at: 5s, for: 1s, pause: n1 }\nexpect:\n  latency.p99: \"< 1s\"\n";

  it("replace what is there", () => expect(scenarioOf(base, set("network.loss=5%")).world.network.loss).toBe(0.05));
  it("add what is not", () => expect(scenarioOf(base, set("workload.retry.after=7ms")).world.workload.retry.after).toBe(ms(7)));
  it("reach into lists, and add to their end", () => {
    const { faults } = scenarioOf(base, set("faults.0.for=2s", "faults.1={ at: 1s, crash: n2 }")).world;
    expect(faults.map(({ kind, lasts }) => [kind, lasts])).toEqual([
      ["pause", [seconds(2), seconds(2)]],
      ["crash", undefined],
    ]);
  });
  it("make a list where there is none", () => expect(scenarioOf("", set("faults.0={ at: 1s, crash: n2 }")).world.faults).toHaveLength(1));
  it("know metrics, whose names have dots", () => {
    const { expect: expected } = scenarioOf(base, set("expect.latency.p99=< 2s", "expect.latency.p50=< 1ms", "expect.converged.within=2s"));
    expect(expected.map((one) => (one.type === "metric" ? one.text : one.type))).toEqual(["invariants", "< 2s", "< 1ms", "converged"]);
  });
  it("change a fault behind an alias only there", () => {
    const { faults } = scenarioOf("faults:\n  - &f { at: 5s, for: 1s, pause: n1 }\n  - *f\n", set("faults.1.for=2s")).world;
    expect(faults.map(({ lasts }) => lasts?.[0])).toEqual([seconds(1), seconds(2)]);
  });
  it("change the seed as --seed does", () => expect([scenarioOf(base, set("seed=7")).world.seed, scenarioOf("seed: 3", { seed: 0 }).world.seed]).toEqual([7, 0]));

  it.each([
    ["network.loss=5", "--set network.loss=5:1:14 a share needs a percent sign: 1%, 0.5%"],
    ["netwrok.loss=5%", "--set netwrok.loss=5%:1:1 unknown key `netwrok`, did you mean `network`?"],
    ["network.los=5%", "--set network.los=5%:1:9 unknown key `los`, did you mean `loss`?"],
    ["faults.3.for=5s", "--set faults.3.for=5s:1:8 there is no item 3 here"],
    ["faults.first.for=5s", "--set faults.first.for=5s:1:8 `first` is not a position in a list"],
    ["protocol.name=5s", "--set protocol.name=5s:1:1 `protocol` is a single value; it has no `name`"],
    ["nodes=[a, b", "--set nodes=[a, b:1:12 YAML: flow sequence must end with a ]"],
    ["seed=", "--set seed=:1:1 expected a whole number, found nothing"],
    ["alerts.many=5us", "--set alerts.many=5us:1:1 `alerts` is not supported yet"],
  ])("%s is a mistake at its own place", (setting, expected) => {
    const [first] = mistakesIn(`version: 1\nprotocol: kv\n${base}`, set(setting));
    expect(`${first?.file}:${first?.line}:${first?.column} ${first?.message}`).toBe(expected);
  });

  it("are in the source, which gives the same scenario again", () => {
    const settings = set("network.loss=5%", "workload.clients=5", "faults.0.for=2s", "expect.availability=>= 50%", "name=\"a: b\"", "clocks={ offset: -1ms..1ms }");
    const first = scenarioOf(base, { ...settings, seed: 9, mutant: "double-vote" });
    const again = parseScenario(first.source, context);
    expect(meaning(again)).toEqual(meaning(first));
    expect([again.world.seed, again.mutant, again.world.network.loss, again.source]).toEqual([9, "double-vote", 0.05, first.source]);
  });
  it("none leave the text as it was, letter by letter", () => expect(scenarioOf(base).source).toBe(`version: 1\nprotocol: kv\n${base}`));
});

describe("protocolOf", () => {
  it.each([
    ["protocol: ./mine.ts\nnodes: 3", "./mine.ts"],
    ["nodes: 3", undefined],
    ["protocol: [1]", undefined],
    ["protocol: {", undefined],
    ["", undefined],
  ])("%j is %s", (text, expected) => expect(protocolOf(text)).toBe(expected));
  it("minds overrides", () => expect(protocolOf("protocol: raft", [{ path: "protocol", value: "kv" }])).toBe("kv"));
});

it("anchors and aliases are read", () => {
  expect(scenarioOf("network: &slow { latency: 5ms }\nworkload: { network: *slow }").world.workload.network.latency).toEqual({ type: "constant", value: ms(5) });
});

it("windows' line ends and a byte order mark change nothing", () => {
  const text = "version: 1\nprotocol: kv\nnetwork:\n  loss: 5\n";
  expect(mistakesIn(`\uFEFF${text.replaceAll("\n", "\r\n")}`).map(({ line, column, excerpt }) => [line, column, excerpt])).toEqual([[4, 9, "  loss: 5"]]);
});

it("what a fault's options mean is not lost where the protocol is unknown", () => {
  expect(mistakesIn("version: 1\nprotocol: what\nfaults: [{ at: 50s, crash: n9 }]").map(({ line }) => line)).toEqual([2, 3, 3]);
  expect(mistakes("", {}, "what")).toEqual(["2:11 unknown protocol `what`"]);
});

describe("a file that is no scenario at all", () => {
  it("is shown in its first ten lines that are no YAML, and not in all 60", () => {
    const line = '{"process":0,"client":"c1","type":"invoke","f":"read","key":"k1","value":null,"time":1}\n';
    const found = mistakesIn(line.repeat(61));
    expect(found.map(({ line: at }) => at)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11]);
    expect(found[10]?.message).toBe("YAML stumbles on and on from here: is this a scenario?");
  });
});

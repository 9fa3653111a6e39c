import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Distribution } from "../../sim/kernel/distribution.ts";
import { ms, us } from "../../sim/kernel/time.ts";
import type { ParseContext } from "../../sim/scenario/parse.ts";
import { mistakesIn, scenarioOf } from "./support.ts";

const rest = "network: { latency: empirical(rtt.csv) }";
const holding = (text: string, name = "rtt.csv"): Partial<ParseContext> => ({ files: (asked) => (asked === name ? text : undefined) });
const latency = (text: string): Distribution => scenarioOf(rest, holding(text)).world.network.latency;
const values = (text: string): readonly number[] => (latency(text) as Extract<Distribution, { type: "empirical" }>).values;
const wrong = (text: string, scenario = rest): string[] =>
  mistakesIn(`version: 1\nprotocol: kv\n${scenario}`, holding(text)).map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);

describe("a table of recorded values", () => {
  it.each([
    ["a value with its unit in each line", "1ms\n1.5ms\n20us\n", [ms(1), us(1500), us(20)]],
    ["the first column of several", "1ms,n1,ok\n2ms,n2,failed", [ms(1), ms(2)]],
    ["columns by semicolons, tabs and in quotes", '1ms;a\n2ms\tb\n"3ms",c', [ms(1), ms(2), ms(3)]],
    ["a heading that names the unit", "latency_ms,node\n1.5,a\n2,b", [us(1500), ms(2)]],
    ["a heading in words", "Round trip (microseconds)\n250\n1e3", [us(250), us(1000)]],
    ["a heading in camel case", "rttUs\n7", [us(7)]],
    ["a heading that is the unit", "s\n0.25", [ms(250)]],
    ["a heading that names none, over values with theirs", "latency\n5ms", [ms(5)]],
    ["a value whose unit is not the heading's", "latency_ms\n5\n7us", [ms(5), us(7)]],
    ["comments, empty lines, a mark of its encoding, the line ends of Windows", "\uFEFF# measured\r\n\r\n1ms\r\n 2 ms \r\n", [ms(1), ms(2)]],
    ["what is finer than a nanosecond, to the nearest", "ms\n0.1234567", [123_457]],
    ["nothing", "0ms\n0ms", [0, 0]],
  ])("takes %s", (_what, text, expected) => expect(values(text)).toEqual(expected));

  it("may hold sizes, where a size is expected", () => {
    const scenario = scenarioOf("workload: { values: { size: empirical(sizes.csv) } }", holding("bytes\n100\n2KiB", "sizes.csv"));
    expect(scenario.world.workload.values).toEqual({ size: { type: "empirical", values: [100, 2048] } });
  });

  it("may be a part of a mix, in a fault, and in quotes; a folder may lead to it", () => {
    const text = 'network: { latency: "mix(90% empirical(a/rtt.csv), 10% 1s)" }\nfaults: [{ at: 1s, slow: { nodes: n1, by: empirical( a/rtt.csv ) } }]';
    const { network, faults } = scenarioOf(text, holding("1ms\n2ms", "a/rtt.csv")).world;
    const of = { type: "empirical", values: [ms(1), ms(2)] };
    expect([network.latency, faults[0]?.params.value.by]).toEqual([{ type: "mix", parts: [{ weight: 0.9, of }, { weight: 0.1, of: { type: "constant", value: 1e9 } }] }, of]);
  });

  it("may come from the command line", () => {
    const scenario = scenarioOf("", { ...holding("3ms"), overrides: [{ path: "network.latency", value: "empirical(rtt.csv)" }] });
    expect(scenario.world.network.latency).toEqual({ type: "empirical", values: [ms(3)] });
  });
});

describe("the text of a scenario with a table", () => {
  const scenario = scenarioOf(`# measured\n${rest}\nfaults:\n  - { at: 1s, for: 1s, slow: { nodes: n1, by: empirical(rtt.csv) } } # twice\n`, holding("1ms\n2.5ms\n"));

  it("holds the values in the place of the file's name, and all else as it was", () => {
    expect(parse(scenario.source)).toMatchObject({ network: { latency: "empirical(1ms 2.5ms)" } });
    expect(scenario.source).toContain("# measured");
    expect(scenario.source).toContain("# twice");
  });

  it("is the same scenario without the file", () => {
    const again = scenarioOf(scenario.source.split("\n").slice(2).join("\n"));
    expect(again.world).toEqual(scenario.world);
    expect(again.source).toBe(scenario.source);
  });

  it("of values written out stays as it is, letter by letter", () => {
    const text = "network: { latency:   empirical(1ms 2.5ms) }";
    expect(scenarioOf(text).source).toBe(`version: 1\nprotocol: kv\n${text}`);
  });

  it("is untouched where a description speaks of a table", () => {
    const text = "description: the latencies are empirical(rtt.csv), measured by night";
    expect(scenarioOf(text).description).toBe("the latencies are empirical(rtt.csv), measured by night");
  });
});

describe("what is wrong with a table is said with its line", () => {
  it.each([
    ["a number without a unit", "1ms\n5", "rtt.csv:2:1 `5` has no unit"],
    ["a heading without a unit, over numbers", "latency\n5\n6", "rtt.csv:2:1 `5` has no unit", "rtt.csv:3:1 `6` has no unit"],
    ["a unit that is none", "1ms\n  2parsecs", "rtt.csv:2:3 `parsecs` is not a unit"],
    ["a word among the values", "1ms\nn/a\n2ms", "rtt.csv:2:1 expected a value such as 1.5ms, found `n/a`"],
    ["a negative value", "ms\n-3", "rtt.csv:2:1 `-3` is negative"],
    ["more than time", "1e300s", "rtt.csv:1:1 `1e300s` is too large"],
    ["a decimal comma", '"1,5ms"', "rtt.csv:1:2 expected a value such as 1.5ms, found `1,5ms`"],
    ["nothing", "# nothing yet\n", "test.yaml:3:31 the file `rtt.csv` holds no values"],
    ["too much", "1ms\n".repeat(10_001), "test.yaml:3:31 the file `rtt.csv` holds 10001 values; 10000 at most are taken"],
    ["a size for a latency", "5B", "test.yaml:3:21 `B` is not a unit of a duration, did you mean `h`?"],
  ])("%s", (_what, text, ...expected) => {
    const found = wrong(text);
    expect(found.map((line) => line.replace(/, did you mean .*/, ""))).toEqual(expected.map((line) => line.replace(/, did you mean .*/, "")));
  });

  it("no more than ten times", () => expect(wrong("x\n".repeat(100)).length).toBe(10));

  it("beside what is wrong with the scenario", () => {
    expect(wrong("oops\noops", `${rest}\nseeed: 1`)).toEqual(["test.yaml:4:1 unknown key `seeed`, did you mean `seed`?", "rtt.csv:2:1 expected a value such as 1.5ms, found `oops`"]);
  });
});

describe("a table that is not there", () => {
  it("is missed where its name stands", () => expect(wrong("1ms", "network: { latency: empirical(rrt.csv) }")).toEqual(["test.yaml:3:31 there is no file `rrt.csv` beside the scenario"]));
  it("cannot be read from a text alone", () => {
    expect(mistakesIn(`version: 1\nprotocol: kv\n${rest}`).map(({ message, hint }) => [message, hint])).toEqual([["the file `rtt.csv` cannot be read here", "recorded values may also stand here: empirical(1ms 1ms 8ms)"]]);
  });
  it.each([
    ["empirical()", "3:21 empirical takes recorded values, or a file of them"],
    ["empirical", "3:21 the distribution `empirical` lacks its arguments"],
    ["empirical(1ms rtt.csv)", "3:35 expected a duration or a file such as rtt.csv, found `rtt.csv`"],
    ["empirical(1ms 5)", "3:35 a duration needs a unit: 20ms, 5s"],
    ["empirical(-1ms)", "3:31 `-1ms` is negative; a duration here is not"],
  ])("%s", (text, expected) => {
    expect(mistakesIn(`version: 1\nprotocol: kv\nnetwork: { latency: ${text} }`).map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([expected]);
  });
});

it("property: what a table holds comes out as it stands there, to the nanosecond", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1_000_000_000_000 }), { minLength: 1, maxLength: 30 }), fc.constantFrom("ns", "latency (ns)", "Ns"), (all, heading) => {
      expect(values(`${heading}\n${all.join("\n")}`)).toEqual(all);
      expect(values(all.map((value) => `${value}ns,x`).join("\r\n"))).toEqual(all);
    }),
    { numRuns: 100, seed: 65 },
  );
});

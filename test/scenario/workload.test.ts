import { describe, expect, it } from "vitest";
import { ms, seconds } from "../../sim/kernel/time.ts";
import type { WorkloadConfig } from "../../sim/world/config.ts";
import { mistakes, scenarioOf } from "./support.ts";

const of = (text: string): WorkloadConfig => scenarioOf(`workload: { ${text} }`).world.workload;
const wrong = (text: string): string[] => mistakes(`workload: { ${text} }`);

describe("the rate of an open loop", () => {
  it.each<[string, WorkloadConfig["rate"]]>([
    ["200/s", 200],
    ["[{ rate: 200/s }]", [{ lasts: undefined, from: 200, to: 200 }]],
    ["[{ for: 5s, rate: 100/s..1000/s }]", [{ lasts: seconds(5), from: 100, to: 1000 }]],
    ["[{ for: 5s, rate: 1/ms..0/s }, { for: 1s, rate: 0/s }, { rate: 6/m }]", [{ lasts: seconds(5), from: 1000, to: 0 }, { lasts: seconds(1), from: 0, to: 0 }, { lasts: undefined, from: 0.1, to: 0.1 }]],
  ])("%s", (text, expected) => expect(of(`rate: ${text}`).rate).toEqual(expected));

  it("is 100/s without `think`, and nothing beside it, with which it is none", () => {
    expect(of("clients: 2")).toMatchObject({ rate: 100 });
    expect(Object.keys(of("clients: 2"))).toEqual(expect.not.arrayContaining(["bursts", "arrivals", "hedge", "values", "think"]));
    expect(Object.keys(of("think: 5ms"))).not.toContain("rate");
  });

  it("may have bursts, and arrivals that are evenly spaced", () => {
    expect(of("rate: 200/s, bursts: { every: 5s, for: 500ms, rate: 2000/s }, arrivals: regular")).toMatchObject({
      rate: 200,
      bursts: { every: seconds(5), lasts: ms(500), rate: 2000 },
      arrivals: "regular",
    });
  });

  it.each([
    ["rate: 0/s", "3:19 a rate must be more than 0"],
    ["rate: 100/s..200/s", "3:19 `/s..200/s` is not a unit of a rate"],
    ["rate: { for: 5s }", "3:19 expected a rate such as 200/s, or a list of stages, found a map"],
    ["rate: []", "3:19 no stage is given"],
    ["rate: [200/s]", "3:20 expected a map of keys and values, found `200/s`"],
    ["rate: [{ for: 5s }]", "3:20 the key `rate` is missing"],
    ["rate: [{ rate: 5/s }, { rate: 6/s }]", "3:20 this stage does not say how long it lasts, and another follows: `for` is missing"],
    ["rate: [{ rate: 5/s..6/s }]", "3:28 a ramp has an end: `for` is missing"],
    ["rate: [{ for: 0s, rate: 6/s }]", "3:27 this must be more than 0"],
    ["rate: [{ for: 1s, rate: 0/s }, { rate: 0/s }]", "3:19 all rates are 0: some operation must happen"],
    ["rate: [{ for: 1s, rate: -5/s..6/s }]", "3:37 a rate must not be negative"],
    ["rate: [{ for: 1s, rate: 5/s..600 }]", "3:42 a rate needs its unit of time: 600/s"],
    ["rate: [{ for: 1s, rte: 5/s }]", "3:31 unknown key `rte`, did you mean `rate`?"],
    ["rate: [{ for: 10s, rate: 5/s }, { rate: 6/s }]", "3:45 this stage would begin at 10s; the workload ends at 10s"],
    ["from: 2s, rate: [{ for: 8s, rate: 5/s }, { rate: 6/s }]", "3:54 this stage would begin at 10s; the workload ends at 10s"],
    ["think: 5ms, bursts: { every: 5s, for: 1s, rate: 5/s }", "3:13 `bursts` and `think` exclude each other"],
    ["think: 5ms, arrivals: regular", "3:13 `arrivals` and `think` exclude each other"],
    ["arrivals: poison", "3:23 expected poisson or regular, found `poison`, did you mean `poisson`?"],
    ["bursts: { every: 5s, for: 1s }", "3:21 the key `rate` is missing"],
    ["bursts: { every: 5s, for: 5s, rate: 5/s }", "3:39 a burst of 5s every 5s never ends"],
    ["bursts: { every: 10s, for: 5s, rate: 5/s }", "3:30 the first burst would begin at 10s; the workload ends at 10s"],
  ])("%s", (text, ...expected) => expect(wrong(text)).toEqual(expected));
});

describe("the keys", () => {
  it.each([
    ["hotspot(10% 90%)", { type: "hotspot", keys: 0.1, operations: 0.9 }],
    ['"hotspot(20%, 80%)"', { type: "hotspot", keys: 0.2, operations: 0.8 }],
    ["hotspot(100% 0%)", { type: "hotspot", keys: 1, operations: 0 }],
  ])("%s", (text, expected) => expect(of(`keys: { distribution: ${text} }`).keys.distribution).toEqual(expected));

  it.each([
    ["hotspot", "3:35 hotspot takes a share of the keys and their share of the operations: hotspot(10% 90%)"],
    ["hotspot(10%)", "3:35 hotspot takes a share of the keys and their share of the operations: hotspot(10% 90%)"],
    ["hotspot(10% 90% 5%)", "3:35 hotspot takes a share of the keys and their share of the operations: hotspot(10% 90%)"],
    ["hotspot(0% 90%)", "3:43 a hotspot has some keys: more than 0%"],
    ["hotspot(0.1 90%)", "3:43 a share needs a percent sign: 1%, 0.5%"],
    ["hotspot(10% 190%)", "3:47 `190%` is more than everything; a share goes from 0% to 100%"],
    ["hotpsot(10% 90%)", "3:35 unknown distribution of keys `hotpsot`, did you mean `hotspot`?"],
  ])("%s", (text, expected) => expect(wrong(`keys: { distribution: ${text} }`)).toEqual([expected]));
});

describe("the values", () => {
  it.each([
    ["1KiB", { type: "constant", value: 1024 }],
    ["100B..1KiB", { type: "uniform", min: 100, max: 1024 }],
    ["lognormal(200B 4KiB)", { type: "lognormal", median: 200, p99: 4096 }],
    ["empirical(100B 100B 2kB)", { type: "empirical", values: [100, 100, 2000] }],
    ["mix(90% 100B 10% 64KiB)", { type: "mix", parts: [{ weight: 0.9, of: { type: "constant", value: 100 } }, { weight: 0.1, of: { type: "constant", value: 65_536 } }] }],
  ])("have a size of %s", (text, expected) => expect(of(`values: { size: ${text} }`).values).toEqual({ size: expected }));

  it.each([
    ["values: { size: 1ms }", "3:30 `ms` is not a unit of a size, did you mean `MB`?"],
    ["values: { size: 100 }", "3:29 a size needs a unit: 64KiB, 1MB"],
    ["values: { size: large }", "3:29 expected a size or a distribution, found `large`"],
    ["values: { size: lognormal(4KiB 200B) }", "3:44 the 99th percentile, 200B, must be more than the median, 4KiB"],
    ["values: { size: 1KiB..2MiB }", "3:29 a value has at most 1MiB"],
    ["values: {}", "3:21 the key `size` is missing"],
    ["values: 1KiB", "3:21 expected a map of keys and values, found `1KiB`"],
  ])("%s", (text, expected) => expect(wrong(text)).toEqual([expected]));
});

describe("asking again", () => {
  it("may be limited: attempts, budget", () => {
    expect(of("retry: { attempts: 3, budget: 10% }").retry).toEqual({ enabled: true, after: ms(200), backoff: ms(10), max: ms(500), jitter: 0.5, attempts: 3, budget: 0.1 });
  });

  it("may be hedged: two under way at a time, unless said otherwise", () => {
    expect(of("hedge: { after: 50ms, operations: [read] }").hedge).toEqual({ after: ms(50), most: 2, operations: ["read"] });
    expect([of("hedge: { after: 50ms }").hedge, of("hedge: { after: 50ms, most: 3 }").hedge]).toEqual([{ after: ms(50), most: 2 }, { after: ms(50), most: 3 }]);
  });

  it("may begin with the nearest node", () => expect(of("target: nearest").target).toBe("nearest"));

  it.each([
    ["retry: { attempts: 0 }", "3:32 `0` is too small: at least 1 is expected here"],
    ["retry: { budget: 0.1 }", "3:30 a share needs a percent sign: 1%, 0.5%"],
    ["hedge: { most: 3 }", "3:20 the key `after` is missing"],
    ["hedge: { after: 50ms, most: 1 }", "3:41 `1` is too small: at least 2 is expected here"],
    ["hedge: { after: 50ms, operations: [read, wrote] }", "3:54 expected read, write or cas, found `wrote`, did you mean `write`?"],
    ["hedge: { after: 50ms, operations: [] }", "3:47 no operation is hedged"],
    ["hedge: { after: 50ms, operations: read }", "3:47 expected a list, found `read`"],
    ["hedge: { after: 0s }", "3:29 this must be more than 0"],
    ["hedge: 50ms", "3:20 expected a map of keys and values, found `50ms`"],
    ["hedge: { after: 200ms }", "3:29 a hedge would never be sent: `retry.after` ends the wait after 200ms"],
    ["hedge: { after: 200ms }, retry: { after: 300ms }"],
    ["hedge: { after: 2s }, retry: false", "3:29 a hedge would never be sent: `timeout` ends the wait after 1s"],
    ["hedge: { after: 500ms }, retry: false"],
  ])("%s", (text, ...expected) => expect(wrong(text)).toEqual(expected));
});

import { describe, expect, it } from "vitest";
import { run } from "../../sim/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { bundledContext } from "./bundled.ts";
import { mistakes } from "./support.ts";

const scenario = (more: string) => parseScenario(`version: 1\nprotocol: raft\n${more}`, bundledContext);

describe("a price list", () => {
  it("is held with its prices as numbers, in dollars unless it says otherwise", () => {
    expect(scenario("cost: { perNodeHour: 0.096, perMillionRequests: 0.4, perGBAcrossZones: 0.01 }").prices).toEqual({
      currency: "USD", perNodeHour: 0.096, perMillionRequests: 0.4, perGBAcrossZones: 0.01,
    });
    expect(scenario("cost: { currency: EUR, perMillionSyncs: 2, perGBWritten: 0, perGBAcrossRegions: 0.02 }").prices).toEqual({
      currency: "EUR", perMillionSyncs: 2, perGBWritten: 0, perGBAcrossRegions: 0.02,
    });
  });

  it("is nothing where the file gives none", () => {
    expect(scenario("nodes: 3").prices).toBeUndefined();
  });

  it.each([
    ["cost: {}", "3:7 this price list holds no price"],
    ["cost: { currency: EUR }", "3:7 this price list holds no price"],
    ["cost: 3", "3:7 expected a map of keys and values, found `3`"],
    ["cost: { perNodeHours: 1 }", "3:9 unknown price `perNodeHours`, did you mean `perNodeHour`?"],
    ["cost: { perNodeHour: -1 }", "3:22 `-1` is too small: at least 0 is expected here"],
    ["cost: { perNodeHour: $1 }", "3:22 expected a number, found `$1`"],
    ["cost: { perNodeHour: 1, currency: euros }", "3:35 expected the code of a currency, such as USD or EUR, found `euros`"],
  ])("is refused where it is wrong: %s", (text, expected) => {
    expect(mistakes(text)[0]).toBe(expected);
  });
});

describe("an expectation of costs", () => {
  it("is a comparison of an amount in the price list's currency", () => {
    const [, expectation] = scenario('cost: { perNodeHour: 1 }\nexpect: { cost.perMillionOperations: "< 2.50" }').expect;
    expect(expectation).toEqual({ type: "metric", metric: "cost.perMillionOperations", comparison: "<", value: 2.5, text: "< 2.50" });
  });

  it.each([
    ['expect: { cost.total: "< 1" }', "3:11 `cost.total` needs prices: this file has no `cost`"],
    ['cost: { perNodeHour: 1 }\nexpect: { cost.syncs: "< 1" }', "4:11 `cost.syncs` needs the price `perMillionSyncs`, which `cost` does not give"],
    ['cost: { perNodeHour: 1 }\nexpect: { cost.perMillionOperations.syncs: "< 1" }', "4:11 `cost.perMillionOperations.syncs` needs the price `perMillionSyncs`, which `cost` does not give"],
    ['cost: { perNodeHour: 1 }\nexpect: { cost.total: "< 1ms" }', "4:26 expected a number, found `1ms`"],
  ])("is refused where it could not be judged: %s", (text, expected) => {
    expect(mistakes(text)[0]).toBe(expected);
  });
});

it("a run says what it cost: three nodes for 3.6 seconds at 1 an hour are 0.003, and a million operations that by their number", () => {
  const priced = { protocol: "lww-register", nodes: 3, duration: "3600ms", workload: { until: "3s" } };
  const { cost, metrics, digest } = run({ ...priced, cost: { perNodeHour: 1, currency: "CHF" } });
  const answered = (metrics["operations.ok"] as number) + (metrics["operations.mismatch"] as number);
  expect(cost).toMatchObject({ currency: "CHF", total: 0.003, items: [{ item: "nodes", quantity: 0.003, unit: "node hours", price: 1, cost: 0.003 }] });
  expect(metrics["cost.perMillionOperations"]).toBeCloseTo((0.003 / answered) * 1e6, 8);
  expect(run(priced).digest).toBe(digest);
});

import { describe, expect, it } from "vitest";
import { metrics } from "../../sim/metrics/index.ts";
import { levels, scenarioShape } from "../../sim/scenario/format/index.ts";
import { selectorWords } from "../../sim/scenario/selectors.ts";
import type { FieldsShape, FileShape } from "../../sim/scenario/shape.ts";
import { unsupportedKeys, unsupportedSelectors, unsupportedValues } from "../../sim/scenario/unsupported.ts";
import { faults } from "../../sim/world/faults/index.ts";
import { bundledContext, contractExample, servedExample } from "./bundled.ts";
import { kv, mistakes, mistakesIn } from "./support.ts";

it("the example of the format asks for two things that are not supported yet, and is right in all others", () => {
  const shown = mistakesIn(contractExample, bundledContext).map(({ line, column, message }) => `${line}:${column} ${message}`);
  expect(shown).toEqual(["14:3 `network.links` is not supported yet", "16:3 `network.zones` is not supported yet"]);
  expect(mistakesIn(servedExample, bundledContext)).toEqual([]);
});

describe("what the format names and nothing serves", () => {
  it.each(["alerts", "sometimes", "explore", "experiment", "stop"])("the key %s", (key) => {
    expect(mistakes(`${key}: { a: 1 }`)).toEqual([`3:1 \`${key}\` is not supported yet`]);
  });
  it.each(["corrupt", "checksum", "bandwidth", "queue", "fifo", "links", "zones"])("network.%s", (key) => {
    expect(mistakes(`network: { ${key}: 1 }`)).toEqual([`3:12 \`network.${key}\` is not supported yet`]);
    expect(mistakes(`workload: { network: { ${key}: 1 } }`)).toEqual([`3:24 \`workload.network.${key}\` is not supported yet`]);
  });
  it.each([
    ["reconfigure", "{ add: [n6] }"],
    ["transfer", "n2"],
  ])("the fault %s", (kind, value) => {
    expect(mistakes(`faults: [{ at: 1s, for: 1s, ${kind}: ${value} }]`)).toEqual([`3:29 the fault \`${kind}\` is not supported yet`]);
  });
  it.each(Object.keys(unsupportedKeys["expect"] as object))("the expectation %s", (name) => {
    expect(mistakes(`expect: { ${name}: true }`)).toEqual([`3:11 \`expect.${name}\` is not supported yet`]);
  });
  it.each([
    ["expect: { kAtomic(2): true }", "3:11 `expect.kAtomic(2)` is not supported yet"],
    ["workload: { at: { eu: 2 } }", "3:13 `workload.at` is not supported yet"],
    ["nodes: { eu: 3, us: 2 }", "3:8 `nodes` by zone is not supported yet"],
    ["faults: [{ at: 1s, isolate: zone(eu) }]", "3:29 the selector `zone(eu)` is not supported yet"],
  ])("%s", (text, expected) => expect(mistakes(text)).toEqual([expected]));
});

describe("what is served is not in the list", () => {
  const whole = scenarioShape(kv, ["kv"]);
  const part = (path: string): FileShape | undefined =>
    path === "" ? whole : path.split(".").reduce<FileShape | undefined>((shape, name) => (shape as FieldsShape).fields[name], whole);
  const servedIn = (where: string): string[] => {
    const shape = part(where);
    if (shape?.type === "fields") return Object.keys(shape.fields);
    if (shape?.type !== "list" || shape.of.type !== "fault") throw new Error(`nothing is described at ${where}`);
    const beside = Object.values(faults).flatMap((definition) => Object.keys(definition.beside ?? {}));
    return [...Object.keys(shape.of.common), ...Object.keys(shape.of.kinds), ...beside];
  };

  it.each(Object.keys(unsupportedKeys))("of the keys in %j", (where) => {
    const served = servedIn(where);
    expect(Object.keys(unsupportedKeys[where] as object).filter((name) => served.includes(name))).toEqual([]);
  });
  it("of values", () => {
    const crash = faults["crash"]?.beside?.["lose"];
    const target = part("workload.target");
    const served = [crash, target].flatMap((shape) => (shape?.type === "choice" ? shape.of : []));
    expect(served).toContain("unsynced");
    expect(Object.values(unsupportedValues).flatMap((names) => Object.keys(names)).filter((name) => served.includes(name))).toEqual([]);
  });
  it("of levels, metrics and selectors", () => {
    const served = [...Object.keys(levels), ...Object.keys(metrics), ...selectorWords];
    const refused = [...Object.keys(unsupportedKeys["expect"] as object), ...Object.keys(unsupportedSelectors)];
    expect(refused.filter((name) => served.includes(name))).toEqual([]);
  });
});

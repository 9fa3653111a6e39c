import { describe, expect, it } from "vitest";
import { metrics } from "../../sim/metrics/index.ts";
import { levels, scenarioShape } from "../../sim/scenario/format/index.ts";
import type { FieldsShape, FileShape } from "../../sim/scenario/shape.ts";
import { unsupportedKeys } from "../../sim/scenario/unsupported.ts";
import { faults } from "../../sim/world/faults/index.ts";
import { bundledContext, contractExample } from "./bundled.ts";
import { kv, mistakes, mistakesIn } from "./support.ts";

it("the example of the format is served whole", () => {
  expect(mistakesIn(contractExample, bundledContext)).toEqual([]);
});

describe("what the format names and nothing serves", () => {
  it.each(["alerts", "explore"])("the key %s", (key) => {
    expect(mistakes(`${key}: { a: 1 }`)).toEqual([`3:1 \`${key}\` is not supported yet`]);
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
    ["expect: { readAtomic: true }", "3:11 `expect.readAtomic` is not supported yet"],
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
  it("of levels and metrics", () => {
    const served = [...Object.keys(levels), ...Object.keys(metrics)];
    const refused = Object.keys(unsupportedKeys["expect"] as object);
    expect(refused.filter((name) => served.includes(name))).toEqual([]);
  });
});

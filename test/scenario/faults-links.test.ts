import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { protocols } from "../../protocols/index.ts";
import { ms } from "../../sim/kernel/time.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { mistakes, scenarioOf } from "./support.ts";

const isValid = new Ajv({ strict: false }).compile(scenarioJsonSchema(Object.values(protocols)));
const item = (fault: string): string => `nodes: 5\nfaults: [{ at: 5s, ${fault} }]`;
const node = (name: string): object => ({ type: "node", node: name });
const link = [node("n1"), node("n2")];

describe("the faults of links", () => {
  it.each<[string, unknown]>([
    ["bridge: [[n1, n2], n3, [n4, n5]]", [{ type: "list", of: [node("n1"), node("n2")] }, node("n3"), { type: "list", of: [node("n4"), node("n5")] }]],
    ["bridge: [[n1, c1], [n2, n3], rest]", [{ type: "list", of: [node("n1"), node("c1")] }, { type: "list", of: [node("n2"), node("n3")] }, { type: "rest" }]],
    ["ring: all", { type: "all" }],
    ["ring: [n1, n2, n3]", { type: "list", of: ["n1", "n2", "n3"].map(node) }],
    ["corrupt: { nodes: n1, rate: 30% }", { nodes: node("n1"), rate: 0.3 }],
    ["corrupt: { link: [n1, n2], rate: 30% }", { link, rate: 0.3 }],
    ["burst: { link: [n1, n2], loss: 80%, good: exponential(2s), bad: 100ms..300ms }", { link, loss: 0.8, good: { type: "exponential", mean: ms(2000) }, bad: { type: "uniform", min: ms(100), max: ms(300) } }],
    ["burst: { nodes: all, loss: 80%, good: 1s, bad: 1s }", { nodes: { type: "all" }, loss: 0.8, good: { type: "constant", value: ms(1000) }, bad: { type: "constant", value: ms(1000) } }],
    ["clog: n1", node("n1")],
    ["clog: [n1, follower]", { type: "list", of: [node("n1"), { type: "follower" }] }],
    ["clog: { link: [n1, n2] }", { link }],
    ["for: 3s, swizzle: random(3)", { type: "random", count: 3 }],
    ["flaky: { link: [c1, leader], loss: 5% }", { link: [node("c1"), { type: "leader" }], loss: 0.05 }],
  ])("%s", (text, value) => {
    expect(scenarioOf(item(text)).world.faults[0]?.params).toEqual({ value });
    expect(isValid(parse(`version: 1\nprotocol: raft\n${item(text)}`))).toBe(true);
  });

  it.each([
    ["bridge: [[n1, n2], [n4, n5]]", "4:28 expected 3 groups such as [[n1, n2], n3, [n4, n5]], found 2"],
    ["bridge: [n1, n2, n3, n4]", "4:28 expected 3 groups such as [[n1, n2], n3, [n4, n5]], found 4"],
    ["bridge: n3", "4:28 expected groups such as [[n1, n2], n3, [n4, n5]], found `n3`"],
    ["bridge: [n1, [], n3]", "4:33 an empty list selects nobody"],
    ["ring: c1", "4:26 a fault of the kind `ring` cannot strike a client"],
    ["swizzle: [n1, c1]", "4:34 a fault of the kind `swizzle` cannot strike a client"],
    ["corrupt: { nodes: n1 }", "4:29 the key `rate` is missing"],
    ["corrupt: { nodes: n1, loss: 30% }", "4:29 the key `rate` is missing", "4:42 unknown key `loss`"],
    ["burst: { link: [n1, n2], loss: 80% }", "4:27 the key `good` is missing", "4:27 the key `bad` is missing"],
    ["burst: { loss: 80%, good: 1s, bad: 1s }", "4:27 one of the keys `nodes` or `link` is missing"],
    ["burst: { nodes: n1, loss: 80, good: 1s, bad: 1s }", "4:46 a share needs a percent sign: 1%, 0.5%"],
    ["clog: { link: [n1, n2], nodes: n3 }", "4:44 unknown key `nodes`"],
    ["clog: { link: [n1] }", "4:34 expected a link's two ends such as [n1, n2], found a list"],
    ["clog: {}", "4:26 the key `link` is missing"],
    ["clog: [[n1]]", "4:27 expected a node or a selector, found a list"],
    ["clog: n9", "4:26 there is no node `n9`"],
  ])("%s is wrong", (text, ...expected) => {
    expect(mistakes(item(text)).sort()).toEqual(expected.sort());
    const isOfTheWhole = /client|no node/.test(String(expected));
    expect(isValid(parse(`version: 1\nprotocol: raft\n${item(text)}`))).toBe(isOfTheWhole);
  });

  it("who may strike clients says so itself, and the message names them", () => {
    const hints = scenarioHints("crash: c1");
    expect(hints).toEqual(["clients stand outside; only partition, isolate, block, bridge, slow, flaky, duplicate, corrupt, burst and clog may name them"]);
  });
});

function scenarioHints(fault: string): (string | undefined)[] {
  try {
    scenarioOf(item(fault));
  } catch (error) {
    return (error as { readonly diagnostics: readonly { readonly hint?: string }[] }).diagnostics.map(({ hint }) => hint);
  }
  return [];
}

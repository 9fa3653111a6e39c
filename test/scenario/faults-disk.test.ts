import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { protocols } from "../../protocols/index.ts";
import { ms } from "../../sim/kernel/time.ts";
import { scenarioJsonSchema } from "../../sim/scenario/json-schema.ts";
import { mistakes, scenarioOf } from "./support.ts";

const isValid = new Ajv({ strict: false }).compile(scenarioJsonSchema(Object.values(protocols)));
const item = (fault: string): string => `nodes: 5\nfaults: [{ at: 5s, ${fault} }]`;
const n1 = { type: "node", node: "n1" };

describe("the faults of disks", () => {
  it.each<[string, object]>([
    ["diskSlow: { nodes: n1, by: 10ms }", { value: { nodes: n1, by: { type: "constant", value: ms(10) } } }],
    ["diskSlow: { nodes: all, by: 5ms..10ms }", { value: { nodes: { type: "all" }, by: { type: "uniform", min: ms(5), max: ms(10) } } }],
    ["for: 1s, diskStall: leader", { value: { type: "leader" } }],
    ["for: 1s, diskFull: [n1, follower]", { value: { type: "list", of: [n1, { type: "follower" }] } }],
    ["diskError: n1", { value: n1, pages: "clean", rate: 1 }],
    ["diskError: n1, pages: dirty, rate: 30%", { value: n1, pages: "dirty", rate: 0.3 }],
    ["bitrot: n1", { value: n1, bytes: 1, detected: true }],
    ["for: 1s, bitrot: n1, bytes: 8, detected: false", { value: n1, bytes: 8, detected: false }],
    ["lostWrite: n1", { value: n1, rate: 1, detected: false }],
    ["misdirected: minority, rate: 5%, detected: true", { value: { type: "minority" }, rate: 0.05, detected: true }],
    ["crash: n1, lose: torn", { value: n1, lose: "torn" }],
  ])("%s", (text, params) => {
    expect(scenarioOf(item(text)).world.faults[0]?.params).toEqual(params);
    expect(isValid(parse(`version: 1\nprotocol: raft\n${item(text)}`))).toBe(true);
  });

  it.each([
    ["diskSlow: n1", "4:30 expected a map of keys and values, found `n1`"],
    ["diskSlow: { nodes: n1 }", "4:30 the key `by` is missing"],
    ["diskSlow: { nodes: n1, by: fast }", "4:47 expected a duration or a distribution, found `fast`"],
    ["diskStall: c1", "4:31 a fault of the kind `diskStall` cannot strike a client"],
    ["diskFull: n1, pages: dirty", "4:34 the key `pages` does not belong here: it goes with `diskError`"],
    ["diskError: n1, pages: gone", "4:42 expected clean or dirty, found `gone`"],
    ["diskError: n1, rate: 30", "4:41 a share needs a percent sign: 1%, 0.5%"],
    ["bitrot: n1, bytes: 0", "4:39 `0` is too small: at least 1 is expected here"],
    ["bitrot: n1, detected: maybe", "4:42 expected true or false, found `maybe`"],
    ["misdirected: n9", "4:33 there is no node `n9`"],
    ["crash: n1, lose: half", "4:37 expected nothing, unsynced, torn or disk, found `half`"],
  ])("%s is wrong", (text, expected) => {
    expect(mistakes(item(text))).toEqual([expected]);
  });

  it("what a node does about damage is an option of raft, and halt where nothing is said", () => {
    const shape = protocols["raft"]?.options?.["recovery"];
    expect(shape).toMatchObject({ type: "choice", of: ["halt", "discard", "truncate"], default: "halt" });
  });
});

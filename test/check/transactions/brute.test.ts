import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Graph, RW, SESSION, TIME, WR, WW } from "../../../sim/check/transactions/graph.ts";
import { type GraphOptions, judgeByGraph } from "../../../sim/check/transactions/judge.ts";
import type { TransactionModel } from "../../../sim/check/transactions/transaction.ts";
import { inRealTime, inSession, isSerializable, isSnapshot, isWitness, type Made, made } from "./generated.ts";

const never = (): boolean => false;
const word = (holds: boolean): string => (holds ? "pass" : "fail");

/** A level with its options, and by everything that there is to try. */
interface Case {
  readonly name: string;
  readonly model: TransactionModel;
  readonly consistency: string;
  readonly options?: GraphOptions;
  readonly given?: boolean;
  readonly before: (typeof inRealTime) | typeof never;
  readonly holds: (history: Made) => boolean;
  /** The share of histories, at most, on which it may say that it does not know. */
  readonly unknown: number;
}

const serial = (before: Case["before"]) => ({ before, holds: ({ txns }: Made) => isSerializable(txns, before) });
const givenSerial = (before: Case["before"]) => ({ given: true, before, holds: ({ txns, versions }: Made) => isSerializable(txns, before, versions) });

const cases: readonly Case[] = [
  { name: "lists, serializable", model: "list-append", consistency: "serializable", ...serial(never), unknown: 0 },
  { name: "lists, serializable in sessions", model: "list-append", consistency: "serializable", options: { sessions: true }, ...serial(inSession), unknown: 0 },
  { name: "lists, strictly serializable", model: "list-append", consistency: "strictSerializable", ...serial(inRealTime), unknown: 0 },
  { name: "lists, serializable, versions given", model: "list-append", consistency: "serializable", ...givenSerial(never), unknown: 0 },
  { name: "lists, strictly serializable, versions given", model: "list-append", consistency: "strictSerializable", ...givenSerial(inRealTime), unknown: 0 },
  { name: "lists, snapshot isolation", model: "list-append", consistency: "snapshotIsolation", before: never, holds: ({ txns }) => isSnapshot(txns), unknown: 0.02 },
  { name: "lists, snapshot isolation in sessions", model: "list-append", consistency: "snapshotIsolation", options: { sessions: true }, before: inSession, holds: ({ txns }) => isSnapshot(txns, inSession), unknown: 0.02 },
  { name: "registers, serializable", model: "rw-register", consistency: "serializable", ...serial(never), unknown: 0.2 },
  { name: "registers, serializable in sessions", model: "rw-register", consistency: "serializable", options: { sessions: true }, ...serial(inSession), unknown: 0.2 },
  { name: "registers, strictly serializable", model: "rw-register", consistency: "strictSerializable", ...serial(inRealTime), unknown: 0.2 },
  { name: "registers, serializable, versions given", model: "rw-register", consistency: "serializable", ...givenSerial(never), unknown: 0 },
  { name: "registers, strictly serializable, versions given", model: "rw-register", consistency: "strictSerializable", ...givenSerial(inRealTime), unknown: 0 },
  { name: "registers, snapshot isolation", model: "rw-register", consistency: "snapshotIsolation", before: never, holds: ({ txns }) => isSnapshot(txns), unknown: 0.4 },
];

function judged({ model, consistency, options, given }: Case, { history, versions }: Made): ReturnType<typeof judgeByGraph> {
  return judgeByGraph(history, model, consistency, { ...options, ...(given === true ? { versions } : {}) });
}

describe.each(cases)("$name", (one) => {
  test("400 histories of up to 4 transactions get the verdict of the definition, tried out", () => {
    const counts = { pass: 0, fail: 0, unknown: 0 };
    fc.assert(
      fc.property(made(one.model), (history) => {
        const { verdict, witness } = judged(one, history);
        counts[verdict]++;
        if (verdict !== "unknown") expect(verdict).toBe(word(one.holds(history)));
        if (witness !== undefined) expect(isWitness(history.txns, witness[0]!.order, one.before)).toBe(true);
      }),
      { numRuns: 400, seed: 6 },
    );
    expect(Math.min(counts.pass, counts.fail)).toBeGreaterThan(20);
    expect(counts.unknown).toBeLessThanOrEqual(400 * one.unknown);
  });
});

test.each<[TransactionModel, string]>([["list-append", "serializable"], ["list-append", "strictSerializable"], ["list-append", "snapshotIsolation"], ["rw-register", "serializable"], ["rw-register", "strictSerializable"]])(
  "%s, %s: with the version orders given it finds what it finds without, and perhaps more",
  (model, consistency) => {
    let more = 0;
    fc.assert(
      fc.property(made(model), ({ history, versions, mutated }) => {
        const [without, with_] = [judgeByGraph(history, model, consistency), judgeByGraph(history, model, consistency, { versions })];
        expect([without.algorithm, with_.algorithm]).toEqual(["dependency graph", "dependency graph, version order given"]);
        if (without.verdict === "fail") expect(with_.verdict).toBe("fail");
        if (!mutated) expect([without.verdict, with_.verdict]).not.toContain("fail");
        if (!mutated) expect(with_.verdict).toBe("pass");
        if (without.verdict !== with_.verdict) more++;
      }),
      { numRuns: 400, seed: 8 },
    );
    expect(more).toBeGreaterThan(0);
  },
);

describe("a checker without an edge is found out", () => {
  afterEach(() => void vi.restoreAllMocks());

  const disagreements = (one: Case): number => {
    let wrong = 0;
    for (const history of fc.sample(made(one.model), { numRuns: 400, seed: 6 })) {
      const { verdict } = judged(one, history);
      if (verdict !== "unknown" && verdict !== word(one.holds(history))) wrong++;
    }
    return wrong;
  };

  test.each<[string, string, number]>([
    ["a write that was overwritten (ww)", "lists, serializable", WW],
    ["a read of what was written (wr)", "lists, serializable", WR],
    ["a read that missed a write (rw)", "lists, serializable", RW],
    ["a session", "lists, serializable in sessions", SESSION],
    ["real time", "lists, strictly serializable", TIME],
    ["a read that missed a write (rw), of snapshots", "lists, snapshot isolation", RW],
    ["a read that missed a write (rw), of registers", "registers, serializable, versions given", RW],
    ["real time, of registers", "registers, strictly serializable, versions given", TIME],
  ])("%s: %s", (_, name, dropped) => {
    const one = cases.find((other) => other.name === name)!;
    expect(disagreements(one)).toBe(0);
    const add = Graph.prototype.add;
    vi.spyOn(Graph.prototype, "add").mockImplementation(function (this: Graph, from, to, kind, note) {
      if (kind !== dropped) add.call(this, from, to, kind, note);
    });
    expect(disagreements(one)).toBeGreaterThan(0);
  });
});

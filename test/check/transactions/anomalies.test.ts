import { describe, expect, test } from "vitest";
import { check, CheckError, HistoryError } from "../../../sim/check/index.ts";
import { anomalyNames, forbids } from "../../../sim/check/transactions/anomalies.ts";
import { judgeByGraph } from "../../../sim/check/transactions/judge.ts";
import { historyOf, judge, names, type Step, txn, type Txn } from "./notation.ts";

const levels = ["readCommitted", "readAtomic", "transactionalCausal", "prefixConsistent", "snapshotIsolation", "serializable", "strictSerializable"];

describe("which anomalies refute which levels", () => {
  test("a stronger level forbids all that a weaker one does", () => {
    levels.forEach((level, i) => levels.slice(0, i).forEach((weaker) => expect([...forbids(weaker)].filter((name) => !forbids(level).has(name))).toEqual([])));
  });

  // consistency_model_test.clj: what is friendly-boundary there, for the levels that are here.
  test.each<[string, string]>([
    ["cyclic-versions", "readCommitted"],
    ["G1a", "readCommitted"],
    ["dirty-update", "readCommitted"],
    ["internal", "readAtomic"],
    ["G-single", "snapshotIsolation"],
    ["G-nonadjacent", "snapshotIsolation"],
    ["lost-update", "snapshotIsolation"],
    ["G2-item", "serializable"],
    ["G-single-realtime", "strictSerializable"],
  ])("%s refutes %s, and nothing weaker", (name, weakest) => {
    expect(levels.filter((level) => forbids(level).has(name))).toEqual(levels.slice(levels.indexOf(weakest)));
  });

  test("every name that refutes has a rank", () => expect([...forbids("strictSerializable")].filter((name) => !anomalyNames.includes(name))).toEqual([]));

  test("where sessions count, G-single-process refutes snapshot isolation, and G2-item-process does not", () => {
    expect([forbids("snapshotIsolation", true).has("G-single-process"), forbids("snapshotIsolation").has("G-single-process")]).toEqual([true, false]);
    expect([forbids("snapshotIsolation", true).has("G2-item-process"), forbids("serializable", true).has("G2-item-process")]).toEqual([false, true]);
  });
});

describe("verdicts", () => {
  test.each<[string, string[], string[]]>([
    ["write skew", ["ax1ry", "ay1rx"], ["pass", "pass", "pass", "pass", "pass", "fail", "fail"]],
    ["long fork", ["ax1", "ay1", "rx1ry", "rxry1"], ["pass", "unknown", "unknown", "unknown", "fail", "fail", "fail"]],
    ["lost update", ["ax0", "rx0ax1", "rx0ax2", "rx012"], ["pass", "unknown", "unknown", "unknown", "fail", "fail", "fail"]],
    ["circular flow", ["ax1ry1", "ay1rx1"], ["fail", "fail", "fail", "fail", "fail", "fail", "fail"]],
    ["nothing wrong", ["ax1", "rx1ay1", "ry1"], ["pass", "pass", "pass", "pass", "pass", "pass", "pass"]],
  ])("%s", (_, history, verdicts) => {
    expect(levels.map((level) => judge(history, level).verdict)).toEqual(verdicts);
  });

  test("what is not shown is unknown, and says so", () => {
    const history = ["wx1", "wx2wy2", "rx1ry2", "rx2wz1", "rz1rx1"];
    const { verdict, detail } = judge(history, "readCommitted", { model: "rw-register" });
    expect([verdict, detail]).toEqual(["unknown", "no anomaly of rw-register is found that refutes readCommitted; that it holds is not shown"]);
  });

  test("a register that was given one value twice is not judged", () => {
    const { verdict, detail } = judge(["wx1", "wx1", "rx1"], "serializable", { model: "rw-register" });
    expect([verdict, detail]).toEqual(["unknown", "a value was written to its key twice, so that reads do not say which write they saw"]);
  });

  test("the algorithm says that version orders were given", () => {
    expect(judge(["ax1", "rx1"], "serializable", { versions: new Map([["x", [1]]]) }).algorithm).toBe("dependency graph, version order given");
    expect(judge(["ax1", "rx1"], "serializable").algorithm).toBe("dependency graph");
  });

  test("a history is checked by the version orders that are known: two blind writes, seen in the other order", () => {
    const history = historyOf(["wx1wy1", "wx2wy2", "rx2", "ry1"].map((text) => txn(text, "rw-register")), true);
    const asked = { model: "rw-register", consistency: "serializable" };
    expect(check(history, asked).verdict).toBe("pass");
    const { verdict, algorithm, detail } = check(history, { ...asked, versions: new Map([["x", [1, 2]], ["y", [2, 1]]]) });
    expect([verdict, algorithm]).toEqual(["fail", "dependency graph, version order given"]);
    expect(detail).toBe("G0: T0 wrote 1 to x, before T1 wrote 2; T1 wrote 2 to y, before T0 wrote 1");
  });

  test("reads that contradict the version order given are named", () => {
    const { anomalies, detail } = judge(["ax1", "ax2", "rx12"], "readCommitted", { versions: new Map([["x", [2, 1]]]) });
    expect(anomalies).toContain("incompatible-order");
    expect(detail).toBe("incompatible-order: T2 read [1 2] from x, which is not how its versions followed each other");
  });

  test("another level is refused, and a value appended twice, with its line", () => {
    expect(() => judge(["ax1"], "linearizable")).toThrow(CheckError);
    expect(() => judge(["ax1", "ax1"], "serializable", { concurrent: false })).toThrow(new HistoryError([{ line: 3, column: 1, message: "1 is appended to x twice" }]));
    expect(() => judge(["wx1"], "serializable")).toThrow('list-append has r and append, not "w"');
  });
});

describe("an append-only list of which much was never read", () => {
  const appends = Array.from({ length: 40 }, (_, i): Txn => ({ steps: [["append", "x", i]] }));
  const after = (steps: Step[]): string => judgeByGraph(historyOf([...appends, { steps }], false), "list-append", "strictSerializable").verdict;
  const named = (...txns: Txn[]): readonly string[] | undefined => judgeByGraph(historyOf([...appends, ...txns], true), "list-append", "serializable").anomalies;

  test("who reads nothing comes before all of them", () => {
    expect(after([["r", "x", []]])).toBe("fail");
    expect(named({ steps: [["r", "x", []]] })).toBeUndefined();
  });
  test("who appended among them comes before the others, and not before itself", () => expect(named({ steps: [["r", "x", []], ["append", "x", 99]] })).toBeUndefined());
  test("two of these miss each other", () => {
    expect(named({ steps: [["r", "x", []], ["append", "x", 98]] }, { steps: [["r", "x", []], ["append", "x", 99]] })).toEqual(["G2-item", "lost-update"]);
  });
  test("who missed one and saw what else it did is skewed", () => {
    const [skewed, reader]: Txn[] = [{ steps: [["append", "x", 98], ["append", "y", 1]] }, { steps: [["r", "y", [1]], ["r", "x", []]] }];
    expect(named(skewed!, reader!)).toEqual(["G-single"]);
  });
  test("write skew through them", () => {
    expect(named({ steps: [["r", "x", []], ["append", "y", 1]] }, { steps: [["r", "y", []], ["append", "x", 98]] })).toEqual(["G2-item"]);
    expect(names(["rxay1", "ryax1"])).toEqual(["G2-item"]);
  });
});

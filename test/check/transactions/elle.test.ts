/** What Elle says about the histories in its tests (jepsen-io/elle at ccdee6f) and in its paper (VLDB 2020, section 7). */
import { describe, expect, it, test } from "vitest";
import { judgeByGraph } from "../../../sim/check/transactions/judge.ts";
import { historyOf, judge, names, type Question, type Step, txn, type Txn } from "./notation.ts";

const oneAfterTheOther: Question = { concurrent: false };

describe("list_append_test.clj", () => {
  it.each<[string, string[], string[]]>([
    ["G0", ["ax1ay1", "ax2ay2", "rx12ry21"], ["G0"]],
    ["G1a", ["fail: ax1", "rx1"], ["G1a"]],
    ["G1b, which misses a write, too", ["ax1ax2", "rx1"], ["G1b", "G-single"]],
    ["G1c", ["ax1ry1", "ax2ay1", "rx12ry1"], ["G1c"]],
    ["G-single", ["ax1ay1", "ax2ry", "rx12"], ["G-single"]],
    ["G2", ["ax1ry", "ay1rx"], ["G2-item"]],
    ["repeatable read", ["rxay1", "ryax1"], ["G2-item"]],
    ["contradictory read orders", ["ax1ry1", "ax2", "ax3ay1", "rx13", "rx123"], ["incompatible-order", "G1c"]],
    ["no dirty update", ["fail: ax1"], []],
    ["direct dirty update", ["fail: ax1", "ax2", "rx12"], ["G1a", "dirty-update"]],
    ["indirect dirty update", ["fail: ax1", "info: ax2", "ax3", "rx123"], ["G1a", "dirty-update"]],
    ["duplicated elements", ["ax1ry1", "ax2ay1", "rx121"], ["duplicate-elements", "G1c", "G-single"]],
    ["internal consistency violation", ["ax1ax2ax4", "ax3rx1234"], ["G0", "G1c", "internal"]],
    ["unobserved write", ["ax1ay1", "ax2ay2", "ax3ay3", "rx12", "ry2"], ["G0", "G-single"]],
    ["G-nonadjacent", ["ax1", "rx1ry", "ay1", "ry1rx"], ["G-nonadjacent"]],
    ["rw rw wr rw wr, as written there no circle", ["rx5ay1", "ryaz2", "rzat3", "rt3au4", "ruax5"], []],
    ["rw rw wr rw wr", ["rx5ry", "ay1rz", "az2at3", "rt3ru", "au4ax5"], ["G2-item"]],
    ["lost update", ["ax0", "rx0ax1", "rx0ax2"], ["G2-item", "lost-update"]],
    ["one transaction, double write", ["rxax1ax2", "rx12"], []],
    ["G-single-item under repeatable read", ["ax1ay1", "rx1ry"], ["G-single"]],
    ["G-nonadjacent-item under repeatable read", ["ax1at1", "rx1ry", "ay1az2", "rz2rt"], ["G-nonadjacent"]],
    ["future read", ["rx1ax1"], ["future-read"]],
    ["future read, among others", ["ax0", "ax2", "rx012ax1"], ["future-read", "G1c"]],
    ["info reads say nothing", ["info: ax2ry", "ax1ay1", "rx12ry1"], []],
    ["serializable figure 3 from Adya, Liskov and O'Neil", ["az1ax1ay1", "rx1ay2", "ry12az3", "rz13"], []],
    ["si-without-g-single.edn", ["ax2", "ay1rx", "rzryax5", "az2rx2"], ["G2-item"]],
  ])("%s", (_, history, expected) => {
    expect(names(history)).toEqual(expected);
    expect(judge(history, "serializable").verdict).toBe(expected.length === 0 ? "pass" : "fail");
  });

  it.each<[string, string, string]>([
    ["what was read is gone", "rx12ax3rx12", "internal"],
    ["what was read has another beginning", "rx12ax3rx023", "internal"],
    ["more than was appended is there", "rx12ax3rx1234", "internal"],
    ["less than was read is there", "rx12ax3rx1", "internal"],
    ["the own append is not the last", "ax3rx1234", "internal"],
    ["the own append is not there", "ax3rx", "internal"],
    ["nothing, then something", "rxrx2", "internal"],
    ["an append that is still to come", "ax1rx01ax0ax3", "future-read"],
  ])("internal cases: %s", (_, text, name) => expect(names([text])).toContain(name));

  test("internal cases: reads that go on", () => expect(names(["ay5ay6ax1ax2", "ry56ax3rx123ax4rx1234"])).toEqual([]));

  test("strong snapshot isolation is violated in real time only", () => {
    const history = ["ax1", "ax2", "rx1", "rx12"];
    expect(judge(history, "serializable", oneAfterTheOther).verdict).toBe("pass");
    expect(names(history, "strictSerializable", oneAfterTheOther)).toEqual(["G-single-realtime"]);
  });

  test("strong session snapshot isolation is violated in a session only", () => {
    const history = ["a: ax1", "b: ax2", "b: rx1", "c: rx12"];
    expect(judge(history, "serializable", oneAfterTheOther).verdict).toBe("pass");
    expect(names(history, "snapshotIsolation", { ...oneAfterTheOther, sessions: true })).toEqual(["G-single-process"]);
    expect(names(history, "strictSerializable", oneAfterTheOther)).toEqual(["G-single-process"]);
  });

  test("G-nonadjacent-process", () => {
    const history = ["a: rxrz1", "b: ax1", "b: rz", "c: az1"];
    expect(judge(history, "serializable", oneAfterTheOther).verdict).toBe("pass");
    expect(names(history, "snapshotIsolation", { ...oneAfterTheOther, sessions: true })).toEqual(["G-nonadjacent-process"]);
    expect(judge(history, "snapshotIsolation", { ...oneAfterTheOther, sessions: true }).verdict).toBe("fail");
  });

  test("G1c-process", () => {
    const history = ["a: rx1ay1", "b: ry1", "b: ax1"];
    expect(names(history, "readCommitted", { ...oneAfterTheOther, sessions: true })).toEqual(["G1c-process"]);
    expect(judge(history, "readCommitted", oneAfterTheOther).verdict).toBe("pass");
  });

  test.each([
    [["rx5ay1", "ryaz2", "rzat3", "rt3au4", "ruax5"], "pass"],
    [["rx5ry", "ay1rz", "az2at3", "rt3ru", "au4ax5"], "pass"],
    [["ax2", "ay1rx", "rzryax5", "az2rx2"], "pass"],
    [["ax1", "rx1ry", "ay1", "ry1rx"], "fail"],
    [["ax0", "rx0ax1", "rx0ax2"], "fail"],
  ])("snapshot isolation of %j: %s", (history, verdict) => expect(judge(history, "snapshotIsolation").verdict).toBe(verdict));

  test("paper-example.edn", () => {
    const append = (key: string, ...values: number[]): Step[] => values.map((value): Step => ["append", key, value]);
    const txns: Txn[] = [
      { steps: [...append("253", 1, 3, 4), ...append("255", 2, 3, 4, 5), ...append("256", 1, 2)] },
      { steps: [["append", "255", 8], ["r", "253", [1, 3, 4]]] },
      { steps: [["append", "256", 4], ["r", "255", [2, 3, 4, 5, 8]], ["r", "256", [1, 2, 4]], ["r", "253", [1, 3, 4]]] },
      { steps: [["append", "250", 10], ["r", "253", [1, 3, 4]], ["r", "255", [2, 3, 4, 5]], ["append", "256", 3]] },
    ];
    const verdict = judgeByGraph(historyOf(txns, true), "list-append", "serializable");
    expect(verdict.anomalies).toEqual(["G-single"]);
    expect(verdict.failure?.cycle?.map(({ why }) => why)).toEqual([
      "T3 read [2 3 4 5] of 255, to which T1 appended 8",
      "T1 appended 8 to 255, which T2 read",
      "T2 appended 4 to 256 before T3 appended 3",
    ]);
  });
});

describe("the paper's four databases", () => {
  test("TiDB: read skew, by an automatic retry", () => {
    const txns: Txn[] = [
      { steps: [["append", "34", 2], ["append", "34", 1]] },
      { steps: [["r", "34", [2, 1]], ["append", "36", 5], ["append", "34", 4]] },
      { steps: [["append", "34", 5]] },
      { steps: [["r", "34", [2, 1, 5, 4]]] },
    ];
    const { anomalies, failure, detail } = judgeByGraph(historyOf(txns, true), "list-append", "snapshotIsolation");
    expect(anomalies).toEqual(["G-single"]);
    expect(failure?.cycle?.map(({ from, to, kind, key }) => [from, to, kind, key])).toEqual([[1, 2, "rw", "34"], [2, 1, "ww", "34"]]);
    expect(detail).toBe("G-single: T1 read [2 1] of 34, to which T2 appended 5; T2 appended 5 to 34 before T1 appended 4");
  });

  test("YugaByte DB: two that miss each other's appends", () => expect(names(["ax1ry", "ay1rx"])).toEqual(["G2-item"]));
  test("FaunaDB: an append that its own transaction does not see", () => expect(names(["ax6rx"])).toEqual(["internal"]));
  test("Dgraph: a write that its own transaction does not see", () => expect(names(["wx1", "wx2rx1"], "serializable", { model: "rw-register" })).toEqual(["internal"]));
  test("Dgraph: a read of nothing long after a write", () => {
    const history = ["ry_wx2", "rx_wz1"];
    expect(names(history, "strictSerializable", { model: "rw-register", concurrent: false })).toContain("cyclic-versions");
    expect(judge(history, "serializable", { model: "rw-register" }).verdict).toBe("pass");
  });
  test("Dgraph: read skew", () => expect(names(["rx1ry_", "wy1", "wx1ry1"], "serializable", { model: "rw-register" })).toEqual(["G-single"]));
});

describe("rw_register_test.clj", () => {
  const registers: Question = { model: "rw-register" };

  it.each<[string, string[], string[], Question?]>([
    ["internal, good", ["wy2", "ry2wx2rx2wx1rx1"], []],
    ["internal, stale", ["wx1", "rx1wx2rx1"], ["internal"]],
    ["internal, nothing and then something", ["wx2", "rx_rx2"], ["internal"]],
    ["G0 that nobody has seen", ["wx1wy2", "wx2wy1"], []],
    ["G0 where each session sees keys go forward", ["a: wx1wy2", "b: wx2wy1", "a: rx2", "b: ry2"], ["G0"], { concurrent: false, sequentialKeys: true }],
    ["G1a", ["rx1", "fail: wx1"], ["G1a"]],
    ["G1b", ["wx1wx2", "rx1"], ["G1b"]],
    ["G1c", ["wx1ry1", "wy1rx1"], ["G1c"]],
    ["initial state", ["rx_ry1", "wy1wx2"], ["G-single"]],
    ["writes follow reads", ["wy1", "ry1wx1wy2", "rx1ry1"], ["G-single"]],
    ["no order of transactions given", ["rx_wy2", "wx3wy4"], []],
    ["G-single with the order given", ["rx_wy2", "wx3wy4"], ["G-single"], { versions: new Map([["y", [4, 2]]]) }],
    ["no order of four given", ["wx1wy2wz3", "rx1wy5", "rz3wx4", "wz7wy8"], []],
    ["G2-item with the order given", ["wx1wy2wz3", "rx1wy5", "rz3wx4", "wz7wy8"], ["G2-item"], { versions: new Map([["x", [1, 4]], ["y", [2, 8, 5]], ["z", [3, 7]]]) }],
    ["lost update", ["wx0", "rx0wx1", "rx0wx2"], ["G2-item", "lost-update"]],
    ["cyclic version order", ["a: wx1", "a: wx2", "a: rx1"], ["cyclic-versions"], { concurrent: false, sequentialKeys: true }],
    ["read of what nobody wrote", ["wx1", "rx2"], ["garbage-read"]],
    ["read of nothing, then of what was written meanwhile", ["rx_", "wx4", "rx4"], [], { concurrent: false, linearizableKeys: true }],
  ])("%s", (_, history, expected, question = {}) => expect(names(history, "serializable", { ...registers, ...question })).toEqual(expected));

  test("linearizable keys against the initial state and against what was read", () => {
    const question: Question = { ...registers, concurrent: false, linearizableKeys: true };
    expect(names(["a: wx1", "a: rx1", "a: rx_", "a: rx4wx3", "a: wx4"], "strictSerializable", question)).toEqual(expect.arrayContaining(["cyclic-versions", "G1c-process"]));
  });
});

test("a clause for each edge, of sessions and of real time, too", () => {
  const whys = (texts: readonly string[], consistency: string): (string | undefined)[] => judgeByGraph(historyOf(texts.map((text) => txn(text, "list-append")), false), "list-append", consistency).failure!.cycle!.map(({ kind, why }) => `${kind}: ${why}`);
  expect(whys(["ax1", "ax2", "rx1", "rx12"], "strictSerializable")).toEqual(["rw: T2 read [1] of x, to which T1 appended 2", "realtime: T1 returned before T2 was invoked"]);
  expect(whys(["ax1", "s: ax2", "s: rx1", "rx12"], "strictSerializable")).toEqual(["rw: T2 read [1] of x, to which T1 appended 2", "session: T1 returned before T2 began in the session of s"]);
});

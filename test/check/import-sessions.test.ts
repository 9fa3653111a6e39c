import { describe, expect, test } from "vitest";
import { check, CheckError, judgeListAppend, readHistory } from "../../sim/check/index.ts";
import { problems } from "./problems.ts";

/** The transactions of a text, as `session outcome steps`. */
function transactions(text: string): string[] {
  const { history, model, hasRealTime } = readHistory(text);
  expect([model, hasRealTime]).toEqual(["rw-register", false]);
  return history.filter(({ type }) => type !== "invoke").map(({ client, type, value }) => `${client} ${type} ${(value as unknown[][]).map((step) => step.join(" ")).join(", ")}`);
}

describe("the text of Plume, PolySI and IsoVista", () => {
  test("operations are gathered into transactions, and 0 is what was there before the first write", () => {
    expect(transactions("r(1,0,0,1)\nw(1,5,0,1)\nr(1,5,3,2)\nw(2,6,0,7)\n")).toEqual(["0 ok r 1 , w 1 5", "0 ok w 2 6", "3 ok r 1 5"]);
    expect(readHistory("r(1,0,0,1)").history[1]).toEqual({ process: 0, client: "0", type: "ok", f: "txn", key: "", value: [["r", "1", null]], time: 0 });
  });

  test("a first transaction of zeros spells the beginning out and is left out; a 0 that is written later is a value", () => {
    expect(transactions("w(1,0,0,0)\nw(2,0,0,0)\nr(1,0,1,1)\nr(2,0,1,1)")).toEqual(["1 ok r 1 , r 2 "]);
    expect(transactions("w(1,5,0,0)\nw(1,0,1,1)\nr(1,0,2,2)\nr(2,0,2,2)")).toEqual(["0 ok w 1 5", "1 ok w 1 0", "2 ok r 1 0, r 2 "]);
  });

  test("transaction -1 was rolled back: its writes are aborted, its reads say nothing", () => {
    expect(transactions("w(1,5,0,-1)\nr(1,9,0,-1)\nw(1,6,0,1)")).toEqual(["0 fail w 1 5", "0 ok w 1 6"]);
  });

  test("sessions may take turns in the file, and values may be larger than JavaScript's whole numbers", () => {
    expect(transactions("w(1,1,0,0)\nw(1,2,1,1)\nw(2,3,0,0)\nw(2,9007199254740993,1,1)\nr(1,1,0,2)")).toEqual(["0 ok w 1 1, w 2 3", "0 ok r 1 1", "1 ok w 1 2, w 2 9007199254740993"]);
    expect(problems("w(1,1,0,0)\nw(1,2,0,1)\nw(1,3,0,0)")).toEqual(["3:1 transaction 0 of session 0 goes on after another one began"]);
  });

  test("every mistake has its place", () => {
    expect(problems("r(1,2,3,4)\nx(1,2,3,4)\nr(a,2,3,4)\nr(1,2.5,3,4)\nr(1,2,3)\nr(1,2,3,4,5)\nr(1,2,3,4) r")).toEqual([
      "2:1 expected r(key,value,session,transaction) or w(…)",
      "3:2 expected a key, a whole number",
      "4:4 expected a value, a whole number",
      "5:6 expected a session, a whole number",
      "6:8 expected a transaction, a whole number",
      "7:10 expected ) at the end",
    ]);
  });
});

describe("AWDIT's text for people", () => {
  test("dashes divide transactions, equals signs sessions, and 0 is a value", () => {
    expect(transactions("w 0 0\nw 1 0\n=====\nw 0 1\n-----\nr 0 1\nr 1 0\n===\n\n===\nw 1 1")).toEqual(["0 ok w 0 0, w 1 0", "1 ok w 0 1", "1 ok r 0 1, r 1 0", "3 ok w 1 1"]);
    expect(readHistory("===\nr 0 1\n").format).toBe("awdit");
  });

  test("every mistake has its place", () => {
    expect(problems("w 0 1\nx 0 1\nr\nr 0\nr 0 -1\nr 0 1 2\n-=-")).toEqual([
      "2:1 expected r, w, dashes between transactions, or equals signs between sessions",
      "3:2 expected a key, a whole number from 0",
      "4:4 expected a value, a whole number from 0",
      "5:5 expected a value, a whole number from 0",
      "6:7 expected nothing more after the value",
      "7:1 expected r, w, dashes between transactions, or equals signs between sessions",
    ]);
  });
});

describe("dbcop's notation", () => {
  test("transactions in brackets, sessions between dashes, comments, and what was not committed", () => {
    const text = "// two sessions\n[x:=1 y:=1] [z==2  z:=3]!\n---\n\n// the second\n[ x==1 y==? a_1==0 ]\n";
    expect(transactions(text)).toEqual(["0 ok w x 1, w y 1", "0 fail r z 2, w z 3", "1 ok r x 1, r y , r a_1 "]);
    expect(readHistory("[x==0]\n--\n[x:=0]").history[1]!.value).toEqual([["r", "x", 0]]);
    expect(readHistory("--\n[x:=1]").format).toBe("dbcop");
  });

  test("every mistake has its place", () => {
    expect(problems("[x:=1]\n[x:=?]\n[x:=1\n[]\nx:=1\n[x=1]\n[x:=1]]\n[x:=-1]")).toEqual([
      "2:2 expected the version that is written, a whole number",
      "3:6 expected a write x:=1, a read x==1 or x==?, or ]",
      "4:2 expected a write x:=1, a read x==1 or x==?, or ]",
      "5:1 expected a transaction in brackets: [x:=1 y==2]",
      "6:2 expected a write x:=1, a read x==1 or x==?, or ]",
      "7:7 expected a transaction in brackets: [x:=1 y==2]",
      "8:2 expected a write x:=1, a read x==1 or x==?, or ]",
    ]);
  });
});

describe("dbcop's JSON", () => {
  const data = [
    [{ events: [{ Write: { variable: 0, version: 1 } }, { Write: { variable: 1, version: 2 } }], committed: true }, { events: [{ Read: { variable: 1, version: 2 } }], committed: false }],
    [{ events: [{ Read: { variable: 0, version: null } }, { Write: { variable: "y", version: 4 } }], committed: true }],
  ];

  test("sessions of transactions, bare or with parameters around them", () => {
    const expected = ["0 ok w 0 1, w 1 2", "0 fail r 1 2", "1 ok r 0 , w y 4"];
    for (const value of [data, { params: { id: 0 }, info: "generated", start: "", end: "", data }]) {
      for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
        expect(transactions(text)).toEqual(expected);
        expect(readHistory(text).format).toBe("dbcop-json");
      }
    }
  });

  test("the events of the paper's artefact: what the database refused is left out", () => {
    const event = (write: boolean, variable: number, value: number, success = true): object => ({ write, variable, value, success });
    const old = { params: {}, data: [[{ events: [event(true, 0, 1), event(false, 1, 0), event(true, 1, 9, false)], success: true }, { events: [event(true, 1, 2)], success: false }]] };
    expect(transactions(JSON.stringify(old))).toEqual(["0 ok w 0 1, r 1 ", "0 fail w 1 2"]);
  });

  test("every mistake has its place", () => {
    expect(problems('[[{"events": [{"Read": {"variable": 0}}, {"Write": {"variable": 0}}, 7], "committed": 1}],\n 4, [{"events": []}, {}]]')).toEqual([
      "1:87 expected true or false",
      "2:2 expected a session: an array of transactions",
      '2:22 expected a transaction: {"events": […], "committed": true}',
    ]);
    expect(problems('[[{"events": [{"Write": {"variable": 0}}]}]]')).toEqual(['1:15 expected {"Read": {"variable": 0, "version": 1}} or {"Write": {…}}']);
    expect(problems('{"params": {}, "data": 3}')).toEqual(["1:24 expected sessions: an array of arrays of transactions"]);
    expect(problems('[[{"events": [}]]')).toEqual(["1:15 expected a JSON value"]);
  });
});

describe("histories without real time", () => {
  const { history, hasRealTime } = readHistory("w(1,1,0,0)\nr(1,1,1,1)");

  test("are not held against levels that need it", () => {
    for (const consistency of ["linearizable", "kAtomic(2)", "boundedStaleness(1s)"]) {
      expect(() => check(history, { consistency, hasRealTime })).toThrow(new CheckError(`${consistency} is about real time, and this history knows the order inside each session only: ask for sequential, or a weaker level`));
    }
    expect(() => check(history, { consistency: "linearizable", hasRealTime: true })).not.toThrow(CheckError);
  });

  test("session order alone does not order two sessions: a reader before its writer in the file is serializable", () => {
    const steps = (f: string, value: unknown): unknown => [[f, "x", value]];
    const elle = `{:type :ok, :process 0, :f :txn, :value [[:r x [1]]]}\n{:type :ok, :process 1, :f :txn, :value [[:append x 1]]}`;
    const recording = readHistory(elle);
    expect([recording.hasRealTime, recording.history[1]!.value]).toEqual([false, steps("r", [1])]);
    expect(judgeListAppend(recording.history, "serializable").verdict).toBe("pass");
  });
});

import { describe, expect, test } from "vitest";
import { check, type HistoryEvent, judgeListAppend, readHistory } from "../../sim/check/index.ts";
import { problems } from "./problems.ts";

/** The fields that differ from event to event. */
function brief(history: readonly HistoryEvent[]): unknown[] {
  return history.map(({ process, type, f, key, value, error }) => [process, type, f, key, value, ...(error === undefined ? [] : [error])]);
}

const cas = `{:type :invoke, :f :cas, :value [0 3], :time 10, :process 0, :index 0}
{:type :info, :f :start, :value nil, :process :nemesis, :time 11, :index 1}
{:type :fail, :f :cas, :value [0 3], :time 12, :process 0, :index 2}
{:type :invoke, :f :write, :value 4, :time 13, :process 1, :index 3}
{:type :info, :f :write, :value nil, :time 14, :process 1, :error [:timeout "no answer"], :index 4}
{:type :invoke, :f :read, :process 0, :index 5}
{:type :ok, :f :read, :value 4, :process 0, :index 6}
`;

describe("Jepsen's EDN", () => {
  test("a :fail did not happen, a cas too; an :info stays open with its argument; the nemesis is left out", () => {
    const { history, format, model, hasRealTime, lines } = readHistory(cas);
    expect([format, model, hasRealTime, lines]).toEqual(["jepsen-edn", "kv", true, [1, 3, 4, 5, 6, 7]]);
    expect(brief(history)).toEqual([
      [0, "invoke", "cas", "", [0, 3]],
      [0, "fail", "cas", "", [0, 3]],
      [1, "invoke", "write", "", 4],
      [1, "info", "write", "", 4, '["timeout","no answer"]'],
      [0, "invoke", "read", "", null],
      [0, "ok", "read", "", 4],
    ]);
    expect(history[0]).toEqual({ process: 0, client: "0", type: "invoke", f: "cas", key: "", value: [0, 3], time: 10 });
    expect(check(history, { model: "cas-register" })).toMatchObject({ verdict: "pass", operations: 2 });
  });

  test("an :error :mismatch does not turn a :fail into a comparison that was false, as it is in the log lines and in ours", () => {
    // The register is 0: cas [0 3] that "failed" says nothing here, and would be impossible as a mismatch.
    const edn = [":invoke :f :write :value 0", ":ok :f :write :value 0", ":invoke :f :cas :value [0 3]", ":fail :f :cas :value [0 3] :error :mismatch"].map((rest) => `{:process 0 :type ${rest}}`).join("\n");
    expect(check(readHistory(edn).history, { model: "cas-register" }).verdict).toBe("pass");
    const log = [":invoke\t:write\t0", ":ok\t:write\t0", ":invoke\t:cas\t[0 3]", ":fail\t:cas\t[0 3]"].map((rest) => `INFO  jepsen.util - 0\t${rest}`).join("\n");
    expect(check(readHistory(log).history, { model: "cas-register" }).verdict).toBe("fail");
  });

  test("one vector of operations, records with tags, operations on several lines, comments and what is discarded", () => {
    const vector = `; a history\n[#jepsen.history.Op{:index 0, :time 5, :type :invoke, :process 0, :f :read, :value nil}\n #_ {:process 9}\n {:type :ok ; at last }\n  :process 0\n  :f :read, :value "a]b"}]`;
    const { history, format, lines } = readHistory(vector);
    expect([format, lines]).toEqual(["jepsen-edn", [2, 4]]);
    expect(brief(history)).toEqual([[0, "invoke", "read", "", null], [0, "ok", "read", "", "a]b"]]);
    expect(readHistory(vector.replaceAll("\n", "\r\n").replace("; a history\r\n", "")).history).toEqual(history);
  });

  test("independent keys: where reads are invoked with [key nil], each key is an object of its own", () => {
    const lines = [":invoke, :f :write, :value [x 1]", ":ok, :f :write, :value [x 1]", ":invoke, :f :cas, :value [7 [1 2]]", ":info, :f :cas, :value nil"].map((rest, index) => `{:process ${index >> 1}, :type ${rest}}`);
    const read = ["{:process 2, :type :invoke, :f :read, :value [7 nil]}", "{:process 2, :type :ok, :f :read, :value [7 2]}"];
    expect(brief(readHistory([...lines, ...read].join("\n")).history)).toEqual([
      [0, "invoke", "write", "x", 1],
      [0, "ok", "write", "x", 1],
      [1, "invoke", "cas", "7", [1, 2]],
      [1, "info", "cas", "7", [1, 2]],
      [2, "invoke", "read", "7", null],
      [2, "ok", "read", "7", 2],
    ]);
    // Where reads are invoked without a key, a pair is a value.
    const whole = [...lines.slice(0, 2), "{:process 2, :type :invoke, :f :read}", "{:process 2, :type :ok, :f :read, :value [x 1]}"];
    expect(brief(readHistory(whole.join("\n")).history)[3]).toEqual([2, "ok", "read", "", ["x", 1]]);
  });

  test("queues, sets and locks are recognised by their operations", () => {
    const modelOf = (...fs: readonly string[]): string | undefined => readHistory(fs.map((f, process) => `{:type :invoke, :f :${f}, :value 1, :process ${process}}`).join("\n")).model;
    expect([modelOf("enqueue", "dequeue"), modelOf("acquire", "release"), modelOf("add", "read"), modelOf("read", "write", "cas")]).toEqual(["queue", "mutex", "counter", "kv"]);
  });

  test("every mistake has its place, and one unfinished line does not hide the next", () => {
    const bad = [
      "{:process 0, :type :invoke, :f :read}",
      "{:process 0.5, :type :done, :f 3, :time -1}",
      "{:type :ok, :f :read}",
      "{:process 0, :type :ok, :f :read, :value [1 2}",
      "{:process 1, :type :invoke, :f :write, :value \"a}",
      "{:process 2, :type :invoke",
      "what",
      "{:process 3, :type :invoke, :f :txn, :value [[:append 1]]}",
      "{:process 3, :type :invoke, :f :txn, :value [[:inc 1 2]]}",
      "{:process 3, :type :invoke, :f :txn, :value 7}",
    ];
    expect(problems(bad.join("\n"))).toEqual([
      "2:11 :process: expected a whole number from 0, or the nemesis",
      "2:22 :type: expected invoke, ok, fail or info",
      "2:32 :f: expected the name of an operation",
      "2:41 :time: expected nanoseconds, a whole number from 0",
      "3:1 :process is missing: expected a whole number from 0, or the nemesis",
      "4:46 expected a value or ]",
      "5:47 expected a text that ends in double quotes",
      "7:5 expected a value",
      "8:45 :value: expected micro-operations of a name, a key and a value: [:append x 1]",
      "9:45 :value: expected micro-operations :r, :w or :append, not \"inc\"",
      "10:45 :value: expected micro-operations: [[:r x nil] [:append y 1]]",
    ]);
    expect(problems("[{:process 0, :type :invoke, :f :read}\n")).toEqual(["2:1 expected ] after the last operation"]);
    expect(problems("[{:process 0, :type :invoke, :f :read}] 5")).toEqual(["1:41 expected nothing more after the last ]", "1:41 expected an operation: a map with :process, :type and :f"]);
  });
});

describe("Elle's transactions", () => {
  test("are list-append or rw-register by their micro-operations, with keys as texts", () => {
    const { history, model } = readHistory("{:type :invoke, :process 1, :f :txn, :value [[:append 3 1] [:r x nil]]}\n{:type :ok, :process 1, :f :txn, :value [[:append 3 1] [:r x [4 5]]]}");
    expect(model).toBe("list-append");
    expect(brief(history)[1]).toEqual([1, "ok", "txn", "", [["append", "3", 1], ["r", "x", [4, 5]]]]);
    expect(readHistory("{:type :invoke, :process 1, :f :txn, :value [[:w 3 1] [:r 4 nil]]}").model).toBe("rw-register");
    expect(readHistory("{:type :ok, :process 1, :f :txn, :value [[:r 4 [1]]]}").model).toBe("list-append");
  });

  test("without :f and :process each transaction is a session of its own: the G-single of Elle's README in spirit", () => {
    const text = [
      "{:index 0 :type :invoke :value [[:append x 1]]}",
      "{:index 1 :type :ok :value [[:append x 1]]}",
      "{:index 2 :type :invoke :value [[:append y 1] [:r x nil]]}",
      "{:index 3 :type :ok :value [[:append y 1] [:r x [1]]]}",
    ].join("\n");
    const { history, hasRealTime } = readHistory(text);
    expect([history.map(({ process }) => process), hasRealTime]).toEqual([[0, 0, 1, 1], true]);
    expect(judgeListAppend(history, "strictSerializable").verdict).toBe("pass");
    expect(judgeListAppend(readHistory(text.replace("[:r x [1]]", "[:r x nil]")).history, "strictSerializable")).toMatchObject({ verdict: "fail", anomalies: ["G-single-realtime"] });
  });

  test("completions without invocations have sessions and no real time", () => {
    const { history, hasRealTime } = readHistory("{:type :ok, :process 4, :f :txn, :value [[:append x 1]]}\n{:type :fail, :process 4, :f :txn, :value [[:r x nil] [:append x 2]]}");
    expect(hasRealTime).toBe(false);
    expect(brief(history)).toEqual([
      [4, "invoke", "txn", "", [["append", "x", 1]]],
      [4, "ok", "txn", "", [["append", "x", 1]]],
      [4, "invoke", "txn", "", [["r", "x", null], ["append", "x", 2]]],
      [4, "fail", "txn", "", [["r", "x", null], ["append", "x", 2]]],
    ]);
    expect(problems("{:type :ok, :process 4, :f :txn, :value []}\n{:type :invoke, :process 4, :f :txn, :value []}")).toEqual(["2:8 :type: expected a completion: the operations before this one have no invocations"]);
  });
});

describe("Jepsen's JSON", () => {
  const events = [
    { type: "invoke", f: "read", value: [1, null], process: 0, time: 3, index: 0 },
    { type: "info", f: "kill", value: null, process: "nemesis", time: 4, index: 1 },
    { type: "ok", f: "read", value: [1, 7], process: 0, time: 5, index: 2 },
  ];

  test("is told from ours by its index, its nemesis, or keys of transactions that are numbers", () => {
    for (const text of [JSON.stringify(events), JSON.stringify(events, null, 2), events.map((one) => JSON.stringify(one)).join("\n")]) {
      const { history, format } = readHistory(text);
      expect(format).toBe("jepsen-json");
      expect(brief(history)).toEqual([[0, "invoke", "read", "1", null], [0, "ok", "read", "1", 7]]);
    }
    expect(readHistory('{"type":"invoke","process":0,"f":"txn","value":[["append",3,1]]}').format).toBe("jepsen-json");
    expect(readHistory('{"type":"invoke","process":0,"f":"txn","value":[["append","3",1]]}').format).toBe("jsonl");
    expect(readHistory('{"type":"invoke","process":0,"client":"c1","f":"read","index":4}').format).toBe("jsonl");
  });

  test("keywords may have kept their colons", () => {
    const { history, model } = readHistory('{"type":":ok","process":0,"f":":txn","value":[[":append",3,1],[":r",3,[1]]],"index":0}');
    expect([brief(history)[1], model]).toEqual([[0, "ok", "txn", "", [["append", "3", 1], ["r", "3", [1]]]], "list-append"]);
  });

  test("every mistake has its place", () => {
    expect(problems('{"index":0,"type":"invoke","process":0,"f":"read"}\n{"index":1,"type":"done","process":0,"f":"read"}\n{"index":2,"type":"ok" "process":0}\n[1]')).toEqual([
      '2:19 "type": expected invoke, ok, fail or info',
      '3:24 expected "," or "}"',
      "4:1 expected an operation: a map with :process, :type and :f",
    ]);
    expect(problems('[\n {"index":0,"type":"invoke","process":0,"f":"read"}\n {"index":1,\n  "type":"ok","process":0}\n]')).toEqual(['3:2 expected "," or "]"', '3:2 "f" is missing: expected the name of an operation']);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, formatHistory, formatAliases, formats, readHistory } from "../../sim/check/index.ts";
import { eventsOf, registerHistory } from "./histories.ts";
import { problems } from "./problems.ts";

const invoke = '{"process":0,"client":"c1","type":"invoke","f":"write","key":"k1","value":3,"time":5}';
const ok = '{"process":0,"client":"c1","type":"ok","f":"write","key":"k1","value":3,"time":9}';

describe("our JSON Lines", () => {
  test("what was written is read back, in 300 generated histories", () => {
    fc.assert(
      fc.property(registerHistory(8, false), (operations) => {
        const events = eventsOf(operations);
        const { history, format, model } = readHistory(events.map(formatHistory).join("\n"));
        expect({ history, format, model }).toEqual({ history: events, format: "jsonl", model: "kv" });
      }),
      { numRuns: 300 },
    );
  });

  test("blank lines, line ends of other systems and a byte order mark do no harm, and lines keep their numbers", () => {
    const { history, lines } = readHistory(`\uFEFF\n${invoke}\r\n\r\n${ok}\r\n`);
    expect([history.length, lines]).toEqual([2, [2, 4]]);
  });

  test("without client, key, value and time, processes are sessions of one object", () => {
    const { history } = readHistory('{"process":4,"type":"invoke","f":"read"}');
    expect(history).toEqual([{ process: 4, client: "4", type: "invoke", f: "read", key: "", value: null, time: 0 }]);
  });

  test("every mistake is reported with its line, its column and what was expected", () => {
    const bad = [invoke, '{"process":0 "type":"ok"}', '{"process":-1,"client":"c1","type":"done","f":"write","key":"k1","value":3,"time":9}', '{"type":"ok","f":"read"}', "[1]", '{"process":1,"type":"ok","f":"read","value":"a'];
    expect(problems(bad.join("\n"))).toEqual([
      '2:14 expected "," or "}"',
      '3:12 "process": expected a whole number from 0',
      '3:36 "type": expected invoke, ok, fail or info',
      '4:1 "process" is missing: expected a whole number from 0',
      "5:1 expected an object: one operation event",
      "6:45 expected a text that ends in double quotes, with escapes as in JSON",
    ]);
  });

  test("what is nested without end is a mistake, too", () => {
    expect(problems(`{"process":0,"type":"ok","f":"read","value":${"[".repeat(100_000)}}`)).toEqual(["1:1044 expected fewer than 1000 levels of brackets"]);
  });

  test("operations that do not pair are reported with their lines", () => {
    expect(problems(`${invoke}\n\n${invoke}\n`)).toEqual(["3:1 process 0 invokes write while its write is still open"]);
    expect(problems(`\n${ok}`)).toEqual(["2:1 process 0 completes write (ok), which it did not invoke"]);
  });
});

describe("a JSON array", () => {
  test("is read like the lines, with the line of each event", () => {
    const { history, format, lines } = readHistory(`[\n  ${invoke},\n  ${ok}\n]\n`);
    expect([history.length, format, lines]).toEqual([2, "json", [2, 3]]);
    expect(readHistory("[]").history).toEqual([]);
  });

  test("a mistake has its place", () => {
    expect(problems(`[\n  ${invoke},\n  {"process": 0,\n   "type": "okay", "f": "write"}\n]`)).toEqual(['4:12 "type": expected invoke, ok, fail or info']);
    expect(problems(`[\n  ${invoke}\n  ${ok}\n]`)).toEqual(['3:3 expected "," or "]"']);
  });
});

describe("jepsen.util log lines", () => {
  const line = (process: number | string, type: string, f: string, value: string): string => `INFO  jepsen.util - ${process}\t${type}\t${f}\t${value}`;

  test("a failed cas constrains the state, a failed read did not happen, and info stays open with its argument", () => {
    const { history, format, model } = readHistory(
      [
        "INFO  jepsen.core - Running",
        ...[line(0, ":invoke", ":cas", "[0 3]"), line(0, ":fail", ":cas", "[0 3]"), line(0, ":invoke", ":read", "nil"), line(0, ":fail", ":read", ":timed-out")],
        ...[line(":nemesis", ":info", ":start", "nil"), line(1, ":invoke", ":write", "4"), line(1, ":info", ":write", ":timed-out")],
      ].join("\n"),
    );
    expect([format, model]).toEqual(["jepsen-log", "cas-register"]);
    expect(history.map(({ process, type, f, value, error }) => [process, type, f, value, error])).toEqual([
      [0, "invoke", "cas", [0, 3], undefined],
      [0, "fail", "cas", [0, 3], "mismatch"],
      [0, "invoke", "read", null, undefined],
      [0, "fail", "read", null, "timed-out"],
      [1, "invoke", "write", 4, undefined],
      [1, "info", "write", 4, "timed-out"],
    ]);
  });

  test("a cas that failed without its argument did not happen", () => {
    const { history } = readHistory([line(0, ":invoke", ":cas", "[0 3]"), line(0, ":fail", ":cas", ":timed-out")].join("\n"));
    expect(check(history, { model: "cas-register" })).toMatchObject({ verdict: "pass", operations: 0 });
  });

  test("every mistake has its place", () => {
    const bad = [line(0, ":invoke", ":read", "nil"), line("x", ":ok", ":read", "1"), line(0, ":done", ":read", "1"), line(0, ":ok", ":pop", "1"), line(0, ":ok", ":read", "one"), line(0, ":ok", ":cas", "3"), "INFO jepsen.util - what"];
    expect(problems(bad.join("\n"))).toEqual([
      "2:21 expected a process, a whole number",
      "3:23 expected :invoke, :ok, :fail or :info",
      "4:27 expected :read, :write or :cas",
      "5:33 expected a number or nil",
      "6:32 expected two values in brackets: [0 3]",
      "7:1 expected a process, :invoke, :ok, :fail or :info, an operation, and its value",
    ]);
  });
});

describe("Porcupine's key-value text", () => {
  const line = (type: string, f: string, value: string): string => `{:process 0, :type ${type}, :f ${f}, :key "4", :value ${value}}`;

  test("is read with its texts", () => {
    const { history, format, model } = readHistory([line(":invoke", ":get", "nil"), line(":ok", ":get", '"a \\"b\\" \\\\, }"')].join("\n"));
    expect([format, model]).toEqual(["porcupine", "kv-append"]);
    expect(history[1]).toEqual({ process: 0, client: "0", type: "ok", f: "get", key: "4", value: 'a "b" \\, }', time: 0 });
  });

  test("every mistake has its place", () => {
    const bad = [line(":invoke", ":get", "nil"), line(":okay", ":get", '"a"'), line(":ok", ":pop", '"a"'), line(":ok", ":get", "7"), '{:process 0, :type :ok, :f :get, :value "a"}', '{:process 0, :type :ok, :f :get, :key "4", :value "a', "what"];
    expect(problems(bad.join("\n"))).toEqual([
      "2:20 :type: expected :invoke, :ok, :fail or :info",
      "3:28 :f: expected :get, :put or :append",
      '4:51 :value: expected a text in double quotes, or nil',
      "5:1 :key is missing: expected a text in double quotes",
      "6:44 expected a field (:name value) or }",
      "7:1 expected an event in braces: {:process 0, :type …}",
    ]);
  });
});

describe("formats", () => {
  const names = "jsonl, json, jepsen-edn, jepsen-json, jepsen-log, porcupine, plume, awdit, dbcop, dbcop-json, limo, fastlin";

  test("are named, and given by name where the content is not to decide", () => {
    expect(Object.keys(formats).join(", ")).toBe(names);
    expect(problems("what", "porcupine")).toEqual(["1:1 expected an event in braces: {:process 0, :type …}"]);
    expect(problems(invoke, "csv")).toEqual([`1:1 there is no format csv; there are ${names}`]);
  });

  test("have other names, too: those of the tools that share one", () => {
    expect(formatAliases).toEqual({ elle: "jepsen-edn", polysi: "plume", isovista: "plume", violin: "limo", polylin: "fastlin", fptlin: "fastlin" });
    expect(readHistory("r(1,0,0,1)", { format: "polysi" }).format).toBe("plume");
  });

  test("what is none of them, and an empty file, are refused", () => {
    expect(problems("a,b,c\n1,2,3")).toEqual([`1:1 the format is not recognised: expected one of ${names}`]);
    expect(problems(" \n\n")).toEqual(["1:1 the history is empty: expected operation events"]);
  });
});

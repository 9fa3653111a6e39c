import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginReading, formats, HistoryError, type HistoryEvent, judgeListAppend, operationsOf, readHistory, type Recording } from "../../sim/check/index.ts";
import { printers, samples } from "./samples.ts";

const texts = Object.entries(samples).flatMap(([format, all]) => all.map((text) => [format, text] as const));

/** A text in chunks of some length. */
function readChunks(text: string, length: number, keep: "events" | "operations" = "events"): Recording {
  const reading = beginReading({ keep, file: "h" });
  for (let at = 0; at < text.length; at += length) reading.push(text.slice(at, at + length));
  return reading.end();
}

/** The events of transactions, without what the reads of a committed one say at its invocation. */
function transactionsOf(history: readonly HistoryEvent[]): unknown[] {
  return history.map((event) => ({ ...event, value: event.type === "invoke" ? (event.value as readonly unknown[][]).map(([f, key, value]) => [f, key, f === "r" ? null : value]) : event.value }));
}

/** What comes of a text: a recording, or its mistakes. */
function outcomeOf(read: () => Recording): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return error.problems;
  }
}

describe("formats", () => {
  test("there is a sample of each", () => {
    expect(Object.keys(samples)).toEqual(Object.keys(formats));
  });

  test.each(texts)("%s is recognised by its content: %s", (format, text) => {
    expect(readHistory(text).format).toBe(format);
    expect(readHistory(`\uFEFF\n\n${text.replaceAll("\n", "\r\n")}\r\n\r\n`).format).toBe(format);
  });

  test("a file of one format, read as another, is told its mistakes or is no other history than its own", () => {
    for (const [format, text] of texts) {
      for (const other of Object.keys(formats)) {
        if (other === format) continue;
        const outcome = outcomeOf(() => readHistory(text, { format: other, file: "h" }));
        if (Array.isArray(outcome)) expect(outcome.length, `${format} as ${other}`).toBeGreaterThan(0);
      }
    }
  });
});

describe("what was written is read back", () => {
  test.each(Object.entries(printers))("%s, 100 generated histories", (name, { histories, print }) => {
    fc.assert(
      fc.property(histories, (history) => {
        const { format, history: read } = readHistory(print(history));
        expect(format).toBe(name.split(",")[0]);
        const told = name === "plume" ? rolledBack(history) : name === "awdit" ? zeroed(history) : history;
        expect(read).toEqual(told.map((event) => ({ ...event, value: event.value ?? null })));
      }),
      { numRuns: 100 },
    );
  });
});

/** Plume keeps of what was rolled back the writes alone, each by itself, before what its session has open then. */
function rolledBack(history: readonly HistoryEvent[]): HistoryEvent[] {
  const told: HistoryEvent[] = [];
  const open = new Map<number, HistoryEvent[]>();
  const pairs = history.flatMap((event, index) => (event.type === "invoke" ? [[event, history[index + 1]!] as const] : []));
  const numbers = new Map<string, number>();
  const tell = (events: readonly HistoryEvent[]): void => {
    for (const event of events) {
      if (!numbers.has(event.client)) numbers.set(event.client, numbers.size);
      told.push({ ...event, process: numbers.get(event.client)! });
    }
  };
  for (const [invoke, end] of pairs) {
    const { process } = invoke;
    if (end.type === "fail") {
      for (const step of (end.value as readonly string[][]).filter(([f]) => f === "w")) tell([{ ...invoke, value: [step] }, { ...end, value: [step] }]);
      continue;
    }
    tell(open.get(process) ?? []);
    open.set(process, [invoke, end]);
  }
  for (const last of open.values()) tell(last);
  return told;
}

/** AWDIT's text has no word for what was there before the first write: the writer says 0. */
function zeroed(history: readonly HistoryEvent[]): HistoryEvent[] {
  return history.map((event) => (event.type === "invoke" ? event : { ...event, value: (event.value as readonly unknown[][]).map(([f, key, value]) => [f, key, value ?? 0]) }));
}

describe("chunks", () => {
  test.each(texts)("%s says the same in whatever chunks it comes: %s", (_, text) => {
    const whole = readHistory(text, { file: "h" });
    for (const length of [1, 2, 3, 7, 50]) expect(readChunks(text, length)).toEqual(whole);
  });

  test("beyond the part by which it is recognised, too, with its mistakes at their places", () => {
    const line = '{:type :invoke, :f :write, :value "ä;]{\\"", :process 0}\n{:type :ok, :f :write, :value "ä;]{\\"", :process 0}\n';
    const text = `[${line.repeat(2000)}]`;
    const whole = readHistory(text);
    expect([whole.history.length, whole.lines.at(-1)]).toEqual([4000, 4000]);
    for (const length of [1000, 4096, 70_001]) expect(readChunks(text, length)).toEqual(whole);
    const wrong = `${text.slice(0, -1)}{:type :okay, :f :write, :process 0}]`;
    expect(outcomeOf(() => readChunks(wrong, 999))).toEqual([{ line: 4001, column: 8, message: ":type: expected invoke, ok, fail or info" }]);
  });

  test("of a transaction that committed as it was invoked, what it read is kept at its invocation, too; of any other, nothing is touched", () => {
    const line = (type: string, ...steps: readonly unknown[]): string => JSON.stringify({ process: 0, client: "c1", type, f: "txn", key: "", value: steps, time: 0 });
    const text = [line("invoke", ["r", "x", null], ["append", "x", 1]), line("ok", ["r", "x", []], ["append", "x", 1]), line("invoke", ["append", "x", 2]), line("ok", ["append", "x", 3])].join("\n");
    const { history } = readChunks(text, 30, "operations");
    expect(history.map(({ value }) => value)).toEqual([[["r", "x", []], ["append", "x", 1]], [["r", "x", []], ["append", "x", 1]], [["append", "x", 2]], [["append", "x", 3]]]);
    expect(() => judgeListAppend(history, "serializable")).toThrow("the completion has other steps than the invocation");
  });

  test("kept as operations they are what the events pair up to; transactions keep their events", () => {
    for (const [, text] of texts) {
      const { history, ...rest } = readHistory(text);
      const kept = readChunks(text, 64, "operations");
      if (history.some(({ f }) => f === "txn")) expect({ ...kept, history: transactionsOf(kept.history) }).toEqual({ ...rest, history: transactionsOf(history) });
      else expect(kept).toEqual({ ...rest, history: [], operations: operationsOf(history) });
    }
    expect(outcomeOf(() => readChunks('{"process":0,"type":"ok","f":"read"}', 9, "operations"))).toEqual([{ line: 1, column: 1, message: "process 0 completes read (ok), which it did not invoke" }]);
  });
});

describe("texts that were cut off, or garbled", () => {
  const longer = Object.values(printers).map(({ histories, print }) => histories.map(print));
  const original = fc.oneof(fc.constantFrom(...texts.map(([, text]) => text)), ...longer);

  test("never crash the reader, and every mistake has a place in the text, in 2,000 texts", () => {
    let wrong = 0;
    const edit = fc.tuple(fc.nat(), fc.nat({ max: 5 }), fc.string({ maxLength: 3, unit: fc.constantFrom(..."{}[]()\"\\:;,#=-!? \n\t09az\u0000ä") }));
    fc.assert(
      fc.property(original, fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.constantFrom(undefined, ...Object.keys(formats)), (text, edits, isCut, format) => {
        let garbled = text;
        for (const [at, length, put] of edits) {
          const start = at % (garbled.length + 1);
          garbled = isCut ? garbled.slice(0, start) : garbled.slice(0, start) + put + garbled.slice(start + length);
        }
        const outcome = outcomeOf(() => readHistory(garbled, { format }));
        if (!Array.isArray(outcome)) return;
        wrong++;
        const lines = garbled.split("\n");
        for (const { line, column, message } of outcome as readonly { line: number; column: number; message: string }[]) {
          expect(line >= 1 && line <= lines.length, `${line}:${column} ${message}`).toBe(true);
          expect(column >= 1 && column <= lines[line - 1]!.length + 1, `${line}:${column} ${message}`).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
    expect(wrong).toBeGreaterThan(700);
  });

  test("a file that is wrong on every line tells a thousand mistakes, and counts the others", () => {
    const outcome = outcomeOf(() => readHistory("r(1,0,0,1)\n" + "r(1)\n".repeat(5000))) as readonly { message: string }[];
    expect([outcome.length, outcome.at(-1)!.message]).toEqual([1001, "and 4000 more mistakes after this one"]);
  });
});

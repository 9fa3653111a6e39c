/**
 * LiMo's call and return lines, which Violin writes too: `# @object atomic-queue`, then `[1] call enq 5` (or `add(5)`), `[1] return`,
 * `[2] call deq`, `[2] return 5` or `[2] return empty`. Source: LiMo's README and its histories.
 *
 * The number in brackets is the thread, which is a process and a session here. A removal that returns nothing, or `empty`, found
 * nothing; where its call names a value (`call pop(5)`), that is what it returns. Lines are in the order in which things happened. A
 * crash (of persistent memory) is not a history's event here.
 */
import type { HistoryEvent } from "../history.ts";
import type { Format, Sink } from "./format.ts";
import { Names } from "./names.ts";
import { lines } from "./pieces.ts";
import { type Part, readRow, wholeNumber } from "./row.ts";

const OBJECTS: { readonly [object: string]: { readonly model: string; readonly add: string; readonly remove: string } } = {
  "atomic-stack": { model: "stack", add: "push", remove: "pop" },
  "atomic-queue": { model: "queue", add: "enqueue", remove: "dequeue" },
};
const ADDS: readonly string[] = ["push", "enq", "enqueue", "add"];
const REMOVES: readonly string[] = ["pop", "deq", "dequeue", "remove"];

const HEADER = /^\s*#\s*@object\s+(\S+)\s*$/;
const LINE = /^\s*\[\d+\]\s+(call|return)\b/;
const THREAD: Part = { pattern: /\s*\[(\d+)\]/y, expected: "expected a thread in brackets: [1] call …" };
const CALL_OR_RETURN: Part = { pattern: /\s*(call|return)(?=\s|$)/y, expected: "expected call or return" };
const OPERATION: Part = { pattern: /\s+([A-Za-z]+)(?=[\s(]|$)/y, expected: "expected an operation: push, pop, enq, deq, add or remove" };
const ARGUMENT: Part = { pattern: /\s*\(\s*([^\s()]*)\s*\)\s*$|\s+([^\s()]+)\s*$|\s*$/y, expected: "expected a value: a number or a word" };
const RESULT: Part = { pattern: /\s+([^\s()]+)\s*$|\s*$/y, expected: "expected a value, empty, or nothing" };

export const limo: Format = {
  name: "limo",
  summary: "LiMo's call and return lines of a stack or a queue: [1] call push 5",
  recognises: (first, head) => HEADER.test(first) || LINE.test(first) || (/^\s*#/.test(first) && /^\s*#\s*@object\s/m.test(head)),
  cut: () => lines,
  begin(sink) {
    const reader = new LimoReader(sink);
    return { take: ({ text, line }) => reader.take(text, line), end: () => ({ model: reader.object.model }) };
  },
};

class LimoReader {
  object = OBJECTS["atomic-queue"]!;
  readonly #sink: Sink;
  readonly #open = new Map<number, HistoryEvent>();
  readonly #names = new Names();
  #isNamed = false;
  /** What a removal returns by its call. */
  readonly #promised = new Map<number, string>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  take(text: string, line: number): void {
    if (/^\s*#/.test(text)) return this.#header(text, line);
    const complain = (column: number, message: string): void => this.#sink.complain(line, column, message);
    const what = readRow(text, [THREAD, CALL_OR_RETURN], complain);
    if (what === undefined) return;
    const process = Number(what[0]);
    const event = what[1] === "call" ? this.#call(text, process, complain) : this.#return(text, process, complain);
    if (event === undefined) return;
    if (event.type === "invoke") this.#open.set(process, event);
    else this.#open.delete(process);
    this.#sink.event(event, line);
  }

  #header(text: string, line: number): void {
    const name = HEADER.exec(text)?.[1];
    if (name === undefined) return;
    const object = Object.hasOwn(OBJECTS, name) ? OBJECTS[name] : undefined;
    if (object === undefined) return this.#sink.complain(line, text.indexOf(name) + 1, `the object ${name} is not supported: expected ${Object.keys(OBJECTS).join(" or ")}`);
    this.object = object;
    this.#isNamed = true;
  }

  #call(text: string, process: number, complain: (column: number, message: string) => void): HistoryEvent | undefined {
    const row = readRow(text, [THREAD, CALL_OR_RETURN, OPERATION, ARGUMENT], complain);
    if (row === undefined) return undefined;
    const name = row[2]!.toLowerCase();
    const isAdd = ADDS.includes(name);
    if (!isAdd && !REMOVES.includes(name)) return void complain(text.indexOf(row[2]!, text.indexOf("call") + 4) + 1, OPERATION.expected);
    // Without a header, the operations say what it is.
    if (!this.#isNamed && (name === "push" || name === "pop")) this.object = OBJECTS["atomic-stack"]!;
    const argument = row[3]!;
    if (isAdd && argument === "") return void complain(text.length + 1, ARGUMENT.expected);
    this.#promised.set(process, argument);
    return { process, client: this.#names.share(String(process)), type: "invoke", f: isAdd ? this.object.add : this.object.remove, key: "", value: isAdd ? valueOf(argument) : null, time: 0 };
  }

  #return(text: string, process: number, complain: (column: number, message: string) => void): HistoryEvent | undefined {
    const result = readRow(text, [THREAD, CALL_OR_RETURN, RESULT], complain)?.[2];
    if (result === undefined) return undefined;
    const call = this.#open.get(process);
    if (call === undefined) return void complain(1, `thread ${process} returns from what it did not call`);
    const isAdd = call.f === this.object.add;
    return { ...call, type: "ok", value: isAdd ? call.value : valueOf(result === "" ? this.#promised.get(process)! : result) };
  }
}

/** Null where a removal found nothing. */
function valueOf(text: string): number | string | null {
  if (text === "" || text.toLowerCase() === "empty") return null;
  return /^-?\d+$/.test(text) ? wholeNumber(text) : text;
}

/**
 * The operations of fastlin, PolyLin and fptlin: `# stack`, then `push 1 1 2`, an operation a line with its value, its beginning and
 * its end; fptlin puts the process before it. Sources: their READMEs and lists of methods.
 *
 * All operations have ended. The value -1 of a removal or a peek says that nothing was there. What ends at the instant at which
 * something else begins came before it. Lines come in any order, so that all are read before the first is told.
 */
import type { HistoryEvent } from "../history.ts";
import type { Facts, Format, Sink } from "./format.ts";
import { lines } from "./pieces.ts";
import { type Part, readRow } from "./row.ts";

interface Meaning {
  readonly f: string;
  /** Whether the value is the operation's argument, or what it returned. */
  readonly takes: boolean;
  /** What it returned where its name says so. */
  readonly returns?: boolean;
}

interface Shape {
  readonly model: string;
  readonly methods: { readonly [method: string]: Meaning };
}

const peek: Meaning = { f: "peek", takes: false };
const priorities: Shape = { model: "priority-queue", methods: { insert: { f: "insert", takes: true }, poll: { f: "deleteMin", takes: false }, peek } };
const SHAPES: { readonly [type: string]: Shape } = {
  stack: { model: "stack", methods: { push: { f: "push", takes: true }, pop: { f: "pop", takes: false }, peek } },
  queue: { model: "queue", methods: { enq: { f: "enqueue", takes: true }, deq: { f: "dequeue", takes: false }, peek } },
  priorityqueue: priorities,
  pqueue: priorities,
  set: {
    model: "set",
    methods: {
      insert: { f: "add", takes: true, returns: true },
      remove: { f: "remove", takes: true, returns: true },
      contains_true: { f: "contains", takes: true, returns: true },
      contains_false: { f: "contains", takes: true, returns: false },
    },
  },
};

const HEADER = /^\s*#\s*(\w+)\s*$/;
const METHOD: Part = { pattern: /\s*(?:\d+\s+)?([a-z_]+)(?=\s|$)/y, expected: "expected a method, perhaps after its process: push 1 1 2" };
const REST: readonly Part[] = [
  { pattern: /\s+(-?\d+)(?=\s|$)/y, expected: "expected a value, a whole number" },
  { pattern: /\s+(\d+)(?=\s|$)/y, expected: "expected the time at which it began, a whole number from 0" },
  { pattern: /\s+(\d+)(?=\s|$)/y, expected: "expected the time at which it ended, a whole number from 0" },
  { pattern: /\s*$/y, expected: "expected nothing more after the times" },
];

/** One end of an operation. */
interface End {
  readonly event: HistoryEvent;
  readonly line: number;
}

export const fastlin: Format = {
  name: "fastlin",
  summary: "the operations of fastlin, PolyLin and fptlin: # stack, then push value begin end",
  recognises: (first) => Object.hasOwn(SHAPES, HEADER.exec(first)?.[1] ?? ""),
  cut: () => lines,
  begin(sink) {
    const reader = new FastlinReader(sink);
    return { take: ({ text, line }) => reader.take(text, line), end: () => reader.end() };
  },
};

class FastlinReader {
  #shape: Shape | undefined;
  readonly #ends: End[] = [];
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  take(text: string, line: number): void {
    const bad = (column: number, message: string): void => this.#sink.complain(line, column, message);
    if (this.#shape === undefined) {
      const type = HEADER.exec(text)?.[1] ?? "";
      this.#shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : SHAPES["stack"];
      return Object.hasOwn(SHAPES, type) ? undefined : bad(1, `expected # and one of ${Object.keys(SHAPES).join(", ")}`);
    }
    const row = readRow(text, [METHOD, ...REST], bad);
    if (row === undefined) return;
    const { methods } = this.#shape;
    const [method, digits, begin, end] = row as [string, string, string, string];
    const meaning = Object.hasOwn(methods, method) ? methods[method]! : undefined;
    if (meaning === undefined) return bad(text.indexOf(method) + 1, `expected one of ${Object.keys(methods).join(", ")}`);
    const [began, ended] = [Number(begin), Number(end)];
    if (!Number.isSafeInteger(ended) || began > ended) return bad(text.trimEnd().length - end.length + 1, "expected an end that is not before the beginning");
    this.#add(meaning, Number(digits), began, ended, line);
  }

  /** Each operation is a process and a session of its own: two of one process may touch. */
  #add({ f, takes, returns }: Meaning, value: number, began: number, ended: number, line: number): void {
    const process = this.#ends.length / 2;
    const base = { process, client: String(process), f, key: "" };
    const found = takes ? (returns ?? value) : value === -1 ? null : value;
    this.#ends.push({ event: { ...base, type: "invoke", value: takes ? value : null, time: began }, line }, { event: { ...base, type: "ok", value: found, time: ended }, line });
  }

  end(): Facts {
    const { model } = this.#shape ?? SHAPES["stack"]!;
    // An operation that took no time begins before it ends, and after what ended at its instant.
    const rank = ({ event }: End, began: number): number => (event.type === "invoke" ? 1 : began === event.time ? 2 : 0);
    const ranks = this.#ends.map((end, index) => rank(end, this.#ends[index - (index % 2)]!.event.time));
    const order = [...this.#ends.keys()].sort((a, b) => this.#ends[a]!.event.time - this.#ends[b]!.event.time || ranks[a]! - ranks[b]! || a - b);
    for (const index of order) this.#sink.event(this.#ends[index]!.event, this.#ends[index]!.line);
    return { model };
  }
}

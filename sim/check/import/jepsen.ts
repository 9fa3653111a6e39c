/**
 * What Jepsen's operations mean, whether they are written as EDN or as JSON, Elle's transactions included. Sources: jepsen.history's
 * Op, jepsen.independent, Elle's list-append and rw-register.
 *
 * `:fail` says that the operation did not happen, of a `cas`, too: it constrains nothing. `:info` stays open for ever. What the
 * nemesis does (its process is no number) is left out. Where reads are invoked with `[key nil]`, values are jepsen.independent's
 * tuples, and each key is an object of its own. Of a transaction's micro-operations the first is the name, `r`, `w` or `append`.
 */
import type { HistoryEvent, OperationType } from "../history.ts";
import type { Facts, Sink } from "./format.ts";
import { Names } from "./names.ts";

/** The fields of an operation as they stand in the file; unknown ones are left alone. */
export interface Fields {
  readonly [name: string]: unknown;
}

/** Says what is wrong with a field, or with the operation as a whole; undefined names no field. */
export type Misfit = (field: string | undefined, message: string) => void;

const TYPES: readonly unknown[] = ["invoke", "ok", "fail", "info"];
const STEPS: readonly unknown[] = ["r", "w", "append"];
/** So many events may come before one that shows whether values are tuples. */
const UNDECIDED = 10_000;

type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

interface Waiting {
  readonly event: Mutable<HistoryEvent>;
  readonly line: number;
}

export class JepsenEvents {
  readonly #sink: Sink;
  /** What each process has open: a completion that lost its value takes it from there. */
  readonly #open = new Map<number, HistoryEvent>();
  readonly #names = new Names();
  /** Events that wait for the answer whether their values are tuples. */
  #waiting: Waiting[] = [];
  #hasTuples: boolean | undefined;
  #hasInvocations: boolean | undefined;
  /** Of transactions without a process, each of which is a session of its own. */
  #nameless = -1;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  take(value: unknown, line: number, misfit: Misfit): void {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return misfit(undefined, "expected an operation: a map with :process, :type and :f");
    const fields = value as Fields;
    const { process } = fields;
    if (process !== undefined && (typeof process !== "number" || process < 0)) return;
    const event = this.#eventOf(fields, misfit);
    if (event === undefined) return;
    if (event.f === "txn") return this.#transaction(event, line, misfit);
    if (event.type === "invoke" && this.#hasTuples === undefined) this.#hasTuples = showsTuples(event);
    if (this.#hasTuples === undefined && this.#waiting.length < UNDECIDED) return void this.#waiting.push({ event, line });
    this.#flush();
    this.#emit(event, line);
  }

  end(): Facts {
    this.#flush();
    return { hasRealTime: this.#hasInvocations !== false };
  }

  #eventOf(fields: Fields, misfit: Misfit): Mutable<HistoryEvent> | undefined {
    const { value, key, time } = fields;
    const type = nameOf(fields["type"]);
    const f = nameOf(fields["f"]) ?? (isSteps(value) ? "txn" : undefined);
    const isTransaction = f === "txn";
    if (isTransaction && fields["process"] === undefined && (type === "invoke" || this.#hasInvocations !== true)) this.#nameless++;
    const process = fields["process"] ?? (isTransaction ? this.#nameless : undefined);
    let isGood = true;
    const expect = (field: string, fits: boolean, expected: string): void => {
      if (fits) return;
      isGood = false;
      misfit(field, expected);
    };
    expect("process", Number.isSafeInteger(process), "expected a whole number from 0, or the nemesis");
    expect("type", TYPES.includes(type), "expected invoke, ok, fail or info");
    expect("f", f !== undefined && f !== "", "expected the name of an operation");
    expect("time", time === undefined || time === null || (typeof time === "number" && time >= 0), "expected nanoseconds, a whole number from 0");
    if (!isGood) return undefined;
    return {
      process: process as number,
      client: this.#names.ofNumber(process as number),
      type: type as OperationType,
      f: this.#names.share(f!),
      key: key === undefined || key === null ? "" : this.#keyOf(key),
      value: value === undefined ? null : value,
      time: Math.round((time as number | null | undefined) ?? 0),
      ...errorOf(fields["error"], type),
    };
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { event, line } of waiting) this.#emit(event, line);
  }

  #emit(event: Mutable<HistoryEvent>, line: number): void {
    const invoked = event.type === "invoke" ? undefined : this.#open.get(event.process);
    if (this.#hasTuples === true && isPair(event.value)) [event.key, event.value] = [this.#keyOf(event.value[0]), event.value[1]];
    else if (event.key === "" && invoked !== undefined) event.key = invoked.key;
    if (invoked !== undefined && event.type !== "ok" && event.value === null) event.value = invoked.value;
    if (event.type === "invoke") this.#open.set(event.process, event);
    else this.#open.delete(event.process);
    this.#sink.event(event, line);
  }

  #keyOf(key: unknown): string {
    return typeof key === "number" ? this.#names.ofNumber(key) : this.#names.share(typeof key === "string" ? key : JSON.stringify(key));
  }

  #transaction(event: HistoryEvent, line: number, misfit: Misfit): void {
    const isLost = event.value === null && event.type !== "ok" && event.type !== "invoke";
    const steps = isLost ? null : this.#stepsOf(event.value, misfit);
    if (steps === undefined) return;
    this.#hasInvocations ??= event.type === "invoke";
    // Where no transaction's beginning is told, nobody knows which were concurrent.
    if (!this.#hasInvocations) {
      if (event.type === "invoke") return misfit("type", "expected a completion: the operations before this one have no invocations");
      this.#sink.event({ ...event, type: "invoke", value: steps?.map(([f, key, value]) => [f, key, f === "r" ? null : value]) ?? [] }, line);
    }
    this.#sink.event({ ...event, key: "", value: steps }, line);
  }

  #stepsOf(value: unknown, misfit: Misfit): readonly (readonly [string, string, unknown])[] | undefined {
    const bad = (message: string): undefined => void misfit("value", message);
    if (!Array.isArray(value)) return bad("expected micro-operations: [[:r x nil] [:append y 1]]");
    for (const step of value as readonly unknown[]) {
      if (!Array.isArray(step) || step.length < 2 || step.length > 3) return bad("expected micro-operations of a name, a key and a value: [:append x 1]");
      const name = nameOf(step[0]);
      if (name === undefined || !STEPS.includes(name)) return bad(`expected micro-operations :r, :w or :append, not ${JSON.stringify(step[0])}`);
      if (step.length === 2 && name !== "r") return bad("expected micro-operations of a name, a key and a value: [:append x 1]");
    }
    return (value as readonly (readonly [string, unknown, unknown])[]).map(([name, key, one]) => [this.#names.share(nameOf(name)!), this.#keyOf(key), one ?? null]);
  }
}

/** A keyword's name; in JSON some write its colon, too. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return value.startsWith(":") ? value.slice(1) : value;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function isSteps(value: unknown): boolean {
  return Array.isArray(value) && value.every((step) => Array.isArray(step) && STEPS.includes(nameOf(step[0])));
}

/** Whether an invocation's value is a tuple of jepsen.independent; undefined where it may or may not be. */
function showsTuples({ f, value }: HistoryEvent): boolean | undefined {
  if (!isPair(value)) return false;
  if (f === "cas") return isPair(value[1]);
  return value[1] === null && f !== "write" ? true : undefined;
}

/** Our `mismatch` would say that a comparison was false, which no `:fail` of Jepsen's says. */
function errorOf(error: unknown, type: string | undefined): { readonly error?: string } {
  if (error === undefined || error === null || type === "invoke" || type === "ok") return {};
  const text = typeof error === "string" ? error : JSON.stringify(error);
  return { error: text === "mismatch" ? "did not happen: mismatch" : text };
}

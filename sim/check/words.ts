/** How verdicts speak of operations: who did what, with which result, when. */
import type { Operation } from "./history.ts";

const NS_PER_S = 1_000_000_000;
const LONGEST_VALUE = 60;

export class Words {
  /** Whether the history has times; one without speaks of the positions of its events instead, from 1. */
  readonly timed: boolean;

  constructor(operations: readonly Operation[]) {
    this.timed = operations.some(({ invokedAt, returnedAt }) => invokedAt > 0 || (returnedAt > 0 && returnedAt < Infinity));
  }

  /** `read of k3 by c2 returned 17 at 7.301s` */
  did(operation: Operation): string {
    const what = `${operation.f}${of(operation)} by ${who(operation)}`;
    if (operation.outcome === "mismatch") return `${what} found another value than ${shown(pairOf(operation)[0])} ${this.ended(operation)}`;
    if (isReading(operation)) return `${what} returned ${shown(operation.output)} ${this.ended(operation)}`;
    return operation.f === "cas" ? `${what} succeeded ${this.ended(operation)}` : `${what} completed ${this.ended(operation)}`;
  }

  /** `c1's write of 21 had completed at 7.2s` */
  hadDone(operation: Operation): string {
    const whose = `${who(operation)}'s ${operation.f}`;
    if (isReading(operation)) return `${whose} had returned ${shown(operation.output)} ${this.ended(operation)}`;
    const [expected, value] = operation.f === "cas" ? pairOf(operation) : [undefined, operation.input];
    const what = operation.f === "cas" ? ` from ${shown(expected)} to ${shown(value)}` : value === null ? "" : ` of ${shown(value)}`;
    return `${whose}${what} had completed ${this.ended(operation)}`;
  }

  /** `at 7.301s` */
  ended(operation: Operation): string {
    return this.timed ? `at ${secondsText(operation.returnedAt)}` : `(event ${operation.returned + 1})`;
  }

  began(operation: Operation): string {
    return this.timed ? `at ${secondsText(operation.invokedAt)}` : `(event ${operation.invoked + 1})`;
  }
}

/** `c2`; a bare number says what it is. */
export function who({ client }: Operation): string {
  return /^\d+$/.test(client) ? `client ${client}` : client;
}

/** ` of k3`, ` of 21 to k3`, ` of k3 from 17 to 20`; a register without a name is not named. */
function of(operation: Operation): string {
  const { f, key } = operation;
  if (isReading(operation)) return `${operation.input === null ? "" : ` of ${shown(operation.input)}`}${key === "" ? "" : ` ${operation.input === null ? "of" : "in"} ${key}`}`;
  if (operation.input === null) return key === "" ? "" : ` of ${key}`;
  if (f !== "cas") return ` of ${shown(operation.input)}${key === "" ? "" : ` to ${key}`}`;
  const [expected, value] = pairOf(operation);
  return `${key === "" ? "" : ` of ${key}`} from ${shown(expected)} to ${shown(value)}`;
}

/** Operations of which it matters what they returned. */
const READING: ReadonlySet<string> = new Set(["read", "get", "peek", "contains", "length", "dequeue", "pop", "deleteMin"]);

function isReading({ f }: Operation): boolean {
  return READING.has(f);
}

function pairOf({ input }: Operation): readonly [unknown, unknown] {
  return input as readonly [unknown, unknown];
}

/** A value as people read it; of a long one, the end, where what was added last stands. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, 1)}…${text.slice(text.length - LONGEST_VALUE)}`;
}

/** `7.301992s` */
export function secondsText(timeNs: number): string {
  const whole = Math.floor(timeNs / NS_PER_S);
  const rest = String(timeNs - whole * NS_PER_S).padStart(9, "0").replace(/0+$/, "");
  return `${whole}${rest === "" ? "" : `.${rest}`}s`;
}

/** `1 key`, `3,711 operations` */
export function count(number: number, noun: string): string {
  return `${String(number).replace(/\B(?=(\d{3})+$)/g, ",")} ${noun}${number === 1 ? "" : "s"}`;
}

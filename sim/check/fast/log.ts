/**
 * Logs to which each value is appended once: reads and answers fix who stands where, and so who comes before whom. What nobody
 * showed the place of stands behind all that were.
 */
import type { Operation } from "../history.ts";
import { valueText } from "../models/model.ts";
import { Precedence } from "./precedence.ts";
import { FAIL, type FastWay, UNDECIDED } from "./way.ts";

export const logWay: FastWay = {
  name: "places fixed by reads",
  judge(part) {
    const writers = writersOf(part);
    if (writers === undefined) return UNDECIDED;
    const places = new Places(part, writers);
    if (places.contradict) return FAIL;
    const loose = [...writers.values()].filter((append) => !places.known.has(append) && append.outcome !== "info");
    const mayFill = [...writers.values()].some((append) => !places.known.has(append));
    if (places.hasHoles || places.lengths.some((length) => length > places.inOrder.length)) return mayFill ? UNDECIDED : FAIL;
    if (mayFill && part.some((operation) => isLook(operation, "read") && operation.output === null && (operation.input as number) >= places.inOrder.length)) return UNDECIDED;
    const order = orderOf(part, places, loose);
    return order === undefined ? FAIL : { verdict: "pass", order: () => order };
  },
};

function writersOf(part: readonly Operation[]): Map<string, Operation> | undefined {
  const writers = new Map<string, Operation>();
  for (const operation of part) {
    if (operation.f !== "append") continue;
    const text = valueText(operation.input);
    if (writers.has(text)) return undefined;
    writers.set(text, operation);
  }
  return writers;
}

function isLook({ f, outcome }: Operation, name: "read" | "length"): boolean {
  return f === name && outcome !== "info";
}

/** Which append stands where, as far as anybody showed it. */
class Places {
  readonly known = new Map<Operation, number>();
  readonly inOrder: Operation[] = [];
  /** What lengths were seen. */
  readonly lengths: number[] = [];
  contradict = false;
  readonly #writers: ReadonlyMap<string, Operation>;

  constructor(part: readonly Operation[], writers: ReadonlyMap<string, Operation>) {
    this.#writers = writers;
    for (const operation of part) {
      const { f, input, output, outcome } = operation;
      if (outcome === "info") continue;
      if (f === "append" && Number.isSafeInteger(output) && output !== input) this.#put(operation, output as number);
      if (f === "length") this.lengths.push(output as number);
      if (f === "read" && input !== null && output !== null) this.#show(output, input as number);
      if (f === "read" && input === null) (output as readonly unknown[]).forEach((value, place) => this.#show(value, place));
    }
  }

  /** Some place before the last known one has nobody. */
  get hasHoles(): boolean {
    return this.known.size !== this.inOrder.length;
  }

  #show(value: unknown, place: number): void {
    const append = this.#writers.get(valueText(value));
    if (append === undefined) this.contradict = true;
    else this.#put(append, place);
  }

  #put(append: Operation, place: number): void {
    if ((this.known.get(append) ?? place) !== place || (this.inOrder[place] ?? append) !== append || place < 0) this.contradict = true;
    this.known.set(append, place);
    // A place beyond all there are appends for would make a long list for nothing.
    if (place < this.#writers.size) this.inOrder[place] = append;
    else this.contradict = true;
  }
}

function orderOf(part: readonly Operation[], { inOrder }: Places, loose: readonly Operation[]): readonly Operation[] | undefined {
  const precedence = new Precedence();
  const appends = inOrder.map((append) => precedence.add(append));
  const end = precedence.add();
  /** By length: when the log has it, at the earliest; and what ends that. */
  const since = [precedence.add(), ...appends];
  const until = [...appends, end];
  for (let length = 0; length < until.length; length++) precedence.before(since[length]!, until[length]!);
  for (const append of loose) precedence.before(end, precedence.add(append));
  for (const operation of part) {
    if (!isLook(operation, "read") && !isLook(operation, "length")) continue;
    const { f, input, output } = operation;
    const look = precedence.add(operation);
    const whole = f === "length" ? (output as number) : input === null ? (output as readonly unknown[]).length : undefined;
    if (whole !== undefined || output !== null) precedence.before(since[whole ?? (input as number) + 1]!, look);
    if (whole !== undefined || output === null) precedence.before(look, until[whole ?? Math.min(input as number, inOrder.length)]!);
  }
  return precedence.order();
}

/**
 * Makes a history that fails smaller, until nothing can be left out of it (Zeller and Hildebrandt, “Simplifying and isolating
 * failure-inducing input”, IEEE TSE 28(2), 2002), without making it fail for a new reason: whoever saw what a write brought
 * about leaves together with that write, so that what is wrong with the rest is wrong with the whole.
 */
import { partsOf } from "./decide.ts";
import type { Operation } from "./history.ts";
import type { Model, Ties } from "./models/model.ts";

/** What all attempts together may cost before the history is left as small as it is by then: operations and configurations. */
const MOST = 5_000_000;

/** What came of an attempt, and how many configurations it took. */
export interface Attempt {
  readonly fails: boolean;
  readonly explored: number;
}

export interface Minimised {
  readonly operations: readonly Operation[];
  /** No operation of it can be left out (with those that saw what it brought about). False where the cost became too high. */
  readonly isMinimal: boolean;
}

/** A part of a failing history that fails. What fails after leaving out what {@link Ties} allow to must have failed before. */
export function minimise(operations: readonly Operation[], model: Model, attempt: (some: readonly Operation[]) => Attempt, most = MOST): Minimised {
  const ties = new Tied(operations, model);
  let kept: ReadonlySet<Operation> = new Set(operations);
  let left = most;
  const leaveOut = (chunk: readonly Operation[]): boolean => {
    const gone = ties.together(chunk.filter((operation) => kept.has(operation)));
    if (gone.size === 0) return false;
    const rest = [...kept].filter((operation) => !gone.has(operation));
    const { fails, explored } = attempt(rest);
    left -= rest.length + explored;
    if (!fails) return false;
    kept = new Set(rest);
    return true;
  };
  // What changes nothing goes first: it is tied to nobody, and without it more of the others can go.
  const order = [...operations.filter((one) => ties.isAlone(one)), ...operations.filter((one) => !ties.isAlone(one))];
  for (let size = Math.ceil(order.length / 2), isSmaller = true; left > 0; ) {
    isSmaller = false;
    for (let at = 0; at < order.length && left > 0; at += size) if (leaveOut(order.slice(at, at + size))) isSmaller = true;
    if (size === 1 && !isSmaller) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return { operations: [...kept], isMinimal: left > 0 };
}

/** Who must leave with whom, over the parts of a history. */
class Tied {
  readonly #makes = new Map<Operation, readonly string[] | undefined>();
  readonly #needing = new Map<string, Operation[]>();
  /** By part: those that saw everything. */
  readonly #watching = new Map<string, Operation[]>();
  readonly #part: (operation: Operation) => string;

  constructor(operations: readonly Operation[], model: Model) {
    this.#part = (operation) => model.part(operation);
    for (const [name, part] of partsOf(operations, model)) {
      const ties = model.ties?.(part) ?? usualTies(part, model);
      for (const operation of part) {
        this.#makes.set(operation, ties.makes(operation)?.map((what) => `${name}\u0000${what}`));
        const needs = ties.needs(operation);
        if (needs === undefined) push(this.#watching, name, operation);
        for (const what of needs ?? []) push(this.#needing, `${name}\u0000${what}`, operation);
      }
    }
  }

  isAlone(operation: Operation): boolean {
    return this.#makes.get(operation)?.length === 0;
  }

  /** Those and all that must leave with them; nobody where one of them must stay. */
  together(chunk: readonly Operation[]): Set<Operation> {
    const gone = new Set<Operation>();
    const todo = [...chunk];
    for (let operation = todo.pop(); operation !== undefined; operation = todo.pop()) {
      if (gone.has(operation)) continue;
      const makes = this.#makes.get(operation);
      if (makes === undefined) return new Set();
      gone.add(operation);
      if (makes.length > 0) todo.push(...(this.#watching.get(this.#part(operation)) ?? []));
      for (const what of makes) todo.push(...(this.#needing.get(what) ?? []));
    }
    return gone;
  }
}

/** Where the model says nothing: what changes no state may be left out, and nothing else. */
function usualTies(part: readonly Operation[], model: Model): Ties {
  const specification = model.specify(part);
  const isPure = (operation: Operation): boolean => {
    const act: unknown = specification.act(operation);
    return act === undefined || specification.pure(act);
  };
  return { makes: (operation) => (isPure(operation) ? [] : undefined), needs: () => [] };
}

function push(lists: Map<string, Operation[]>, name: string, operation: Operation): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [operation]);
  else list.push(operation);
}

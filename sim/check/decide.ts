/**
 * Which independent parts of a history have a legal order. Each is decided by its model's fast way where that decides it, else by search;
 * the searches take turns with growing shares, so that a hard part does not eat the budget of the others. Budgets count
 * configurations and bytes, so that a verdict is the same on every machine.
 */
import { UNDECIDED } from "./fast/way.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import { Search, type SearchOutcome } from "./search.ts";
import { withTheRest } from "./witness.ts";

/** Configurations explored before a verdict is `unknown`, unless said otherwise. */
export const CONFIGURATIONS = 5_000_000;
const BYTES = 512 * 2 ** 20;
const FIRST_TURN = 1024;
const LONGEST_TURN = 65_536;

/** What was found out about the parts, and at what cost. */
export interface Decision {
  /** The parts that have no legal order, in the order of their first operations; at least one where the verdict is fail. */
  readonly failed: readonly string[];
  readonly undecided: readonly string[];
  /** Of the parts that were found to have one: a legal order. */
  readonly orders: ReadonlyMap<string, () => readonly Operation[]>;
  readonly explored: number;
  readonly byFastWay: number;
  readonly bySearch: number;
}

/** The operations of a history by the part that they belong to, in the order of the parts' first operations. */
export function partsOf(operations: readonly Operation[], model: Model): Map<string, Operation[]> {
  const parts = new Map<string, Operation[]>();
  for (const operation of operations) {
    const name = model.part(operation);
    const part = parts.get(name);
    if (part === undefined) parts.set(name, [operation]);
    else part.push(operation);
  }
  return parts;
}

/** Decides the parts; ends at the first that fails unless `all` are asked for. */
export function decide(parts: ReadonlyMap<string, readonly Operation[]>, model: Model, budget: number, all = false): Decision {
  const failed: string[] = [];
  const orders = new Map<string, () => readonly Operation[]>();
  const hard: Task[] = [];
  for (const [name, part] of parts) {
    const outcome = model.fast?.judge(part) ?? UNDECIDED;
    if (outcome.verdict === "pass") orders.set(name, () => withTheRest(outcome.order(), part));
    if (outcome.verdict === "fail") failed.push(name);
    if (outcome.verdict === "undecided") hard.push({ name, begin: () => new Search(part, model, outcome.chains) });
    if (outcome.verdict === "fail" && !all) return { failed, undecided: [], orders, explored: 0, byFastWay: 1, bySearch: 0 };
  }
  const turns = new Turns(hard);
  turns.run(budget, all);
  failed.push(...turns.failed);
  for (const [name, order] of turns.orders) orders.set(name, () => withTheRest(order, parts.get(name)!));
  return { failed, undecided: turns.undecided, orders, explored: turns.explored, byFastWay: parts.size - hard.length, bySearch: hard.length };
}

/** A part's search, which is made at its first turn. */
interface Task {
  readonly name: string;
  begin(): Search;
  search?: Search;
}

/** Searches that take turns. */
class Turns {
  readonly failed: string[] = [];
  /** Of those that passed. */
  readonly orders = new Map<string, readonly Operation[]>();
  explored = 0;
  #waiting: Task[];

  constructor(tasks: readonly Task[]) {
    this.#waiting = [...tasks];
  }

  get undecided(): string[] {
    return this.#waiting.map(({ name }) => name);
  }

  /** Until all are decided, or one fails, or the budget ends. */
  run(budget: number, all: boolean): void {
    for (let turn = FIRST_TURN; this.#waiting.length > 0; turn = Math.min(2 * turn, LONGEST_TURN)) {
      for (const task of [...this.#waiting]) {
        const left = budget - this.explored;
        if (left <= 0 || this.#bytes() > BYTES) return;
        const outcome = this.#step(task, Math.min(turn, left));
        if (outcome !== "more") this.#waiting = this.#waiting.filter((other) => other !== task);
        if (outcome === "pass") this.orders.set(task.name, task.search!.order);
        if (outcome === "fail") this.failed.push(task.name);
        if (outcome === "fail" && !all) return void (this.#waiting = []);
      }
    }
  }

  #step(task: Task, configurations: number): SearchOutcome {
    const search = (task.search ??= task.begin());
    const before = search.explored;
    const outcome = search.run(configurations);
    this.explored += search.explored - before;
    return outcome;
  }

  #bytes(): number {
    return this.#waiting.reduce((sum, { search }) => sum + (search?.bytes ?? 0), 0);
  }
}

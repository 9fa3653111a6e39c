/** Mistakes that a checker could have: each is a change of one place or two in its text, and the pair of checkers that is to catch it. */

interface Change {
  /** In `sim/check`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface CheckerMutant {
  readonly name: string;
  readonly changes: readonly Change[];
  /** What stands in the name of a pair. */
  readonly caughtBy: string;
}

export function mutant(name: string, caughtBy: string, file: string, from: string, to: string, ...more: readonly Change[]): CheckerMutant {
  return { name, caughtBy, changes: [{ file, from, to }, ...more] };
}

const SEARCH = "a register's search and every order, few values";

export const checkerMutants: readonly CheckerMutant[] = [
  mutant("a dropped real-time edge: anything may come next", SEARCH, "search.ts", "number !== required && invoked[number]! < limit; number = this.#progress.after(number)", "number !== required; number = this.#progress.after(number)"),
  mutant("what leaves the state as it is here happens at once", SEARCH, "search.ts", "this.#machine.pure[act] === 1 && this.#machine.step(this.#state, act) !== IMPOSSIBLE", "this.#machine.step(this.#state, act) === this.#state"),
  mutant("what is pure happens before it was invoked", SEARCH, "search.ts", "number !== required && invoked[number]! < returned[progress.from]!; ) {", "number !== required; ) {"),
  mutant("an open operation is skipped though it changes the state", SEARCH, "search.ts", "if (this.#lineUp.operations.length === this.#lineUp.required) return;", "return;"),
  mutant("a read does not count as a use of the open operation before it", SEARCH, "search.ts", "this.#doPure() ? NO_STATE : cameFrom", "(this.#doPure(), cameFrom)"),
  mutant("two that may come next are told apart by nothing: one is dropped", SEARCH, "search.ts", "if (this.#stampOfAct[act] !== this.#stamp) {", "if (this.#stampOfAct[act] !== this.#stamp && this.#candidates.length === 0) {"),
  mutant("a memory that does not compare states", SEARCH, "visited.ts", "block[at + 3] !== done.state || ", "", { file: "progress.ts", from: "this.#hash ^ Math.imul(state + 1, 0x85ebca6b) ^", to: "this.#hash ^" }),
  mutant("a memory that does not look at what open operations were used", "a counter to which much", "visited.ts", "if ((block[words + word]! & ~here) !== 0) return false;", "void here;"),
  mutant("an operation counts as lost though something gives what it needs", SEARCH, "needs.ts", "this.#wanted[need]! > 0 && this.#supply[need] === 0", "this.#wanted[need]! > 0"),
  mutant("an open write that displaces a value is left out", SEARCH, "models/register.ts", `if (operation.outcome === "info" && !displaced && !needed.has(does.value)) return undefined;`, `if (operation.outcome === "info" && !needed.has(does.value)) return undefined;`),
  mutant("zones that overlap", "a register's zones and every order", "zones.ts", "if (forward[at]!.firstReturn < forward[at - 1]!.lastInvoked) return false;", "void at;"),
  mutant("a value that comes and goes within the zone of another", "a register's zones and every order", "zones.ts", "isForward(chain) || chain.firstReturn >= (lastBegun(chain, forward)?.lastInvoked ?? -Infinity)", "isForward(chain) || forward.length >= 0"),
  mutant("chains in an order that real time forbids", "a register's zones and every order", "zones.ts", "placed.sort((a, b) => a.at - b.at ||", "placed.sort((a, b) => b.at - a.at ||"),
  mutant("a chain that waits for others which may come later", "a register's search with and without chains", "chains.ts", "if (other !== chain && this.#left[other] !== 0) return this.#firstReturn[other]!;", "if (other !== chain) return this.#firstReturn[other]!;"),
  mutant("a queue that forgets the order of enqueues", "queue: fast way", "fast/queue.ts", "next !== all && passages[next]!.invoked <= returned(byReturn.first)", "next !== all"),
  mutant("a queue that forgets the order of dequeues", "queue: fast way", "fast/queue.ts", "next !== all && passages[next]!.lastInvoked <= firstReturn(first)", "next !== all"),
  mutant("a queue that may be found empty at any time", "queue: fast way", "fast/held.ts", "return instant < returned ? instant : undefined;", "return invoked;"),
  mutant("a stack whose bottom may be pushed late", "stack: fast way", "fast/pile.ts", "this.#values[byPush[queues.nextPush]!]!.pushInvoked < from", "this.#values[byPush[queues.nextPush]!]!.pushInvoked < Infinity"),
  mutant("a stack whose bottom may be popped early", "stack: fast way", "fast/pile.ts", "this.#values[byPop[queues.nextPop]!]!.popReturned > to", "this.#values[byPop[queues.nextPop]!]!.popReturned > 0"),
  mutant("a look at a stack that sees what lies below", "stack: fast way", "fast/pile.ts", "if (at === undefined) return undefined;", "if (at === undefined) return [];"),
  mutant("a priority queue that lets lesser values wait", "priority-queue: fast way", "fast/priority-queue.ts", "gaps.close(from + 1, to);", ""),
  mutant("a set that is seen before it was", "set: whose elements", "fast/set.ts", "if (added < add.invoked || ", "if ("),
  mutant("a set that two reads see grow in two ways", "set: that grows", "fast/set.ts", "if (known !== placed.size) return false;", "void known;"),
  mutant("a log that is longer than a read says", "log: fast way", "fast/log.ts", "precedence.before(look, until[whole ?? Math.min(input as number, inOrder.length)]!);", "void look;"),
  mutant("an order without real time", "log: fast way", "fast/precedence.ts", "if (at[number]! > (this.#operations[number]?.returned ?? Infinity)) return undefined;", ""),
  mutant("a get that shows half of an append", "kv-append: fast way", "fast/append.ts", "if (length === undefined || at + length > text.length) return undefined;", "if (length === undefined) break;"),
  mutant("a text that is the beginning of another tells who wrote it", "appended texts' fast way", "fast/append.ts", "sorted.some((text, place) => sorted[place + 1]?.startsWith(text))", "sorted.length === -1"),
];

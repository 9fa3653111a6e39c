/**
 * Every pair of checkers that can judge the same history, with the histories that they judge. The brute force that tries every order is
 * one of them, on small ones. This file is also built into copies of the checkers with a mistake in them, see mutants.test.ts.
 */
import fc from "fast-check";
import { check, defineModel, modelOf, type Operation } from "../../sim/check/index.ts";
import type { Model } from "../../sim/check/models/model.ts";
import { Search } from "../../sim/check/search.ts";
import { withTheRest } from "../../sim/check/witness.ts";
import { appendRules, bruteForce, registerRules, type Rules } from "./brute.ts";
import { appendHistory, operationsFrom, registerHistory } from "./histories.ts";
import { flawOf, inRealTime } from "./legal.ts";
import { historyOf, objects, rulesOf, type Told, unambiguous } from "./objects.ts";

type Word = "pass" | "fail" | "undecided";

interface Outcome {
  readonly verdict: Word;
  /** Of a pass, where the checker has it. */
  readonly order?: readonly Operation[];
}

export type Checker = (operations: readonly Operation[]) => Outcome;

export interface Pair {
  readonly name: string;
  readonly histories: fc.Arbitrary<Operation[]>;
  readonly one: Checker;
  readonly other: Checker;
  /** The one is the stronger level: what passes it passes the other. Else both say the same. */
  readonly implies?: boolean;
  /** What a pass's order is replayed by. */
  readonly replay?: { readonly initial: unknown; readonly rules: Rules<any> };
}

/** What is wrong with what a pair says of a history, and what the first of them said. */
export function compare({ one, other, implies = false, replay }: Pair, operations: readonly Operation[]): Compared {
  const [a, b] = [one(operations), other(operations)];
  const { verdict } = a;
  if (verdict === "undecided" || b.verdict === "undecided") return { verdict };
  const agree = implies ? verdict === "fail" || b.verdict === "pass" : verdict === b.verdict;
  if (!agree) return { verdict, disagreement: `the one says ${verdict}, the other ${b.verdict}` };
  const flaws = [a, b].map(({ order }) => (order === undefined || replay === undefined ? undefined : flawOf(operations, order, replay.initial, replay.rules, inRealTime)));
  const flaw = flaws.find((one) => one !== undefined);
  return { verdict, ...(flaw !== undefined && { disagreement: `the order of a pass is none: ${flaw}` }) };
}

const BUDGET = 200_000;

function bySearch(model: Model, withChains = false): Checker {
  return (operations) => {
    const outcome = withChains ? model.fast!.judge(operations) : undefined;
    const search = new Search(operations, model, outcome?.verdict === "undecided" ? outcome.chains : undefined);
    const found = search.run(BUDGET);
    if (found === "more") return { verdict: "undecided" };
    return found === "pass" ? { verdict: found, order: withTheRest(search.order, operations) } : { verdict: found };
  };
}

function byFastWay(model: Model): Checker {
  return (operations) => {
    const outcome = model.fast!.judge(operations);
    return outcome.verdict === "pass" ? { verdict: "pass", order: withTheRest(outcome.order(), operations) } : { verdict: outcome.verdict };
  };
}

function byEveryOrder(initial: unknown, rules: Rules<any>): Checker {
  return (operations) => ({ verdict: bruteForce(operations, initial, rules) ? "pass" : "fail" });
}

function byLevel(consistency: string): Checker {
  return (operations) => {
    const { verdict } = check(operations, { consistency, budget: BUDGET });
    return { verdict: verdict === "unknown" ? "undecided" : verdict };
  };
}

/** The model of an object's name such as `set: that grows`. */
function modelNamed(name: string): Model {
  return modelOf(name.split(":")[0]!);
}

const registers = { initial: null, rules: registerRules };
const kv = modelOf("kv");
const texts = modelOf("kv-append");
const few = registerHistory(7, false);
const unique = registerHistory(7, true);
const many = registerHistory(14, true, 4);

const ofRegisters: readonly Pair[] = [
  { name: "a register's search and every order, few values", histories: few, one: bySearch(kv), other: byEveryOrder(null, registerRules), replay: registers },
  { name: "a register's search and every order, unique values", histories: unique, one: bySearch(kv), other: byEveryOrder(null, registerRules), replay: registers },
  { name: "a register's zones and every order", histories: unique, one: byFastWay(kv), other: byEveryOrder(null, registerRules), replay: registers },
  { name: "a register's zones and search", histories: many, one: byFastWay(kv), other: bySearch(kv), replay: registers },
  { name: "a register's search with and without chains", histories: many, one: bySearch(kv, true), other: bySearch(kv), replay: registers },
  { name: "appended texts' fast way and every order", histories: appendHistory(5), one: byFastWay(texts), other: byEveryOrder("", appendRules), replay: { initial: "", rules: appendRules } },
  { name: "appended texts' search and every order", histories: appendHistory(7), one: bySearch(texts), other: byEveryOrder("", appendRules), replay: { initial: "", rules: appendRules } },
];

const ofModels: readonly Pair[] = Object.entries<Told<any>>(objects).map(([name, object]) => {
  const replay = { initial: object.initial, rules: rulesOf(object) };
  return { name: `${name}: search and every order`, histories: historyOf(object, { most: 7 }), one: bySearch(modelNamed(name)), other: byEveryOrder(replay.initial, replay.rules), replay };
});

/** 3 is reached by what added 3, or by what added 1 and 2; only the former leaves what leads to 4. */
const twoWays = operationsFrom(
  ([[1, null], [2, null], [3, null], [null, 3], [null, 4]] as const).map(([added, read], at) => ({ f: added === null ? "read" : "add", input: added, output: read, outcome: added === null ? "ok" : "info", from: 2 * at, to: 2 * at + 1 })),
);
const additions: Told<any> = { ...objects.counter, inputs: { add: [1, 2, 3], read: [null] } };
const ofOpen: Pair = {
  name: "a counter to which much that never returned was perhaps added: search and every order",
  histories: fc.oneof({ weight: 1, arbitrary: fc.constant(twoWays) }, { weight: 19, arbitrary: historyOf(additions, { most: 8, least: 5, reach: 12, open: 2 }) }),
  one: bySearch(modelNamed("counter")),
  other: byEveryOrder(0, rulesOf(additions)),
  replay: { initial: 0, rules: rulesOf(additions) },
};

/** A register whose write may be lost, though it returned. */
const lossy = defineModel<unknown>({
  name: "lossy register",
  initial: null,
  isNondeterministic: true,
  next(value, { f, input, output, outcome }) {
    if (f === "write") return [value, input];
    return outcome === "info" || value === output ? [value] : [];
  },
  pure: ({ f }) => f === "read",
});

/** It has an order if a register has one without some of the writes. */
function byEveryLoss(operations: readonly Operation[]): Outcome {
  const writes = operations.filter(({ f }) => f === "write");
  const losses = Array.from({ length: 2 ** writes.length }, (_, bits) => new Set(writes.filter((_, place) => (bits & (1 << place)) !== 0)));
  return { verdict: losses.some((lost) => bruteForce(operations.filter((one) => !lost.has(one)), null, registerRules)) ? "pass" : "fail" };
}

const ofLossy: Pair = {
  name: "a specification that leaves open whether a write is lost: search and every order without some writes",
  histories: few.map((operations) => operations.filter(({ f }) => f !== "cas").map((operation, index) => ({ ...operation, index }))),
  one: (operations) => ({ verdict: bySearch(lossy)(operations).verdict }),
  other: byEveryLoss,
};

const ofFastWays: readonly Pair[] = Object.entries(unambiguous).flatMap(([name, object]): Pair[] => {
  const model = modelNamed(name);
  const replay = { initial: object.initial, rules: rulesOf(object) };
  const small = historyOf(object, { most: 7, least: 3, reach: 4, open: 14 });
  const larger = historyOf(object, { most: 20, least: 5, reach: 6, open: 30 });
  return [
    { name: `${name}: fast way and every order`, histories: small, one: byFastWay(model), other: byEveryOrder(replay.initial, replay.rules), replay },
    { name: `${name}: fast way and search`, histories: larger, one: byFastWay(model), other: bySearch(model), replay },
  ];
});

const twoKeys = fc.tuple(unique, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 })).map(([operations, onY]) => operations.map((one, at) => ({ ...one, key: onY[at] ? "y" : "x" })));
/** The stronger first. */
const implications: readonly (readonly [string, string])[] = [
  ["linearizable", "sequential"],
  ["sequential", "causalMemory"],
  ["sequential", "causalConvergence"],
  ["causalMemory", "causal"],
  ["causalConvergence", "causal"],
  ["causalMemory", "pram"],
  ["linearizable", "kAtomic(2)"],
  ["kAtomic(2)", "kAtomic(3)"],
  ["linearizable", "boundedStaleness(1ms)"],
  ["boundedStaleness(1ms)", "boundedStaleness(3ms)"],
  ["linearizable", "monotonicReads"],
  ["linearizable", "readYourWrites"],
  ["linearizable", "monotonicWrites"],
  ["linearizable", "writesFollowReads"],
];
const ofLevels: readonly Pair[] = [
  ...implications.map(([stronger, weaker]): Pair => ({ name: `${stronger} implies ${weaker}`, histories: twoKeys, one: byLevel(stronger), other: byLevel(weaker), implies: true })),
  { name: "linearizable is kAtomic(1)", histories: few, one: byLevel("linearizable"), other: byLevel("kAtomic(1)") },
  { name: "linearizable is boundedStaleness(0s)", histories: unique, one: byLevel("linearizable"), other: byLevel("boundedStaleness(0s)") },
];

export const pairs: readonly Pair[] = [...ofRegisters, ...ofModels, ofOpen, ofLossy, ...ofFastWays, ...ofLevels];

/** What is said of one history, and what is wrong with it. */
export interface Compared {
  readonly verdict: Word;
  readonly disagreement?: string;
}

export interface Disagreement {
  readonly message?: string;
  readonly seen: { readonly [W in Word]: number };
}

/** The first of so many generated histories on which something is wrong; and how many passed and failed before it. */
export function firstWrong<H>(histories: fc.Arbitrary<H>, judge: (history: H) => Compared, runs: number, options: { readonly seed?: number; readonly endOnFailure?: boolean } = {}): Disagreement {
  const seen = { pass: 0, fail: 0, undecided: 0 };
  const property = fc.property(histories, (history) => {
    const { verdict, disagreement } = judge(history);
    seen[verdict] += 1;
    if (disagreement !== undefined) throw new Error(disagreement);
  });
  const details = fc.check(property, { numRuns: runs, ...options });
  return details.failed ? { message: fc.defaultReportMessage(details) ?? "", seen } : { seen };
}

/** As {@link firstWrong}, of a pair. */
export function firstDisagreement(pair: Pair, runs: number, options: { readonly seed?: number; readonly endOnFailure?: boolean } = {}): Disagreement {
  return firstWrong(pair.histories, (operations) => compare(pair, operations), runs, options);
}

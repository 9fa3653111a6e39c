import { expect, test } from "vitest";
import { codeOf, sourceFiles } from "./source.ts";

/** What decides the course of a run or writes it down, and so reaches its digest. */
const PATH = /^(sim\/(kernel|world|trace)\/|sim\/protocol\.ts$|protocols\/)(?!.*\.node\.ts$)/;

interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  readonly cure: string;
  /** Code that it must see, and code that it must leave alone. */
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

/**
 * What the language leaves to the engine, its version, its tables of Unicode or time zones, or to the machine. What is not
 * here is exact by the specification or by IEEE 754: + - * / %, Math.sqrt, floor, round, imul, fround; numbers as texts,
 * toFixed and toPrecision; the order of a record's names (whole numbers first, since ES2020) and of a stable sort.
 */
const bans: readonly Ban[] = [
  {
    what: "functions that engines round as they like",
    pattern: /\bMath\s*\.\s*(log\w*|exp\w*|pow|sinh?|cosh?|tanh?|asinh?|acosh?|atanh?|atan2|cbrt|hypot|random)\b|\bMath\s*\[/,
    cure: "use sim/kernel/math.ts, which is pure arithmetic",
    bad: ["Math.log(2)", "Math.log1p(x)", "Math.expm1(x)", "Math.pow(2, 3)", "Math.sin(x)", "Math.cosh(x)", "Math.atan2(y, x)", "Math.hypot(x, y)", 'Math["log"](2)', "Math.random()"],
    good: ["Math.sqrt(2)", "Math.floor(x)", "Math.round(x)", "Math.imul(a, b)", "logNormal(x)", "this.exp(x)"],
  },
  {
    what: "powers that are not a whole power of two, written as figures",
    pattern: /(?<!\b2 )\*\*(?!=)|\*\*=|\*\*(?! -?\d+(?![.\d\w]))/,
    cure: "multiply, or use powerOfTwo of sim/kernel/math.ts: engines round powers as they round Math.pow, and only a power of 2 written as a figure is exact everywhere",
    bad: ["x ** 2", "10 ** 9", "2 ** n", "2 ** 0.5", "2 ** -n", "x **= 2", "12 ** 2"],
    good: ["2 ** 31", "1 - 2 ** -53", "2 ** 29 - 1", "x * x"],
  },
  {
    what: "the machine's clock and calendar",
    pattern: /(?<![.\w#])(Date|Temporal|performance)\b(?!\s*:)/,
    cure: "use ctx.now in a protocol, world.now in the world",
    bad: ["Date.now()", "new Date(0)", "Date()", "performance.now()", "Temporal.Now.instant()"],
    good: ["isDueDate", "this.Date", "upDate(x)"],
  },
  {
    what: "what depends on the machine's language or the engine's tables of Unicode",
    pattern: /\bIntl\b|\.toLocale\w*|\.localeCompare\b|\.normalize\(|\.(toUpperCase|toLowerCase)\(|\\[pP]\{/,
    cure: "compare code units, and write what people read in sim/explain",
    bad: ["new Intl.Collator()", "x.toLocaleString()", "a.localeCompare(b)", "x.normalize()", "x.toLowerCase()", "/\\p{L}/u"],
    good: ["a < b", "String(x)", "normalized(x)"],
  },
  {
    what: "sort without a comparator, which sorts numbers as texts: 10 before 9",
    pattern: /\.(sort|toSorted)\(\s*\)/,
    cure: "say the order: sort((a, b) => a - b); names, which are texts, come from Object.keys(…).sort()",
    bad: ["[10, 9].sort()", "list.toSorted()", "[...new Set(ids)].sort( )"],
    good: ["Object.keys(record).sort()", "list.sort((a, b) => a - b)", "[...breach.nodes].sort()"],
  },
  {
    what: "what an engine says in its own words: stacks, and functions as texts",
    pattern: /\.stack\b|\bcaptureStackTrace\b|\bError\.prepareStackTrace\b|\.toSource\(/,
    cure: "tell the error's name: sim/world/thrown.ts",
    bad: ["error.stack", "Error.captureStackTrace(x)"],
    good: ["this.#stack", "stackOf(x)"],
  },
  {
    what: "what depends on the collection of garbage, on threads, or on the host",
    pattern: /\b(WeakRef|FinalizationRegistry|SharedArrayBuffer|Atomics|navigator|globalThis|crypto|structuredClone|setTimeout|setInterval|queueMicrotask|Promise|async|await)\b/,
    cure: "a run is one thread of plain computation: keep it in the world's state, and schedule with the kernel",
    bad: ["new WeakRef(x)", "globalThis.x", "crypto.getRandomValues(x)", "await x", "Promise.resolve()"],
    good: ["awaiting(x)", "asynchronous"],
  },
];

/** Sorting the names of things that are texts: of a record's fields, and of nodes in an invariant's breach. */
const textual = /Object\.keys\([^()]*(\([^()]*\))?[^()]*\)\.sort\(\)|\bnodes\]\.sort\(\)/g;

const isBanned = (ban: Ban, line: string): boolean => ban.pattern.test(line.replace(textual, ""));

const files = sourceFiles("sim", "protocols").filter((file) => PATH.test(file));

test("the rules look at everything that reaches a digest", () => {
  for (const file of ["sim/kernel/math.ts", "sim/kernel/distribution.ts", "sim/world/world.ts", "sim/world/faults/skew.ts", "sim/protocol.ts", "sim/trace/digest.ts", "protocols/raft/election.ts"]) expect(files).toContain(file);
  expect(files).not.toContain("sim/trace/file.node.ts");
  expect(files).not.toContain("sim/metrics/index.ts");
});

for (const ban of bans) {
  test(`nothing that reaches a digest uses ${ban.what}`, () => {
    const found = files.flatMap((file) => codeOf(file).split("\n").map((line, index) => ({ file, line, number: index + 1 }))).filter(({ line }) => isBanned(ban, line));
    expect(found.map(({ file, line, number }) => `${file}:${number} “${line.trim()}”: ${ban.cure}`)).toEqual([]);
  });

  test(`the rule against ${ban.what} sees what it bans, and nothing else`, () => {
    expect(ban.bad.filter((line) => !isBanned(ban, line))).toEqual([]);
    expect(ban.good.filter((line) => isBanned(ban, line))).toEqual([]);
  });
}

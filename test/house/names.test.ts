import { expect, test } from "vitest";
import { codeOf, read, sourceFiles } from "./source.ts";

interface Ban {
  readonly name: RegExp;
  readonly cure: string;
  readonly where: RegExp;
}

/** Below the command line the same code runs in Node and in the browser, and a run depends on its seed alone. */
const BELOW = /^(sim\/(kernel|trace|world|check|metrics|explain|scenario)\/|sim\/protocol\.ts|protocols\/)(?!.*\.node\.ts$)(?!guard\.ts$)/;
/** What decides the course of a run, and so reaches its digest. */
const RUN = /^(sim\/(kernel|world)\/|sim\/protocol\.ts|protocols\/)/;

const bans: readonly Ban[] = [
  { name: /\bDate\.now\b|\bnew Date\b|\bperformance\.now\b/, cure: "use ctx.now in a protocol, world.now in the world", where: BELOW },
  { name: /\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/, cure: "draw from a named stream; in a protocol ask for chance: ctx.setTimer with a range, ctx.pick", where: BELOW },
  { name: /(?<![.\w#])setTimeout\(|\bsetInterval\(|\bsetImmediate\(|\bqueueMicrotask\(/, cure: "schedule an event with the kernel; in a protocol use ctx.setTimer", where: BELOW },
  { name: /\bprocess\.|\brequire\(/, cure: "move it to a file named *.node.ts, or to sim/cli", where: BELOW },
  { name: /\basync\b|\bawait\b|\bPromise\b/, cure: "the order in which promises settle is not ours: make it synchronous", where: BELOW },
  { name: /\bMath\.(log\w*|exp\w*|pow|sin\w*|cos\w*|tan\w*|a?sinh|cbrt|hypot|atan2?)\b/, cure: "engines differ in the last bit: use sim/kernel/math.ts", where: RUN },
  { name: /\bIntl\.|\.toLocale\w*\(|\.localeCompare\(/, cure: "the result depends on the machine: compare code units, format by hand", where: BELOW },
  { name: /\b(it|test|describe)\.(skip|only|todo)\b/, cure: "a test runs or is deleted", where: /^test\// },
];

const files = sourceFiles("sim", "protocols", "viz", "test");

for (const { name, cure, where } of bans) {
  test(`${name.source} is banned in ${where.source}`, () => {
    const found = files
      .filter((file) => where.test(file) && file !== "sim/scenario/guard.ts")
      .flatMap((file) => codeOf(file).split("\n").map((line, index) => ({ file, line, number: index + 1 })))
      .filter(({ line }) => name.test(line));
    expect(found.map(({ file, line, number }) => `${file}:${number} “${name.exec(line)?.[0]}” is banned here: ${cure}`)).toEqual([]);
  });
}

test("a ban sees what it bans, and not what is said in comments and strings", () => {
  const bad = ["const t = Date.now();", "const r = `${Math.random()}`;"];
  expect(bad.map((line) => bans.some(({ name }) => name.test(line)))).toEqual([true, true]);
  expect(codeOf("sim/scenario/guard.ts")).not.toContain("Date.now is");
  expect(read("sim/scenario/guard.ts")).toContain('"Date.now"');
});

test("no comment says that something is still to be done", () => {
  const marks = new RegExp(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].map((mark) => `\\b${mark}\\b`).join("|"));
  expect(files.filter((file) => marks.test(read(file)))).toEqual([]);
});

import { expect, test } from "vitest";
import { ms } from "../../sim/kernel/time.ts";
import { thrownInRun, thrownInWords } from "../../sim/world/thrown.ts";
import { puppet, run, type Act } from "./build.ts";

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

class QuorumLost extends Error {
  override readonly name = "QuorumLost";
}

test("of an engine's own error a run knows the name alone, for its words are the engine's and the version's", () => {
  const missing = thrownBy(() => (undefined as unknown as { log: unknown }).log);
  expect(thrownInRun(missing)).toBe("TypeError");
  expect(thrownInWords(missing)).toMatch(/^TypeError: ./);
  expect([thrownInRun(thrownBy(() => new Array(-1))), thrownInRun(thrownBy(() => JSON.parse("{")))]).toEqual(["RangeError", "SyntaxError"]);
});

test("of what a protocol throws itself a run has the words", () => {
  expect([thrownInRun(new Error("no leader")), thrownInRun(new QuorumLost("2 of 5")), thrownInRun("a text"), thrownInRun(7)]).toEqual(["Error: no leader", "QuorumLost: 2 of 5", "a text", "7"]);
});

test("two engines that say the same mistake in other words leave the same events", () => {
  const throwing = (words: string): Act => () => {
    throw new TypeError(words);
  };
  const runs = ["Cannot read properties of undefined (reading 'log')", "undefined is not an object (evaluating 'state.log')"].map((words) => run(puppet({ n1: [[ms(5), throwing(words)]] })));
  const [first, second] = runs.map(({ seen }) => seen.events.map((event) => JSON.stringify(event)));
  expect(second).toEqual(first);
  expect(runs.map(({ world }) => world.watch.violations[0]?.message.includes("undefined"))).toEqual([true, true]);
});

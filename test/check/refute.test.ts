import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, modelOf } from "../../sim/check/index.ts";
import { Words } from "../../sim/check/words.ts";
import { operationsFrom, type Placed } from "./histories.ts";
import { historyOf, objects } from "./objects.ts";

/** `c1 enqueue 1 @0-1`, `c2 dequeue -> 1 @2-3`: when it began and ended. */
function deed(text: string): Placed {
  const [, client, f, input, output, from, to] = /^(\w+) (\w+)(?: (\S+))?(?: -> (\S+))? @(\d+)-(\d+)$/.exec(text) as unknown as string[];
  const value = (told: string | undefined): unknown => (told === undefined ? null : (JSON.parse(told) as unknown));
  return { client: client!, f: f!, input: value(input), output: value(output), outcome: "ok", from: Number(from), to: Number(to) };
}

const sentence = (model: string, ...deeds: readonly string[]): string => {
  const verdict = check(operationsFrom(deeds.map(deed)), { model });
  expect(verdict.verdict).toBe("fail");
  return verdict.detail.replaceAll(/ (of|to|in) x\b/g, "").replaceAll(/ at [\d.]+s/g, "");
};

describe("why an object's operation cannot be explained", () => {
  test.each<[string, string, readonly string[], string]>([
    ["a value out of nowhere", "queue", ["a enqueue 1 @0-1", "b dequeue -> 2 @2-3"], "dequeue by b returned 2, which nobody had enqueued"],
    ["a value twice", "queue", ["a enqueue 1 @0-1", "b dequeue -> 1 @2-3", "c dequeue -> 1 @4-5"], "dequeue by c returned 1, although it was enqueued only once, and b's dequeue had returned 1"],
    ["a look at what is gone", "queue", ["a enqueue 1 @0-1", "b dequeue -> 1 @2-3", "c peek -> 1 @4-5"], "peek by c returned 1, although it was enqueued only once, and b's dequeue had returned 1"],
    ["out of order", "queue", ["a enqueue 1 @0-1", "a enqueue 2 @2-3", "b dequeue -> 2 @4-5", "b dequeue -> 1 @6-7"], "dequeue by b returned 2, although a's enqueue of 1 had completed, before 2 was enqueued, and nobody took 1"],
    ["nothing where something is", "queue", ["a enqueue 1 @0-1", "b dequeue -> null @2-3"], "dequeue by b returned null, although a's enqueue of 1 had completed and nobody took 1"],
    ["from below", "stack", ["a push 1 @0-1", "a push 2 @2-3", "b pop -> 1 @4-5"], "pop by b returned 1, although a's push of 2 had completed, after 1 was pushed, and nobody took 2"],
    ["a value out of nowhere", "stack", ["b pop -> 7 @4-5"], "pop by b returned 7, which nobody had pushed"],
    ["not the least", "priority-queue", ["a insert 3 @0-1", "a insert 2 @2-3", "b deleteMin -> 3 @4-5"], "deleteMin by b returned 3, although a's insert of 2 had completed, which is less, and nobody took it"],
    ["a lost element", "set", ["a add 1 @0-1", "b read -> [] @2-3"], "read by b returned [], without 1, although a's add of 1 had completed and nobody removed 1"],
    ["an element out of nowhere", "set", ["b read -> [4] @2-3"], "read by b returned [4], with 4, although nobody had added 4"],
    ["an element that came back", "set", ["a add 1 @0-1", "a remove 1 @2-3", "b contains 1 -> true @4-5"], "contains of 1 by b returned true, although a's remove of 1 had completed and nobody added 1 again"],
    ["an add that found what was not there", "set", ["b add 1 -> false @2-3"], "add of 1 by b completed, as if 1 had been there, although nobody had added 1"],
    ["a removal that did not find what was there", "set", ["a add 1 @0-1", "b remove 1 -> false @2-3"], "remove of 1 by b completed, as if 1 had not been there, although a's add of 1 had completed and nobody removed 1"],
    ["two who hold a lock", "mutex", ["a acquire @0-1", "b acquire @2-3"], "acquire by b completed, although a's acquire had completed and nobody released it in between"],
    ["a lock that nobody held", "mutex", ["a acquire @0-1", "a release @2-3", "b release @4-5"], "release by b completed, although a's release had completed and nobody acquired it in between"],
    ["a lock that nobody ever held", "mutex", ["b release @4-5"], "release by b completed, although nobody had acquired it"],
  ])("%s: %s", (_, model, deeds, expected) => expect(sentence(model, ...deeds)).toBe(expected));
});

describe("what a sentence names fails by itself", () => {
  test.each(["queue", "stack", "priority-queue", "set", "mutex"] as const)("%s: in 800 histories, most of which get a sentence", (name) => {
    const counts = { told: 0, untold: 0 };
    const model = modelOf(name);
    fc.assert(
      fc.property(historyOf(objects[name], { most: 7 }), (operations) => {
        const verdict = check(operations, { model: name });
        if (verdict.verdict !== "fail") return;
        const culprit = operations[verdict.failure!.operations.at(-1)!]!;
        const until = operations.filter(({ key, invoked }) => key === culprit.key && invoked < culprit.returned);
        const refutation = model.refute!(until, culprit, new Words(operations));
        counts[refutation === undefined ? "untold" : "told"] += 1;
        if (refutation === undefined) return;
        expect(check(refutation.operations.toSorted((a, b) => a.invoked - b.invoked), { model: name }).verdict).toBe("fail");
      }),
      { numRuns: 800, seed: 11 },
    );
    expect(counts.told).toBeGreaterThan(counts.untold);
  });
});

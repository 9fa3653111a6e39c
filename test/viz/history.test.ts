import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, operationsOf, readHistory } from "../../sim/check/index.ts";
import { historyData } from "../../viz/history/history-data.ts";
import { BAR, layoutOf, operationAt } from "../../viz/history/layout.ts";
import { search } from "../../viz/history/search.ts";
import { registerHistory } from "../check/histories.ts";
import { read } from "../house/source.ts";

const dataOf = (operations: ReturnType<typeof operationsOf>) => historyData("test", operations, check(operations, { minimal: true }));

describe("where operations stand in the picture", () => {
  test("no two that were open together share a place, in 500 histories", () => {
    fc.assert(
      fc.property(registerHistory(14, true, 2), (operations) => {
        const layout = layoutOf(dataOf(operations), "order");
        layout.extents.forEach((a, i) =>
          layout.extents.forEach((b, j) => {
            if (i < j && layout.tops[i] === layout.tops[j]) expect(a.to < b.from || b.to < a.from).toBe(true);
          }),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("an operation takes effect between its ends, and those of a legal order one after the other, in 500 histories and on both axes", () => {
    let passes = 0;
    fc.assert(
      fc.property(registerHistory(14, true, 3), fc.constantFrom("order" as const, "time" as const), (operations, axis) => {
        const data = dataOf(operations);
        if (data.verdict !== "pass") return;
        passes += 1;
        const { points, extents } = layoutOf(data, axis);
        for (const { order } of data.witness) {
          const at = order.map((operation) => points.get(operation)!);
          at.forEach((point, place) => expect(place === 0 || at[place - 1]! < point).toBe(true));
          order.forEach((operation, place) => expect(at[place]! >= extents[operation]!.from && at[place]! <= extents[operation]!.to).toBe(true));
        }
      }),
      { numRuns: 500 },
    );
    expect(passes).toBeGreaterThan(50);
  });

  test("the place in the middle of a bar is that operation's", () => {
    const { history, lines } = readHistory(read("test/check/porcupine/kv/c10-bad.txt"));
    const layout = layoutOf(historyData("c10", operationsOf(history, lines), check(history, { model: "kv-append" })), "order");
    layout.extents.forEach(({ from, to }, at) => expect(operationAt(layout, (from + to) / 2, layout.tops[at]! + BAR / 2, 0)).toBe(at));
  });
});

describe("what the picture says", () => {
  const { history, lines } = readHistory(read("test/check/porcupine/kv/c10-bad.txt"));
  const data = historyData("c10", operationsOf(history, lines), check(history, { model: "kv-append", minimal: true }));

  test("clients stand in the order of their numbers, and the refutation ends with the first impossible operation", () => {
    expect(data.clients).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(data.refutation.map((at) => data.operations[at]!.what)).toEqual(['append 0 "x 9 0 y"', 'append 0 "x 0 0 y"', 'append 0 "x 8 0 y"', 'append 0 "x 7 6 y"', 'get 0 → "x 9 0 yx 0 0 yx 8 0 y"']);
  });

  test("words find operations by client, key and name; several must all fit", () => {
    expect(search(data, "put").every((at) => data.operations[at]!.what.startsWith("put"))).toBe(true);
    const found = search(data, "9 put");
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(search(data, "put").length);
    expect(search(data, "nothing of this")).toEqual([]);
  });

  test("of more operations than a browser draws, those of the key that fails are shown, and it is said", () => {
    const many = Array.from({ length: 30_000 }, (_, at) => [
      { process: 0, client: "c1", type: "invoke" as const, f: "write", key: at % 2 === 0 ? "x" : "y", value: at, time: 2 * at },
      { process: 0, client: "c1", type: "ok" as const, f: "write", key: at % 2 === 0 ? "x" : "y", value: at, time: 2 * at + 1 },
      { process: 0, client: "c1", type: "invoke" as const, f: "read", key: at % 2 === 0 ? "x" : "y", value: null, time: 2 * at },
      { process: 0, client: "c1", type: "ok" as const, f: "read", key: at % 2 === 0 ? "x" : "y", value: at === 29_999 ? 1 : at, time: 2 * at + 1 },
    ]).flat();
    const large = dataOf(operationsOf(many));
    expect(large.leftOut).toBe("Only the 30,000 operations on y are shown, of 60,000.");
    expect(large.operations.length).toBe(30_000);
    expect(large.operations[large.refutation.at(-1)!]!.what).toBe("read → 1");
  });
});

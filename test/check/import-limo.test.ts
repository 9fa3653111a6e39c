import { describe, expect, test } from "vitest";
import { check, readHistory } from "../../sim/check/index.ts";
import { problems } from "./problems.ts";

const stack = "# @object atomic-stack\n[1] call push 1\n[2] call pop\n[1] return\n[2] return 1\n";

describe("LiMo's call and return lines", () => {
  test("a stack, with its threads as sessions", () => {
    const { history, format, model, hasRealTime } = readHistory(stack);
    expect([format, model, hasRealTime]).toEqual(["limo", "stack", true]);
    expect(history.map(({ process, client, type, f, value }) => [process, client, type, f, value])).toEqual([
      [1, "1", "invoke", "push", 1],
      [2, "2", "invoke", "pop", null],
      [1, "1", "ok", "push", 1],
      [2, "2", "ok", "pop", 1],
    ]);
    expect(check(history, { model: "stack" }).verdict).toBe("pass");
  });

  test("a queue as Violin writes it: add(1), remove, empty; what is open at the end stays open", () => {
    const text = "# @object atomic-queue\n[1] call remove\n[1] return empty\n[2] call add(1)\n[2] return\n[3] call remove()\n[3] return 1\n[4] call deq\n[4] return\n[5] call enq 7\n";
    const { history, model } = readHistory(text);
    expect(history.map(({ type, f, value }) => [type, f, value])).toEqual([
      ["invoke", "dequeue", null],
      ["ok", "dequeue", null],
      ["invoke", "enqueue", 1],
      ["ok", "enqueue", 1],
      ["invoke", "dequeue", null],
      ["ok", "dequeue", 1],
      ["invoke", "dequeue", null],
      ["ok", "dequeue", null],
      ["invoke", "enqueue", 7],
    ]);
    expect(check(history, { model })).toMatchObject({ verdict: "pass", operations: 5 });
    // The second dequeue found nothing though 1 had been there since before it began.
    expect(check(readHistory(text.replace("[3] return 1", "[3] return empty")).history, { model }).verdict).toBe("fail");
  });

  test("values may be words, and a removal's call may say what it returns", () => {
    const { history } = readHistory("# @object atomic-stack\n\n[1] call push(a)\n  [2] call pop(a)\n[1] return\n  [2] return\n[2] call pop\n[2] return a\n");
    expect(history.map(({ type, value }) => [type, value])).toEqual([["invoke", "a"], ["invoke", null], ["ok", "a"], ["ok", "a"], ["invoke", null], ["ok", "a"]]);
    // It was pushed once and popped twice.
    expect(check(history, { model: "stack" }).verdict).toBe("fail");
  });

  test("without a header the operations say what it is", () => {
    expect(readHistory("[1] call push 4\n[1] return").model).toBe("stack");
    expect(readHistory("[1] call add(4)\n[1] return").model).toBe("queue");
  });

  test("every mistake has its place", () => {
    expect(problems("# @object atomic-set\n[1] call push 4")).toEqual(["1:11 the object atomic-set is not supported: expected atomic-stack or atomic-queue"]);
    expect(problems(`${stack}1 call push 2\n[3] crash\n[3] call peek\n[3] call push\n[3] call push (\n[4] return 5\n[3] call pop 1 2\n[3] return 1 5`)).toEqual([
      "6:1 expected a thread in brackets: [1] call …",
      "7:5 expected call or return",
      "8:10 expected an operation: push, pop, enq, deq, add or remove",
      "9:14 expected a value: a number or a word",
      "10:15 expected a value: a number or a word",
      "11:1 thread 4 returns from what it did not call",
      "12:14 expected a value: a number or a word",
      "13:12 expected a value, empty, or nothing",
    ]);
  });
});

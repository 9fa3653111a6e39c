import { describe, expect, test } from "vitest";
import { check, readHistory } from "../../sim/check/index.ts";
import { problems } from "./problems.ts";

/** The verdict on a text, by the model that it names. */
function verdictOf(text: string): string {
  const { history, model } = readHistory(text);
  return `${check(history, { model }).verdict} ${model}`;
}

describe("the operations of fastlin, PolyLin and fptlin", () => {
  test("the example of their READMEs: a peek returns 2, which nobody has pushed", () => {
    expect(verdictOf("# stack\npush 1 1 2\npeek 2 3 4\npop 2 5 6\npop 1 7 8\n")).toBe("fail stack");
    expect(verdictOf("# stack\n0 push 1 1 2\n0 push 2 3 4\n1 peek 2 4 5\n1 pop 2 5 6\n1 pop 1 7 8\n")).toBe("pass stack");
  });

  test("lines come in any order, and their times say what came first", () => {
    const { history, lines } = readHistory("# queue\ndeq 1 3 9\nenq 1 1 2\n");
    expect(history.map(({ type, f, value, time }) => `${time} ${type} ${f} ${String(value)}`)).toEqual(["1 invoke enqueue 1", "2 ok enqueue 1", "3 invoke dequeue null", "9 ok dequeue 1"]);
    expect(lines).toEqual([3, 3, 2, 2]);
  });

  test("what ends when something else begins came before it, and -1 found nothing", () => {
    expect(verdictOf("# queue\nenq 1 1 2\ndeq -1 2 3")).toBe("fail queue");
    expect(verdictOf("# queue\nenq 1 1 3\ndeq -1 2 3\ndeq 1 3 3\npeek -1 3 5")).toBe("pass queue");
  });

  test("sets and priority queues", () => {
    expect(verdictOf("# set\ninsert 4 1 2\ncontains_true 4 3 4\nremove 4 5 6\ncontains_false 4 7 8")).toBe("pass set");
    expect(verdictOf("# set\ninsert 4 1 2\ncontains_false 4 3 4")).toBe("fail set");
    expect(verdictOf("# pqueue\ninsert 4 1 2\ninsert 3 1 2\npoll 4 3 4")).toBe("fail priority-queue");
    expect(verdictOf("# priorityqueue\ninsert 4 1 2\ninsert 3 1 2\npoll 3 3 4")).toBe("pass priority-queue");
  });

  test("every mistake has its place", () => {
    expect(problems("# stack\nenq 1 1 2\npush x 1 2\npush 1\npush 1 1\npush 1 2 1\npush 1 1 2 3\n7\n")).toEqual([
      "2:1 expected one of push, pop, peek",
      "3:6 expected a value, a whole number",
      "4:7 expected the time at which it began, a whole number from 0",
      "5:9 expected the time at which it ended, a whole number from 0",
      "6:10 expected an end that is not before the beginning",
      "7:12 expected nothing more after the times",
      "8:1 expected a method, perhaps after its process: push 1 1 2",
    ]);
    expect(problems("push 1 1 2", "fastlin")).toEqual(["1:1 expected # and one of stack, queue, priorityqueue, pqueue, set"]);
  });
});

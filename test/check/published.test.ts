import { describe, expect, test } from "vitest";
import { check, type HistoryEvent, modelOf, operationsOf, type Verdict } from "../../sim/check/index.ts";
import { Search } from "../../sim/check/search.ts";

const NAMES: { readonly [name: string]: string } = { Enq: "enqueue", Deq: "dequeue", W: "write", R: "read" };

/** Events in the notation of Herlihy and Wing: object, invocation or answer, process. `q Enq(x) A`, `q Ok() A`, `q Deq() B`, `q Ok(x) B`. */
function history(...lines: readonly string[]): HistoryEvent[] {
  const open = new Map<string, HistoryEvent>();
  return lines.map((line) => {
    const [, key = "", name = "", text = "", client = ""] = /^(\w+) (\w+)\((\w*)\) (\w+)$/.exec(line)!;
    const process = client.charCodeAt(0) - "A".charCodeAt(0);
    const value = text === "" ? null : text;
    const invoked = open.get(client);
    if (name === "Ok") return { ...invoked!, type: "ok", value: invoked!.value ?? value };
    const event: HistoryEvent = { process, client, type: "invoke", f: NAMES[name]!, key, value, time: 0 };
    open.set(client, event);
    return event;
  });
}

/** By what `check` chooses, and by the search alone. */
function verdicts(model: string, ...lines: readonly string[]): readonly [Verdict["verdict"], Verdict["verdict"] | "more"] {
  const events = history(...lines);
  return [check(events, { model }).verdict, new Search(operationsOf(events), modelOf(model)).run(1000)];
}

describe("Herlihy and Wing, “Linearizability: a correctness condition for concurrent objects”, TOPLAS 12(3), 1990", () => {
  test("H1 (Figure 1a): concurrent enqueues may take effect in either order, and one may never return", () => {
    expect(verdicts("queue", "q Enq(x) A", "q Enq(y) B", "q Ok() B", "q Ok() A", "q Deq() B", "q Ok(x) B", "q Deq() A", "q Ok(y) A", "q Enq(z) A")).toEqual(["pass", "pass"]);
  });

  test("H2 (Figure 1b): x was enqueued before y, and y is dequeued first", () => {
    expect(verdicts("queue", "q Enq(x) A", "q Ok() A", "q Enq(y) B", "q Deq() A", "q Ok() B", "q Ok(y) A", "q Deq() B", "q Ok(x) B")).toEqual(["fail", "fail"]);
    // That x is still there is enough.
    expect(verdicts("queue", "q Enq(x) A", "q Ok() A", "q Enq(y) B", "q Deq() A", "q Ok() B", "q Ok(y) A")).toEqual(["fail", "fail"]);
  });

  test("H3 (Figure 1c): what an enqueue that has not returned added may be dequeued", () => {
    expect(verdicts("queue", "q Enq(x) A", "q Deq() B", "q Ok(x) B")).toEqual(["pass", "pass"]);
  });

  test("H4 (Figure 1d): y was enqueued once and is dequeued twice", () => {
    expect(verdicts("queue", "q Enq(x) A", "q Enq(y) B", "q Ok() A", "q Ok() B", "q Deq() A", "q Deq() C", "q Ok(y) A", "q Ok(y) C")).toEqual(["fail", "fail"]);
  });

  test("sequential consistency is not local (section 3): each of two queues alone has an order, both together have none", () => {
    const lines = ["p Enq(x) A", "p Ok() A", "q Enq(y) B", "q Ok() B", "q Enq(x) A", "q Ok() A", "p Enq(y) B", "p Ok() B", "p Deq() A", "p Ok(y) A", "q Deq() B", "q Ok(x) B"];
    const sequential = (events: readonly HistoryEvent[]): string => check(events, { model: "queue", consistency: "sequential" }).verdict;
    const all = history(...lines);
    expect([sequential(all.filter(({ key }) => key === "p")), sequential(all.filter(({ key }) => key === "q")), sequential(all)]).toEqual(["pass", "pass", "fail"]);
    // Linearizability is local: a queue that has no order in real time alone has none with the other.
    expect([check(all.filter(({ key }) => key === "p"), { model: "queue" }).verdict, check(all, { model: "queue" }).verdict]).toEqual(["fail", "fail"]);
  });
});

describe("Henzinger, Sezgin and Vafeiadis, “Aspect-oriented linearizability proofs”, CONCUR 2013: the four ways in which a queue can be wrong", () => {
  test("a dequeue of what was never enqueued, or only later (VFresh)", () => {
    expect(verdicts("queue", "q Deq() A", "q Ok(x) A")).toEqual(["fail", "fail"]);
    expect(verdicts("queue", "q Deq() A", "q Ok(x) A", "q Enq(x) B", "q Ok() B")).toEqual(["fail", "fail"]);
  });

  test("two dequeues of one enqueued value (VRepet)", () => {
    expect(verdicts("queue", "q Enq(x) A", "q Ok() A", "q Deq() A", "q Ok(x) A", "q Deq() B", "q Ok(x) B")).toEqual(["fail", "fail"]);
  });

  test("two ordered enqueues whose dequeues are in the reverse order (VOrd)", () => {
    expect(verdicts("queue", "q Enq(x) A", "q Ok() A", "q Enq(y) A", "q Ok() A", "q Deq() B", "q Ok(y) B", "q Deq() B", "q Ok(x) B")).toEqual(["fail", "fail"]);
  });

  test("a dequeue that finds the queue empty, though at every instant one of two values was certainly there (VWit)", () => {
    const between = (third: string): string[] => ["q Enq(x) A", "q Ok() A", "q Deq() B", "q Enq(y) A", third, "q Deq() A", "q Ok(x) A", "q Ok() B", "q Deq() C", "q Ok(y) C"];
    // The empty dequeue of B spans the whole time; y was enqueued before the dequeue of x began, or only after it.
    expect(verdicts("queue", ...between("q Ok() A"))).toEqual(["fail", "fail"]);
    expect(verdicts("queue", "q Enq(x) A", "q Ok() A", "q Deq() B", "q Deq() A", "q Ok(x) A", "q Enq(y) A", "q Ok() A", "q Ok() B", "q Deq() C", "q Ok(y) C")).toEqual(["pass", "pass"]);
  });
});

describe("Gibbons and Korach, “Testing shared memories”, SIAM J. Comput. 26(4), 1997, section 4: what zones of a register may do", () => {
  test("two forward zones that overlap have no order", () => {
    expect(verdicts("register", "r W(1) A", "r Ok() A", "r W(2) B", "r Ok() B", "r R() C", "r Ok(1) C", "r R() C", "r Ok(2) C")).toEqual(["fail", "fail"]);
  });

  test("a backward zone within a forward one has none, and one that reaches out of it has one", () => {
    expect(verdicts("register", "r W(1) A", "r Ok() A", "r W(2) B", "r Ok() B", "r R() A", "r Ok(1) A")).toEqual(["fail", "fail"]);
    expect(verdicts("register", "r W(1) A", "r Ok() A", "r W(2) B", "r R() A", "r Ok(1) A", "r Ok() B")).toEqual(["pass", "pass"]);
    expect(verdicts("register", "r W(2) B", "r W(1) A", "r Ok() A", "r Ok() B", "r R() A", "r Ok(1) A")).toEqual(["pass", "pass"]);
  });

  test("backward zones may overlap as they like", () => {
    expect(verdicts("register", "r W(1) A", "r W(2) B", "r W(3) C", "r Ok() A", "r Ok() B", "r Ok() C")).toEqual(["pass", "pass"]);
  });
});

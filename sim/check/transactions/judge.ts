/** Verdicts on transactions over lists: `serializable` and `strictSerializable`. */
import { CheckError } from "../check-error.ts";
import type { HistoryEvent } from "../history.ts";
import type { Verdict } from "../verdict.ts";
import { Graph, RW, TIME, WR, WW } from "./graph.ts";
import { Lists } from "./list-append.ts";
import { type Transaction, transactionsOf } from "./transaction.ts";

export const transactionLevels: readonly string[] = ["serializable", "strictSerializable"];

/**
 * Exact for list-append. Sessions constrain `strictSerializable` (through real time) and not `serializable` (Adya's PL-3).
 * Throws a {@link CheckError} for another level and a `HistoryError` for a malformed history.
 */
export function judgeListAppend(history: readonly HistoryEvent[], consistency: string, lines?: readonly number[]): Verdict {
  if (!transactionLevels.includes(consistency)) throw new CheckError(`list-append is judged by ${transactionLevels.join(", ")}, not by ${consistency}`);
  const transactions = transactionsOf(history, lines, "list-append");
  const common = { consistency, model: "list-append", algorithm: "dependency graph", operations: transactions.length, explored: transactions.length };
  const fail = (key: string, operations: readonly number[], anomalies: readonly string[], detail: string): Verdict => {
    const { event, time } = transactions[operations.at(-1)!]!;
    return { ...common, verdict: "fail", detail, anomalies, failure: { key, operations, event, time } };
  };
  const lists = new Lists(transactions, lines);
  const [worst] = lists.anomalies;
  if (worst !== undefined) {
    return fail(worst.key, worst.transactions, [...new Set(lists.anomalies.map(({ name }) => name))], `${worst.name}: ${worst.detail}`);
  }
  const graph = graphOf(transactions, lists, consistency === "strictSerializable");
  const { of, count } = graph.components(WW | WR | RW | TIME);
  if (count === graph.nodes) {
    const order = [...transactions.keys()].filter((t) => lists.happened[t] === 1).sort((a, b) => of[b]! - of[a]!);
    return { ...common, verdict: "pass", detail: `${order.length} transactions have a legal order`, witness: [{ part: "", order }] };
  }
  const { name, edges } = cycleOf(graph);
  const steps = edges.filter(({ from }) => from < transactions.length);
  return fail("", steps.map(({ from }) => from), [name], `${name}: ${steps.map(({ from, kind }) => `T${from} ${REASON[kind]}`).join(" ")} T${steps[0]!.from}`);
}

const REASON: { readonly [kind: number]: string } = { [WW]: "was overwritten by", [WR]: "was read by", [RW]: "did not see", [TIME]: "returned before" };

/** From the simplest anomaly to the others, without real time and then with it. */
function cycleOf(graph: Graph): { name: string; edges: NonNullable<ReturnType<Graph["cycle"]>> } {
  for (const time of [0, TIME]) {
    for (const mask of [WW, WW | WR, WW | WR | RW]) {
      const edges = graph.cycle(mask | time);
      if (edges === undefined) continue;
      const missed = edges.filter(({ kind }) => kind === RW).length;
      const name = missed > 1 ? "G2-item" : missed === 1 ? "G-single" : mask === WW ? "G0" : "G1c";
      return { name: time === 0 ? name : `${name}-realtime`, edges };
    }
  }
  throw new Error("a graph with a cycle has one of these");
}

/** Real time takes a node for each return, chained: linear in size, and every earlier return reaches a later invocation. */
function graphOf(transactions: readonly Transaction[], lists: Lists, realTime: boolean): Graph {
  const graph = new Graph(realTime ? transactions.length * 2 : transactions.length);
  lists.connect(graph);
  if (realTime) {
    const returns = [...transactions.keys()].filter((t) => transactions[t]!.outcome === "ok");
    returns.sort((a, b) => transactions[a]!.returned - transactions[b]!.returned);
    let passed = 0;
    transactions.forEach(({ invoked }, t) => {
      while (passed < returns.length && transactions[returns[passed]!]!.returned < invoked) {
        graph.add(returns[passed]!, transactions.length + passed, TIME);
        if (passed > 0) graph.add(transactions.length + passed - 1, transactions.length + passed, TIME);
        passed++;
      }
      if (passed > 0) graph.add(transactions.length + passed - 1, t, TIME);
    });
  }
  graph.seal();
  return graph;
}

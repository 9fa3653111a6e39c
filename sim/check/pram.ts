/**
 * PRAM, or FIFO consistency (Lipton and Sandberg, 1988): each session explains its own reads by one order of them and of
 * all writes, which keeps the order in which each session wrote.
 */
import { followEachOther, LEAST_SEARCHED, legalOrder, MOST_WITNESSED, readsUpTo, witnessIfWhole } from "./causal.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import { explain, orderVerdict } from "./order/explain.ts";
import { searchView } from "./order/extension.ts";
import { EdgesTo } from "./order/past.ts";
import { saturate } from "./order/saturate.ts";
import type { LegalOrder, Verdict } from "./verdict.ts";

export function pram(operations: readonly Operation[], model: Model, budget: number): Verdict {
  return orderVerdict({ consistency: "pram", algorithm: "saturation session by session (Wei et al.)", operations, model }, (sources) => {
    const { order, source } = sources;
    const witness: LegalOrder[] = [];
    let explored = 0;
    for (const session of order.sessions) {
      for (const end of order.lastOf(session)) {
        const reads = readsUpTo(sources, session, end);
        const edges = new EdgesTo(order.size);
        for (const read of reads) if (source[read]! >= 0) edges.add(source[read]!, read);
        const saturated = saturate(sources, edges, reads);
        if ("contradiction" in saturated) return { verdict: "fail", ...explain.contradiction(sources, saturated.contradiction, order.operations[end]!.client) };
        const isDecided = followEachOther(sources, reads);
        if (isDecided && order.size > MOST_WITNESSED) continue;
        const own = new Set(reads);
        const members = Array.from({ length: order.size }, (_, number) => number).filter((number) => sources.writes[number] === 1 || own.has(number));
        const found = searchView(sources, saturated.edges, members, own, isDecided ? LEAST_SEARCHED : budget - explored);
        if (!isDecided) explored += found.explored;
        if (found.outcome === "pass") witness.push(legalOrder(sources, order.operations[end]!.client, found.trail));
        else if (!isDecided) return { verdict: found.outcome, explored, ...explain.view(sources, order.operations[end]!) };
      }
    }
    return { verdict: "pass", explored: Math.max(explored, order.size), ...witnessIfWhole(sources, witness) };
  });
}

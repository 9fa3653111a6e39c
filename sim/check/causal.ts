/**
 * Causal consistency in its three meanings, for registers whose written values are unique: a history has one exactly if
 * certain bad patterns are not in it (Bouajjani, Enea, Guerraoui and Hamza, “On verifying causal consistency”, POPL 2017).
 *
 * The causal order is that of sessions with each write before its reads. `causal` (CC): every read is explained by what
 * came before it causally. `causalConvergence` (CCv): and all agree on one order of writes that are concurrent.
 * `causalMemory` (CM): and each session explains all of its reads by one order of what it knows.
 */
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import { type Explained, explain, orderVerdict } from "./order/explain.ts";
import { searchView } from "./order/extension.ts";
import { circleIn, EdgesTo, inLine, Past } from "./order/past.ts";
import { overwritesBefore, saturate } from "./order/saturate.ts";
import { INITIAL, NOTHING, type Sources } from "./order/sources.ts";
import type { LegalOrder, Verdict } from "./verdict.ts";

type Meaning = "causal" | "causalConvergence" | "causalMemory";

export function judgeCausal(meaning: Meaning, operations: readonly Operation[], model: Model, budget: number): Verdict {
  const algorithm = "bad patterns (Bouajjani et al.)";
  return orderVerdict({ consistency: meaning, algorithm, operations, model }, (sources) => {
    const edges = causalEdges(sources);
    const past = Past.of(sources.order, edges);
    if (past === undefined) return { verdict: "fail", ...explain.circle(sources, circleIn(sources.order, edges), "each causes the next") };
    const overwritten = overwrittenIn(sources, past);
    if (overwritten !== undefined) return { verdict: "fail", ...overwritten };
    if (meaning === "causalConvergence") return convergence(sources, past, edges);
    if (meaning === "causalMemory") return memory(sources, past, edges, budget);
    // An order of writes on which all agree shows more than is asked; where there is none, each read has reasons of its own.
    const agreed = sources.order.size <= MOST_WITNESSED ? convergence(sources, past, edges) : undefined;
    return { verdict: "pass", explored: sources.order.size, ...(agreed !== undefined && "witness" in agreed && { witness: agreed.witness }) };
  });
}

/** From each write to those who read it. */
export function causalEdges({ order, source }: Sources): EdgesTo {
  const edges = new EdgesTo(order.size);
  for (let number = 0; number < order.size; number++) if (source[number]! >= 0) edges.add(source[number]!, number);
  return edges;
}

/** WriteCOInitRead and WriteCORead: a read of what had been overwritten, as far as its session could know. */
function overwrittenIn(sources: Sources, past: Past): Explained | undefined {
  const { order, source } = sources;
  for (let read = 0; read < order.size; read++) {
    const from = source[read]!;
    if (from === NOTHING) continue;
    for (const write of overwritesBefore(sources, past, read)) {
      if (from === INITIAL || past.isBefore(from, write)) return explain.overwritten(sources, read, write);
    }
  }
  return undefined;
}

/** CyclicCF: whoever read one of two writes, knowing both, has said which comes last; all must say the same. */
function convergence(sources: Sources, past: Past, causes: EdgesTo): ReturnType<Parameters<typeof orderVerdict>[1]> {
  const { order, source } = sources;
  const edges = new EdgesTo(order.size, causes);
  for (let read = 0; read < order.size; read++) {
    const from = source[read]!;
    if (from < 0) continue;
    for (const write of overwritesBefore(sources, past, read)) if (!past.isBefore(write, from)) edges.add(write, from);
  }
  const line = inLine(order, edges);
  if (line !== undefined) return { verdict: "pass", explored: order.size, witness: [legalOrder(sources, "", line)] };
  return { verdict: "fail", ...explain.circle(sources, circleIn(order, edges), "each before the next, as its cause or because who read the later knew the earlier") };
}

/** WriteHBInitRead and CyclicHB, from where each session ends: what lies before an end asks for less. */
function memory(sources: Sources, past: Past, causes: EdgesTo, budget: number): ReturnType<Parameters<typeof orderVerdict>[1]> {
  const { order, source } = sources;
  const witness: LegalOrder[] = [];
  let explored = 0;
  for (const session of order.sessions) {
    for (const end of order.lastOf(session)) {
      const isKnown = (number: number): boolean => number === end || past.isBefore(number, end);
      const reads = readsUpTo(sources, session, end);
      const saturated = saturate(sources, causes, reads, isKnown);
      if ("contradiction" in saturated) return { verdict: "fail", ...explain.contradiction(sources, saturated.contradiction, order.operations[end]!.client) };
      const isDecided = followEachOther(sources, reads);
      if (isDecided && order.size > MOST_WITNESSED) continue;
      const members = Array.from({ length: order.size }, (_, number) => number).filter(isKnown);
      const found = searchView(sources, saturated.edges, members, new Set(reads), isDecided ? LEAST_SEARCHED : budget - explored);
      if (!isDecided) explored += found.explored;
      if (found.outcome === "pass") witness.push(legalOrder(sources, order.operations[end]!.client, found.trail));
      else if (!isDecided) return { verdict: found.outcome, explored, ...explain.view(sources, order.operations[end]!) };
    }
  }
  return { verdict: "pass", explored: Math.max(explored, source.length), ...witnessIfWhole(sources, witness) };
}

/** A pass that needs no search is given orders to show for it up to so many operations. */
export const MOST_WITNESSED = 2_000;
/** Configurations for such an order of one session. */
export const LEAST_SEARCHED = 20_000;

export function legalOrder({ order }: Sources, part: string, numbers: Iterable<number>): LegalOrder {
  return { part, order: Array.from(numbers, (number) => order.operations[number]!.index) };
}

/** An order for each session's end, or none at all. */
export function witnessIfWhole({ order }: Sources, witness: readonly LegalOrder[]): { readonly witness?: readonly LegalOrder[] } {
  const ends = order.sessions.reduce((sum, session) => sum + order.lastOf(session).length, 0);
  return witness.length === ends ? { witness } : {};
}

/** The reads of a session that come before an operation of it, or are it. */
export function readsUpTo({ order, source }: Sources, session: readonly number[], end: number): number[] {
  const { operations, members } = order;
  const isUpTo = (number: number): boolean => number === end || operations[number]!.returned < operations[end]!.invoked;
  return session.flatMap((chain) => members[chain]!.filter((number) => source[number] !== NOTHING && isUpTo(number)));
}

/** Whether no two of them were open together. */
export function followEachOther({ order: { operations } }: Sources, reads: readonly number[]): boolean {
  const ordered = reads.map((number) => operations[number]!).sort((a, b) => a.invoked - b.invoked);
  return ordered.every(({ invoked }, at) => at === 0 || ordered[at - 1]!.returned < invoked);
}

/** Verdicts of levels that are about orders, and their words. */
import type { Operation } from "../history.ts";
import type { Model } from "../models/model.ts";
import type { LegalOrder, Verdict } from "../verdict.ts";
import { count, shown, who, Words } from "../words.ts";
import type { EdgesTo } from "./past.ts";
import { circleIn } from "./past.ts";
import type { Contradiction } from "./saturate.ts";
import { type Sources, sourcesOf, twiceDetail } from "./sources.ts";

/** Why it fails: one sentence, and the operations that it speaks of, the one that cannot be explained last. */
export interface Explained {
  readonly detail: string;
  readonly involved: readonly Operation[];
}

export type Judgement = { readonly verdict: "pass"; readonly explored: number; readonly witness?: readonly LegalOrder[] } | ({ readonly verdict: "fail" | "unknown"; readonly explored?: number } & Explained);

interface Asked {
  readonly consistency: string;
  readonly algorithm: string;
  readonly operations: readonly Operation[];
  readonly model: Model;
}

/** The verdict of a level that is judged by who read from whom. */
export function orderVerdict({ consistency, algorithm, operations, model }: Asked, judge: (sources: Sources) => Judgement): Verdict {
  const base = { consistency, model: model.name, algorithm, operations: operations.length };
  const sources = sourcesOf(operations, model);
  const words = new Words(operations);
  if ("twice" in sources) return { ...base, verdict: "unknown", explored: 0, detail: twiceDetail(sources.twice) };
  if ("unwritten" in sources) return failed(base, { detail: `${words.did(sources.unwritten)}, and nobody had written what it saw`, involved: [sources.unwritten] }, words, 0);
  const judged = judge(sources);
  if (judged.verdict === "fail") return failed(base, judged, words, judged.explored ?? sources.order.size);
  if (judged.verdict === "unknown") return { ...base, verdict: "unknown", explored: judged.explored ?? 0, detail: `the budget ended after ${count(judged.explored ?? 0, "configuration")}` };
  return { ...base, verdict: "pass", explored: judged.explored ?? 0, detail: `${count(operations.length, "operation")} in ${count(new Set(operations.map(({ client }) => client)).size, "session")} can be explained`, ...("witness" in judged && { witness: judged.witness }) };
}

function failed(base: Pick<Verdict, "consistency" | "model" | "algorithm" | "operations">, { detail, involved }: Explained, words: Words, explored: number): Verdict {
  const culprit = involved.at(-1)!;
  const time = words.timed && Number.isFinite(culprit.returnedAt) ? culprit.returnedAt : 0;
  return { ...base, verdict: "fail", explored, detail, failure: { key: culprit.key, operations: involved.map(({ index }) => index), event: culprit.returnEvent, time } };
}

export const explain = {
  /** A read of what had been overwritten. */
  overwritten({ order, source }: Sources, read: number, write: number): Explained {
    const { operations } = order;
    const words = new Words(operations);
    const reader = operations[read]!;
    const writer = operations[write]!;
    const from = operations[source[read]!]; // Undefined for the first value.
    const written = `${who(writer)}'s write of ${valueOf(writer)}`;
    const after = from === undefined ? written : `${written}, which followed that of ${valueOf(from)},`;
    return { detail: `${words.did(reader)}, although ${after} comes before it`, involved: [...(from === undefined ? [] : [from]), writer, reader] };
  },

  circle({ order }: Sources, circle: readonly number[], relation: string): Explained {
    const involved = circle.map((number) => order.operations[number]!);
    const words = new Words(order.operations);
    const list = involved.slice(0, MOST_TOLD).map((operation) => told(operation, words));
    const more = involved.length > MOST_TOLD ? `, and ${involved.length - MOST_TOLD} more` : "";
    return { detail: `a circle, ${relation}: ${list.join("; ")}${more}; and the first again`, involved };
  },

  contradiction(sources: Sources, contradiction: Contradiction, session: string): Explained {
    if (contradiction.kind === "overwritten") return explain.overwritten(sources, contradiction.read, contradiction.write);
    return explain.circle(sources, circleIn(sources.order, contradiction.edges as EdgesTo), `each before the next if ${/^\d+$/.test(session) ? `client ${session}` : session}'s reads are to be explained`);
  },

  view({ order }: Sources, end: Operation): Explained {
    return { detail: `no order of what ${who(end)} knew explains all that it read up to ${new Words(order.operations).did(end)}`, involved: [end] };
  },
};

const MOST_TOLD = 6;

/** `c1's write of 3 to x`, `c2's read of x: 3` */
function told(operation: Operation, words: Words): string {
  const { f, key, output, outcome } = operation;
  const on = key === "" ? "" : ` ${f === "read" ? "of" : "to"} ${key}`;
  if (f === "read") return `${who(operation)}'s read${on}: ${shown(output)}`;
  return `${who(operation)}'s ${f} of ${valueOf(operation)}${on}${outcome === "info" ? ", never answered" : ` ${words.ended(operation)}`}`;
}

function valueOf({ f, input }: Operation): string {
  return shown(f === "cas" ? (input as readonly unknown[])[1] : input);
}

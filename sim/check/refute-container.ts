/** Why what came out of a queue, a stack or a priority queue cannot be explained, where a sentence can say it. One function a reason. */
import type { Operation } from "./history.ts";
import type { Refutation } from "./models/model.ts";
import { same } from "./models/plain.ts";
import { type Words, shown } from "./words.ts";

interface Container {
  readonly put: string;
  readonly take: string;
  /** As in “had not been …”. */
  readonly done: string;
  /** Why one value should have come out before another. */
  readonly order: (held: Case) => Refutation | undefined;
}

interface Case {
  readonly culprit: Operation;
  readonly puts: readonly Operation[];
  /** Known to have taken something. */
  readonly takes: readonly Operation[];
  /** Put before the culprit began, and surely there until it ended: nobody took it, and nobody is still about to. */
  readonly there: readonly Operation[];
  /** Who put what the culprit returned. */
  readonly sources: readonly Operation[];
  readonly kind: Container;
  readonly words: Words;
}

const kinds = {
  queue: { put: "enqueue", take: "dequeue", done: "enqueued", order: overtaken },
  stack: { put: "push", take: "pop", done: "pushed", order: covered },
  "priority-queue": { put: "insert", take: "deleteMin", done: "inserted", order: notLeast },
} satisfies { readonly [model: string]: Container };

/** The `refute` of a model that is one of these containers. */
export function refuteContainer(model: keyof typeof kinds) {
  return (until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined => {
    const kind = kinds[model];
    if (culprit.f === kind.put) return undefined;
    const puts = until.filter(({ f }) => f === kind.put);
    const takes = until.filter(({ f, outcome }) => f === kind.take && outcome === "ok");
    const hasOpen = until.some(({ f, outcome }) => f === kind.take && outcome === "info");
    const isLeft = (put: Operation): boolean => put.returned < culprit.invoked && !takes.some((take) => same(take.output, put.input));
    const sources = puts.filter((put) => same(put.input, culprit.output));
    const found: Case = { culprit, puts, takes, there: hasOpen ? [] : puts.filter(isLeft), sources, kind, words };
    return culprit.output === null ? notEmpty(found) : (nowhere(found) ?? again(found) ?? kind.order(found));
  };
}

function nowhere({ culprit, sources, kind, words }: Case): Refutation | undefined {
  if (sources.length > 0) return undefined;
  return { detail: `${words.did(culprit)}, which nobody had ${kind.done}`, operations: [culprit] };
}

/** It was put once, and somebody else took it; who only looks may have looked before. */
function again({ culprit, sources, takes, kind, words }: Case): Refutation | undefined {
  const isLate = (take: Operation): boolean => culprit.f === kind.take || take.returned < culprit.invoked;
  const other = takes.find((take) => take !== culprit && same(take.output, culprit.output) && isLate(take));
  if (sources.length !== 1 || other === undefined) return undefined;
  return { detail: `${words.did(culprit)}, although it was ${kind.done} only once, and ${words.hadDone(other)}`, operations: [sources[0]!, other, culprit] };
}

function notEmpty({ culprit, there: [put], words }: Case): Refutation | undefined {
  if (put === undefined) return undefined;
  return { detail: `${words.did(culprit)}, although ${words.hadDone(put)} and nobody took ${shown(put.input)}`, operations: [put, culprit] };
}

/** First in, first out. */
function overtaken({ culprit, there, sources: [source, another], words }: Case): Refutation | undefined {
  const earlier = there.find((put) => put.returned < (source?.invoked ?? -1));
  if (source === undefined || another !== undefined || earlier === undefined) return undefined;
  const detail = `${words.did(culprit)}, although ${words.hadDone(earlier)}, before ${shown(culprit.output)} was enqueued, and nobody took ${shown(earlier.input)}`;
  return { detail, operations: [earlier, source, culprit] };
}

/** Last in, first out. */
function covered({ culprit, there, sources: [source, another], words }: Case): Refutation | undefined {
  const later = there.find((put) => put.invoked > (source?.returned ?? Infinity) && !same(put.input, culprit.output));
  if (source === undefined || another !== undefined || later === undefined) return undefined;
  const detail = `${words.did(culprit)}, although ${words.hadDone(later)}, after ${shown(culprit.output)} was pushed, and nobody took ${shown(later.input)}`;
  return { detail, operations: [source, later, culprit] };
}

function notLeast({ culprit, there, sources: [source], words }: Case): Refutation | undefined {
  const less = there.find((put) => (put.input as number) < (culprit.output as number));
  if (source === undefined || less === undefined) return undefined;
  return { detail: `${words.did(culprit)}, although ${words.hadDone(less)}, which is less, and nobody took it`, operations: [source, less, culprit] };
}

/**
 * Replays the witnesses of causal levels and of PRAM by the words of their definitions (Bouajjani et al., POPL 2017; Lipton and
 * Sandberg, 1988), for registers whose values are unique. It shares the models with the checkers, and nothing else.
 */
import type { Operation } from "./history.ts";
import type { Access, Model } from "./models/model.ts";
import type { Verdict } from "./verdict.ts";
import type { Verification } from "./verify.ts";

/** More operations would take longer than anybody waits. */
const MOST = 2_000;

/** Whether the level is one of these. */
export function isCausal(consistency: string): boolean {
  return ["causal", "causalConvergence", "causalMemory", "pram"].includes(consistency);
}

/** Of a pass with a witness. `operations`: the list that its positions refer to. */
export function verifyCausal({ consistency, witness = [] }: Verdict, operations: readonly Operation[], model: Model): Verification {
  if (operations.length > MOST) return { outcome: "open", why: `${operations.length} operations are too many to ask who knew of whom` };
  const at = new Map(operations.map((operation) => [operation.index, operation]));
  const replayed = new Set<Operation>();
  const hasViews = consistency === "causalMemory" || consistency === "pram";
  for (const { part, order } of witness) {
    const line = order.map((index) => at.get(index)!);
    const replay = new Replay(line, model);
    const why = (hasViews ? replay.wrongOrder(consistency === "causalMemory") : replay.agreement()) ?? (hasViews ? lacking(operations, line, model, consistency === "pram") : undefined);
    if (why !== undefined) return { outcome: "wrong", why };
    for (const operation of hasViews ? replay.explained(part) : line) replayed.add(operation);
  }
  const missing = happened(operations, model).find((operation) => !replayed.has(operation));
  if (missing !== undefined) return { outcome: "wrong", why: `the witness does not explain operation ${missing.index}` };
  return { outcome: "verified", why: hasViews ? `each of ${witness.length} sessions' orders explains what it read` : `one order of ${replayed.size} operations explains what each read of what it knew` };
}

/** What a session's order must not leave out: every write that is known, and causally all that came before in its sessions. */
function lacking(operations: readonly Operation[], line: readonly Operation[], model: Model, isPram: boolean): string | undefined {
  const there = new Set(line);
  const isKnown = (operation: Operation): boolean => line.some((later) => later.client === operation.client && operation.returned < later.invoked);
  const isAsked = (operation: Operation): boolean => (isPram ? valueOf(model.access?.(operation)) !== undefined : isKnown(operation));
  const missing = happened(operations, model).find((operation) => !there.has(operation) && isAsked(operation));
  return missing === undefined ? undefined : `an order leaves out operation ${missing.index}`;
}

/** What returned having seen or written something, and whoever wrote what one of these saw. */
function happened(operations: readonly Operation[], model: Model): Operation[] {
  const place = (operation: Operation, value: string | undefined): string => `${model.part(operation)} ${value}`;
  const writers = new Map(operations.map((operation) => [place(operation, valueOf(model.access?.(operation))), operation]));
  const certain = new Set(operations.filter((operation) => operation.outcome === "ok" && model.access?.(operation) !== undefined));
  for (const operation of certain) {
    const seen = seenBy(model.access?.(operation));
    const writer = seen === undefined ? undefined : writers.get(place(operation, seen));
    if (writer !== undefined) certain.add(writer); // Grows while it is gone through.
  }
  return operations.filter((operation) => certain.has(operation));
}

/** One order of operations. */
class Replay {
  readonly #line: readonly Operation[];
  readonly #does: readonly (Access | undefined)[];
  readonly #model: Model;

  constructor(line: readonly Operation[], model: Model) {
    this.#line = line;
    this.#does = line.map((operation) => model.access?.(operation));
    this.#model = model;
  }

  /** Everybody saw, of what it knew, what comes last in the order. */
  agreement(): string | undefined {
    const pasts = this.#pasts();
    if (typeof pasts === "string") return pasts;
    return this.#line.map((reader, at) => {
      const last = this.#lastWrite(at, (other) => pasts[at]!.has(other));
      return this.#seen(at, last) ? undefined : `operation ${reader.index} saw something else than what it knew of as the last`;
    }).find((why) => why !== undefined);
  }

  wrongOrder(isCausal: boolean): string | undefined {
    const order = isCausal ? this.#pasts() : this.#outOfOrder();
    return typeof order === "string" ? order : undefined;
  }

  /** The operations of a session that saw what comes last in this order, as did all that the session had ended before them. */
  explained(client: string): Operation[] {
    const wrong = this.#line.filter((reader, at) => reader.client === client && !this.#seen(at, this.#lastWrite(at, () => true)));
    return this.#line.filter((end) => end.client === client && !wrong.some((reader) => reader === end || reader.returned < end.invoked));
  }

  #seen(at: number, last: number | undefined): boolean {
    const seen = seenBy(this.#does[at]);
    return seen === undefined || seen === (last === undefined ? this.#model.initial : valueOf(this.#does[last]));
  }

  #lastWrite(at: number, counts: (other: number) => boolean): number | undefined {
    const part = this.#model.part(this.#line[at]!);
    for (let other = at - 1; other >= 0; other -= 1) if (valueOf(this.#does[other]) !== undefined && this.#model.part(this.#line[other]!) === part && counts(other)) return other;
    return undefined;
  }

  /** By place: the places of what it knew, through its session and through what it read; or what stands in the wrong order. */
  #pasts(): ReadonlySet<number>[] | string {
    const wrong = this.#outOfOrder();
    if (wrong !== undefined) return wrong;
    const writers = new Map(this.#does.flatMap((does, at) => (valueOf(does) === undefined ? [] : [[`${this.#model.part(this.#line[at]!)} ${valueOf(does)}`, at] as const])));
    const pasts: Set<number>[] = [];
    for (const [at, operation] of this.#line.entries()) {
      const seen = seenBy(this.#does[at]);
      const writer = seen === undefined || seen === this.#model.initial ? undefined : writers.get(`${this.#model.part(operation)} ${seen}`);
      if (writer !== undefined && writer >= at) return `operation ${operation.index} stands before the write that it saw`;
      const known = this.#line.slice(0, at).flatMap((other, place) => (place === writer || (other.client === operation.client && other.returned < operation.invoked) ? [place] : []));
      pasts.push(new Set(known.flatMap((place) => [place, ...pasts[place]!])));
    }
    return pasts;
  }

  /** In a session, who had ended before another began stands before it. */
  #outOfOrder(): string | undefined {
    const latest = new Map<string, Operation>();
    for (const operation of this.#line) {
      const before = latest.get(operation.client);
      if (before !== undefined && operation.returned < before.invoked) return `operation ${operation.index} had ended before ${before.index} of its session began, which stands before it`;
      if (before === undefined || before.invoked < operation.invoked) latest.set(operation.client, operation);
    }
    return undefined;
  }
}

const seenBy = (does: Access | undefined): string | undefined => (does?.type === "read" ? does.value : does?.type === "cas" ? does.expected : undefined);
const valueOf = (does: Access | undefined): string | undefined => (does?.type === "write" || does?.type === "cas" ? does.value : undefined);

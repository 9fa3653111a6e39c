/**
 * What the guarantees share that oblige a session through a write of another one: who has seen a write must from then on see
 * what its writer was obliged to when it wrote. With values that are written twice, only what is certain counts.
 */
import type { Operation } from "./history.ts";
import type { Model } from "./models/model.ts";
import { Origins, type Sight } from "./origins.ts";
import { eventsOf, type Guarantee, type Mark, unwritten } from "./session.ts";
import type { Verdict } from "./verdict.ts";
import { count, Words } from "./words.ts";

/** The marks that a session has set on a part, each newer than the one before. */
interface Setting {
  /** When it was set: a position in the history. */
  readonly at: number;
  readonly mark: Mark;
}

export interface PassedOn {
  readonly sight: Sight;
  readonly mark: Mark;
  /** The write that obliges, and who saw it. */
  readonly through: Operation;
  readonly seenBy: Operation;
}

/** A guarantee whose marks are passed on with writes. */
export interface PassedGuarantee extends Pick<Guarantee, "name" | "marks"> {
  tell(breach: PassedOn, words: Words): string;
}

export function judgePassedOn(operations: readonly Operation[], model: Model, guarantee: PassedGuarantee): Verdict {
  const words = new Words(operations);
  const base = { consistency: guarantee.name, model: model.name, algorithm: "scan of sessions", operations: operations.length, explored: operations.length };
  const fail = (culprit: Operation, detail: string, involved: readonly Operation[]): Verdict => {
    const failure = { key: culprit.key, operations: involved.map(({ index }) => index), event: culprit.returnEvent, time: words.timed ? culprit.returnedAt : 0 };
    return { ...base, verdict: "fail", detail, failure };
  };
  const breach = new Sweep(operations, model, guarantee).firstBreach();
  if (breach === undefined) {
    const sessions = new Set(operations.map(({ client }) => client)).size;
    return { ...base, verdict: "pass", detail: `${count(operations.length, "operation")} in ${count(sessions, "session")} keep the order in which sessions wrote` };
  }
  if (!("mark" in breach)) return fail(breach.operation, `${words.did(breach.operation)}${unwritten(breach.operation)}`, [breach.operation]);
  const { sight, mark, through, seenBy } = breach;
  const involved = [mark.operation, through, seenBy, sight.operation];
  return fail(sight.operation, guarantee.tell(breach, words), [...new Set(involved)]);
}

interface Duty {
  readonly mark: Mark;
  readonly through: Operation;
  readonly seenBy: Operation;
}

class Sweep {
  readonly #operations: readonly Operation[];
  readonly #model: Model;
  readonly #guarantee: PassedGuarantee;
  readonly #origins: Origins;
  /** By session and part. */
  readonly #settings = new Map<string, Setting[]>();
  /** By session: of each other one, the newest write that it has seen, and by what. */
  readonly #heard = new Map<string, Map<string, { readonly through: Operation; readonly seenBy: Operation }>>();

  constructor(operations: readonly Operation[], model: Model, guarantee: PassedGuarantee) {
    this.#operations = operations;
    this.#model = model;
    this.#guarantee = guarantee;
    this.#origins = new Origins(operations, model);
  }

  /** The first read that is older than a duty of its session, or that saw what nobody wrote. */
  firstBreach(): PassedOn | Sight | undefined {
    const atInvocation = new Map<Operation, Duty | undefined>();
    for (const { operation, returns } of eventsOf(this.#operations)) {
      if (!returns) {
        atInvocation.set(operation, this.#dutyOf(operation));
        continue;
      }
      const sight = this.#origins.seen(operation);
      const duty = atInvocation.get(operation);
      atInvocation.delete(operation);
      if (sight !== undefined && sight.age === undefined) return sight;
      if (sight !== undefined && duty !== undefined && sight.age!.returned < duty.mark.invoked) return { sight, ...duty };
      this.#setMark(operation);
      if (sight !== undefined) this.#hear(sight);
    }
    return undefined;
  }

  /** The newest that whoever wrote what this session has seen was obliged to. */
  #dutyOf(operation: Operation): Duty | undefined {
    const part = this.#model.part(operation);
    let duty: Duty | undefined;
    for (const [writer, { through, seenBy }] of this.#heard.get(operation.client) ?? []) {
      const mark = this.#markAt(`${writer}\u0000${part}`, through.invoked);
      if (mark !== undefined && mark.invoked > (duty?.mark.invoked ?? -Infinity)) duty = { mark, through, seenBy };
    }
    return duty;
  }

  #markAt(place: string, by: number): Mark | undefined {
    const settings = this.#settings.get(place) ?? [];
    let low = 0;
    let high = settings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (settings[middle]!.at < by) low = middle + 1;
      else high = middle;
    }
    return settings[low - 1]?.mark;
  }

  #setMark(operation: Operation): void {
    const mark = this.#guarantee.marks(operation, this.#origins);
    if (mark === undefined) return;
    const place = `${operation.client}\u0000${this.#model.part(operation)}`;
    const settings = this.#settings.get(place) ?? [];
    this.#settings.set(place, settings);
    if (mark.invoked > (settings.at(-1)?.mark.invoked ?? -Infinity)) settings.push({ at: operation.returned, mark });
  }

  #hear(sight: Sight): void {
    const through = this.#origins.writerOf(sight);
    if (through === undefined) return;
    const { client } = sight.operation;
    const heard = this.#heard.get(client) ?? new Map<string, { readonly through: Operation; readonly seenBy: Operation }>();
    this.#heard.set(client, heard);
    if (through.invoked > (heard.get(through.client)?.through.invoked ?? -Infinity)) heard.set(through.client, { through, seenBy: sight.operation });
  }
}

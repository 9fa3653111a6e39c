/** Why a register's operation cannot be explained, where a sentence can say it. Each function is one kind of reason. */
import type { Operation } from "./history.ts";
import { type Access, type Refutation, valueText } from "./models/model.ts";
import { type Words, shown } from "./words.ts";

/** An operation of the part, with what it did. */
interface Deed {
  readonly operation: Operation;
  readonly does: Access;
}

/** What a reason may look at. */
interface Case {
  readonly culprit: Deed;
  /** The value that the culprit saw, or did not see. */
  readonly value: string;
  readonly deeds: readonly Deed[];
  /** Who may have written that value. */
  readonly writers: readonly Deed[];
  /** Whether the value was there only once: written once, or there at first and never written. */
  readonly once: boolean;
  readonly initial: boolean;
  readonly words: Words;
}

type AccessOf = (operation: Operation) => Access | undefined;

export function refuteRegister(until: readonly Operation[], culprit: Operation, access: AccessOf, first: string, words: Words): Refutation | undefined {
  const does = access(culprit);
  if (does === undefined || does.type === "write") return undefined;
  const deeds = until.flatMap((operation) => {
    const deed = access(operation);
    return deed === undefined ? [] : [{ operation, does: deed }];
  });
  const value = does.type === "read" ? does.value : does.expected;
  const writers = deeds.filter((deed) => deed.operation !== culprit && writes(deed) === value);
  const initial = value === first;
  const found: Case = { culprit: { operation: culprit, does }, value, deeds, writers, once: writers.length === (initial ? 0 : 1), initial, words };
  if (does.type === "mismatch") return stillThere(found);
  return neverWritten(found) ?? replaced(found) ?? taken(found) ?? seenBetween(found) ?? crossed(found);
}

function neverWritten({ culprit: { operation }, writers, initial, words, value }: Case): Refutation | undefined {
  if (initial || writers.length > 0) return undefined;
  const what = operation.f === "cas" ? `, although nobody had written ${shownText(operation, value)}` : ", which nobody had written";
  return { detail: `${words.did(operation)}${what}`, operations: [operation] };
}

/** Another value was there after all writes of this one, and before the culprit began. */
function replaced({ culprit: { operation }, value, deeds, writers, words }: Case): Refutation | undefined {
  const lastWritten = writers.reduce((last, { operation: { returned } }) => Math.max(last, returned), -Infinity);
  const others = deeds.filter((deed) => isThere(deed) && leaves(deed) !== value && deed.operation.invoked > lastWritten && deed.operation.returned < operation.invoked);
  const other = earliest(others.filter((deed) => deed.does.type !== "read")) ?? earliest(others);
  if (other === undefined) return undefined;
  const detail = `${words.did(operation)}, after ${words.hadDone(other)} and nobody wrote ${shownText(operation, value)} since`;
  return { detail, operations: [...writers.map((deed) => deed.operation), other, operation] };
}

/** Two comparisons found the same value, which was there only once, and put others in its place. */
function taken({ culprit: { operation, does }, value, deeds, once, writers, words }: Case): Refutation | undefined {
  if (!once || does.type !== "cas") return undefined;
  const rival = deeds.find((deed) => deed.operation !== operation && deed.operation.outcome === "ok" && deed.does.type === "cas" && deed.does.expected === value);
  if (rival === undefined) return undefined;
  const detail = `${words.did(operation)}, although another cas found ${shownText(operation, value)} too, which was there only once: ${words.hadDone(rival.operation)}`;
  return { detail, operations: [...writers.map((deed) => deed.operation), rival.operation, operation] };
}

/** The value was seen, then another, and now it is back, though it was written only once. */
function seenBetween({ culprit: { operation }, value, deeds, writers, once, words }: Case): Refutation | undefined {
  if (!once) return undefined;
  const before = earliest(deeds.filter((deed) => deed.operation.returned < operation.invoked && sees(deed) === value));
  if (before === undefined) return undefined;
  const between = earliest(deeds.filter((deed) => isThere(deed) && leaves(deed) !== value && deed.operation.invoked > before.returned && deed.operation.returned < operation.invoked));
  if (between === undefined) return undefined;
  const detail = `${words.did(operation)}, after ${words.hadDone(between)}, although ${shownText(operation, value)} was there before that and was written only once: ${words.hadDone(before)}`;
  return { detail, operations: [...writers.map((deed) => deed.operation), before, between, operation] };
}

/** Two values, each there only once, of which each was there before the other. */
function crossed({ culprit: { operation }, value, deeds, once, words }: Case): Refutation | undefined {
  if (!once) return undefined;
  const own = deeds.filter((deed) => isThere(deed) && leaves(deed) === value);
  const others = deeds.filter((deed) => isThere(deed) && leaves(deed) !== value);
  for (const earlier of others) {
    if (earlier.operation.returned >= operation.invoked) continue;
    const other = leaves(earlier);
    if (deeds.filter((deed) => writes(deed) === other).length !== 1) continue;
    for (const later of others) {
      if (leaves(later) !== other) continue;
      const mine = own.find((deed) => deed.operation.returned < later.operation.invoked);
      if (mine === undefined) continue;
      const detail = `${words.did(operation)}, after ${words.hadDone(earlier.operation)}, but ${words.hadDone(later.operation)}, after ${words.hadDone(mine.operation)}: each value was there before the other`;
      return { detail, operations: [mine.operation, later.operation, earlier.operation, operation] };
    }
  }
  return undefined;
}

/** A comparison did not find a value that nothing can have replaced. */
function stillThere({ culprit: { operation }, value, deeds, initial, words }: Case): Refutation | undefined {
  const replacers = deeds.filter((deed) => deed.operation !== operation && (writes(deed) ?? value) !== value);
  if (initial && replacers.length === 0) {
    return { detail: `${words.did(operation)}, although nothing else had been written`, operations: [operation] };
  }
  const lastReplaced = replacers.reduce((last, deed) => Math.max(last, deed.operation.returned), -Infinity);
  const there = earliest(deeds.filter((deed) => isThere(deed) && leaves(deed) === value && deed.operation.invoked > lastReplaced && deed.operation.returned < operation.invoked));
  if (there === undefined) return undefined;
  return { detail: `${words.did(operation)}, after ${words.hadDone(there)} and nobody wrote another value since`, operations: [there, operation] };
}

/** The operation is known to have happened. */
function isThere({ operation, does }: Deed): boolean {
  return operation.outcome === "ok" && does.type !== "mismatch";
}

/** The value that was there right after a deed. */
function leaves({ does }: Deed): string | undefined {
  return does.type === "mismatch" ? undefined : does.value;
}

/** The value that a deed may have written. */
function writes({ does }: Deed): string | undefined {
  return does.type === "write" || does.type === "cas" ? does.value : undefined;
}

/** The value that a deed is known to have found. */
function sees({ operation, does }: Deed): string | undefined {
  if (operation.outcome !== "ok") return undefined;
  return does.type === "read" ? does.value : does.type === "cas" ? does.expected : undefined;
}

function earliest(deeds: readonly Deed[]): Operation | undefined {
  return deeds.reduce<Operation | undefined>((first, { operation }) => (first === undefined || operation.returned < first.returned ? operation : first), undefined);
}

/** The value as people read it: what the culprit saw has the text `value`. */
function shownText(operation: Operation, value: string): string {
  const candidates = [operation.output, ...(Array.isArray(operation.input) ? operation.input : [])] as unknown[];
  return shown(candidates.find((candidate) => valueText(candidate) === value));
}

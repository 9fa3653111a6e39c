/** What a model is: the sequential specification that gives a history's operations their meaning. */
import type { FastWay } from "../fast/way.ts";
import type { Operation } from "../history.ts";
import type { Words } from "../words.ts";

/** What an operation does to a register: how sessions, zones and sentences see it. Values are texts, see {@link valueText}. */
export type Access =
  | { readonly type: "read"; readonly value: string }
  | { readonly type: "write"; readonly value: string }
  /** Found `expected` and wrote `value`. */
  | { readonly type: "cas"; readonly expected: string; readonly value: string }
  /** Found something else than `expected`. */
  | { readonly type: "mismatch"; readonly expected: string };

/** A sequential specification. */
export interface Model {
  readonly name: string;
  readonly summary: string;
  /** The names of its operations. */
  readonly functions: readonly string[];
  /** True where operations of other names are its own, too. */
  readonly anyFunction?: boolean;
  /** Operations of different parts do not constrain each other, so that each part is judged alone. */
  part(operation: Operation): string;
  /** What is wrong with an operation's shape, in words; undefined where nothing is. */
  misfit(operation: Operation): string | undefined;
  /** The specification of one part, which may know all operations of it. */
  specify(part: readonly Operation[]): Specification<any, any>;
  /** A way to decide a part without a search, where there is one. */
  readonly fast?: FastWay;
  /** For models whose parts are registers; undefined for an operation that neither saw nor changed anything. */
  access?(operation: Operation): Access | undefined;
  /** For models whose parts are registers: the text of the value before the first write. */
  readonly initial?: string;
  /**
   * Why the culprit cannot be explained, in one sentence, where it can be said simply. `until` are the operations of its
   * part that were invoked before it returned.
   */
  refute?(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined;
  /** What holds the operations of a part together; where it is not said, what changes the state must stay. */
  ties?(part: readonly Operation[]): Ties;
}

/**
 * What must not be torn apart when a history is made smaller: what remains of a history that has a legal order must have
 * one. So whoever saw something leaves with whoever made it, and what others went by unseen must stay.
 */
export interface Ties {
  /** What an operation brings about. Nothing: it may leave alone. Undefined: it must stay. */
  makes(operation: Operation): readonly string[] | undefined;
  /** What it saw, so that it leaves with whoever made one of these. Undefined: it leaves with whoever made anything. */
  needs(operation: Operation): readonly string[] | undefined;
}

/** One sentence, and the operations that it speaks of, the culprit last. */
export interface Refutation {
  readonly detail: string;
  readonly operations: readonly Operation[];
}

/**
 * One part's specification. An *act* is an operation with its result, with everything taken out that cannot matter in
 * this part, so that operations which cannot be told apart are equal.
 */
export interface Specification<State, Act> {
  readonly initial: State;
  /** Undefined where the operation constrains nothing and may be left out of the search. */
  act(operation: Operation): Act | undefined;
  /** The state after an act; undefined where it cannot happen in this state with this result. */
  step(state: State, act: Act): State | undefined;
  /** Equal states, and no others, have equal texts. */
  stateText(state: State): string;
  /** Equal acts, and no others, have equal texts. */
  actText(act: Act): string;
  /** Whether the act leaves *every* state as it is. One that leaves only some states as they are is not pure. */
  pure(act: Act): boolean;
  /**
   * Looking ahead (optional): the need that an act has, as a text: it cannot happen in a state that does not reach it. A
   * state that does not reach a need of an operation still to come, when nothing is left that gives it, is hopeless.
   */
  need?(act: Act): string | undefined;
  /** The needs (others may be among them) that are perhaps reached after the act though they were not before it. */
  gives?(act: Act, needs: Needs): readonly string[];
  /** The needs (others may be among them) that may yet be met from this state without an act that gives them. */
  reaches?(state: State, needs: Needs): readonly string[];
  /** Whether the act leads to one and the same state from every state (optional; false is always right). */
  constant?(act: Act): boolean;
  /** Whether, from every state that `weak` changes, `strong` leads to the same state (optional; false is always right). */
  yields?(weak: Act, strong: Act): boolean;
}

/** The needs of a part, as the keys of a map. */
export type Needs = ReadonlyMap<string, number>;

/** A value as a text: equal values, and no others, have equal texts. Never empty. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return `"${value}`;
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (isRecord(inner) ? sorted(inner) : inner));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(record).sort().map((key) => [key, record[key]]));
}

/** Models of objects with one plain state: a rule for each operation, and everything else follows from it. */
import type { FastWay } from "../fast/way.ts";
import type { Operation } from "../history.ts";
import { type Model, type Specification, type Ties, valueText } from "./model.ts";

/** An operation without who did it and when. */
export interface Call {
  readonly f: string;
  readonly input: unknown;
  /** What it returned; null where that is not known. */
  readonly output: unknown;
  /** Whether it returned at all. */
  readonly known: boolean;
}

/** The state after a call; undefined where it cannot have returned what it did. */
export type Rule<State> = (state: State, call: Call) => State | undefined;

export interface PlainModel<State> {
  readonly name: string;
  readonly summary: string;
  readonly initial: State;
  /** Operations that change the state. */
  readonly changes: { readonly [f: string]: Rule<State> };
  /** Operations that leave every state as it is, and whether they may have returned what they did. */
  readonly looks: { readonly [f: string]: (state: State, call: Call) => boolean };
  /** What is wrong with a call's shape; undefined where nothing is. */
  misfit?(call: Call): string | undefined;
  /** Equal states, and no others, have equal texts. Of any value that JSON can say unless said otherwise. */
  stateText?(state: State): string;
  /**
   * The elements that a call puts in, takes out or sees, where the object behaves towards the others as if these had never
   * been; undefined: of an open call nobody knows. What is said of a change that has none is that it changed nothing.
   */
  elements?(call: Call): readonly unknown[] | undefined;
  readonly fast?: FastWay;
  readonly refute?: Model["refute"];
  /** Whether all keys are one object. Each key is an object of its own unless said otherwise. */
  readonly whole?: boolean;
}

export function plainModel<State>(definition: PlainModel<State>): Model {
  const { name, summary, looks, changes } = definition;
  return {
    name,
    summary,
    functions: [...Object.keys(changes), ...Object.keys(looks)],
    part: (operation) => (definition.whole === true ? "" : operation.key),
    misfit(operation) {
      if (operation.outcome === "mismatch") return `only a cas can fail by a mismatch, not a ${operation.f}`;
      return definition.misfit?.(callOf(operation));
    },
    specify: () => specification(definition),
    ...(definition.refute !== undefined && { refute: definition.refute }),
    ...(definition.fast !== undefined && { fast: definition.fast }),
    ...(definition.elements !== undefined && { ties: () => tiesOf(definition as PlainModel<State> & Required<Pick<PlainModel<State>, "elements">>) }),
  };
}

/** All that has to do with one element leaves together. */
function tiesOf<State>({ looks, elements }: PlainModel<State> & Required<Pick<PlainModel<State>, "elements">>): Ties {
  const of = (operation: Operation): readonly string[] | undefined => elements(callOf(operation))?.map(valueText);
  const isLook = ({ f }: Operation): boolean => Object.hasOwn(looks, f);
  return {
    makes: (operation) => (isLook(operation) ? [] : of(operation)),
    // What never said what it saw or took need not have happened.
    needs: (operation) => (isLook(operation) && operation.outcome === "info" ? [] : (of(operation) ?? [])),
  };
}

function specification<State>({ initial, changes, looks, stateText = valueText }: PlainModel<State>): Specification<State, Call> {
  return {
    initial,
    // What only looked, and never said what it saw, constrains nothing.
    act: (operation) => (operation.outcome === "info" && Object.hasOwn(looks, operation.f) ? undefined : callOf(operation)),
    step(state, call) {
      const look = looks[call.f];
      if (look !== undefined) return look(state, call) ? state : undefined;
      return changes[call.f]!(state, call);
    },
    stateText,
    actText: ({ f, input, output, known }) => valueText([f, input, known, output]),
    pure: ({ f }) => Object.hasOwn(looks, f),
  };
}

function callOf({ f, input, output, outcome }: Operation): Call {
  return { f, input: input ?? null, output: output ?? null, known: outcome === "ok" };
}

/** Whether two values are the same. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || valueText(a) === valueText(b);
}

/** Whether a call may have returned a value: one that never returned may have returned anything. */
export function returns({ known, output }: Call, value: unknown): boolean {
  return !known || same(output, value);
}

/** A model of the user's own: what the operations do to a state, perhaps in more than one way. */
import type { Operation } from "../history.ts";
import { type Model, type Specification, valueText } from "./model.ts";

/**
 * A sequential specification in its simplest form. States are plain data, as JSON can say it, and are never changed in
 * place.
 */
export interface ModelDefinition<State = unknown> {
  readonly name: string;
  readonly summary?: string;
  readonly initial: State;
  /** The names of its operations; any where it does not say. */
  readonly functions?: readonly string[];
  /**
   * Every state that the operation may lead to from this one, given what it returned: none where it cannot have returned
   * that, and several where the specification leaves it open. Of an operation whose outcome is `info`, the result is not
   * known, and it is asked only for what happens if it did take effect.
   */
  next(state: State, operation: Operation): readonly State[];
  /** Operations of different parts do not constrain each other. One for each key unless said otherwise. */
  part?(operation: Operation): string;
  /** Whether an operation leaves *every* state as it is: a read. It saves much searching; false is always right. */
  pure?(operation: Operation): boolean;
  /** True where `next` may return several states. */
  readonly isNondeterministic?: boolean;
}

/** Thrown where a definition cannot be used: one sentence. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** The model of a definition. Throws a {@link ModelError} where it is none. */
export function defineModel<State>(definition: ModelDefinition<State>): Model {
  mustBeModel(definition);
  const { name, summary = "a model of one's own", functions } = definition;
  return {
    name,
    summary,
    functions: functions ?? [],
    anyFunction: functions === undefined,
    part: (operation) => definition.part?.(operation) ?? operation.key,
    misfit: () => undefined,
    specify: () => specification(definition),
  };
}

/** All states in which the object may be: of a specification that leaves nothing open, always one. */
type Possible<State> = readonly State[];

/**
 * The search goes through sets of states, so that each order of operations is looked at once, whichever way it was
 * resolved: the order is legal if any state is left at its end.
 */
function specification<State>(definition: ModelDefinition<State>): Specification<Possible<State>, Operation> {
  const { initial, isNondeterministic = false } = definition;
  const isPure = (operation: Operation): boolean => definition.pure?.(operation) ?? false;
  return {
    initial: [initial],
    act: (operation) => (operation.outcome === "info" && isPure(operation) ? undefined : operation),
    step(states, operation) {
      const after = new Map<string, State>();
      for (const state of states) for (const one of definition.next(state, operation)) after.set(valueText(one), one);
      if (after.size === 0) return undefined;
      if (after.size > 1 && !isNondeterministic) throw new ModelError(`the model ${definition.name} has ${after.size} states after one ${operation.f}, and does not say isNondeterministic: true`);
      return [...after].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
    },
    stateText: (states) => valueText(states),
    actText: ({ f, key, client, input, output, outcome }) => valueText([f, key, client, input ?? null, output ?? null, outcome]),
    // Of several possible states a read rules some out, so that it is no longer pure.
    pure: (operation) => !isNondeterministic && isPure(operation),
  };
}

function mustBeModel(definition: unknown): void {
  const { name, initial, next, functions } = (typeof definition === "object" && definition !== null ? definition : {}) as Partial<ModelDefinition>;
  if (typeof name !== "string" || name === "") throw new ModelError("a model has a name, a text");
  if (initial === undefined) throw new ModelError(`the model ${name} has no initial state`);
  if (typeof next !== "function") throw new ModelError(`the model ${name} has no function next(state, operation)`);
  if (functions !== undefined && !(Array.isArray(functions) && functions.every((f) => typeof f === "string"))) throw new ModelError(`the functions of the model ${name} are not a list of names`);
}

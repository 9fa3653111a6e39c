/** Judges tiny histories by trying every order: slow, plain, and sharing nothing with the checkers that it tests. */
import type { Operation } from "../../sim/check/history.ts";

/** A state and an operation to the next state; undefined where the operation cannot have gone as it went. */
export type Rules<State> = (state: State, operation: Operation) => { readonly state: State } | undefined;

/** A register that holds null at first. */
export const registerRules: Rules<unknown> = (state, { f, input, output, outcome }) => {
  if (f === "read") return outcome === "info" || state === output ? { state } : undefined;
  if (f === "write") return { state: input };
  const [expected, value] = input as [unknown, unknown];
  if (outcome === "mismatch") return state === expected ? undefined : { state };
  if (outcome === "ok") return state === expected ? { state: value } : undefined;
  return { state: state === expected ? value : state };
};

/** A text that is empty at first. */
export const appendRules: Rules<string> = (state, { f, input, output, outcome }) => {
  if (f === "get") return outcome === "info" || state === output ? { state } : undefined;
  return { state: f === "put" ? String(input) : state + String(input) };
};

/** Whether some order of all operations that returned, and of any of the others, keeps real time and follows the rules. */
export function bruteForce<State>(operations: readonly Operation[], initial: State, rules: Rules<State>): boolean {
  const done = new Set<Operation>();
  const search = (state: State): boolean => {
    const left = operations.filter((operation) => !done.has(operation));
    if (left.every(({ outcome }) => outcome === "info")) return true;
    for (const operation of left) {
      if (left.some((other) => other.returned < operation.invoked)) continue;
      const next = rules(state, operation);
      if (next === undefined) continue;
      done.add(operation);
      if (search(next.state)) return true;
      done.delete(operation);
    }
    return false;
  };
  return search(initial);
}

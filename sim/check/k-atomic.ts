/**
 * k-atomicity (Aiyer, Alvisi and Bazzi, “On the availability of non-strict quorum systems”, DISC 2005): one legal order as
 * in linearizability, but that a read may return any of the last k values. It is staleness counted in versions; with k = 1
 * it is linearizability. A comparison that succeeded found the last value.
 */
import type { Operation } from "./history.ts";
import { linearizable } from "./linearizable.ts";
import type { Access, Model, Specification } from "./models/model.ts";
import type { Verdict } from "./verdict.ts";

export function kAtomic(k: number, operations: readonly Operation[], model: Model, budget: number): Verdict {
  return { ...linearizable(operations, withOldReads(model, k), budget), consistency: `kAtomic(${k})`, model: model.name };
}

/** Without what decides registers that are never stale. */
function withOldReads(model: Model, k: number): Model {
  if (k === 1) return model;
  const { name, summary, functions, part, misfit } = model;
  return { name, summary, functions, part: part.bind(model), misfit: misfit.bind(model), specify: (operations) => specification(model, operations, k) };
}

/** The last values, the newest first. */
type Values = readonly string[];

function specification(model: Model, operations: readonly Operation[], k: number): Specification<Values, Access> {
  const access = (operation: Operation): Access | undefined => model.access!(operation);
  const compared = new Set(operations.flatMap((operation) => expectedBy(access(operation))));
  const read = new Set(operations.flatMap((operation) => seenBy(access(operation))));
  // What nobody looks at cannot be told apart.
  const shown = (value: string): string => (compared.has(value) || read.has(value) ? value : "");
  return {
    initial: [shown(model.initial!)],
    act(operation) {
      const does = access(operation);
      return does?.type === "write" || does?.type === "cas" ? { ...does, value: shown(does.value) } : does;
    },
    step(values, act) {
      if (act.type === "read") return values.includes(act.value) ? values : undefined;
      if (act.type === "mismatch") return values[0] === act.expected ? undefined : values;
      if (act.type === "cas" && values[0] !== act.expected) return undefined;
      return [act.value, ...values].slice(0, k);
    },
    stateText: (values) => values.join("\u0000"),
    actText: (act) => `${act.type}\u0000${act.type === "read" || act.type === "write" ? "" : act.expected}\u0000${act.type === "mismatch" ? "" : act.value}`,
    pure: (act) => act.type === "read" || act.type === "mismatch",
  };
}

function expectedBy(does: Access | undefined): string[] {
  return does?.type === "cas" || does?.type === "mismatch" ? [does.expected] : [];
}

function seenBy(does: Access | undefined): string[] {
  return does?.type === "read" ? [does.value] : [];
}

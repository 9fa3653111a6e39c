/**
 * One lattice of levels: which implies which, for histories of one model. The transactional chain is that of Biswas and Enea
 * (OOPSLA 2019, section 2), the levels of objects follow Viotti and Vukolić (“Consistency in non-transactional distributed
 * storage systems”, ACM Computing Surveys 49(1), 2016) and Bouajjani et al. (POPL 2017) for the meanings of causal; the map of
 * Jepsen joins the two. What is written here is tested on generated histories: none passes a level and fails one below it.
 *
 * Left out on purpose: session guarantees are judged here by what had completed in real time (see session.ts), which a legal
 * order of sessions alone need not keep, so that only linearizability implies them all.
 */
import type { VerdictKind } from "./verdict.ts";

/** From a level to those right below it. */
export const implied: { readonly [level: string]: readonly string[] } = {
  strictSerializable: ["serializable", "linearizable"],
  serializable: ["snapshotIsolation", "sequential"],
  snapshotIsolation: ["prefixConsistent"],
  prefixConsistent: ["transactionalCausal"],
  transactionalCausal: ["readAtomic", "causalConvergence"],
  readAtomic: ["readCommitted"],
  readCommitted: [],
  linearizable: ["sequential", "kAtomic(2)", "boundedStaleness(1s)", "readYourWrites", "monotonicReads", "monotonicWrites", "writesFollowReads"],
  sequential: ["causalMemory", "causalConvergence"],
  causalMemory: ["causal", "pram"],
  causalConvergence: ["causal"],
  causal: [],
  pram: [],
  "kAtomic(2)": [],
  "boundedStaleness(1s)": [],
  readYourWrites: [],
  monotonicReads: [],
  monotonicWrites: [],
  writesFollowReads: [],
};

/** Whether every history that has the one has the other, as far as the lattice says; every level implies itself. */
export function implies(stronger: string, weaker: string): boolean {
  return stronger === weaker || (implied[stronger] ?? []).some((level) => implies(level, weaker));
}

/** Where a history stands among the levels that were asked. */
export interface Place {
  /** Those that hold and that no other which holds implies. */
  readonly strongest: readonly string[];
  /** Those that do not hold and that imply no other which does not. */
  readonly weakest: readonly string[];
  /** Those that nobody knows of, because the budget ended, the level does not fit, or the history is too long to ask. */
  readonly undecided: readonly string[];
}

/**
 * Asks for the levels, the strongest first, and for none whose answer follows from another one. `known`: what has been
 * answered already; `ask` may say unknown.
 */
export function place(levels: readonly string[], known: ReadonlyMap<string, VerdictKind>, ask: (level: string) => VerdictKind): Place {
  const answers = new Map(known);
  const follows = (level: string): VerdictKind | undefined => {
    for (const [other, answer] of answers) {
      if (answer === "pass" && implies(other, level)) return "pass";
      if (answer === "fail" && implies(level, other)) return "fail";
    }
    return answers.get(level);
  };
  for (const level of [...levels].sort((a, b) => below(b, levels) - below(a, levels))) {
    if (follows(level) === undefined) answers.set(level, ask(level));
  }
  const all = [...new Set([...levels, ...known.keys()])];
  const having = (kind: VerdictKind): string[] => all.filter((level) => follows(level) === kind);
  const [held, broken] = [having("pass"), having("fail")];
  return {
    strongest: held.filter((level) => !held.some((other) => other !== level && implies(other, level))),
    weakest: broken.filter((level) => !broken.some((other) => other !== level && implies(level, other))),
    undecided: having("unknown"),
  };
}

/** How many it implies. */
function below(level: string, levels: readonly string[]): number {
  return levels.filter((other) => implies(level, other)).length;
}

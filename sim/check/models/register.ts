/** One register, or one for each key: `read` and `write`. Everything register-like is built from the parts in this file. */
import type { Operation } from "../history.ts";
import { refuteRegister } from "../refute-register.ts";
import type { Words } from "../words.ts";
import { zonesOf } from "../zones.ts";
import { type Access, type Model, type Refutation, type Specification, type Ties, valueText } from "./model.ts";

/** Every register starts as null. */
const NULL = "null";

/** Stands for all values that no operation of the part looks at: they cannot be told apart. No value's text is empty. */
const OTHER = "";

export const register: Model = registerModel("register", "a register (one for each key): read, write", ["read", "write"]);

/** A model whose parts are registers, with some of the operations `read`, `write` and `cas`. */
export function registerModel(name: string, summary: string, functions: readonly string[]): Model {
  return { name, summary, functions, part: (operation) => operation.key, misfit, specify: registerSpecification, fast: zonesOf({ access, initial: NULL }), access, initial: NULL, refute, ties: () => ties };
}

/** A write leaves with those who saw its value; and a comparison that was false may have met any of them. */
const ties: Ties = {
  makes(operation) {
    const does = access(operation);
    return does?.type === "write" || does?.type === "cas" ? [does.value] : [];
  },
  needs(operation) {
    const does = access(operation);
    if (does?.type === "mismatch") return undefined;
    return does?.type === "read" ? [does.value] : does?.type === "cas" ? [does.expected] : [];
  },
};

function refute(until: readonly Operation[], culprit: Operation, words: Words): Refutation | undefined {
  return refuteRegister(until, culprit, access, NULL, words);
}

function misfit(operation: Operation): string | undefined {
  if (operation.f === "cas" && !(Array.isArray(operation.input) && operation.input.length === 2)) return "cas takes the value [expected, new]";
  if (operation.f !== "cas" && operation.outcome === "mismatch") return `only a cas can fail by a mismatch, not a ${operation.f}`;
  return undefined;
}

/** An open read saw nothing that we know; a cas from a value to itself is a read of it, and changes nothing where it is open. */
function access(operation: Operation): Access | undefined {
  const known = operation.outcome === "ok";
  if (operation.f === "read") return known ? { type: "read", value: valueText(operation.output) } : undefined;
  if (operation.f === "write") return { type: "write", value: valueText(operation.input) };
  const [before, after] = operation.input as readonly [unknown, unknown];
  const expected = valueText(before);
  const value = valueText(after);
  if (operation.outcome === "mismatch") return { type: "mismatch", expected };
  if (expected !== value) return { type: "cas", expected, value };
  return known ? { type: "read", value } : undefined;
}

/** What matters about the values of one register. */
interface Values {
  /** Values that some operation which is kept looks at. All others behave alike. */
  readonly seen: ReadonlySet<string>;
  /** Values that must have been there: what returned saw them, or what saw them must have happened. */
  readonly needed: ReadonlySet<string>;
  /**
   * Whether a comparison did not find a value that is certainly there at some time (the first, one that was written for
   * certain, a needed one), so that an open write may be what displaced it.
   */
  readonly displaced: boolean;
}

function valuesOf(part: readonly Operation[]): Values {
  const needed = new Set<string>();
  const seen = new Set<string>();
  const firm = new Set<string>([NULL]);
  const absent: string[] = [];
  const openCas: { readonly expected: string; readonly value: string }[] = [];
  for (const operation of part) {
    const does = access(operation);
    if (does === undefined) continue;
    const known = operation.outcome !== "info";
    if (does.type === "read") needed.add(does.value);
    if (does.type === "mismatch") absent.push(does.expected);
    if (does.type === "cas" && known) needed.add(does.expected);
    if (does.type === "cas" && !known) openCas.push(does);
    if (does.type !== "write") seen.add(does.type === "read" ? does.value : does.expected);
    if (known && (does.type === "write" || does.type === "cas")) firm.add(does.value);
  }
  for (let grown = -1; grown < needed.size; ) {
    grown = needed.size;
    for (const cas of openCas) if (needed.has(cas.value)) needed.add(cas.expected);
  }
  for (const value of needed) firm.add(value);
  const displaced = absent.some((value) => firm.has(value));
  return { seen: displaced ? seen : needed, needed, displaced };
}

/**
 * Leaves out what cannot matter: an open operation whose value nobody needs can only help by displacing a value that a
 * comparison did not find. Where no comparison missed a firm value, neither those operations nor the comparisons
 * constrain anything: take the others' order, and let the open ones never happen.
 */
function registerSpecification(part: readonly Operation[]): Specification<string, Access> {
  const { seen, needed, displaced } = valuesOf(part);
  const writable = new Set<string>([NULL]);
  for (const operation of part) {
    const does = access(operation);
    if (does?.type === "write" || does?.type === "cas") writable.add(does.value);
  }
  const shown = (value: string): string => (seen.has(value) ? value : OTHER);

  return {
    initial: shown(NULL),
    act(operation) {
      const does = access(operation);
      if (does === undefined || does.type === "read") return does;
      if (does.type === "mismatch") return displaced && writable.has(does.expected) ? does : undefined;
      if (operation.outcome === "info" && !displaced && !needed.has(does.value)) return undefined;
      return { ...does, value: shown(does.value) };
    },
    step,
    stateText: (state) => state,
    actText: (act) => `${act.type}\u0000${act.type === "read" || act.type === "write" ? "" : act.expected}\u0000${act.type === "mismatch" ? "" : act.value}`,
    pure: (act) => act.type === "read" || act.type === "mismatch",
    need: (act) => (act.type === "read" ? act.value : act.type === "cas" ? act.expected : undefined),
    gives: (act) => (act.type === "write" || act.type === "cas" ? [act.value] : []),
    reaches: (state) => [state],
    constant: (act) => act.type === "write",
    yields: (weak, strong) => weak.type === "cas" && strong.type === "write" && weak.value === strong.value,
  };
}

function step(state: string, act: Access): string | undefined {
  if (act.type === "write") return act.value;
  if (act.type === "read") return state === act.value ? state : undefined;
  if (act.type === "mismatch") return state !== act.expected ? state : undefined;
  return state === act.expected ? act.value : undefined;
}

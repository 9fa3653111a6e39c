/** One register that is atomic by construction, seen by clients through a slow network and a time of trouble. */
import type { Operation } from "../../sim/check/history.ts";

export interface Simulation {
  readonly seed: number;
  readonly operations: number;
  /** Per second, all clients together. */
  readonly rate: number;
  readonly clients: number;
  /** Mean, each way, in seconds. */
  readonly latency: number;
  /** From and until, in seconds: what is invoked then is not answered, and takes effect only afterwards, if ever. */
  readonly trouble: readonly [number, number];
  /** The share of what is invoked in the trouble that takes effect after it. */
  readonly effect: number;
  /** The share of compare-and-set; the rest is reads and writes alike. */
  readonly cas: number;
  /** The share of compare-and-set that guesses a recent value, rather than what its client knew last. */
  readonly guess: number;
  /** How many values there are; undefined: each is written once. */
  readonly values?: number;
}

const TIMEOUT = 1;

type Draft = { -readonly [Field in keyof Operation]: Operation[Field] } & { value: number; applied: boolean; found: unknown };

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly kind: "invoke" | "apply" | "return";
  readonly draft: Draft;
}

/** The history that the clients saw: always linearizable. */
export function simulate(simulation: Simulation): Operation[] {
  const chance = generator(simulation.seed);
  const happenings = schedule(simulation, chance).sort((a, b) => a.at - b.at || a.order - b.order);
  const known = new Map<string, unknown>();
  const recent: unknown[] = [null];
  let state: unknown = null;
  let position = 0;
  for (const { kind, at, draft } of happenings) {
    if (kind === "apply") state = apply(draft, state);
    if (kind === "invoke") {
      draft.invoked = position++;
      draft.input = inputOf(draft, chance() < simulation.guess ? recent[Math.floor(chance() * recent.length)] : (known.get(draft.client) ?? null));
      if (draft.f !== "read") recent.push(draft.value);
      if (recent.length > 20) recent.shift();
    }
    if (kind === "return" && draft.applied) {
      draft.returned = position++;
      draft.returnedAt = Math.round(at * 1e9);
      draft.outcome = draft.f === "cas" && draft.found !== (draft.input as unknown[])[0] ? "mismatch" : "ok";
      if (draft.f === "read") draft.output = draft.found;
      if (draft.outcome === "ok") known.set(draft.client, draft.f === "read" ? draft.output : draft.value);
    }
  }
  const drafts = happenings.filter(({ kind }) => kind === "invoke").map(({ draft }) => draft);
  return drafts.map(({ value: _, applied: __, found: ___, ...operation }, index) => ({ ...operation, index }));
}

function schedule({ operations, rate, clients, latency, trouble: [from, until], effect, cas, values }: Simulation, chance: () => number): Happening[] {
  const delay = (mean: number): number => -Math.log(1 - chance()) * mean;
  const happenings: Happening[] = [];
  let at = 0;
  for (let number = 0; number < operations; number++) {
    at += delay(1 / rate);
    const kind = chance();
    const f = kind < cas ? "cas" : kind < cas + (1 - cas) / 2 ? "write" : "read";
    const value = values === undefined ? number + 1 : 1 + Math.floor(chance() * values);
    const draft: Draft = {
      ...{ index: 0, process: number, client: `c${1 + Math.floor(chance() * clients)}`, f, key: "k1", input: null, output: null, outcome: "info", invoked: 0, returned: Infinity },
      ...{ invokedAt: Math.round(at * 1e9), returnedAt: Infinity, invokeEvent: -1, returnEvent: -1, value, applied: false, found: null },
    };
    const add = (kindOf: Happening["kind"], when: number): number => happenings.push({ at: when, order: happenings.length, kind: kindOf, draft });
    add("invoke", at);
    const troubled = at >= from && at < until;
    const applied = (troubled ? until + delay(10 * latency) : at) + delay(latency);
    if (!troubled || chance() < effect) add("apply", applied);
    const returned = applied + delay(latency);
    if (returned - at < TIMEOUT) add("return", returned);
  }
  return happenings;
}

function inputOf({ f, value }: Draft, expected: unknown): unknown {
  return f === "read" ? null : f === "write" ? value : [expected, value];
}

function apply(draft: Draft, state: unknown): unknown {
  draft.applied = true;
  draft.found = state;
  if (draft.f === "read") return state;
  return draft.f === "write" || state === (draft.input as unknown[])[0] ? draft.value : state;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

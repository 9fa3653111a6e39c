/**
 * Levels of isolation on many transactions: how long they take, and the counts behind it, which do not depend on the
 * machine. The histories are of stores that keep the level, so that everything has to be looked at.
 */
import { check, type HistoryEvent, isolationLevels, operationsOf } from "../../sim/check/index.ts";

export interface TransactionHistory {
  readonly transactions: number;
  readonly sessions: number;
  readonly keys: number;
  readonly steps: number;
  /** How many transactions are open together at most; by them the snapshots are old. */
  readonly open: number;
}

/** Steps of a linear congruential generator: the same history everywhere. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** As a serializable store gives them: each transaction takes place at its end, and reads what is there then. */
export function registerTransactions({ transactions, sessions, keys, steps, open }: TransactionHistory): HistoryEvent[] {
  const draw = draws(7);
  const values = new Array<number | null>(keys).fill(null);
  const history: HistoryEvent[] = [];
  const waiting: { readonly session: number; readonly plan: [string, string, number | null][] }[] = [];
  const idle = Array.from({ length: sessions }, (_, session) => session);
  let written = 0;
  const event = (session: number, type: HistoryEvent["type"], value: unknown): void => {
    history.push({ process: session, client: `c${session}`, type, f: "txn", key: "", value, time: history.length * 1000 });
  };
  const end = (): void => {
    const [{ session, plan }] = waiting.splice(draw(waiting.length), 1) as [(typeof waiting)[number]];
    for (const step of plan) {
      const key = Number(step[1].slice(1));
      if (step[0] === "w") values[key] = step[2];
      else step[2] = values[key]!;
    }
    event(session, "ok", plan);
    idle.push(session);
  };
  for (let t = 0; t < transactions; t++) {
    while (waiting.length >= Math.min(open, sessions)) end();
    const session = idle.splice(draw(idle.length), 1)[0]!;
    const plan = Array.from({ length: steps }, (): [string, string, number | null] => {
      const reads = draw(2) === 0;
      return [reads ? "r" : "w", `k${draw(keys)}`, reads ? null : ++written];
    });
    event(session, "invoke", plan.map(([f, key, value]) => [f, key, f === "r" ? null : value]));
    waiting.push({ session, plan });
  }
  while (waiting.length > 0) end();
  return history;
}

/** One of single operations: the same, each of one step. */
export function registerOperations(operations: number, sessions: number, keys: number): HistoryEvent[] {
  return registerTransactions({ transactions: operations, sessions, keys, steps: 1, open: sessions }).map((event): HistoryEvent => {
    const [[f, key, value]] = event.value as [[string, string, unknown]];
    return { ...event, f: f === "w" ? "write" : "read", key, value: f === "w" && event.type === "ok" ? null : value };
  });
}

export interface Measured {
  readonly level: string;
  readonly verdict: string;
  readonly algorithm: string;
  readonly explored: number;
  /** Of the processor, so that others on the machine do not count. */
  readonly seconds: number;
}

export function* measureLevels(history: readonly HistoryEvent[], names: readonly string[] = Object.keys(isolationLevels).toReversed()): Generator<Measured> {
  for (const consistency of names) yield measured(consistency, () => check(history, { model: "rw-register", consistency }));
}

export function* measureObjects(history: readonly HistoryEvent[], names: readonly string[]): Generator<Measured> {
  const operations = operationsOf(history);
  for (const consistency of names) yield measured(consistency, () => check(operations, { model: "kv", consistency }));
}

function measured(level: string, judge: () => ReturnType<typeof check>): Measured {
  const began = process.cpuUsage();
  const { verdict, algorithm, explored } = judge();
  return { level, verdict, algorithm, explored, seconds: process.cpuUsage(began).user / 1e6 };
}

const OBJECTS = ["causal", "causalConvergence", "pram", "readYourWrites", "monotonicReads", "monotonicWrites", "writesFollowReads"];

/** `npm run bench -- txn [transactions]` */
export function printTransactions(transactions: number, row: (...cells: readonly string[]) => void): void {
  const shape = { transactions, sessions: 20, keys: 1000, steps: 8, open: 10 };
  const print = (all: Iterable<Measured>): void => {
    for (const { level, verdict, explored, seconds, algorithm } of all) row(level, verdict, seconds.toFixed(2), String(explored), `  ${algorithm}`);
  };
  console.log(`${transactions} transactions of ${shape.steps} steps over ${shape.keys} keys in ${shape.sessions} sessions (goal for causal and read atomic on 100,000: 2 s)\n`);
  row("", "verdict", "seconds", "explored");
  print(measureLevels(registerTransactions(shape)));
  console.log(`\n${transactions} operations on 1000 registers in 20 sessions (goal for causal levels on 100,000: 2 s)\n`);
  row("", "verdict", "seconds", "explored");
  print(measureObjects(registerOperations(transactions, 20, 1000), OBJECTS));
}

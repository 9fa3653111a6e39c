/** What came before what by the clock: within each session, and anywhere. Both as few edges as reach everything. */
import { type Graph, SESSION, TIME } from "./graph.ts";
import { OK, type Table } from "./table.ts";

/** From each transaction to the next ones of its session; a session that has several open at once orders those that ended. */
export function connectSessions(graph: Graph, table: Table, happened: Uint8Array): void {
  const recent: number[][] = table.clients.map(() => []);
  for (let t = 0; t < table.size; t++) {
    if (happened[t] === 0) continue;
    const all = recent[table.client(t)]!;
    const ended = all.filter((other) => table.returned(other) < table.invoked(t));
    const from = ended.reduce((latest, other) => Math.max(latest, table.invoked(other)), -1);
    for (const other of ended) if (table.returned(other) > from) graph.add(other, t, SESSION);
    const kept = all.filter((other) => table.returned(other) > from);
    if (table.outcome(t) === OK) kept.push(t);
    recent[table.client(t)] = kept;
  }
}

/** Returns in a row get a node; these are chained, so that every earlier return reaches every later invocation. */
export function connectTime(graph: Graph, table: Table, happened: Uint8Array): void {
  let last = -1;
  for (let t = 0; t < table.size; t++) last = Math.max(last, table.invoked(t), table.outcome(t) === OK ? table.returned(t) : -1);
  const returns = new Int32Array(last + 1).fill(-1);
  for (let t = 0; t < table.size; t++) if (table.outcome(t) === OK) returns[table.returned(t)] = t;
  let [passed, bundle] = [0, -1];
  let waiting: number[] = [];
  for (let t = 0; t < table.size; t++) {
    if (happened[t] === 0) continue;
    for (; passed < table.invoked(t); passed++) if (returns[passed] !== -1) waiting.push(returns[passed]!);
    if (waiting.length > 0) {
      const next = graph.bundle();
      if (bundle !== -1) graph.add(bundle, next, TIME);
      for (const other of waiting) graph.add(other, next, TIME);
      bundle = next;
      waiting = [];
    }
    if (bundle !== -1) graph.add(bundle, t, TIME);
  }
}

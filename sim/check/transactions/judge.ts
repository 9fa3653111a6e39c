/** Verdicts on transactions over lists or registers by their dependency graph. */
import { CheckError } from "../check-error.ts";
import type { HistoryEvent } from "../history.ts";
import type { Reason, Verdict } from "../verdict.ts";
import { type Anomaly, anomalyNames, forbids, graphLevels } from "./anomalies.ts";
import { type Cycle, findCycles, hasNonadjacent } from "./cycles.ts";
import { type Edge, Graph, RW, SESSION, TIME, WR, WW } from "./graph.ts";
import { EVERY_KIND, orderByComponents, tryOrder } from "./legal-order.ts";
import { Lists, type VersionOrders } from "./list-append.ts";
import { type KeyAssumptions, Registers } from "./rw-register.ts";
import { connectSessions, connectTime } from "./time-order.ts";
import type { TransactionModel } from "./transaction.ts";

export const transactionLevels: readonly string[] = graphLevels;

export interface GraphOptions extends KeyAssumptions {
  /** The line of each event in its file, from 1, for messages; else its position counts. */
  readonly lines?: readonly number[] | undefined;
  /** Where the order in which versions were installed is known, by key, as a simulator knows it. */
  readonly versions?: VersionOrders | undefined;
  /** Whether the level keeps the order of each session; `strictSerializable` always does. Adya's levels do not. */
  readonly sessions?: boolean | undefined;
}

/** Levels weaker than snapshot isolation for which the graph alone is no exact judge, and which keep sessions. */
const BELOW_SNAPSHOT = new Set(["readAtomic", "transactionalCausal", "prefixConsistent"]);

/** Levels at which a session may see a key go back. */
const GOES_BACK = new Set(["readCommitted", "readAtomic"]);

/** As {@link judgeByGraph}, of lists. */
export function judgeListAppend(history: Iterable<HistoryEvent>, consistency: string, lines?: readonly number[]): Verdict {
  return judgeByGraph(history, "list-append", consistency, { lines });
}

/**
 * Looks for the anomalies that refute a level. Exact for list-append at `readCommitted` (Adya's PL-2), `serializable` (PL-3)
 * and `strictSerializable`, and at `snapshotIsolation` unless several transactions appended to a key what nobody read; for
 * rw-register where all version orders are given. Else a fail and a pass are right, and `unknown` says that no anomaly is
 * found, or that a register was given one value twice. Throws a {@link CheckError} for another level and a `HistoryError` for a malformed history.
 */
export function judgeByGraph(history: Iterable<HistoryEvent>, model: TransactionModel, consistency: string, options: GraphOptions = {}): Verdict {
  if (!graphLevels.includes(consistency)) throw new CheckError(`${model} is judged by ${graphLevels.join(", ")}, not by ${consistency}`);
  const study = new Study(history, model, consistency, options);
  const given = options.versions === undefined ? "" : ", version order given";
  const common = { consistency, model, algorithm: `dependency graph${given}`, operations: study.size, explored: study.size };
  const worst = study.worst();
  if (worst === undefined) return { ...common, ...study.decide() };
  const { event, time } = study.place(worst.transactions.at(-1)!);
  return {
    ...common,
    verdict: "fail",
    detail: `${worst.name}: ${worst.detail}`,
    anomalies: [...new Set(study.anomalies.map(({ name }) => name))],
    failure: { key: worst.key, operations: worst.transactions, cycle: worst.cycle, event, time },
  };
}

/** What {@link judgeByGraph} finds, in full: a few anomalies of each name, from the worst on. */
export function anomaliesOf(history: Iterable<HistoryEvent>, model: TransactionModel, consistency: string, options: GraphOptions = {}): readonly Anomaly[] {
  return new Study(history, model, consistency, options).anomalies;
}

type Decision = Pick<Verdict, "verdict" | "detail" | "witness">;

/** A history with its graph, and what is wrong with it. */
class Study {
  anomalies: readonly Anomaly[] = [];
  readonly #consistency: string;
  readonly #isStrict: boolean;
  /** Whether the level keeps sessions, and whether the graph has them, so that a pass says so. */
  readonly #sessions: boolean;
  readonly #hasSessions: boolean;
  readonly #data: Lists | Registers;
  #graph: Graph;
  /** Undefined where the graph has cycles. */
  #components: Int32Array | undefined;

  constructor(history: Iterable<HistoryEvent>, model: TransactionModel, consistency: string, options: GraphOptions) {
    this.#consistency = consistency;
    this.#isStrict = consistency === "strictSerializable";
    this.#sessions = options.sessions === true;
    this.#hasSessions = this.#isStrict || this.#sessions || BELOW_SNAPSHOT.has(consistency);
    const { lines, versions, sequentialKeys = this.#isStrict || (this.#sessions && !GOES_BACK.has(consistency)), linearizableKeys = this.#isStrict } = options;
    this.#data = model === "list-append" ? new Lists(history, lines, versions) : new Registers(history, lines, versions, { sequentialKeys, linearizableKeys });
    this.#graph = this.#connected();
    if (!this.#data.values.areUnique) return;
    this.#examine();
    // What follows from atomic visibility comes second: alone it would call a skewed read a circle of versions.
    if (!(this.#data instanceof Registers) || versions !== undefined || this.#data.isComplete || consistency === "readCommitted" || this.worst() !== undefined) return;
    this.#data.infer({ sequentialKeys, linearizableKeys, atomicReads: true });
    this.#graph = this.#connected();
    this.#examine();
  }

  #examine(): void {
    const { of, count } = this.#graph.components(EVERY_KIND);
    this.#components = count === this.#graph.nodes ? of : undefined;
    const cycles = this.#components === undefined ? findCycles(this.#graph).map((cycle) => this.#anomalyOf(cycle)) : [];
    this.anomalies = [...this.#data.anomalies, ...cycles].sort((a, b) => anomalyNames.indexOf(a.name) - anomalyNames.indexOf(b.name));
  }

  get size(): number {
    return this.#data.table.size;
  }

  /** The worst anomaly that the level forbids. */
  worst(): Anomaly | undefined {
    const forbidden = forbids(this.#consistency, this.#sessions);
    return this.anomalies.find(({ name }) => forbidden.has(name));
  }

  place(transaction: number): { readonly event: number; readonly time: number } {
    const { table } = this.#data;
    return { event: table.event(transaction), time: table.time(transaction) };
  }

  /** Where nothing is found that the level forbids. */
  decide(): Decision {
    const { model, values } = this.#data;
    if (!values.areUnique) return { verdict: "unknown", detail: "a value was written to its key twice, so that reads do not say which write they saw" };
    const isSerial = this.#consistency === "serializable" || this.#isStrict;
    // One legal order of whole transactions is one of snapshots, too.
    const isWitness = isSerial || (this.#consistency === "snapshotIsolation" && this.#hasSessions);
    const isKnown = this.#data instanceof Lists || this.#data.isComplete;
    if (this.#consistency === "readCommitted" && isKnown) return { verdict: "pass", detail: "no write cycle, no aborted or intermediate read, and no circular flow of information" };
    const order = this.anomalies.some(({ name }) => name === "internal") ? undefined : this.#legalOrder(isKnown);
    if (order !== undefined) return { verdict: "pass", detail: `${order.length} transactions have a legal order`, ...(isWitness ? { witness: [{ part: "", order }] } : {}) };
    if (!isSerial && this.#consistency !== "readCommitted" && isKnown && this.#isSnapshot()) return { verdict: "pass", detail: "every cycle of dependencies has two anti-dependencies in a row: snapshots explain it" };
    return { verdict: "unknown", detail: `no anomaly of ${model} is found that refutes ${this.#consistency}; that it holds is not shown` };
  }

  /** Where the graph has all dependencies, any order that it allows is legal; else one is tried. */
  #legalOrder(isKnown: boolean): number[] | undefined {
    if (this.#components === undefined) return undefined;
    if (isKnown) return orderByComponents(this.#components, this.#data.happened);
    return this.#data instanceof Registers ? tryOrder(this.#data, this.#graph, this.#components) : undefined;
  }

  /** Appends that nobody read are tried in the order in which they returned; another order might do where this does not. */
  #isSnapshot(): boolean {
    if (this.anomalies.some(({ name }) => forbids("snapshotIsolation").has(name))) return false;
    const { table } = this.#data;
    const isAmbiguous = this.#data instanceof Lists && this.#data.ambiguous;
    const graph = isAmbiguous ? this.#connected((transaction) => table.returned(transaction)) : this.#graph;
    return !hasNonadjacent(graph, this.#hasSessions ? SESSION : 0);
  }

  #connected(rank?: (transaction: number) => number): Graph {
    const { table, happened } = this.#data;
    const graph = new Graph(table.size);
    this.#data.connect(graph, rank);
    if (this.#hasSessions) connectSessions(graph, table, happened);
    if (this.#isStrict) connectTime(graph, table, happened);
    graph.seal();
    return graph;
  }

  #anomalyOf({ name, edges }: Cycle): Anomaly {
    const cycle = edges.map((edge) => this.#reasonOf(edge));
    return { name, key: "", transactions: edges.map(({ from }) => from), detail: inShort(cycle), cycle };
  }

  #reasonOf(edge: Edge): Reason {
    const { from, to, kind } = edge;
    const { table } = this.#data;
    if (kind === SESSION) return { from, to, kind: "session", key: "", why: `T${from} returned before T${to} began in the session of ${table.clients[table.client(to)]}` };
    if (kind === TIME) return { from, to, kind: "realtime", key: "", why: `T${from} returned before T${to} was invoked` };
    return { from, to, kind: KINDS[kind]!, key: this.#data.keyOf(edge.note), why: this.#data.why(edge) };
  }
}

/** The clauses of a cycle; of a long one the first. */
function inShort(cycle: readonly Reason[]): string {
  const shown = cycle.slice(0, CLAUSES).map(({ why }) => why);
  const rest = cycle.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and so on, ${rest} more until T${cycle[0]!.from}`] : [])].join("; ");
}

const CLAUSES = 8;
const KINDS: { readonly [kind: number]: string } = { [WW]: "ww", [WR]: "wr", [RW]: "rw" };

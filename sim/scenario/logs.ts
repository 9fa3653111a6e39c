/** Folds over the event stream that a run's result is made of: the history, and what the faults did. */
import type { HistoryEvent } from "../check/history.ts";
import type { FaultCost } from "../metrics/index.ts";
import type { TraceEvent, TraceSink } from "../trace/event.ts";
import type { FaultResult } from "./result.ts";

/** Collects what the clients saw. */
export class HistoryLog implements TraceSink {
  readonly events: HistoryEvent[] = [];
  readonly #nodes: number;
  readonly #clients: readonly string[];

  /** Clients are the endpoints from number `nodes` on. */
  constructor(nodes: number, clients: readonly string[]) {
    this.#nodes = nodes;
    this.#clients = clients;
  }

  event(event: TraceEvent): void {
    const type = event.kind;
    if (type !== "invoke" && type !== "ok" && type !== "fail" && type !== "info") return;
    const { process, name: f, key, data: value, time, reason, id } = event;
    const client = this.#clients[event.node - this.#nodes] ?? "";
    if (reason === "") this.events.push({ process, client, type, f, key, value, time, event: id });
    else this.events.push({ process, client, type, f, key, value, time, error: reason, event: id });
  }
}

/** What a `fault` event carries in its data. */
interface FaultData {
  readonly name?: string;
  readonly nodes: readonly string[];
  readonly did: boolean;
  /** Of a crash that lies in wait: for the middle of what. */
  readonly amid?: string;
}

/** Collects what each fault did. */
export class FaultLog implements TraceSink {
  /** The end of the last fault that ended by itself or was healed; 0 where none did. Nanoseconds. */
  lastEndNs = 0;
  readonly #results = new Map<number, Omit<FaultResult, keyof FaultCost>>();

  /** With what each of them cost, by its number. */
  results(costOf: (fault: number) => FaultCost): FaultResult[] {
    return [...this.#results].map(([fault, result]) => ({ ...result, ...costOf(fault) }));
  }

  event(event: TraceEvent): void {
    if (event.kind === "fault") {
      const { name, nodes, did: found, amid } = event.data as FaultData;
      const did = found && amid === undefined;
      this.#results.set(event.fault, { name: name ?? event.name, fault: event.name, fromNs: event.time, untilNs: null, nodes, did });
    } else if (event.kind === "crash" && event.fault >= 0) {
      const begun = this.#results.get(event.fault); // One that lay in wait has struck.
      if (begun !== undefined) this.#results.set(event.fault, { ...begun, did: true });
    } else if (event.kind === "faultEnd") {
      const begun = this.#results.get(event.fault);
      if (begun === undefined) return;
      this.#results.set(event.fault, { ...begun, untilNs: event.time });
      this.lastEndNs = Math.max(this.lastEndNs, event.time);
    }
  }
}

/**
 * Transactions that are known by their sessions alone: nobody wrote down when they ran. They become a history in which each session
 * is a process and each transaction begins and ends before the next, in the order of the file; that order says nothing about
 * two sessions, and the recording says that it does not (`hasRealTime: false`).
 */
import type { Facts, Sink } from "./format.ts";

/** `["r", key, value]` or `["w", key, value]`; null is the value before the first write. */
export type Step = [f: string, key: string, value: unknown];

export interface SessionTransaction {
  readonly session: string;
  readonly line: number;
  readonly steps: Step[];
  /** False where it was rolled back. */
  readonly isCommitted: boolean;
}

export class Sessions {
  readonly #sink: Sink;
  readonly #processes = new Map<string, number>();
  /** Reads that returned the number 0, which stands for nothing written yet unless somebody writes it. */
  readonly #zeroReads: Step[] = [];
  readonly #zeroWritten = new Set<string>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  add({ session, line, steps, isCommitted }: SessionTransaction): void {
    let process = this.#processes.get(session);
    if (process === undefined) this.#processes.set(session, (process = this.#processes.size));
    const base = { process, client: session, f: "txn", key: "", time: 0 };
    this.#sink.event({ ...base, type: "invoke", value: steps.map(([f, key, value]) => [f, key, f === "r" ? null : value]) }, line);
    this.#sink.event({ ...base, type: isCommitted ? "ok" : "fail", value: steps }, line);
    for (const step of steps) {
      if (step[2] !== 0) continue;
      if (step[0] === "r") this.#zeroReads.push(step);
      else this.#zeroWritten.add(step[1]);
    }
  }

  /** Where a format's 0 is the value before the first write, reads of a 0 that nobody wrote read that. */
  end({ zeroIsInitial }: { readonly zeroIsInitial: boolean }): Facts {
    if (zeroIsInitial) for (const step of this.#zeroReads) if (!this.#zeroWritten.has(step[1])) step[2] = null;
    return { model: "rw-register", hasRealTime: false };
  }
}

/** The page's end of the line to the worker: questions with tickets, answers as promises. */
import type { HistoryData } from "../history/data.ts";
import type { Answer, Ask, Details, Shown, Want } from "./wire.ts";

/** Opening failed for a reason that people can act on. */
export class OpenError extends Error {
  readonly title: string;

  constructor(title: string, message: string) {
    super(message);
    this.title = title;
  }
}

/** A run that is open in the worker. */
export type Opened = Extract<Answer, { type: "opened" }>;

export class Link {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, (answer: any) => void>();
  readonly #start: () => Worker;
  #ticket = 0;
  /** Told while a run is read or made. */
  onProgress: (events: number, share: number) => void = () => {};

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Reads a trace. What was open before is forgotten, and its worker stopped. */
  open(bytes: ArrayBuffer): Promise<Opened> {
    return this.#begin({ type: "open", bytes }, [bytes]);
  }

  /** Runs a scenario in the worker. */
  run(scenario: string, source: string, seed: number | undefined): Promise<Opened> {
    return this.#begin({ type: "run", scenario, source, seed }, []);
  }

  shown(want: Want): Promise<Shown> {
    return this.#ask((ticket) => ({ type: "shown", ticket, want })).then((answer) => answer.shown);
  }

  details(event: number): Promise<Details | undefined> {
    return this.#ask((ticket) => ({ type: "details", ticket, event })).then((answer) => answer.details);
  }

  sentences(events: readonly number[]): Promise<readonly string[]> {
    return this.#ask((ticket) => ({ type: "sentences", ticket, events })).then((answer) => answer.sentences);
  }

  /** What the clients saw, and the verdict on it; a text where it cannot be judged: why. */
  history(): Promise<HistoryData | string> {
    return this.#ask((ticket) => ({ type: "history", ticket })).then((answer) => answer.history);
  }

  #begin(ask: Ask, transfer: Transferable[]): Promise<Opened> {
    this.#worker?.terminate();
    this.#waiting.clear();
    const worker = this.#start();
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new OpenError("The viewer's worker stopped", event.message || "It could not be started."));
      worker.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
        if (answer.type === "progress") this.onProgress(answer.events, answer.share);
        else if (answer.type === "opened") resolve(answer);
        else if (answer.type === "failed") reject(new OpenError(answer.title, answer.message));
        else this.#settle(answer);
      };
      worker.postMessage(ask, transfer);
    });
  }

  #ask(make: (ticket: number) => Ask): Promise<any> {
    const ticket = ++this.#ticket;
    return new Promise((resolve) => {
      this.#waiting.set(ticket, resolve);
      this.#worker?.postMessage(make(ticket));
    });
  }

  #settle(answer: Extract<Answer, { ticket: number }>): void {
    this.#waiting.get(answer.ticket)?.(answer);
    this.#waiting.delete(answer.ticket);
  }
}

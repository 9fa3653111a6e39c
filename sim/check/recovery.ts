/**
 * Progress: after the last fault has ended, every client that goes on gets an operation answered that it began after that
 * moment. Needs only the events of faults and operations.
 */
import type { TraceEvent, TraceSink } from "../trace/event.ts";
import type { Verdict } from "./verdict.ts";
import { secondsText } from "./words.ts";

const NS_PER_S = 1_000_000_000;
const NS_PER_MS = 1_000_000;

/** One client since the last moment at which a fault began or ended. */
interface Waiting {
  /** Of which moment this speaks. */
  round: number;
  /** Operations that are pending now, and those among them that had begun before that moment. */
  open: number;
  openBefore: number;
  /** Its first operation after that moment: when it began, with which event; -1 where there is none. */
  firstNs: number;
  firstEvent: number;
  firstOperation: number;
  /** That operation has ended without an answer. */
  gaveUp: boolean;
  /** When it first had an operation answered that had begun after that moment; -1 where it had none. */
  answeredNs: number;
  /** Its last answer, and the last one before `answeredNs`; -1 where there was none. */
  lastNs: number;
  lastBeforeNs: number;
}

/** How a client fared: it got on, or not in time, or nobody can say. */
type Fate = "on" | "late" | "open";

/** The moment from which clients must get on: the last at which a fault ended, or began that stays. */
export class Recovery implements TraceSink {
  #sinceNs = 0;
  #sinceEvent = -1;
  #since: "start" | "fault" | "faultEnd" = "start";
  #round = 0;
  /** The first operation after that moment. */
  #firstOperation = 0;
  #operations = 0;
  readonly #clients = new Map<number, Waiting>();
  /** Faults that found nobody, or lie in wait: nobody has anything to recover from. */
  readonly #idle = new Set<number>();

  event(event: TraceEvent): void {
    switch (event.kind) {
      case "fault":
        if (isIdle(event)) this.#idle.add(event.fault);
        else this.#begin("fault", event);
        return;
      case "crash":
        // What lay in wait strikes.
        if (this.#idle.delete(event.fault)) this.#begin("fault", event);
        return;
      case "faultEnd":
        if (!this.#idle.delete(event.fault)) this.#begin("faultEnd", event);
        return;
      case "invoke":
        return this.#invoke(event);
      case "ok":
        return this.#end(event, true);
      case "fail":
        return this.#end(event, event.reason === "mismatch");
      case "info":
        // What is pending at the end of the run has not been given up.
        if (event.reason !== "end of run") this.#end(event, false);
    }
  }

  /** From the last fault until every client that went on had an answer, in nanoseconds; null where there was none, of either. */
  timeToRecover(): number | null {
    const asked = this.#asked();
    if (this.#since === "start" || asked.length === 0) return null;
    let lastNs = this.#sinceNs;
    for (const [, { answeredNs }] of asked) {
      if (answeredNs < 0) return null;
      lastNs = Math.max(lastNs, answeredNs);
    }
    return lastNs - this.#sinceNs;
  }

  /** At the run's end. `clientOf`: an endpoint's name. */
  verdict(withinNs: number, endNs: number, clientOf: (endpoint: number) => string): Verdict {
    const asked = this.#asked();
    const base = { consistency: "progress", model: "clients", algorithm: "first answers", operations: this.#operations, explored: asked.length };
    const fates = asked.map(([, client]) => this.#fate(client, withinNs, endNs));
    const isShort = this.#sinceNs + withinNs > endNs;
    const late = asked.filter((_, index) => fates[index] === "late");
    if (late.length > 0) return { ...base, verdict: "fail", ...this.#failure(late, withinNs, endNs, clientOf) };
    if (asked.length === 0) return { ...base, verdict: "unknown", detail: `no client began an operation after ${this.#sinceText()}` };
    if (!fates.includes("on") || (isShort && fates.includes("open"))) {
      const detail = `the run ended at ${secondsText(endNs)}, before every client had waited for ${secondsText(withinNs)} after ${this.#sinceText()}`;
      return { ...base, verdict: "unknown", detail };
    }
    const tookNs = Math.max(0, ...asked.map(([, { answeredNs }]) => answeredNs - this.#sinceNs));
    const wholeMs = Math.ceil(tookNs / NS_PER_MS) * NS_PER_MS;
    const detail = `after ${this.#sinceText()}, every client was answered again within ${wholeMs < NS_PER_S ? `${wholeMs / NS_PER_MS}ms` : secondsText(wholeMs)}`;
    return { ...base, verdict: "pass", detail };
  }

  #begin(since: "fault" | "faultEnd", event: TraceEvent): void {
    this.#since = since;
    this.#sinceNs = event.time;
    this.#sinceEvent = event.id;
    this.#firstOperation = this.#operations;
    this.#round += 1;
  }

  #invoke(event: TraceEvent): void {
    this.#operations = Math.max(this.#operations, event.operation + 1);
    const client = this.#client(event.node);
    client.open += 1;
    if (client.firstNs >= 0) return;
    client.firstNs = event.time;
    client.firstEvent = event.id;
    client.firstOperation = event.operation;
  }

  #end(event: TraceEvent, isAnswer: boolean): void {
    const client = this.#client(event.node);
    client.open -= 1;
    if (event.operation < this.#firstOperation) client.openBefore -= 1;
    if (!isAnswer && event.operation === client.firstOperation) client.gaveUp = true;
    if (!isAnswer) return;
    if (client.answeredNs < 0) {
      if (event.operation >= this.#firstOperation) client.answeredNs = event.time;
      else client.lastBeforeNs = event.time;
    }
    client.lastNs = event.time;
  }

  /** What is known of a client since the last fault; it begins anew with each. */
  #client(endpoint: number): Waiting {
    let client = this.#clients.get(endpoint);
    if (client === undefined) {
      client = { round: -1, open: 0, openBefore: 0, firstNs: -1, firstEvent: -1, firstOperation: -1, gaveUp: false, answeredNs: -1, lastNs: -1, lastBeforeNs: -1 };
      this.#clients.set(endpoint, client);
    }
    if (client.round === this.#round) return client;
    const { open, lastNs } = client;
    return Object.assign(client, { round: this.#round, openBefore: open, firstNs: -1, firstEvent: -1, firstOperation: -1, gaveUp: false, answeredNs: -1, lastBeforeNs: lastNs });
  }

  /** The clients that went on: they began something after the last fault, or are waiting still for what they began before. */
  #asked(): [endpoint: number, client: Waiting][] {
    const all = [...this.#clients.keys()].sort((a, b) => a - b).map((endpoint): [number, Waiting] => [endpoint, this.#client(endpoint)]);
    return all.filter(([, { firstNs, openBefore }]) => firstNs >= 0 || openBefore > 0);
  }

  #fate({ firstNs, answeredNs, gaveUp }: Waiting, withinNs: number, endNs: number): Fate {
    const waitsSinceNs = Math.max(this.#sinceNs, firstNs);
    if (answeredNs >= 0) return answeredNs - waitsSinceNs <= withinNs ? "on" : "late";
    if (waitsSinceNs + withinNs <= endNs) return "late";
    // It began so late that its time reaches beyond the run; but what it began has come to nothing already.
    return gaveUp && this.#sinceNs + withinNs <= endNs ? "late" : "open";
  }

  /** The client that fared worst, in a sentence: one without an answer, else the one that waited longest. */
  #failure(late: readonly [number, Waiting][], withinNs: number, endNs: number, clientOf: (endpoint: number) => string): Pick<Verdict, "detail" | "failure"> {
    const until = ({ answeredNs }: Waiting): number => (answeredNs < 0 ? Infinity : answeredNs);
    const [endpoint, client] = late.reduce((worst, other) => (until(other[1]) > until(worst[1]) ? other : worst));
    const { firstEvent, firstNs, answeredNs, lastBeforeNs } = client;
    const before = lastBeforeNs < 0 ? "it had none before" : `its last one came at ${secondsText(lastBeforeNs)}`;
    const others = late.length === 1 ? "" : `, and ${late.length - 1} more like it,`;
    const who = `${clientOf(endpoint)}${others}`;
    const what = answeredNs < 0
      ? `got no answer to what it began after ${this.#sinceText()}, to the end of the run at ${secondsText(endNs)}`
      : `got no answer to what it began after ${this.#sinceText()}, until ${secondsText(answeredNs)}`;
    const detail = `${who} ${what}; ${before}, and allowed were ${secondsText(withinNs)}`;
    const isFirst = firstEvent >= 0;
    return { detail, failure: { key: "", operations: [], event: isFirst ? firstEvent : this.#sinceEvent, time: isFirst ? firstNs : this.#sinceNs } };
  }

  #sinceText(): string {
    if (this.#since === "start") return "the start";
    return `${secondsText(this.#sinceNs)}, when the last fault had ${this.#since === "fault" ? "set in" : "ended"}`;
  }
}

function isIdle({ data }: TraceEvent): boolean {
  return (data as { readonly did?: boolean } | null)?.did === false;
}

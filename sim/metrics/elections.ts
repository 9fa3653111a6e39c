/**
 * How long the cluster was without a leader, by the protocol's events `election.started`, `election.won` and
 * `leader.stepped-down`. The time that Ongaro and Ousterhout plot in Figure 16 of “In search of an understandable
 * consensus algorithm” (USENIX ATC 2014) goes on to the new leader's first heartbeat: one message more.
 *
 * It begins with the run, and with the loss of a leader: when it crashes, pauses or steps down, or when so many nodes
 * have missed a message of it, because of a cut or because they are down, that it reaches no majority. A leader that
 * goes on, or reaches a majority again, before another one is elected was not lost. Where a leader is replaced that was
 * not lost, because messages are slow, the time begins when its successor calls the election.
 */
import type { TraceEvent } from "../trace/event.ts";
import { Histogram } from "./histogram.ts";
import type { MetricInfo, MetricMoment, MetricValues } from "./metric.ts";

const time = (which: string): MetricInfo => ({ unit: "duration", summary: `From the start, or from the loss of a leader, until the next one is elected: ${which}.` });

export const electionMetrics: Readonly<Record<string, MetricInfo>> = {
  "elections.started": { unit: "count", summary: "Elections that nodes called (the protocol's event election.started)." },
  "leader.changes": { unit: "count", summary: "Elections that were won, the first included (the protocol's event election.won)." },
  "election.time": time("of the last election that was won"),
  "election.time.p50": time("the median"),
  "election.time.p99": time("the 99th percentile"),
  "election.time.max": time("the longest"),
};

const NEVER = -1;

export class Elections {
  /** The last election that was won. */
  lastWon: MetricMoment | undefined;
  readonly #nodes: number;
  #started = 0;
  #won = 0;
  #times = new Histogram();
  #lastNs: number | null = null;
  /** Who won the last election; -1 before the first. */
  #leader = NEVER;
  /** Since when there is no leader: because it is down or has stepped down, pauses, or is cut off. -1 where it is not. */
  #goneAt = 0;
  #pausedAt = NEVER;
  #cutOffAt = NEVER;
  /** By node: when it last called an election, and whether it has missed the leader's last message. */
  #calledAt: Float64Array;
  #hasMissed: Uint8Array;
  #missing = 0;

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.#calledAt = new Float64Array(nodes).fill(NEVER);
    this.#hasMissed = new Uint8Array(nodes);
  }

  emit(event: TraceEvent): void {
    if (event.name === "election.started") {
      this.#started += 1;
      this.#calledAt[event.node] = event.time;
    } else if (event.name === "election.won") {
      this.#win(event);
    } else if (event.name === "leader.stepped-down") {
      this.#lose(event);
    }
  }

  crash(event: TraceEvent): void {
    this.#lose(event);
  }

  pause(event: TraceEvent): void {
    if (event.node === this.#leader && this.#pausedAt === NEVER) this.#pausedAt = event.time;
  }

  resume(event: TraceEvent): void {
    if (event.node === this.#leader) this.#pausedAt = NEVER;
  }

  /** A message from node to node has arrived. Cheap while the leader is heard. */
  deliver(event: TraceEvent): void {
    if (this.#missing === 0 || event.peer !== this.#leader || this.#hasMissed[event.node] !== 1) return;
    this.#hasMissed[event.node] = 0;
    this.#missing -= 1;
    if (!this.#isInMinority()) this.#cutOffAt = NEVER;
  }

  /** A message from node to node was lost; `node` is where it was to go. */
  drop(event: TraceEvent): void {
    if (event.peer !== this.#leader || event.reason === "loss" || this.#hasMissed[event.node] !== 0) return;
    this.#hasMissed[event.node] = 1;
    this.#missing += 1;
    if (this.#isInMinority() && this.#cutOffAt === NEVER) this.#cutOffAt = event.time;
  }

  report(values: MetricValues): void {
    const [p50, p99] = this.#times.percentiles(500, 990) as [number | null, number | null];
    values["elections.started"] = this.#started;
    values["leader.changes"] = this.#won;
    values["election.time"] = this.#lastNs;
    values["election.time.p50"] = p50;
    values["election.time.p99"] = p99;
    values["election.time.max"] = this.#times.max;
  }

  copy(): Elections {
    const copy = new Elections(this.#nodes);
    copy.lastWon = this.lastWon;
    copy.#started = this.#started;
    copy.#won = this.#won;
    copy.#times = this.#times.copy();
    copy.#lastNs = this.#lastNs;
    copy.#leader = this.#leader;
    copy.#goneAt = this.#goneAt;
    copy.#pausedAt = this.#pausedAt;
    copy.#cutOffAt = this.#cutOffAt;
    copy.#calledAt = this.#calledAt.slice();
    copy.#hasMissed = this.#hasMissed.slice();
    copy.#missing = this.#missing;
    return copy;
  }

  #win(event: TraceEvent): void {
    this.#won += 1;
    this.lastWon = { event: event.id, timeNs: event.time };
    this.#lastNs = event.time - this.#lostAt(event);
    this.#times.add(this.#lastNs);
    this.#leader = event.node;
    this.#goneAt = NEVER;
    this.#pausedAt = NEVER;
    this.#cutOffAt = NEVER;
    this.#hasMissed.fill(0);
    this.#missing = 0;
  }

  /** Since when there has been no leader, where one is elected now. */
  #lostAt(won: TraceEvent): number {
    const lost = [this.#goneAt, this.#pausedAt, this.#cutOffAt].filter((at) => at !== NEVER);
    if (lost.length > 0) return Math.min(...lost);
    const calledAt = this.#calledAt[won.node] ?? NEVER;
    return calledAt === NEVER ? won.time : calledAt;
  }

  #lose(event: TraceEvent): void {
    if (event.node === this.#leader && this.#goneAt === NEVER) this.#goneAt = event.time;
  }

  /** The leader itself and those who hear it are no majority. */
  #isInMinority(): boolean {
    return this.#nodes - this.#missing <= this.#nodes / 2;
  }
}

/** The key moments of a run: what a report prints and a viewer marks. */
import type { Annotation, TraceEvent, TraceSink } from "../trace/event.ts";
import { describeRecovery } from "./disks.ts";
import { describeFault, describeFaultEnd } from "./fault.ts";
import { endpointName, type Names } from "./names.ts";
import { formatCount, formatDuration } from "./units.ts";

/** In order of importance. */
export const momentKinds = ["violation", "fault", "outage", "leader", "node"] as const;
export type MomentKind = (typeof momentKinds)[number];

export interface Moment {
  /** Virtual time in nanoseconds. */
  readonly timeNs: number;
  /** The id of the event. */
  readonly event: number;
  readonly kind: MomentKind;
  /** One sentence, without a full stop. */
  readonly text: string;
}

export interface StoryOptions {
  readonly names: Names;
  /** At most so many moments are told. */
  readonly atMost?: number;
  /** How long clients must wait without an answer for it to be told, in nanoseconds. */
  readonly outageNs?: number;
}

/** Collects the moments of a run as it goes, within a bounded memory. */
export class Story implements TraceSink {
  readonly #names: Names;
  readonly #atMost: number;
  readonly #outageNs: number;
  readonly #moments: Record<MomentKind, Moment[]> = { violation: [], fault: [], outage: [], leader: [], node: [] };
  readonly #leftOut: Record<MomentKind, number> = { violation: 0, fault: 0, outage: 0, leader: 0, node: 0 };
  #pending = 0;
  /** Since when the number of pending operations has not been zero; meaningful while it is not. */
  #sinceNs = 0;
  /** Time since the last answer with operations pending, up to `#sinceNs`. */
  #waitedNs = 0;
  /** Where the present wait for an answer began. */
  #beganNs = 0;
  #beganEvent = -1;

  constructor(options: StoryOptions) {
    this.#names = options.names;
    this.#atMost = options.atMost ?? 40;
    this.#outageNs = options.outageNs ?? 500_000_000;
  }

  event(event: TraceEvent): void {
    switch (event.kind) {
      case "invoke":
        return this.#invoke(event);
      case "ok":
        return this.#answer(event);
      case "fail":
        return event.reason === "mismatch" ? this.#answer(event) : this.#giveUp(event);
      case "info":
        return this.#giveUp(event);
      case "emit":
        return this.#emit(event);
      case "crash":
        return this.#crash(event);
      case "boot":
        return this.#boot(event);
      case "recover":
        return this.#tell("node", event.time, event.id, `${endpointName(event.node, this.#names)} ${describeRecovery(event.name)}`);
      case "fault":
        return this.#fault(event);
      case "faultEnd":
        // What ends a crash is the node's boot: it may still be held down by another fault. What has rotted stays so.
        if (event.name === "crash" || event.name === "restart" || event.name === "bitrot") return;
        return this.#tell("fault", event.time, event.id, describeFaultEnd(event.name, event.data));
      case "end":
        return this.#endWait(event.time);
    }
  }

  annotation(annotation: Annotation): void {
    if (annotation.type !== "violation") return;
    const { invariant, message, time, event } = annotation.violation;
    this.#tell("violation", time, event, `${invariant} is violated: ${message}`);
  }

  /** What is told, in order of time, and how many moments of each kind are not. */
  tell(): { readonly moments: readonly Moment[]; readonly leftOut: Readonly<Record<MomentKind, number>> } {
    const moments: Moment[] = [];
    const leftOut = { ...this.#leftOut };
    // One of each kind in turn, so that a hundred violations leave room for what led to them.
    for (let turn = 0; turn < this.#atMost; turn += 1) {
      for (const kind of momentKinds) {
        const moment = this.#moments[kind][turn];
        if (moment === undefined) continue;
        if (moments.length < this.#atMost) moments.push(moment);
        else leftOut[kind] += 1;
      }
    }
    return { moments: moments.sort((a, b) => a.timeNs - b.timeNs || a.event - b.event), leftOut };
  }

  #invoke(event: TraceEvent): void {
    if (this.#pending === 0) {
      this.#sinceNs = event.time;
      if (this.#waitedNs === 0) this.#beginWait(event);
    }
    this.#pending += 1;
  }

  #answer(event: TraceEvent): void {
    this.#endWait(event.time);
    this.#pending = Math.max(0, this.#pending - 1);
    this.#sinceNs = event.time;
    this.#beginWait(event);
  }

  /** A timeout or a refusal is no answer: the wait goes on with the next operation. */
  #giveUp(event: TraceEvent): void {
    if (this.#pending > 0) this.#waitedNs += event.time - this.#sinceNs;
    this.#pending = Math.max(0, this.#pending - 1);
    this.#sinceNs = event.time;
  }

  #beginWait(event: TraceEvent): void {
    this.#beganNs = event.time;
    this.#beganEvent = event.id;
  }

  #endWait(nowNs: number): void {
    const waitedNs = this.#waitedNs + (this.#pending > 0 ? nowNs - this.#sinceNs : 0);
    this.#waitedNs = 0;
    if (waitedNs < this.#outageNs) return;
    this.#tell("outage", this.#beganNs, this.#beganEvent, `no operation is answered for ${formatDuration(waitedNs)}`);
  }

  #emit(event: TraceEvent): void {
    if (event.name !== "election.won") return;
    const { term } = (event.data ?? {}) as { readonly term?: number };
    const ofTerm = term === undefined ? "" : ` of term ${term}`;
    this.#tell("leader", event.time, event.id, `${endpointName(event.node, this.#names)} is elected leader${ofTerm}`);
  }

  /** A crash by a fault is told by the fault, unless that lay in wait. */
  #crash(event: TraceEvent): void {
    if (event.reason === "") return;
    const how = event.reason.startsWith("amid ") ? ` ${event.reason}` : `: ${event.reason}`;
    this.#tell("node", event.time, event.id, `${endpointName(event.node, this.#names)} crashes${how}`);
  }

  #boot(event: TraceEvent): void {
    if (event.incarnation <= 1) return;
    this.#tell("node", event.time, event.id, `${endpointName(event.node, this.#names)} is back`);
  }

  #fault(event: TraceEvent): void {
    const { name } = (event.data ?? {}) as { readonly name?: string };
    const phrase = describeFault(event.name, event.data, this.#names.nodes);
    this.#tell("fault", event.time, event.id, name === undefined ? phrase : `${name}: ${phrase}`);
  }

  #tell(kind: MomentKind, timeNs: number, event: number, text: string): void {
    const told = this.#moments[kind];
    if (told.length < this.#atMost) told.push({ timeNs, event, kind, text });
    else this.#leftOut[kind] += 1;
  }
}

/** `not shown: 3 × change of leader`, or nothing where everything is. */
export function describeLeftOut(leftOut: Readonly<Record<MomentKind, number>>): string {
  const words: Readonly<Record<MomentKind, string>> = { violation: "violation", fault: "beginning or end of a fault", outage: "outage", leader: "change of leader", node: "crash or boot" };
  const parts = momentKinds.filter((kind) => leftOut[kind] > 0).map((kind) => `${formatCount(leftOut[kind])} × ${words[kind]}`);
  return parts.length === 0 ? "" : `not shown: ${parts.join(", ")}`;
}

/**
 * What each fault cost: how soon the cluster noticed, for how long clients got no answer, and when that was over. These
 * are the times to detect and to repair of dependability engineering (MTTD, MTTR), of one fault: Patterson et al.,
 * “Recovery-oriented computing (ROC)”, UC Berkeley CSD-02-1175, 2002, which measures availability by fault injection.
 *
 * A fault answers for what happens from its beginning until the next fault strikes after its own end: later trouble is
 * another's. Where faults overlap, each answers for all of it, because nothing tells whose it is.
 */
import type { TraceEvent } from "../trace/event.ts";
import type { Outages } from "./availability.ts";
import type { MetricInfo, MetricValues } from "./metric.ts";

const detection = (which: string): MetricInfo => ({ unit: "duration", summary: `From a fault's beginning until the cluster showed that it noticed, such as by an election: ${which} of all faults that it noticed.` });
const unavailability = (which: string): MetricInfo => ({ unit: "duration", summary: `How long clients got no answer while a fault answered for it: ${which} of all faults during which anybody asked.` });
const recovery = (which: string): MetricInfo => ({ unit: "duration", summary: `From a fault's beginning until the outages that it caused were over, 0 where it caused none: ${which} of all faults that ended so.` });

export const faultMetrics: Readonly<Record<string, MetricInfo>> = {
  "faults.detection.mean": detection("the mean"),
  "faults.detection.max": detection("the longest"),
  "faults.unavailable.mean": unavailability("the mean"),
  "faults.unavailable.max": unavailability("the longest"),
  "faults.recovery.mean": recovery("the mean"),
  "faults.recovery.max": recovery("the longest"),
};

/** All in nanoseconds. */
export interface FaultCost {
  /** From its beginning until the cluster showed that it noticed; null where it never did. */
  readonly detectionNs: number | null;
  /** All outages while it answered for them (as `unavailable.total`); null where nobody asked for anything. */
  readonly unavailableNs: number | null;
  /** From its beginning until the last of them was over; 0 where there was none, null where it was not over. */
  readonly recoveryNs: number | null;
}

export const NO_COST: FaultCost = { detectionNs: null, unavailableNs: null, recoveryNs: null };

/**
 * By what a cluster shows that it has noticed something: events of a protocol about who leads and who is there. What
 * happens anyway, such as a commit, is none.
 */
const REACTION = /^(election|leader|primary|coordinator|view|member|peer|node|replica|failover)\./;

interface Struck {
  readonly beganNs: number;
  /** What was so at its beginning: operations begun, and pending; the number of the wait under way, and its length. */
  readonly invoked: number;
  readonly pending: number;
  readonly wait: number;
  readonly waitedNs: number;
  hasEnded: boolean;
  detectionNs: number | null;
  unavailableNs: number;
  /** From its beginning to the end of the last outage. */
  recoveryNs: number;
}

export class FaultCosts {
  /** Those that still answer for what happens, and the costs of the others. */
  #open = new Map<number, Struck>();
  #settled = new Map<number, FaultCost>();
  /** Those that have begun and lie in wait for the middle of something. */
  #lurking = new Set<number>();

  begin(event: TraceEvent, outages: Outages): void {
    const { did, amid } = (event.data ?? {}) as { readonly did?: boolean; readonly amid?: string };
    if (did === false || event.name === "heal") return; // To heal costs nobody anything.
    if (amid === undefined) this.#strike(event, outages);
    else this.#lurking.add(event.fault);
  }

  /** A node has crashed, perhaps of a fault that lay in wait. */
  crash(event: TraceEvent, outages: Outages): void {
    if (this.#lurking.delete(event.fault)) this.#strike(event, outages);
  }

  #strike(event: TraceEvent, outages: Outages): void {
    for (const [fault, struck] of this.#open) if (struck.hasEnded) this.#settle(fault, struck, outages, event.time);
    const { invoked, pending, answers: wait } = outages;
    const waitedNs = outages.waitedNs(event.time);
    this.#open.set(event.fault, { beganNs: event.time, invoked, pending, wait, waitedNs, hasEnded: false, detectionNs: null, unavailableNs: 0, recoveryNs: 0 });
  }

  end(event: TraceEvent): void {
    this.#lurking.delete(event.fault);
    const struck = this.#open.get(event.fault);
    if (struck !== undefined) struck.hasEnded = true;
  }

  emit(event: TraceEvent): void {
    if (this.#open.size > 0 && REACTION.test(event.name)) this.notice(event);
  }

  /** Somebody has noticed something: a fault, where the event says which. */
  notice(event: TraceEvent): void {
    for (const [fault, struck] of this.#open) {
      if (event.fault < 0 || event.fault === fault) struck.detectionNs ??= event.time - struck.beganNs;
    }
  }

  /** An outage has ended; it was the wait of that number. */
  outage(outageNs: number, wait: number, nowNs: number): void {
    for (const struck of this.#open.values()) {
      struck.unavailableNs += partOf(struck, outageNs, wait);
      struck.recoveryNs = nowNs - struck.beganNs;
    }
  }

  /** With what is under way at `nowNs`. */
  costOf(fault: number, outages: Outages, nowNs: number): FaultCost {
    const struck = this.#open.get(fault);
    return struck === undefined ? (this.#settled.get(fault) ?? NO_COST) : costNow(struck, outages, nowNs);
  }

  report(values: MetricValues, outages: Outages, nowNs: number): void {
    const costs = [...this.#settled.values(), ...[...this.#open.values()].map((struck) => costNow(struck, outages, nowNs))];
    for (const name of ["detection", "unavailable", "recovery"] as const) {
      const times = costs.map((cost) => cost[`${name}Ns`]).filter((ns) => ns !== null);
      const sum = times.reduce((all, ns) => all + ns, 0);
      values[`faults.${name}.mean`] = times.length === 0 ? null : Math.round(sum / times.length);
      values[`faults.${name}.max`] = times.length === 0 ? null : times.reduce((most, ns) => Math.max(most, ns), 0);
    }
  }

  copy(): FaultCosts {
    const copy = new FaultCosts();
    copy.#open = new Map([...this.#open].map(([fault, struck]) => [fault, { ...struck }]));
    copy.#settled = new Map(this.#settled);
    copy.#lurking = new Set(this.#lurking);
    return copy;
  }

  #settle(fault: number, struck: Struck, outages: Outages, nowNs: number): void {
    this.#open.delete(fault);
    this.#settled.set(fault, costNow(struck, outages, nowNs));
  }
}

/** What a fault had cost, if it answers for nothing that comes. */
function costNow(struck: Struck, outages: Outages, nowNs: number): FaultCost {
  const { detectionNs } = struck;
  if (struck.pending === 0 && outages.invoked === struck.invoked) return { detectionNs, unavailableNs: null, recoveryNs: null };
  const ongoingNs = partOf(struck, outages.outageNs(nowNs), outages.answers);
  return { detectionNs, unavailableNs: struck.unavailableNs + ongoingNs, recoveryNs: ongoingNs > 0 ? null : struck.recoveryNs };
}

/** Of an outage, what came after the fault's beginning. */
function partOf(struck: Struck, outageNs: number, wait: number): number {
  return wait === struck.wait ? Math.max(0, outageNs - struck.waitedNs) : outageNs;
}

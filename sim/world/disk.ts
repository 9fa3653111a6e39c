import { sampler, type Distribution } from "../kernel/distribution.ts";
import type { Stream, Streams } from "../kernel/stream.ts";
import { ms } from "../kernel/time.ts";
import type { Landing, Pages } from "./store.ts";

/** A disk tries again before it says that it failed: a node hears of it no earlier. Without it, retries could stop time. */
export const FAILURE_NS = ms(1);

/** What a fault does to a node's disk while it lasts. */
export type DiskTrouble = {
  readonly fault: number;
  /** The root of its random streams. */
  readonly stream: string;
} & (
  | { readonly type: "slow"; readonly by: Distribution }
  | { readonly type: "stall" | "full" }
  | { readonly type: "error"; readonly rate: number; readonly pages: Pages }
  | { readonly type: "lost"; readonly rate: number; readonly detected: boolean }
  | { readonly type: "misdirected"; readonly rate: number; readonly detected: boolean }
);

type TroubleOf<Type> = Extract<DiskTrouble, { readonly type: Type }>;

function isOf<Type extends DiskTrouble["type"]>(type: Type): (trouble: DiskTrouble) => trouble is TroubleOf<Type> {
  return (trouble): trouble is TroubleOf<Type> => trouble.type === type;
}

/** What faults do to the disk of one node. Each draws from streams of its own, one a node. */
export class DiskTroubles {
  readonly #node: string;
  #all: readonly DiskTrouble[] = [];
  #samplers = new Map<number, (stream: Stream) => number>();

  constructor(node: string) {
    this.#node = node;
  }

  add(trouble: DiskTrouble): void {
    this.#all = [...this.#all, trouble];
    if (trouble.type === "slow") this.#samplers.set(trouble.fault, sampler(trouble.by));
  }

  end(fault: number): void {
    this.#all = this.#all.filter((trouble) => trouble.fault !== fault);
    this.#samplers.delete(fault);
  }

  includes(fault: number): boolean {
    return this.#all.some((trouble) => trouble.fault === fault);
  }

  get isStalled(): boolean {
    return this.#all.length > 0 && this.#all.some(({ type }) => type === "stall");
  }

  /** The fault that leaves no space; undefined where there is some. */
  get fullBy(): number | undefined {
    return this.#all.length === 0 ? undefined : this.#all.find(({ type }) => type === "full")?.fault;
  }

  /** How long a sync takes that would take so long on a disk in order. Each fault that slows draws once a sync. */
  slowed(latency: number, streams: Streams): number {
    let slowed = latency;
    for (const trouble of this.#all) {
      if (trouble.type === "slow") slowed += this.#samplers.get(trouble.fault)?.(this.#streamOf(trouble, streams)) ?? 0;
      if (trouble.type === "error") slowed = Math.max(slowed, FAILURE_NS);
    }
    return slowed;
  }

  /** The fault by which a sync fails that has something to write. Each draws once such a sync. */
  failing(streams: Streams): TroubleOf<"error"> | undefined {
    let failing: TroubleOf<"error"> | undefined;
    for (const trouble of this.#all) {
      if (trouble.type !== "error") continue;
      if (this.#streamOf(trouble, streams).next() < trouble.rate) failing ??= trouble;
    }
    return failing;
  }

  /** Where the writes of a sync land; undefined where all do where they belong. To lose them is drawn once a sync, to misdirect one once a write. */
  landing(streams: Streams): (() => Landing) | undefined {
    if (this.#all.length === 0) return undefined;
    const losing = this.#all.filter(isOf("lost")).find((trouble) => this.#streamOf(trouble, streams).next() < trouble.rate);
    const stray = this.#all.find(isOf("misdirected"));
    if (losing !== undefined) return () => ({ type: "lost", detected: losing.detected, fault: losing.fault });
    if (stray === undefined) return undefined;
    const stream = this.#streamOf(stray, streams);
    return () => (stream.next() < stray.rate ? { type: "elsewhere", stream, detected: stray.detected, fault: stray.fault } : { type: "here" });
  }

  #streamOf({ stream }: DiskTrouble, streams: Streams): Stream {
    return streams.get(`${stream}/${this.#node}`);
  }

  copy(): DiskTroubles {
    const copy = new DiskTroubles(this.#node);
    copy.#all = this.#all;
    copy.#samplers = new Map(this.#samplers);
    return copy;
  }
}

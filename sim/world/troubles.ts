import { sampler, type Distribution } from "../kernel/distribution.ts";
import type { Stream, Streams } from "../kernel/stream.ts";
import type { Passage } from "./network.ts";

/** What a fault does to one direction of a link. */
export interface LinkTrouble {
  readonly fault: number;
  /** The root of its random streams. */
  readonly stream: string;
  readonly type: "slow" | "loss" | "duplicate";
  readonly by?: Distribution;
  readonly rate?: number;
}

/** A trouble with its sampler ready. */
export interface Suffered extends LinkTrouble {
  readonly sample: (stream: Stream) => number;
}

export function suffered(trouble: LinkTrouble): Suffered {
  return { ...trouble, sample: sampler(trouble.by ?? { type: "constant", value: 0 }) };
}

/** Changes what becomes of a message by what faults do to its link, `n1→n2`. Each draws once a message. */
export function suffer(passage: Passage, troubles: readonly Suffered[], streams: Streams, link: string, copyLatency: number): void {
  let added = 0;
  for (const { type, fault, stream: root, sample, rate = 0 } of troubles) {
    const stream = streams.get(`${root}/${link}`);
    if (type === "slow") {
      added += sample(stream);
      continue;
    }
    if (stream.next() >= rate) continue;
    if (type === "loss" && !passage.lost) {
      passage.lost = true;
      passage.lostBy = fault;
    } else if (type === "duplicate" && passage.copyLatency < 0) {
      passage.copyLatency = copyLatency;
      passage.copiedBy = fault;
    }
  }
  passage.latency += added;
  if (passage.copyLatency >= 0) passage.copyLatency += added;
}

import { sampler, type Distribution } from "../kernel/distribution.ts";
import type { Stream, Streams } from "../kernel/stream.ts";
import type { Passage } from "./network.ts";
import { fair, weatherAt, type Weather } from "./weather.ts";

/** What a fault does to one direction of a link. */
export interface LinkTrouble {
  readonly fault: number;
  /** The root of its random streams. */
  readonly stream: string;
  readonly type: "slow" | "loss" | "duplicate" | "corrupt" | "burst";
  readonly by?: Distribution;
  readonly rate?: number;
  /** Of a burst: how its states follow each other, from when on. */
  readonly weather?: { readonly good: Distribution; readonly bad: Distribution; readonly states: string; readonly since: number };
}

/** A trouble with its samplers ready. Immutable, so that copies of a world may share it. */
export interface Suffered extends LinkTrouble {
  readonly sample: (stream: Stream) => number;
  readonly sky?: Weather;
}

export function suffered(trouble: LinkTrouble): Suffered {
  const { by, weather } = trouble;
  const sample = sampler(by ?? { type: "constant", value: 0 });
  return weather === undefined ? { ...trouble, sample } : { ...trouble, sample, sky: fair(weather) };
}

/**
 * Changes what becomes of a message by what faults do to its link, `n1→n2`. Each draws once a message. A burst's place
 * among the troubles takes its state anew where that has changed since the last message.
 */
export function suffer(passage: Passage, troubles: Suffered[], streams: Streams, link: string, copyLatency: number, now: number): void {
  let added = 0;
  for (const [at, trouble] of troubles.entries()) {
    const { type, fault, stream: root, sample, rate = 0 } = trouble;
    const stream = streams.get(`${root}/${link}`);
    if (type === "slow") {
      added += sample(stream);
      continue;
    }
    const isStruck = stream.next() < rate;
    const isBad = trouble.sky === undefined || (troubles[at] = passed(trouble, streams, link, now)).sky?.isBad === true;
    if (isStruck && isBad) strike(passage, type, fault, copyLatency);
  }
  passage.latency += added;
  if (passage.copyLatency >= 0) passage.copyLatency += added;
}

/** A burst as it is now. */
function passed(trouble: Suffered, streams: Streams, link: string, now: number): Suffered {
  const sky = trouble.sky as Weather;
  return now < sky.until ? trouble : { ...trouble, sky: weatherAt(now, sky, streams.get(`${trouble.weather?.states}/${link}`)) };
}

function strike(passage: Passage, type: LinkTrouble["type"], fault: number, copyLatency: number): void {
  if (type === "corrupt") {
    if (passage.corrupt) return;
    passage.corrupt = true;
    passage.corruptBy = fault;
  } else if (type === "duplicate") {
    if (passage.copyLatency >= 0) return;
    passage.copyLatency = copyLatency;
    passage.copiedBy = fault;
  } else if (!passage.lost) {
    passage.lost = true;
    passage.lostBy = fault;
  }
}

import { sampler } from "../kernel/distribution.ts";
import type { Stream, Streams } from "../kernel/stream.ts";
import type { LinkConfig, NetworkConfig } from "./config.ts";
import { suffer, suffered, type LinkTrouble, type Suffered } from "./troubles.ts";

/** What becomes of one message: lost, or under way for so long; and how long its second copy takes, if there is one. */
export interface Passage {
  lost: boolean;
  /** The fault that lost it, and the one that copied it; -1 where the network itself did. */
  lostBy: number;
  copiedBy: number;
  /** Nanoseconds. */
  latency: number;
  /** Nanoseconds; -1 where there is no second copy. What is lost has none: it is lost before it could be copied. */
  copyLatency: number;
}

/** One direction between two endpoints. Its streams draw once a message, whatever the settings are. */
interface Link {
  readonly latency: (stream: Stream) => number;
  readonly config: LinkConfig;
  readonly latencies: Stream;
  readonly losses: Stream;
  readonly duplicates: Stream;
  readonly copyLatencies: Stream;
}

/**
 * The network: datagrams between endpoints, each with a latency of its own (so they overtake each other), lost or
 * duplicated by chance; and which directions are cut or worsened by faults.
 */
export class Network {
  readonly #names: readonly string[];
  readonly #nodes: number;
  readonly #streams: Streams;
  readonly #between: NetworkConfig;
  readonly #withClients: LinkConfig;
  readonly #links: (Link | undefined)[];
  /** By direction: the faults that cut it. Cuts add up: it is open when none is left. */
  readonly #cuts: number[][];
  readonly #troubles: Suffered[][];
  readonly #passage: Passage = { lost: false, lostBy: -1, copiedBy: -1, latency: 0, copyLatency: -1 };

  constructor(names: readonly string[], nodes: number, streams: Streams, between: NetworkConfig, withClients: LinkConfig) {
    this.#names = names;
    this.#nodes = nodes;
    this.#streams = streams;
    this.#between = between;
    this.#withClients = withClients;
    this.#links = new Array<undefined>(names.length * names.length).fill(undefined);
    this.#cuts = this.#links.map(() => []);
    this.#troubles = this.#links.map(() => []);
  }

  /** Draws what becomes of a message. The result is reused by the next call. */
  pass(from: number, to: number): Passage {
    const link = this.#link(from, to);
    const passage = this.#passage;
    passage.lostBy = -1;
    passage.copiedBy = -1;
    passage.latency = link.latency(link.latencies);
    passage.lost = link.losses.next() < link.config.loss;
    const isCopied = link.duplicates.next() < link.config.duplicate;
    const copyLatency = link.latency(link.copyLatencies);
    passage.copyLatency = isCopied ? copyLatency : -1;

    const troubles = this.#troubles[this.#direction(from, to)] as Suffered[];
    if (troubles.length > 0) suffer(passage, troubles, this.#streams, `${this.#names[from]}→${this.#names[to]}`, copyLatency);
    if (passage.lost) passage.copyLatency = -1;
    return passage;
  }

  /** The fault that cuts this direction, or -1 where it is open. */
  cutBy(from: number, to: number): number {
    return (this.#cuts[this.#direction(from, to)] as number[])[0] ?? -1;
  }

  cut(fault: number, from: number, to: number): void {
    const cuts = this.#cuts[this.#direction(from, to)] as number[];
    if (!cuts.includes(fault)) cuts.push(fault);
  }

  /** Cuts both directions between two endpoints; says how many it cut, 0 for an endpoint and itself. */
  cutBothWays(fault: number, a: number, b: number): number {
    if (a === b) return 0;
    this.cut(fault, a, b);
    this.cut(fault, b, a);
    return 2;
  }

  worsen(trouble: LinkTrouble, from: number, to: number): void {
    (this.#troubles[this.#direction(from, to)] as Suffered[]).push(suffered(trouble));
  }

  /** Undoes what one fault did to all links. */
  mend(fault: number): void {
    for (let direction = 0; direction < this.#cuts.length; direction += 1) {
      const cuts = this.#cuts[direction] as number[];
      if (cuts.includes(fault)) this.#cuts[direction] = cuts.filter((cut) => cut !== fault);
      const troubles = this.#troubles[direction] as Suffered[];
      if (troubles.length > 0) this.#troubles[direction] = troubles.filter((trouble) => trouble.fault !== fault);
    }
  }

  copy(streams: Streams): Network {
    const copy = new Network(this.#names, this.#nodes, streams, this.#between, this.#withClients);
    this.#cuts.forEach((cuts, direction) => (copy.#cuts[direction] = cuts.slice()));
    this.#troubles.forEach((troubles, direction) => (copy.#troubles[direction] = troubles.slice()));
    return copy;
  }

  #direction(from: number, to: number): number {
    return from * this.#names.length + to;
  }

  #link(from: number, to: number): Link {
    const direction = this.#direction(from, to);
    const known = this.#links[direction];
    if (known !== undefined) return known;

    const config = from < this.#nodes && to < this.#nodes ? this.#between : this.#withClients;
    const stream = (what: string): Stream => this.#streams.get(`network/${this.#names[from]}→${this.#names[to]}/${what}`);
    const link: Link = {
      config,
      latency: sampler(config.latency),
      latencies: stream("latency"),
      losses: stream("loss"),
      duplicates: stream("duplicate"),
      copyLatencies: stream("duplicate/latency"),
    };
    this.#links[direction] = link;
    return link;
  }
}

import type { Streams } from "../kernel/stream.ts";
import type { LinkConfig, WorldConfig } from "./config.ts";
import { linkConfig, makeLink, type Endpoint, type Link } from "./link.ts";
import { bytesOf, type Flight } from "./message.ts";
import type { Pipe } from "./pipe.ts";
import { suffer, suffered, type LinkTrouble, type Suffered } from "./troubles.ts";

/** What becomes of one message: lost, or under way for so long; and how long its second copy takes, if there is one. */
export interface Passage {
  lost: boolean;
  /** The fault that lost it, and the one that copied it; -1 where the network itself did. */
  lostBy: number;
  copiedBy: number;
  /** Whether it arrives changed, and the fault that changed it; -1 where the network itself did. Its copy arrives as it was. */
  corrupt: boolean;
  corruptBy: number;
  /** It found the link's queue full, and is lost. */
  overflow: boolean;
  /** Nanoseconds, queueing and transmission included. */
  latency: number;
  /** How many wait for the link, it included, and for how many nanoseconds it does; 0 where it found the link idle. */
  waiting: number;
  waitNs: number;
  /** Nanoseconds; -1 where there is no second copy. What is lost has none: it is lost before it could be copied. */
  copyLatency: number;
}

/**
 * The network between endpoints: what becomes of each message, and which directions are cut or worsened by faults. A
 * message has a latency of its own, so that messages overtake each other, and is lost, doubled or corrupted by chance.
 */
export class Network {
  readonly #world: WorldConfig;
  readonly #names: readonly string[];
  readonly #nodes: number;
  readonly #streams: Streams;
  /** By direction, as all that follows; made when first used. */
  readonly #links: (Link | undefined)[];
  /** The faults that cut it. Cuts add up: it is open when none is left. */
  readonly #cuts: number[][];
  readonly #troubles: Suffered[][];
  /** How many cuts and troubles there are on all links: mostly none, and then nobody need look for them. */
  #afflictions = 0;
  /** Latencies of second copies that are still to be drawn: one a message, and most are never asked for. */
  #owed: Float64Array;
  readonly #passage: Passage = {
    lost: false, lostBy: -1, copiedBy: -1, corrupt: false, corruptBy: -1, overflow: false, latency: 0, waiting: 0, waitNs: 0, copyLatency: -1,
  };

  /** `names`: of the endpoints, nodes first. */
  constructor(world: WorldConfig, names: readonly string[], streams: Streams) {
    this.#world = world;
    this.#names = names;
    this.#nodes = world.nodes.length;
    this.#streams = streams;
    // Clients do not talk to each other, and may be many.
    const directions = this.#nodes * (2 * names.length - this.#nodes);
    this.#links = new Array<undefined>(directions).fill(undefined);
    this.#cuts = this.#links.map(() => []);
    this.#troubles = this.#links.map(() => []);
    this.#owed = new Float64Array(directions);
  }

  /** How long a message takes to which nothing can happen but that, as {@link pass} would draw it; -1 where something may. */
  passFreely(link: Link): number {
    if (!link.isPlain || this.#afflictions > 0) return -1;
    this.#oweCopyLatency(link);
    return link.latency(link.latencies);
  }

  /** Draws what becomes of a message that leaves now; without a body it has no size. The result is reused by the next call. */
  pass(link: Link, now: number, body?: Flight["body"]): Passage {
    const passage = this.#passage;
    passage.lostBy = -1;
    passage.copiedBy = -1;
    passage.corruptBy = -1;
    passage.overflow = false;
    passage.waiting = 0;
    passage.latency = link.latency(link.latencies);
    passage.lost = link.losses !== undefined && link.losses.next() < link.config.loss;
    const isCopied = link.duplicates !== undefined && link.duplicates.next() < link.config.duplicate;
    const troubles = this.#troubles[link.direction] as Suffered[];
    const copyLatency = isCopied || troubles.length > 0 ? this.#copyLatency(link) : this.#oweCopyLatency(link);
    passage.copyLatency = isCopied ? copyLatency : -1;
    passage.corrupt = link.corruptions !== undefined && link.corruptions.next() < link.config.corrupt;

    if (troubles.length > 0) suffer(passage, troubles, this.#streams, link.name, copyLatency, now);
    // What is lost has been sent all the same: it takes its time on the link.
    if (link.pipe !== undefined) enter(link.pipe, now, body === undefined ? 0 : bytesOf(body), passage);
    if (passage.lost) passage.copyLatency = -1;
    return passage;
  }

  /** How long the second copy of a message takes, after those that are owed. */
  #copyLatency(link: Link): number {
    for (let owed = this.#owed[link.direction] as number; owed > 0; owed -= 1) link.latency(link.copyLatencies);
    this.#owed[link.direction] = 0;
    return link.latency(link.copyLatencies);
  }

  #oweCopyLatency(link: Link): number {
    this.#owed[link.direction] = (this.#owed[link.direction] as number) + 1;
    return -1;
  }

  /** One direction. */
  link(from: number, to: number): Link {
    const direction = this.#direction(from, to);
    return this.#links[direction] ?? (this.#links[direction] = this.#makeLink(from, to));
  }

  /** The fault that cuts this direction, or -1 where it is open. */
  cutBy(from: number, to: number): number {
    if (this.#afflictions === 0 || this.#areClients(from, to)) return -1;
    return (this.#cuts[this.#direction(from, to)] as number[])[0] ?? -1;
  }

  cut(fault: number, from: number, to: number): void {
    if (this.#areClients(from, to)) return;
    const cuts = this.#cuts[this.#direction(from, to)] as number[];
    if (cuts.includes(fault)) return;
    cuts.push(fault);
    this.#afflictions += 1;
  }

  /** Cuts both directions between two endpoints; says how many it cut, 0 for an endpoint and itself. */
  cutBothWays(fault: number, a: number, b: number): number {
    if (a === b) return 0;
    this.cut(fault, a, b);
    this.cut(fault, b, a);
    return 2;
  }

  worsen(trouble: LinkTrouble, from: number, to: number): void {
    if (this.#areClients(from, to)) return;
    (this.#troubles[this.#direction(from, to)] as Suffered[]).push(suffered(trouble));
    this.#afflictions += 1;
  }

  /** Undoes what one fault did to all links. */
  mend(fault: number): void {
    this.#afflictions = 0;
    for (let direction = 0; direction < this.#cuts.length; direction += 1) {
      const cuts = this.#cuts[direction] as number[];
      if (cuts.includes(fault)) this.#cuts[direction] = cuts.filter((cut) => cut !== fault);
      const troubles = this.#troubles[direction] as Suffered[];
      if (troubles.length > 0) this.#troubles[direction] = troubles.filter((trouble) => trouble.fault !== fault);
      this.#afflictions += (this.#cuts[direction] as number[]).length + (this.#troubles[direction] as Suffered[]).length;
    }
  }

  copy(streams: Streams): Network {
    const copy = new Network(this.#world, this.#names, streams);
    this.#links.forEach((link, direction) => {
      if (link?.pipe !== undefined) copy.#links[direction] = makeLink(link.direction, link.name, link.config, streams, link.pipe);
    });
    this.#cuts.forEach((cuts, direction) => (copy.#cuts[direction] = cuts.slice()));
    this.#troubles.forEach((troubles, direction) => (copy.#troubles[direction] = troubles.slice()));
    copy.#owed = this.#owed.slice();
    copy.#afflictions = this.#afflictions;
    return copy;
  }

  /** Its place among the directions: those from nodes first, then those from clients to nodes. */
  #direction(from: number, to: number): number {
    const all = this.#names.length;
    return from < this.#nodes ? from * all + to : this.#nodes * all + (from - this.#nodes) * this.#nodes + to;
  }

  #areClients(from: number, to: number): boolean {
    return from >= this.#nodes && to >= this.#nodes;
  }

  #makeLink(from: number, to: number): Link {
    const { network, workload } = this.#world;
    const config: LinkConfig = linkConfig(network, workload.network, this.#endpoint(from), this.#endpoint(to));
    return makeLink(this.#direction(from, to), `${this.#names[from]}→${this.#names[to]}`, config, this.#streams);
  }

  #endpoint(index: number): Endpoint {
    return { name: this.#names[index] as string, zone: this.#world.zones[index] ?? "", isClient: index >= this.#nodes };
  }
}

/** Adds what a message waits and takes on its link, unless it finds the queue full. */
function enter(pipe: Pipe, now: number, bytes: number, passage: Passage): void {
  const takes = pipe.enter(now, bytes);
  if (takes < 0) {
    passage.overflow = true;
    passage.copyLatency = -1;
    return;
  }
  passage.latency += takes;
  if (passage.copyLatency >= 0) passage.copyLatency += takes;
  if (pipe.waitNs === 0) return;
  passage.waiting = pipe.waiting;
  passage.waitNs = pipe.waitNs;
}

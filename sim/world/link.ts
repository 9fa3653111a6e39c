import { sampler } from "../kernel/distribution.ts";
import type { Stream, Streams } from "../kernel/stream.ts";
import type { LinkConfig, NetworkConfig } from "./config.ts";
import { Pipe } from "./pipe.ts";

/**
 * One direction between two endpoints. Its streams draw once a message, whatever the settings of the others are. A share
 * that is zero has no stream: nobody else draws from it, so it need not draw in vain.
 */
export interface Link {
  /** Its place in the network. */
  readonly direction: number;
  /** `n1→n2` */
  readonly name: string;
  readonly config: LinkConfig;
  readonly latency: (stream: Stream) => number;
  readonly latencies: Stream;
  readonly losses: Stream | undefined;
  readonly duplicates: Stream | undefined;
  readonly copyLatencies: Stream;
  readonly corruptions: Stream | undefined;
  /** Undefined where there is no limit. */
  readonly pipe: Pipe | undefined;
  /** Nothing but time happens to a message here, unless a fault does something: datagrams without loss, copies, corruption and limit. */
  readonly isPlain: boolean;
}

/** `pipe`: what has gone through it so far, where the link goes on from another. */
export function makeLink(direction: number, name: string, config: LinkConfig, streams: Streams, pipe?: Pipe): Link {
  const stream = (what: string): Stream => streams.get(`network/${name}/${what}`);
  const { bandwidth, queue, loss, duplicate, corrupt, fifo } = config;
  return {
    direction,
    name,
    config,
    latency: sampler(config.latency),
    latencies: stream("latency"),
    losses: loss > 0 ? stream("loss") : undefined,
    duplicates: duplicate > 0 ? stream("duplicate") : undefined,
    copyLatencies: stream("duplicate/latency"),
    corruptions: corrupt > 0 ? stream("corrupt") : undefined,
    pipe: bandwidth === undefined ? undefined : (pipe?.copy(bandwidth, queue) ?? new Pipe(bandwidth, queue)),
    isPlain: loss === 0 && duplicate === 0 && corrupt === 0 && bandwidth === undefined && !fifo,
  };
}

/** What the settings of a link go by. */
export interface Endpoint {
  readonly name: string;
  /** "" where it stands in no zone. */
  readonly zone: string;
  readonly isClient: boolean;
}

/**
 * What holds for one direction: the first exception that matches, then the zones, the most particular first, then the
 * network; each setting by itself. Of what is said of zones, clients' messages take the latency alone: all else is said
 * of them in `workload.network`.
 */
export function linkConfig(network: NetworkConfig, withClients: LinkConfig, from: Endpoint, to: Endpoint): LinkConfig {
  const isOfClient = from.isClient || to.isClient;
  const usual = isOfClient ? withClients : network;
  const zones = zoneLinks(network, from.zone, to.zone).map((link) => (isOfClient ? latencyOf(link) : link));
  const exception = network.links.find((link) => link.from.includes(from.name) && link.to.includes(to.name));
  const parts = exception === undefined ? zones : [...zones, exception.link];
  return parts.length === 0 ? usual : Object.assign({}, usual, ...parts.map(given));
}

/** What is said of the zones of two endpoints, the most particular last; of equals, the first in the file last. */
function zoneLinks({ zones }: NetworkConfig, from: string, to: string): Partial<LinkConfig>[] {
  if (from === "" || to === "") return [];
  const said = zones.filter(({ a, b }) => (isWithin(from, a) && isWithin(to, b)) || (isWithin(from, b) && isWithin(to, a)));
  const particular = ({ a, b }: { readonly a: string; readonly b: string }): number => depth(a) + depth(b);
  return said.reverse().sort((one, other) => particular(one) - particular(other)).map(({ link }) => link);
}

/** Whether a zone is this zone or region, or lies in it: `eu-a` in `eu`. */
export function isWithin(zone: string, region: string): boolean {
  return zone === region || zone.startsWith(`${region}-`);
}

const depth = (zone: string): number => zone.split("-").length;

const latencyOf = ({ latency }: Partial<LinkConfig>): Partial<LinkConfig> => ({ latency }) as Partial<LinkConfig>;

/** Without what is undefined: a setting that is left out takes the place of none. */
function given(link: Partial<LinkConfig>): Partial<LinkConfig> {
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}

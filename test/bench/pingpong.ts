/**
 * Ping and acknowledge: five nodes that each keep a ping under way to every other and answer the others' pings. Nothing
 * else happens, so what is measured is what the world adds to a message: the network with all hooks of the faults and
 * none active, the node, the handler and its effects. It is held against the same exchange on the bare queue: a kernel
 * whose handler draws the same latency and schedules the answer. All in one run, in turns, because two runs on a shared
 * machine do not compare.
 */
import type { Distribution } from "../../sim/kernel/distribution.ts";
import { sampler } from "../../sim/kernel/distribution.ts";
import { Kernel } from "../../sim/kernel/loop.ts";
import { Streams } from "../../sim/kernel/stream.ts";
import { ms, seconds } from "../../sim/kernel/time.ts";
import { defineProtocol, type Ctx, type NodeId } from "../../sim/protocol.ts";
import type { WorldConfig } from "../../sim/world/config.ts";
import { World } from "../../sim/world/world.ts";
import { median } from "./median.ts";

type Ping = { readonly type: "Ping"; readonly round: number };
type Ack = { readonly type: "Ack"; readonly round: number };
type Message = Ping | Ack;
interface State {
  acks: number;
}

const NODES = 5;
/** That of a scenario which says nothing of it. */
const LATENCY: Distribution = { type: "lognormal", median: ms(1), p99: ms(5) };

const pingPong = defineProtocol<State, Message>({
  name: "ping-pong",
  boot: () => ({ acks: 0 }),
  onStart(_, ctx) {
    for (const peer of ctx.peers) ctx.send(peer, { type: "Ping", round: 0 });
  },
  onMessage: {
    Ping(_: State, message: Ping, from: NodeId, ctx: Ctx<Message>) {
      ctx.send(from, { type: "Ack", round: message.round });
    },
    Ack(state: State, message: Ack, from: NodeId, ctx: Ctx<Message>) {
      state.acks += 1;
      ctx.send(from, { type: "Ping", round: message.round + 1 });
    },
  },
  onRequest: {},
});

function config(virtualSeconds: number): WorldConfig {
  const link = { latency: LATENCY, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false } as const;
  const duration = seconds(virtualSeconds);
  return {
    seed: 1,
    duration,
    nodes: Array.from({ length: NODES }, (_, index) => `n${index + 1}`),
    zones: [],
    options: {},
    network: { ...link, links: [], zones: [] },
    clocks: { offset: [0, 0], drift: [0, 0] },
    disk: { sync: { type: "constant", value: ms(1) }, write: { type: "constant", value: 0 } },
    cpu: { perMessage: { type: "constant", value: 0 }, cores: 1 },
    workload: {
      clients: 0,
      rate: 1,
      keys: { count: 1, distribution: { type: "uniform" } },
      operations: [],
      from: 0,
      until: duration,
      timeout: seconds(1),
      retry: { enabled: false, after: ms(200), backoff: ms(10), max: ms(500), jitter: 0.5 },
      target: "any",
      network: link,
    },
    faults: [],
  };
}

/** Messages that arrived, in the world with nobody watching, as the bare queue is not watched. `strict`: messages are frozen. */
export function inWorld(virtualSeconds: number, strict = true): number {
  const world = new World(config(virtualSeconds), pingPong, { watches: false, strict });
  world.runUntil(world.config.duration);
  return world.events / 2; // A message is sent and delivered.
}

interface Flight {
  readonly isAck: boolean;
  readonly from: number;
  readonly to: number;
  readonly round: number;
}

/** The same messages on the queue alone. */
export function onQueue(virtualSeconds: number): number {
  const streams = new Streams(1);
  const links = Array.from({ length: NODES * NODES }, (_, link) => streams.get(`network/n${Math.floor(link / NODES) + 1}→n${(link % NODES) + 1}/latency`));
  const latency = sampler(LATENCY);
  let arrived = 0;
  const send = (isAck: boolean, from: number, to: number, round: number): void => {
    kernel.schedule(latency(links[from * NODES + to]!), { isAck, from, to, round });
  };
  const kernel = new Kernel<Flight>(({ isAck, from, to, round }) => {
    arrived += 1;
    send(!isAck, to, from, isAck ? round + 1 : round);
  });
  for (let from = 0; from < NODES; from += 1) for (let to = 0; to < NODES; to += 1) if (from !== to) send(false, from, to, 0);
  kernel.runUntil(seconds(virtualSeconds));
  return arrived;
}

/** `queue`: the bare queue. `strict`: the world as it is by itself. `free`: it freezes no message, as the queue does not. */
export const exchanges = ["queue", "strict", "free"] as const;
export type Exchange = (typeof exchanges)[number];

export const exchangeWords: { readonly [E in Exchange]: string } = {
  queue: "the queue alone",
  strict: "the world, nobody watching",
  free: "the same, its messages not frozen",
};

export interface PingPongRow {
  readonly exchange: Exchange;
  readonly perSecond: number;
  /** The median over the rounds of the ratio within a round. */
  readonly ofQueue: number;
}

const exchanged: { readonly [E in Exchange]: (virtualSeconds: number) => number } = {
  queue: onQueue,
  strict: (virtualSeconds) => inWorld(virtualSeconds, true),
  free: (virtualSeconds) => inWorld(virtualSeconds, false),
};

/** Messages a second of the processor's time, which others on the machine disturb less than the clock's. */
export function pingPongs(rounds = 7, virtualSeconds = 40): PingPongRow[] {
  const timed = (exchange: Exchange): number => {
    const began = process.cpuUsage().user;
    const messages = exchanged[exchange](virtualSeconds);
    return messages / ((process.cpuUsage().user - began) / 1e6);
  };
  const speeds: { readonly [E in Exchange]: number[] } = { queue: [], strict: [], free: [] };
  for (const exchange of exchanges) timed(exchange);
  for (let round = 0; round < rounds; round += 1) for (const exchange of exchanges) speeds[exchange].push(timed(exchange));
  return exchanges.map((exchange) => ({
    exchange,
    perSecond: median(speeds[exchange]),
    ofQueue: median(speeds[exchange].map((speed, round) => speed / speeds.queue[round]!)),
  }));
}

/** Which node a client asks. */
import { median } from "../kernel/distribution.ts";
import type { Stream } from "../kernel/stream.ts";
import type { WorldConfig } from "./config.ts";
import { linkConfig, type Endpoint } from "./link.ts";

/** A client's policy, and the node that it remembers. */
export class Targets {
  readonly #config: WorldConfig;
  readonly #client: Endpoint;
  /** Of the policy `nearest`: how far each node is. */
  readonly #distances: readonly number[] | undefined;
  /** The node that the policies `leader` and `sticky` ask first; -1 for none. */
  #favourite = -1;

  constructor(config: WorldConfig, client: Endpoint, distances?: readonly number[]) {
    this.#config = config;
    this.#client = client;
    this.#distances = config.workload.target === "nearest" ? (distances ?? config.nodes.map((_, node) => roundTrip(config, client, node))) : undefined;
  }

  /** Whom an operation asks first. One draw, whatever the policy. */
  first(stream: Stream): number {
    const draw = stream.double();
    if (this.#distances !== undefined) return oneOf(this.#nearest(this.#config.nodes.map((_, node) => node)), draw);
    const any = Math.floor(draw * this.#config.nodes.length);
    if (this.#config.workload.target === "any") return any;
    if (this.#favourite < 0) this.#favourite = any;
    return this.#favourite;
  }

  /** Some node but the last one and, as long as there is one, those without which to do; the last where there is no other. One draw. */
  another(last: number, without: readonly number[], stream: Stream): number {
    const count = this.#config.nodes.length;
    const others = Array.from({ length: count - 1 }, (_, step) => (last + 1 + step) % count);
    const left = others.filter((node) => !without.includes(node));
    const draw = stream.double();
    if (count === 1) return last;
    return oneOf(this.#nearest(left.length > 0 ? left : others), draw);
  }

  /** Those at the least distance; without the policy `nearest`, all. */
  #nearest(nodes: readonly number[]): readonly number[] {
    const distances = this.#distances;
    if (distances === undefined) return nodes;
    const least = Math.min(...nodes.map((node) => distances[node] as number));
    return nodes.filter((node) => distances[node] === least);
  }

  /** The node has answered, or a redirection names it; -1: it names nobody. */
  remember(node: number): void {
    this.#favourite = node;
  }

  /** The node does not answer. */
  forget(node: number): void {
    if (this.#favourite === node) this.#favourite = -1;
  }

  copy(): Targets {
    const copy = new Targets(this.#config, this.#client, this.#distances);
    copy.#favourite = this.#favourite;
    return copy;
  }
}

function oneOf(nodes: readonly number[], draw: number): number {
  return nodes[Math.floor(draw * nodes.length)] as number;
}

/** How long a request and its reply are expected to take: the medians of both ways, by the network's settings. Nanoseconds. */
function roundTrip({ nodes, zones, network, workload }: WorldConfig, client: Endpoint, index: number): number {
  const node: Endpoint = { name: nodes[index] as string, zone: zones[index] ?? "", isClient: false };
  const there = linkConfig(network, workload.network, client, node);
  const back = linkConfig(network, workload.network, node, client);
  return median(there.latency) + median(back.latency);
}

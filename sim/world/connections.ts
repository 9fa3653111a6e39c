import { Connection, type ConnectionEvent } from "./connection.ts";
import type { Flight } from "./message.ts";
import type { World } from "./world.ts";

/** The ordered connections of a world, one for each direction between two endpoints, made when first used. */
export class Connections {
  readonly #world: World;
  #all = new Map<string, Connection>();

  constructor(world: World) {
    this.#world = world;
  }

  send(flight: Flight): void {
    this.#between(flight.from, flight.to).send(flight);
  }

  onEvent(event: ConnectionEvent): void {
    this.#between(event.from, event.to).onEvent(event);
  }

  /** The process of a node has stopped, by this event. */
  onCrash(node: number, event: number): void {
    for (const connection of this.#all.values()) {
      if (connection.from === node || connection.to === node) connection.onCrash(node, event);
    }
  }

  #between(from: number, to: number): Connection {
    const key = `${from} ${to}`;
    let connection = this.#all.get(key);
    if (connection === undefined) {
      const isOpen = !this.#hasStopped(from) && !this.#hasStopped(to);
      connection = new Connection(this.#world, from, to, isOpen);
      this.#all.set(key, connection);
    }
    return connection;
  }

  #hasStopped(endpoint: number): boolean {
    if (this.#world.isClient(endpoint)) return false;
    const { incarnation, isUp } = this.#world.node(endpoint);
    return incarnation > 1 || (incarnation === 1 && !isUp);
  }

  copy(world: World): Connections {
    const copy = new Connections(world);
    copy.#all = new Map([...this.#all].map(([key, connection]) => [key, connection.copy(world)]));
    return copy;
  }
}

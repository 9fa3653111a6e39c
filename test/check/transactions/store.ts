/** A store that is strictly serializable by construction, seen by clients that are busy at the same time. */
import type { HistoryEvent } from "../../../sim/check/index.ts";
import { generator } from "../simulated.ts";

export interface StoreOptions {
  readonly seed: number;
  readonly transactions: number;
  readonly clients: number;
  /** How many keys are in use at a time; each is left after so many writes. */
  readonly keys: number;
  readonly writesPerKey: number;
  /** Steps of a transaction, at most. */
  readonly steps: number;
  readonly model: "list-append" | "rw-register";
  /** The shares of transactions that abort, and whose outcome stays unknown (half of these happened). */
  readonly abort?: number;
  readonly info?: number;
}

type Step = [f: string, key: string, value: unknown];

interface Client {
  process: number;
  state: "idle" | "invoked" | "applied";
  steps: Step[];
  fate: number;
}

/** The events one by one, so that millions need not be held. */
export function* storeHistory(options: StoreOptions): Generator<HistoryEvent> {
  const { seed, transactions, abort = 0, info = 0 } = options;
  const chance = generator(seed);
  const store = new Store(options, chance);
  const clients = Array.from({ length: options.clients }, (_, process): Client => ({ process, state: "idle", steps: [], fate: 0 }));
  let [begun, time, processes] = [0, 0, clients.length];
  for (let busy = 0; begun < transactions || busy > 0; ) {
    const number = Math.floor(chance() * clients.length);
    const client = clients[number]!;
    const event = (type: HistoryEvent["type"], value: unknown): HistoryEvent => ({ process: client.process, client: `c${number}`, type, f: "txn", key: "", value, time: (time += 1000) });
    if (client.state === "idle") {
      if (begun === transactions) continue;
      begun++;
      busy++;
      Object.assign(client, { state: "invoked", steps: store.plan(), fate: chance() });
      yield event("invoke", client.steps);
    } else if (client.state === "invoked") {
      if (client.fate >= abort + info / 2) client.steps = store.run(client.steps);
      client.state = "applied";
    } else {
      const { fate } = client;
      yield event(fate < abort ? "fail" : fate < abort + info ? "info" : "ok", client.steps);
      if (fate >= abort && fate < abort + info) client.process = processes++;
      client.state = "idle";
      busy--;
    }
  }
}

class Store {
  readonly #options: StoreOptions;
  readonly #chance: () => number;
  readonly #lists = new Map<string, unknown[]>();
  readonly #active: { key: number; writes: number }[];
  #keys: number;

  constructor(options: StoreOptions, chance: () => number) {
    this.#options = options;
    this.#chance = chance;
    this.#keys = options.keys;
    this.#active = Array.from({ length: options.keys }, (_, key) => ({ key, writes: 0 }));
  }

  plan(): Step[] {
    const { steps, model, writesPerKey } = this.#options;
    return Array.from({ length: 1 + Math.floor(this.#chance() * steps) }, (): Step => {
      const at = Math.floor(this.#chance() * this.#active.length);
      const active = this.#active[at]!;
      const key = `k${active.key}`;
      if (this.#chance() < 0.5) return ["r", key, null];
      const value = ++active.writes;
      if (active.writes === writesPerKey) this.#active[at] = { key: this.#keys++, writes: 0 };
      return [model === "list-append" ? "append" : "w", key, value];
    });
  }

  /** As they are, one after the other, with what is read. */
  run(steps: readonly Step[]): Step[] {
    return steps.map(([f, key, value]): Step => {
      const list = this.#lists.get(key) ?? [];
      if (f === "r") return [f, key, this.#options.model === "list-append" ? [...list] : (list.at(-1) ?? null)];
      if (list.length === 0) this.#lists.set(key, list);
      list.push(value);
      return [f, key, value];
    });
  }
}

import type { Effect, Origin } from "./context.ts";
import type { Loss } from "./store.ts";
import type { World } from "./world.ts";

/** A crash that lies in wait for the middle of something. */
export interface Ambush {
  readonly fault: number;
  readonly lose: Loss;
  readonly amid: "effects" | "sync";
  /** After how many of a handler's effects it strikes; undefined: drawn. */
  readonly applied: number | undefined;
  /** The name of the stream that it draws from. */
  readonly stream: string;
}

/** Stands among the effects of a handler: when it would leave, the node crashes. */
export interface Stop {
  readonly type: "stop";
  readonly fault: number;
  readonly reason: string;
}

/** What ambushes need of their node. */
export interface AmbushHost {
  readonly index: number;
  isUp(): boolean;
  isSyncing(): boolean;
  apply(effect: Effect, origin: Origin): void;
  /** The stop comes back by `reach`, when all that was captured before it is durable. */
  holdOrLeave(stop: Stop, origin: Origin): void;
  strike(ambush: Ambush, reason: string, cause: number): void;
}

/**
 * The crashes that lie in wait for one node. Amid effects: between two effects of its next handler that has two of those
 * that outlast a node (messages, captures, writes, syncs; timers and memory are gone with it anyway). An effect counts
 * as applied when it is done: a capture when it is durable, what it holds back when it has left. So the point after a
 * persist and before the send finds the state saved and nothing said, whatever the crash takes from the disk; and of
 * five messages that wait for one sync the first may leave alone. Amid a sync: a drawn share of its time after it began.
 */
export class Ambushes {
  readonly #world: World;
  readonly #host: AmbushHost;
  #laid: Ambush[] = [];
  /** Faults whose place is found and not reached yet, with the kernel's handle of their moment; 0 where it has none. */
  #set = new Map<number, number>();

  constructor(world: World, host: AmbushHost) {
    this.#world = world;
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#laid.length === 0;
  }

  lay(ambush: Ambush): void {
    this.#laid.push(ambush);
  }

  /** It is over, whether or not it struck. */
  lift(fault: number): void {
    this.#laid = this.#laid.filter((ambush) => ambush.fault !== fault);
    this.#world.cancel(this.#set.get(fault) ?? 0);
    this.#set.delete(fault);
  }

  /** Applies a handler's effects, up to where the node stops. */
  apply(effects: readonly Effect[], origin: Origin): void {
    const count = effects.filter(outlastsNode).length;
    const ambush = this.#free("effects", ({ applied = 1 }) => count > applied);
    const stopAfter = ambush === undefined ? 0 : (ambush.applied ?? this.#world.streams.get(ambush.stream).between(1, count - 1));
    let applied = 0;
    for (const effect of effects) {
      this.#host.apply(effect, origin);
      if (!this.#host.isUp()) return;
      if (ambush === undefined || !outlastsNode(effect)) continue;
      applied += 1;
      if (applied !== stopAfter) continue;
      this.#set.set(ambush.fault, 0);
      // Where a capture holds it back the node lives on until that is durable; what it says meanwhile is held back behind it.
      this.#host.holdOrLeave({ type: "stop", fault: ambush.fault, reason: `amid effects, ${stopAfter} of ${count} applied` }, origin);
      if (!this.#host.isUp()) return;
    }
  }

  /** A sync of so many nanoseconds begins: one that waits for it strikes before it is done. */
  onSyncBegins(latency: number, cause: number): void {
    const ambush = this.#free("sync", () => true);
    if (ambush === undefined) return;
    const after = Math.floor(this.#world.streams.get(ambush.stream).double() * latency);
    const handle = this.#world.schedule(after, { type: "ambush", node: this.#host.index, fault: ambush.fault, cause });
    this.#set.set(ambush.fault, handle);
  }

  /** The moment within a sync. Where that has ended early, it waits for the next. */
  onDue(fault: number, cause: number): void {
    this.#set.delete(fault);
    if (this.#host.isSyncing()) this.#strike(fault, "amid a sync", cause);
  }

  /** All that stands before it is done. */
  reach({ fault, reason }: Stop, cause: number): void {
    this.#strike(fault, reason, cause);
  }

  /** The node has crashed for another reason: those that had found their place look for another. */
  onCrash(): void {
    for (const handle of this.#set.values()) this.#world.cancel(handle);
    this.#set.clear();
  }

  #strike(fault: number, reason: string, cause: number): void {
    const ambush = this.#laid.find((one) => one.fault === fault);
    if (ambush === undefined) return; // It was lifted meanwhile.
    this.lift(fault);
    this.#host.strike(ambush, reason, cause);
  }

  #free(amid: Ambush["amid"], suits: (ambush: Ambush) => boolean): Ambush | undefined {
    return this.#laid.find((ambush) => ambush.amid === amid && !this.#set.has(ambush.fault) && suits(ambush));
  }

  /** The same ambushes in a copy of the world, whose kernel has their moments under the same handles. */
  copy(world: World, host: AmbushHost): Ambushes {
    const copy = new Ambushes(world, host);
    copy.#laid = this.#laid.slice();
    copy.#set = new Map(this.#set);
    return copy;
  }
}

/** Whether something of the effect is there when the node is not. */
function outlastsNode(effect: Effect): boolean {
  switch (effect.type) {
    case "message":
    case "reply":
    case "write":
    case "sync":
      return true;
    case "persist":
      return effect.capture !== undefined;
    default:
      return false;
  }
}

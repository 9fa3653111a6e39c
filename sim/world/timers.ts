import type { Clock } from "./clock.ts";
import type { World } from "./world.ts";

/** A timer that is set. */
export interface SetTimer {
  readonly name: string;
  readonly key: string;
  /** Tells this setting of the timer from others of the same name. */
  readonly serial: number;
  /** When the steady part of the node's clock will have come so far. */
  readonly due: number;
  /** The kernel's handle; 0 where it is due, or the clock stands still. */
  readonly handle: number;
  /** It is due, and waits for a paused or busy node. */
  readonly isDue: boolean;
  /** The event whose handler set it. */
  readonly setBy: number;
}

/** The timers of one node. They run on the steady part of its clock, and follow its rate when that changes. */
export class Timers {
  readonly #world: World;
  readonly #node: number;
  readonly #clock: Clock;
  #timers = new Map<string, SetTimer>();
  #serial = 0;

  constructor(world: World, node: number, clock: Clock) {
    this.#world = world;
    this.#node = node;
    this.#clock = clock;
  }

  /** Sets a timer, in place of one of the same name and key. */
  set(name: string, key: string, after: number, setBy: number): void {
    this.cancel(name, key);
    const id = timerId(name, key);
    const serial = this.#serial++;
    const due = this.#clock.steadyAt(this.#world.now) + after;
    this.#timers.set(id, { name, key, serial, due, handle: this.#schedule(id, serial, after), isDue: false, setBy });
  }

  cancel(name: string, key: string): void {
    const id = timerId(name, key);
    const timer = this.#timers.get(id);
    if (timer === undefined) return;
    this.#world.cancel(timer.handle);
    this.#timers.delete(id);
  }

  /** A crash cancels them all. */
  clear(): void {
    for (const timer of this.#timers.values()) this.#world.cancel(timer.handle);
    this.#timers.clear();
  }

  /** The timer that is due; undefined where it was set again or cancelled while it waited for the node. */
  due(id: string, serial: number): SetTimer | undefined {
    const timer = this.#timers.get(id);
    return timer?.serial === serial ? timer : undefined;
  }

  /** It is due, and waits for the node to go on. */
  wait(id: string, timer: SetTimer): void {
    this.#timers.set(id, { ...timer, handle: 0, isDue: true });
  }

  /** The clock has another rate from now on, or none. */
  follow(): void {
    const steady = this.#clock.steadyAt(this.#world.now);
    for (const [id, timer] of this.#timers) {
      if (timer.isDue) continue;
      this.#world.cancel(timer.handle);
      this.#timers.set(id, { ...timer, handle: this.#schedule(id, timer.serial, Math.max(0, timer.due - steady)) });
    }
  }

  /** The same timers in a copy of the world, whose kernel has them under the same handles. */
  copy(world: World, clock: Clock): Timers {
    const copy = new Timers(world, this.#node, clock);
    copy.#timers = new Map(this.#timers);
    copy.#serial = this.#serial;
    return copy;
  }

  /** Nothing comes due while the clock stands still, but what asks to fire at once. */
  #schedule(id: string, serial: number, after: number): number {
    if (this.#clock.isStopped && after > 0) return 0;
    return this.#world.schedule(this.#clock.realFor(after), { type: "timer", node: this.#node, timer: id, serial });
  }
}

/** A line break keeps name and key apart: no name has one. */
const timerId = (name: string, key: string): string => (key === "" ? name : `${name}\n${key}`);

import { ForbiddenError } from "../world/forbidden.ts";

const CLOCK = "use ctx.now, this node's own clock";
const CHANCE = "ask for chance as data: ctx.setTimer with a range, or ctx.pick";
const TIMER = "use ctx.setTimer, and a handler in onTimer";
const OUTSIDE = "a protocol reaches nothing but its state and its context";

type Globals = { [name: string]: unknown };

/**
 * Runs something with the machine's clock, chance and I/O out of reach: whoever calls one of them meets an error that
 * names the cure. Everything is as before when it returns or throws. It must not wait for promises.
 */
export function withoutMachine<T>(act: () => T): T {
  const undo: (() => void)[] = [];
  const replace = (target: object | undefined, name: string, value: unknown): void => {
    if (target === undefined || (target as Globals)[name] === undefined) return;
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: before?.enumerable ?? false });
    undo.push(() => (before === undefined ? delete (target as Globals)[name] : Object.defineProperty(target, name, before)));
  };
  const ban = (target: object | undefined, name: string, what: string, cure: string): void =>
    replace(target, name, () => {
      throw new ForbiddenError(what, cure);
    });

  const globals = globalThis as unknown as Globals;
  ban(Math, "random", "Math.random", CHANCE);
  ban(globals["performance"] as object, "now", "performance.now", CLOCK);
  ban(globals["crypto"] as object, "getRandomValues", "crypto.getRandomValues", CHANCE);
  ban(globals["crypto"] as object, "randomUUID", "crypto.randomUUID", CHANCE);
  for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame"]) ban(globals, name, name, TIMER);
  ban(globals, "fetch", "fetch", OUTSIDE);
  replace(globals, "Date", withoutNow(Date));
  try {
    return act();
  } finally {
    for (const step of undo.reverse()) step();
  }
}

/** A Date that can be made of a given time and not of the present one. */
function withoutNow(real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    construct(target, args: [], newTarget) {
      if (args.length === 0) throw new ForbiddenError("new Date()", CLOCK);
      return Reflect.construct(target, args, newTarget) as object;
    },
    apply() {
      throw new ForbiddenError("Date()", CLOCK);
    },
    get(target, name, receiver) {
      if (name !== "now") return Reflect.get(target, name, receiver) as unknown;
      return () => {
        throw new ForbiddenError("Date.now", CLOCK);
      };
    },
  });
}

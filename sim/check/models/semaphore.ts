import type { Model } from "./model.ts";
import { type Call, plainModel } from "./plain.ts";

/** So many permits, all free at first: `acquire` and `release` take a number of them, 1 where none is given. */
export function semaphore(permits: number): Model {
  return plainModel<number>({
    name: permits === 1 ? "semaphore" : `semaphore(${permits})`,
    summary: "permits (1, or semaphore(3)): acquire, release, of one or so many",
    initial: permits,
    changes: {
      acquire: (free, call) => (permitsOf(call) <= free ? free - permitsOf(call) : undefined),
      release: (free, call) => (free + permitsOf(call) <= permits ? free + permitsOf(call) : undefined),
    },
    looks: {},
    misfit: (call) => (Number.isSafeInteger(permitsOf(call)) && permitsOf(call) > 0 ? undefined : `${call.f} takes a number of permits, or nothing`),
  });
}

function permitsOf({ input }: Call): number {
  return input === null ? 1 : (input as number);
}

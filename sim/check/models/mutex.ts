import { refuteMutex } from "../refute-mutex.ts";
import { plainModel } from "./plain.ts";

/** A lock that does not ask who holds it, as Jepsen's: `acquire` when it is free, `release` when it is held. */
export const mutex = plainModel<boolean>({
  name: "mutex",
  summary: "a lock (one for each key): acquire, release",
  initial: false,
  changes: {
    acquire: (isHeld) => (isHeld ? undefined : true),
    release: (isHeld) => (isHeld ? false : undefined),
  },
  looks: {},
  refute: refuteMutex,
});

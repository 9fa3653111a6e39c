/** Ctrl-C, and the polite request to end: at any moment there is one thing that it does. */
import { exitCodes } from "./exit.ts";

let act = (): void => process.exit(exitCodes.interrupted);

/** From here on, an interruption ends the program at once with its exit code, unless a command has something to finish. */
export function catchInterrupts(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => act());
}

/** Does this instead on an interruption, until the function that it returns is called. */
export function onInterrupt(instead: () => void): () => void {
  const before = act;
  act = instead;
  return () => {
    act = before;
  };
}

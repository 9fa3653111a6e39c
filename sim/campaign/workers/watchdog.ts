/** A limit of wall time for code that does not come back of itself. */
import { Script } from "node:vm";
import type { Guard } from "../run-job.ts";

const PART = "splitbrain part of a run";

const script = new Script(`globalThis[${JSON.stringify(PART)}]()`);

/**
 * Ends a part of a run that takes longer, and hands on where the run was. Node's own watchdog ends it, a thread that needs
 * nothing of this one. What it ends has not cleaned up behind itself, not even in its `finally`: the process must end too.
 */
export function watchdog(limitMs: number, onStop: (whereabouts: string) => never): Guard {
  return (part, whereabouts) => {
    (globalThis as unknown as { [name: string]: unknown })[PART] = part;
    try {
      return script.runInThisContext({ timeout: limitMs }) as ReturnType<typeof part>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return onStop(whereabouts());
      throw error;
    }
  };
}

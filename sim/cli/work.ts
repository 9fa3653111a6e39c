/** A worker of campaigns on many machines, from the command line's words to its exit code. */
import { availableParallelism } from "node:os";
import { ExecutorError } from "../campaign/executor.ts";
import { queueWorker } from "../campaign/workers/queue-worker.ts";
import type { Args } from "./command.ts";
import { exitCodes, UsageError } from "./exit.ts";
import { onInterrupt } from "./interrupt.ts";
import { packagePath } from "./package.ts";
import { PATIENCE_MS } from "./queue-patience.ts";
import { programState } from "./program-state.ts";
import type { Terminal } from "./terminal.ts";

/** Works until it is asked to end, which is no failure. Throws a UsageError where there is no redis, or none any more. */
export async function workAt(url: string, args: Args, terminal: Terminal): Promise<number> {
  const workers = args.whole("workers", 1, 1024) ?? availableParallelism();
  const isQuiet = args.flag("quiet");
  const say = (text: string): void => (isQuiet ? undefined : terminal.say(text));
  try {
    const worker = await queueWorker({ url, version: programState(), worker: packagePath(".dist/worker.js"), workers, patienceMs: PATIENCE_MS, say });
    let isAsked = false;
    const release = onInterrupt(() => {
      if (isAsked) process.exit(exitCodes.interrupted);
      isAsked = true;
      say("ends when the runs that are under way are done; Ctrl-C again ends at once, and others do them");
      worker.end();
    });
    say(`waits for runs, and does ${workers} at a time; Ctrl-C ends it`);
    const { runs, campaigns } = await worker.work().finally(release);
    terminal.print(`worker: runs=${runs} campaigns=${campaigns}`);
    return exitCodes.pass;
  } catch (error) {
    throw error instanceof ExecutorError ? new UsageError(error.message, error.hint) : error;
  }
}

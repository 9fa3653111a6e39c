/** Trace files on disk: which there are, and whether one can be read. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openTraceFile } from "../trace/file.node.ts";
import { UsageError } from "./exit.ts";

/** True where a name means a trace rather than a scenario. */
export function isTraceFile(name: string): boolean {
  return name.endsWith(".trace");
}

/** The trace of a folder that was written last; undefined where there is none. */
export function newestTrace(folder: string): string | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const traces = readdirSync(folder)
    .filter(isTraceFile)
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }));
  return traces.sort((a, b) => b.time - a.time)[0]?.path;
}

/** Opens a trace far enough to know that it can be read. Throws an error for the user that says why it cannot. */
export function checkTrace(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new UsageError(`there is no trace ${path}`, "`splitbrain run` writes one.");
  openTraceFile(path).close();
}

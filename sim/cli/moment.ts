/** A moment of a run, as it is given on the command line: an event by its number, or a virtual time. */
import { formatTime } from "../explain/index.ts";
import { parseDuration, QuantityError } from "../scenario/quantities.ts";
import { openTraceFile } from "../trace/file.node.ts";
import { UsageError } from "./exit.ts";

export type Moment = { readonly event: number } | { readonly timeNs: number };

/** `412` or `7.3s`. Throws a UsageError on anything else. */
export function momentOf(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9]{1,15}$/.test(text)) return { event: Number(text) };
  try {
    return { timeNs: parseDuration(text) };
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new UsageError(`--at takes the number of an event or a virtual time, not '${text}'`, "For example: --at 412, or --at 7.3s");
  }
}

/** The part of the viewer's address that names the moment. Throws a UsageError where the trace does not reach so far. */
export function addressAt(moment: Moment, path: string): string {
  const { trace, close } = openTraceFile(path);
  try {
    const { events } = trace.footer;
    if ("event" in moment && moment.event < events) return `#e=${moment.event}`;
    if ("event" in moment) throw new UsageError(`${path} has no event ${moment.event}`, events === 0 ? "It has none at all." : `Its events go from 0 to ${events - 1}.`);
    const { durationNs } = trace.header;
    if (moment.timeNs <= durationNs) return `#t=${moment.timeNs}`;
    throw new UsageError(`${path} is over before ${formatTime(moment.timeNs)}`, `It takes ${formatTime(durationNs)}.`);
  } finally {
    close();
  }
}

/** What protocols say to people, on standard error as it comes. */
import { formatFields, formatTime } from "../explain/index.ts";
import { SOMETIMES, type Annotation, type TraceSink } from "../trace/event.ts";
import { logLevels } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export class LogPrinter implements TraceSink {
  readonly #rank: number;
  readonly #nodes: readonly string[];
  readonly #terminal: Terminal;
  #nowNs = 0;

  /** Prints lines of this level and of graver ones. */
  constructor(level: string | undefined, nodes: readonly string[], terminal: Terminal) {
    this.#rank = rankOf(level ?? "warn");
    this.#nodes = nodes;
    this.#terminal = terminal;
  }

  event(event: { readonly time: number }): void {
    this.#nowNs = event.time;
  }

  annotation(annotation: Annotation): void {
    if (annotation.type !== "log" || rankOf(annotation.level) > this.#rank) return;
    const { level, text, fields, node } = annotation;
    const paint = this.#terminal.sayPaint;
    const more = fields === null || fields === undefined ? "" : ` ${paint.dim(formatFields(fields))}`;
    this.#terminal.say(`${paint.dim(formatTime(this.#nowNs))} ${this.#nodes[node] ?? "?"} ${level}: ${text}${more}`);
  }
}

/** What a protocol marks as good or rare is news for those who want to hear everything. */
function rankOf(level: string): number {
  return logLevels.indexOf((level === SOMETIMES ? "debug" : level) as (typeof logLevels)[number]);
}

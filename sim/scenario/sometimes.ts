/** What a scenario's `sometimes` asks for, and whether a run came by it. */
import type { MetricValues } from "../metrics/index.ts";
import { SOMETIMES, type Annotation, type TraceEvent, type TraceSink } from "../trace/event.ts";
import { compare } from "./expectations.ts";
import type { ScenarioFile } from "./file.ts";
import type { Comparison } from "./leaves.ts";
import type { Reader } from "./reader.ts";
import type { Sometimes } from "./scenario.ts";

/** Notes conditions that say nothing. */
export function checkSometimes(file: ScenarioFile, reader: Reader): void {
  for (const [position, one] of (file.sometimes ?? []).entries()) {
    if (typeof one !== "object" || Object.keys(one).length > 0) continue;
    reader.report(reader.spotOf(`sometimes.${position}`), "no metric is given", 'write { availability: "< 50%" }');
  }
}

/** Only for a file without mistakes. */
export function sometimesOf({ sometimes = [] }: ScenarioFile): Sometimes[] {
  return sometimes.flatMap((one): Sometimes[] => {
    if (one === undefined) return [];
    if (typeof one === "string") return [{ name: one, type: "moment" }];
    const metrics = Object.entries(one).map(([metric, comparison]) => ({ metric, ...(comparison as Comparison) }));
    return [{ name: metrics.map(({ metric, text }) => `${metric} ${text}`).join(", "), type: "metrics", metrics }];
  });
}

/** Listens for a protocol's events and marks. */
export class SometimesWatch implements TraceSink {
  readonly takesAnnotations = "lines";
  readonly #heard = new Set<string>();

  event(event: TraceEvent): void {
    if (event.kind === "emit") this.#heard.add(event.name);
  }

  annotation(annotation: Annotation): void {
    if (annotation.type === "log" && annotation.level === SOMETIMES) this.#heard.add(annotation.text);
  }

  /** Whether each has come about, by a run's metrics at its end. What could not be measured has not. */
  results(wanted: readonly Sometimes[], values: MetricValues): { readonly name: string; readonly reached: boolean }[] {
    return wanted.map((one) => ({ name: one.name, reached: one.type === "moment" ? this.#heard.has(one.name) : one.metrics.every((condition) => holds(condition, values)) }));
  }
}

function holds({ metric, comparison, value }: { readonly metric: string } & Comparison, values: MetricValues): boolean {
  const measured = values[metric] ?? null;
  return measured !== null && compare(measured, comparison, value);
}

/** The runs of an experiment as a tidy table: a line for each run, a column for each thing that is known of it. */
import { resultName, type SweptCell } from "./sweep.ts";

/** CSV by RFC 4180, but for its line ends. Durations are in nanoseconds, in columns whose names end in `Ns`. */
export function tableOf(cells: readonly SweptCell[], measure: readonly string[]): string {
  const paths = Object.keys(cells[0]?.settings ?? {});
  const metrics = measure.map(resultName);
  const lines = [["cell", ...paths, "seed", "verdict", ...metrics, "digest"]];
  cells.forEach(({ settings, samples }, at) => {
    const columns = metrics.map((metric) => samples.of(metric));
    samples.outcomes.forEach(({ seed, kind, digest }, run) => {
      const values = columns.map((column) => textOf(column[run] as number));
      lines.push([String(at + 1), ...paths.map((path) => settings[path] as string), String(seed), kind, ...values, digest]);
    });
  });
  return `${lines.map((line) => line.map(quoted).join(",")).join("\n")}\n`;
}

/** What was not measured is left empty. */
const textOf = (value: number): string => (Number.isNaN(value) ? "" : String(value));

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

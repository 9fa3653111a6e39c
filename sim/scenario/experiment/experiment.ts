/** The experiment of a file: what it varies, what it collects, and the text that its runs are parsed from. */
import { isMap, type YAMLMap } from "yaml";
import { didYouMean, oneOf } from "../diagnostics.ts";
import type { ScenarioDocument } from "../document.ts";
import type { ScenarioFile } from "../file.ts";
import { VIOLATION } from "../format/experiment.ts";
import { quote } from "../quantities.ts";
import { keepAnchors } from "../random.ts";
import type { Reader } from "../reader.ts";
import type { Axis, Experiment, Plot, Stop } from "../scenario.ts";
import { variedPaths } from "./vary.ts";

/** A plot as the file has it. */
export interface PlotFile {
  readonly cdf?: string;
  readonly line?: string;
  readonly heat?: string;
  readonly by?: readonly string[];
  readonly x?: Plot["x"];
  readonly y?: Plot["y"];
}

export type StopFile = string | { readonly event?: string; readonly nth?: number; readonly after?: number };

export interface ExperimentFile {
  readonly repeat?: number;
  readonly vary?: true;
  readonly stop?: StopFile;
  readonly measure?: readonly string[];
  readonly plot?: readonly PlotFile[];
  readonly reference?: string;
}

/** Notes what an experiment asks for and cannot have. */
export function checkExperiment(file: ScenarioFile, reader: Reader): void {
  const { experiment = {} } = file;
  for (const where of ["stop", "experiment.stop"]) checkStop(where, file, reader);
  const metricsAt: [string, string][] = (experiment.measure ?? []).map((name, at) => [name, `experiment.measure.${at}`]);
  const paths = variedPaths(reader.document).map(({ path }) => path);
  (experiment.plot ?? []).forEach((plot, at) => {
    const where = reader.at(`experiment.plot.${at}`) === undefined ? "experiment.plot" : `experiment.plot.${at}`;
    metricsAt.push([metricOf(plot) ?? "", `${where}.${kindOf(plot)}`]);
    checkBy(plot, where, paths, reader);
  });
  if (reader.keyAt("cost") !== undefined) return;
  for (const [name, where] of metricsAt) {
    if (name.startsWith("cost.")) reader.report(reader.spotOf(where, "experiment.measure"), `${quote(name)} needs prices: this file has no \`cost\``);
  }
}

function checkStop(where: string, file: ScenarioFile, reader: Reader): void {
  const stop = where === "stop" ? file.stop : file.experiment?.stop;
  const event = typeof stop === "string" ? stop : stop?.event;
  if (event === VIOLATION && file.expect?.["invariants"] === "off") {
    reader.report(reader.spotOf(`${where}.event`, where), "no invariant is evaluated here: `expect` says `invariants: off`");
  }
}

function checkBy(plot: PlotFile, where: string, paths: readonly string[], reader: Reader): void {
  if (paths.length === 0 && reader.diagnostics.length > 0) return; // What varies may be what is misspelt.
  for (const [at, path] of (plot.by ?? []).entries()) {
    if (paths.includes(path)) continue;
    const spot = reader.spotOf(`${where}.by.${at}`, `${where}.by`);
    const hint = paths.length === 0 ? "this experiment varies nothing" : `it varies ${oneOf(paths, "and")}`;
    reader.report(spot, `${quote(path)} does not vary here${didYouMean(path, paths)}`, hint);
  }
  const by = plot.by ?? paths;
  if (plot.heat !== undefined && by.length !== 2) reader.report(reader.spotOf(`${where}.by`, `${where}.heat`), `a heat map is over two settings, and this is over ${by.length}`);
  if (plot.line !== undefined && by.length === 0) reader.report(reader.spotOf(`${where}.line`), "a line is over a setting, and nothing varies here");
}

const kindOf = (plot: PlotFile): Plot["kind"] => (plot.cdf !== undefined ? "cdf" : plot.line !== undefined ? "line" : "heat");
const metricOf = (plot: PlotFile): string | undefined => plot.cdf ?? plot.line ?? plot.heat;

/** Takes the experiment out of a document without mistakes, whose first cell is in its place; undefined where it has none. */
export function takeExperiment(file: ScenarioFile, reader: Reader): Experiment | undefined {
  if (reader.keyAt("experiment") === undefined || file.experiment === undefined) return undefined;
  const { repeat, measure = [], plot = [], reference } = file.experiment;
  const axes = variedPaths(reader.document).map(({ path, choices }): Axis => ({ path, values: choices.map(({ label, text }) => ({ label, text })) }));
  const paths = axes.map(({ path }) => path);
  const plots = plot.map((one): Plot => ({ kind: kindOf(one), metric: metricOf(one) as string, by: one.by ?? paths, x: one.x ?? "linear", y: one.y ?? "linear" }));
  removeExperiment(reader.document);
  return { text: reader.document.text, repeat, axes, measure: [...new Set([...measure, ...plots.map(({ metric }) => metric)])], plots, reference };
}

/** What is left is the scenario of the first cell, with nothing more to it. */
function removeExperiment(document: ScenarioDocument): void {
  const root = document.root as YAMLMap;
  const experiment = document.resolve(root.get("experiment", true));
  const stop = isMap(experiment) ? document.resolve(experiment.get("stop", true)) : null;
  keepAnchors(document, [experiment]);
  root.delete("experiment");
  if (stop !== null) root.set("stop", stop);
  document.isOverridden = true;
}

/** When its runs end; the experiment's own goes before the scenario's. */
export function stopOf(file: ScenarioFile): Stop | undefined {
  const stop = file.experiment?.stop ?? file.stop;
  if (stop === undefined) return undefined;
  if (typeof stop === "string") return { event: stop, nth: 1, afterNs: 0 };
  return { event: stop.event as string, nth: stop.nth ?? 1, afterNs: stop.after ?? 0 };
}

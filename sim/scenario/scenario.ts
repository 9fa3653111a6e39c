/** A scenario file's contents, checked: what `run` takes. */
import type { Prices } from "../metrics/index.ts";
import type { AnyProtocol } from "../protocol.ts";
import type { WorldConfig } from "../world/config.ts";

export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** The protocol, with its mutant in place where the scenario names one. */
  readonly protocol: AnyProtocol;
  /** As the scenario names it: `raft`, or a module's path. */
  readonly protocolName: string;
  readonly mutant?: string | undefined;
  readonly world: WorldConfig;
  /** What things cost; undefined where nothing is said of it. */
  readonly prices?: Prices | undefined;
  readonly expect: readonly Expectation[];
  /** `off`: invariants are not evaluated. */
  readonly invariants: "on" | "off";
  /** Where the file asks for a random schedule. */
  readonly random?: RandomSchedule | undefined;
  /** Good or rare things that a campaign must have reached in some run. */
  readonly sometimes?: readonly Sometimes[] | undefined;
  /** Where a run ends before its duration. */
  readonly stop?: Stop | undefined;
  /** Where the file is an experiment: this scenario is its first cell. */
  readonly experiment?: Experiment | undefined;
  /** The scenario's text after overrides, its random schedules drawn, so that a trace can be run again. */
  readonly source: string;
  /** The file it came from, for messages; `-` for standard input. */
  readonly file: string;
}

/** What was drawn, as a file would have it. */
export interface RandomSchedule {
  /** The whole list of faults, those that the file had itself included. */
  readonly schedule: readonly object[];
  /** How many were drawn of which kind, the most first. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
}

export type Expectation =
  | { readonly type: "invariants"; readonly holds: boolean }
  | { readonly type: "consistency"; readonly level: string; readonly holds: boolean }
  | { readonly type: "converged" | "progress"; readonly within: number; readonly holds: boolean }
  | { readonly type: "metric"; readonly metric: string; readonly comparison: "<" | "<=" | ">" | ">=" | "==" | "!="; readonly value: number; readonly text: string };

/** One of them, under the name by which reports call it: a protocol's event or mark, or metrics that all compare so. */
export type Sometimes =
  | { readonly type: "moment"; readonly name: string }
  | { readonly type: "metrics"; readonly name: string; readonly metrics: readonly (Omit<Extract<Expectation, { readonly type: "metric" }>, "type">)[] };

/** A moment at which a run ends: so much after the nth event of that name, or after the nth violation of an invariant. */
export interface Stop {
  /** An event of the protocol, or `violation`. */
  readonly event: string;
  readonly nth: number;
  readonly afterNs: number;
}

/** A matrix of settings, each combination to be run under many seeds. */
export interface Experiment {
  /** The scenario of the first cell as a text, without the experiment, its random schedules not drawn. */
  readonly text: string;
  /** Seeds a cell, where the file says so. */
  readonly repeat?: number | undefined;
  /** What varies, in the file's order; none: there is one cell. */
  readonly axes: readonly Axis[];
  /** Metrics, those of the plots among them; none: whoever runs it chooses. */
  readonly measure: readonly string[];
  readonly plots: readonly Plot[];
  /** Published figures, by a bundled name or a file's. */
  readonly reference?: string | undefined;
}

/** A setting that varies. */
export interface Axis {
  readonly path: string;
  /** What the file calls each value, and the value as YAML in one line. */
  readonly values: readonly { readonly label: string; readonly text: string }[];
}

export interface Plot {
  readonly kind: "cdf" | "line" | "heat";
  readonly metric: string;
  readonly by: readonly string[];
  readonly x: "linear" | "log";
  readonly y: "linear" | "log";
}

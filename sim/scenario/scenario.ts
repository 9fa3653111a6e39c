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

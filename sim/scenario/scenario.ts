/** A scenario file's contents, checked: what `run` takes. */
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
  readonly expect: readonly Expectation[];
  /** `off`: invariants are not evaluated. */
  readonly invariants: "on" | "off";
  /** The scenario's text after overrides, so that a trace can be run again. */
  readonly source: string;
  /** The file it came from, for messages; `-` for standard input. */
  readonly file: string;
}

export type Expectation =
  | { readonly type: "invariants"; readonly holds: boolean }
  | { readonly type: "consistency"; readonly level: string; readonly holds: boolean }
  | { readonly type: "converged"; readonly within: number; readonly holds: boolean }
  | { readonly type: "metric"; readonly metric: string; readonly comparison: "<" | "<=" | ">" | ">=" | "==" | "!="; readonly value: number; readonly text: string };

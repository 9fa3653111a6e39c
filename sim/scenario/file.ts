/** What the readers hold of a file by its description. Undefined: left out without a default, or wrong, which is noted. */
import type { Distribution } from "../kernel/distribution.ts";
import type { Prices } from "../metrics/index.ts";
import type { HedgeConfig, KeyDistribution, LinkConfig, RateStage } from "../world/config.ts";
import type { FaultItem } from "./collections.ts";
import type { End } from "./ends.ts";
import type { ExperimentFile, StopFile } from "./experiment/experiment.ts";
import type { Comparison } from "./leaves.ts";

type Range = readonly [number, number];

/** A link, as far as it says. */
export type LinkFile = Partial<LinkConfig>;

export interface NetworkFile extends LinkFile {
  readonly links?: readonly (LinkFile & { readonly from?: readonly End[]; readonly to?: readonly End[] })[];
  /** A latency alone, or more. */
  readonly zones?: { readonly [zones: string]: Distribution | LinkFile | undefined };
}

export interface RetryFile {
  readonly after?: number;
  readonly backoff?: number;
  readonly max?: number;
  readonly jitter?: number;
  readonly attempts?: number;
  readonly budget?: number;
}

export interface WorkloadFile {
  readonly clients?: number;
  readonly rate?: number | readonly RateStage[];
  readonly bursts?: { readonly every?: number; readonly for?: number; readonly rate?: number };
  readonly arrivals?: "poisson" | "regular";
  readonly think?: Distribution;
  readonly script?: readonly (ScriptedFile | undefined)[];
  readonly keys?: { readonly count?: number; readonly distribution?: KeyDistribution };
  readonly values?: { readonly size?: Distribution };
  readonly operations?: readonly { readonly f: string; readonly weight: number }[];
  readonly from?: number;
  readonly until?: number;
  readonly timeout?: number;
  readonly retry?: boolean | RetryFile;
  readonly hedge?: Partial<HedgeConfig>;
  readonly target?: "any" | "leader" | "nearest" | "sticky";
  readonly network?: LinkFile;
  /** How many clients stand in a zone or region. */
  readonly at?: { readonly [zone: string]: number | undefined };
}

/** One operation of a script: beside these keys the operation's name, with its key. */
export interface ScriptedFile {
  readonly at?: number;
  readonly client?: string;
  readonly to?: string;
  readonly [f: string]: string | number | undefined;
}

/** What every fault may have. */
export interface FaultTimes {
  readonly at?: Range;
  readonly every?: Range;
  readonly between?: Range;
  readonly when?: string;
  readonly nth?: number;
  readonly after?: Range;
  readonly for?: Range;
  readonly name?: string;
}

export interface ExpectFile {
  readonly [name: string]: boolean | "off" | { readonly within?: number } | Comparison | undefined;
}

export interface ScenarioFile {
  readonly name?: string;
  readonly description?: string;
  readonly protocol?: string;
  readonly options?: { readonly [name: string]: unknown };
  readonly nodes?: readonly string[];
  readonly seed?: number;
  readonly duration?: number;
  readonly network?: NetworkFile;
  readonly clocks?: { readonly offset?: Range; readonly drift?: Range };
  readonly cpu?: { readonly perMessage?: Distribution; readonly cores?: number; readonly inbox?: number };
  readonly disk?: { readonly sync?: Distribution; readonly write?: Distribution };
  readonly workload?: WorkloadFile;
  readonly cost?: Partial<Prices>;
  readonly faults?: readonly (FaultItem | undefined)[];
  readonly expect?: ExpectFile;
  readonly sometimes?: readonly (string | { readonly [metric: string]: Comparison | undefined } | undefined)[];
  readonly stop?: StopFile;
  readonly experiment?: ExperimentFile;
}

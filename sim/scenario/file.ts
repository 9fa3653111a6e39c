/** What the readers hold of a file by its description. Undefined: left out without a default, or wrong, which is noted. */
import type { Distribution } from "../kernel/distribution.ts";
import type { KeyDistribution } from "../world/config.ts";
import type { FaultItem } from "./collections.ts";
import type { Comparison } from "./leaves.ts";

type Range = readonly [number, number];

export interface NetworkFile {
  readonly latency?: Distribution;
  readonly loss?: number;
  readonly duplicate?: number;
}

export interface RetryFile {
  readonly after?: number;
  readonly backoff?: number;
  readonly max?: number;
  readonly jitter?: number;
}

export interface WorkloadFile {
  readonly clients?: number;
  readonly rate?: number;
  readonly think?: Distribution;
  readonly keys?: { readonly count?: number; readonly distribution?: KeyDistribution };
  readonly operations?: readonly { readonly f: string; readonly weight: number }[];
  readonly from?: number;
  readonly until?: number;
  readonly timeout?: number;
  readonly retry?: boolean | RetryFile;
  readonly target?: "any" | "leader" | "sticky";
  readonly network?: NetworkFile;
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
  readonly disk?: { readonly sync?: Distribution; readonly write?: Distribution };
  readonly workload?: WorkloadFile;
  readonly faults?: readonly (FaultItem | undefined)[];
  readonly expect?: ExpectFile;
}

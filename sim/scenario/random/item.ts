/** The `random` items of a file, and what they are drawn for. */
import type { AnyProtocol } from "../../protocol.ts";
import { takesTime } from "../../world/cpu.ts";
import type { FaultItem } from "../collections.ts";
import type { ScenarioFile } from "../file.ts";
import type { Scene } from "./victims.ts";

/** What stands under `random`. */
export interface RandomParams {
  readonly kinds?: readonly (string | undefined)[];
  readonly intensity?: number;
  readonly phases?: boolean;
  readonly moments?: boolean;
  readonly heal?: "all" | "quorum";
}

export function randomItems(file: ScenarioFile): [position: number, item: FaultItem][] {
  const items = (file.faults ?? []).map((item, position): [number, FaultItem | undefined] => [position, item]);
  return items.filter((entry): entry is [number, FaultItem] => entry[1]?.kind === "random");
}

export const paramsOf = (item: FaultItem): RandomParams => (item.params.value ?? {}) as RandomParams;

/** Of a file that may have mistakes elsewhere: what is not known is left out. `zones`: of each node. */
export function sceneOf(file: ScenarioFile, protocol: AnyProtocol, zones: readonly string[]): Scene {
  const latency = file.cpu?.perMessage;
  return {
    nodes: file.nodes ?? [],
    zones: [...new Set(zones)],
    events: Object.keys(protocol.events ?? {}),
    // Metrics and stories know an election by this event as well.
    hasLeader: Object.hasOwn(protocol.events ?? {}, "election.won"),
    hasServiceTime: latency !== undefined && takesTime(latency),
    hasChecksum: (file.network as { readonly checksum?: boolean } | undefined)?.checksum !== false,
  };
}

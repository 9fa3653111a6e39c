/** Faults of disks, and what nodes meet on them, in words. */
import type { TraceEvent } from "../trace/event.ts";
import type { FaultData } from "./fault.ts";
import { formatDistribution, formatShare } from "./quantity.ts";
import { formatValue, listOf } from "./value.ts";

/** The phrase of a fault of disks; undefined for all others. */
export function diskPhrase(kind: string, data: FaultData): string | undefined {
  const nodes = listOf(data.nodes ?? []);
  const isOne = data.nodes?.length === 1;
  const disks = isOne ? `the disk of ${nodes}` : `the disks of ${nodes}`;
  switch (kind) {
    case "diskSlow":
      return `syncs of ${nodes} take ${data["by"] === undefined ? "longer" : `${formatDistribution(data["by"])} longer`}`;
    case "diskStall":
      return `${disks} ${isOne ? "hangs" : "hang"}: nothing is written until it ends`;
    case "diskFull":
      return `${disks} ${isOne ? "is" : "are"} full`;
    case "diskError":
      return `${some(data, "syncs")} of ${nodes} fail, and their pages ${data["pages"] === "dirty" ? "stay to be written" : "are lost"}`;
    case "bitrot":
      return `what ${nodes} ${isOne ? "has" : "have"} on disk changes${noticed(data)}`;
    case "lostWrite":
      return `${some(data, "syncs")} of ${nodes} are reported as done and write nothing${noticed(data)}`;
    case "misdirected":
      return `${some(data, "writes")} of ${nodes} land in another place${noticed(data)}`;
    default:
      return undefined;
  }
}

/** What they are called when they end. */
export const diskNouns: { readonly [kind: string]: string } = {
  diskSlow: "slow disk",
  diskStall: "stalled disk",
  diskFull: "full disk",
  diskError: "disk error",
  lostWrite: "loss of writes",
  misdirected: "misdirection of writes",
};

const some = (data: FaultData, what: string): string => (data["rate"] === undefined || data["rate"] === 1 ? what : `${formatShare(data["rate"])} of the ${what}`);

const noticed = ({ detected }: FaultData): string => (detected === undefined ? "" : detected === true ? ", and a checksum tells at the start" : ", and nobody notices");

/** An event of a disk: `n1 hears that a sync failed`, `n1's disk rots: wal.3 is 5, was 4`. */
export function describeDisk(event: TraceEvent, who: string): string {
  switch (event.kind) {
    case "diskError":
      return event.reason === "full" ? `${who} hears that its disk is full` : `${who} hears that a ${event.name} failed`;
    case "damage":
      return describeDamage(event, who);
    default:
      return `${who} ${describeRecovery(event.name)}`;
  }
}

function describeDamage({ name, reason, data }: TraceEvent, who: string): string {
  const { at, to, was, is } = (data ?? {}) as { readonly [part: string]: unknown };
  const file = name === "" ? "the saved state" : name;
  const place = at === undefined ? file : `${file} at ${String(at)}`;
  if (reason === "lost") return `${who}'s disk loses what was written to ${place}`;
  if (reason !== "misdirected") return `${who}'s disk rots: ${place} is ${formatValue(is ?? null)}, was ${formatValue(was ?? null)}`;
  return `${who}'s disk misdirects what was written to ${place}${to === undefined ? "" : `: it lands at ${String(to)}`}`;
}

/** What a node does that finds its disk damaged when it starts. */
export function describeRecovery(how: string): string {
  switch (how) {
    case "halt":
      return "finds its disk damaged and stays down";
    case "discard":
      return "finds its disk damaged and begins with an empty one";
    default:
      return "finds its disk damaged and keeps what stands before the damage";
  }
}

/** Faults as phrases: whom they struck, and what that means. */
import { diskNouns, diskPhrase } from "./disks.ts";
import { linkPhrase } from "./links.ts";
import { formatDrift, formatTimeSpan } from "./quantity.ts";
import { formatValue, listOf } from "./value.ts";

/** What a `fault` event carries. */
export interface FaultData {
  readonly name?: string;
  /** Names of the endpoints that it struck. */
  readonly nodes?: readonly string[];
  /** False where it found nobody, or nothing changed. */
  readonly did?: boolean;
  /** Of a partition or bridge: who sees each other. Of a `block`: who is not heard, and by whom. Of a ring: whom each sees, itself first. */
  readonly groups?: readonly (readonly string[])[];
  readonly [parameter: string]: unknown;
}

const told = ["name", "nodes", "did", "groups", "text"];

const phrases: { readonly [kind: string]: (struck: string, data: FaultData, isOne: boolean) => string } = {
  isolate: (struck, _, isOne) => `${struck} ${isOne ? "is" : "are"} cut off from everybody`,
  crash: (struck, data, isOne) => crashPhrase(struck, data, isOne),
  restart: (struck, _, isOne) => `${struck} ${isOne ? "restarts" : "restart"}`,
  pause: (struck, _, isOne) => `${struck} ${isOne ? "pauses and does" : "pause and do"} not know it`,
  slowCpu: (struck, data, isOne) => `${struck} ${isOne ? "takes" : "take"} ${parameter(data, "by", "many")} times as long for a message`,
  skew: (struck, data, isOne) => skewPhrase(isOne ? `the clock of ${struck}` : `the clocks of ${struck}`, data, isOne),
  heal: () => "everything mends: links are whole, nodes restart and resume",
};

/**
 * One phrase, without the fault's own name: `n3 and n2 are cut off from n1, n4 and n5`. `nodes`, the names of all nodes,
 * lets a partition name those that are in no group.
 */
export function describeFault(kind: string, data: unknown, nodes: readonly string[] = []): string {
  const fault = (data ?? {}) as FaultData;
  const struck = fault.nodes ?? [];
  if (fault.did === false) return struck.length === 0 ? `${kind} finds nobody to strike` : `${kind} changes nothing for ${listOf(struck)}`;
  const whole = linkPhrase(kind, fault, nodes) ?? diskPhrase(kind, fault);
  if (whole !== undefined) return whole;

  const phrase = phrases[kind];
  if (phrase !== undefined) return phrase(listOf(struck), fault, struck.length === 1);
  const parameters = Object.entries(fault).filter(([name]) => !told.includes(name)).map(([name, value]) => `${name} ${formatValue(value)}`);
  return [`${kind} strikes ${listOf(struck)}`, ...parameters].join(", ");
}

/** What a fault is called when it ends, where its kind is not a noun. */
const nouns: { readonly [kind: string]: string } = {
  isolate: "isolation",
  slow: "slowness",
  flaky: "loss",
  duplicate: "duplication",
  corrupt: "corruption",
  burst: "loss in bursts",
  slowCpu: "slow CPU",
  ...diskNouns,
};

/** How a fault's end reads: it undoes itself alone, so what it undid may still hold for another reason. */
export function describeFaultEnd(kind: string, data: unknown): string {
  const { name, nodes = [] } = (data ?? {}) as FaultData;
  const noun = nouns[kind] ?? kind;
  const called = name === undefined ? `the ${noun}` : `the ${noun} “${name}”`;
  return nodes.length === 0 ? `${called} ends` : `${called} of ${listOf(nodes)} ends`;
}

function crashPhrase(struck: string, data: FaultData, isOne: boolean): string {
  const { amid, lose } = data;
  if (amid === undefined) return `${struck} ${isOne ? "crashes" : "crash"}${lossPhrase(lose)}`;
  const what = amid === "sync" ? "next sync" : "next effects";
  return `${struck} will crash in the middle of ${isOne ? "its" : "their"} ${what}${lossPhrase(lose)}`;
}

function lossPhrase(lose: unknown): string {
  switch (lose) {
    case "nothing":
      return ", and nothing on disk is lost";
    case "disk":
      return ", and the disk is lost";
    case "torn":
      return ", and part of what was not synced is lost";
    case "unsynced":
      return ", and what was not synced is lost";
    default:
      return "";
  }
}

function skewPhrase(clocks: string, data: FaultData, isOne: boolean): string {
  if (data["stopped"] === true) return `${clocks} ${isOne ? "stands" : "stand"} still`;
  if (data["drift"] !== undefined) return `${clocks} ${isOne ? "drifts" : "drift"} by ${formatDrift(data["drift"])}`;
  return `${clocks} ${isOne ? "jumps" : "jump"} by ${data["by"] === undefined ? "some time" : formatTimeSpan(data["by"])}`;
}

function parameter(data: FaultData, name: string, otherwise: string): string {
  return data[name] === undefined ? otherwise : formatValue(data[name]);
}

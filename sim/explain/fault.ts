/** Faults as phrases: whom they struck, and what that means. */
import { formatValue, listOf } from "./value.ts";

/** What a `fault` event carries. */
export interface FaultData {
  readonly name?: string;
  /** Names of the endpoints that it struck. */
  readonly nodes?: readonly string[];
  /** False where it found nobody, or nothing changed. */
  readonly did?: boolean;
  /** Of a partition: who sees each other. Of a `block`: who is not heard, and by whom. */
  readonly groups?: readonly (readonly string[])[];
  readonly [parameter: string]: unknown;
}

const told = ["name", "nodes", "did", "groups", "text"];

const phrases: { readonly [kind: string]: (struck: string, data: FaultData, isOne: boolean) => string } = {
  isolate: (struck, _, isOne) => `${struck} ${isOne ? "is" : "are"} cut off from everybody`,
  slow: (struck, data) => `messages from and to ${struck} take ${parameter(data, "by", "longer")}${data["by"] === undefined ? "" : " longer"}`,
  flaky: (struck, data) => `${parameter(data, "loss", "some")} of the messages from and to ${struck} are lost`,
  duplicate: (struck, data) => `${parameter(data, "rate", "some")} of the messages from and to ${struck} arrive twice`,
  corrupt: (struck, data) => `${parameter(data, "rate", "some")} of the messages from and to ${struck} are corrupted`,
  crash: (struck, data, isOne) => `${struck} ${isOne ? "crashes" : "crash"}${lossPhrase(data["lose"])}`,
  restart: (struck, _, isOne) => `${struck} ${isOne ? "restarts" : "restart"}`,
  pause: (struck, _, isOne) => `${struck} ${isOne ? "pauses and does" : "pause and do"} not know it`,
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
  if (kind === "partition" && fault.groups !== undefined) return partitionPhrase(fault.groups, nodes);
  if (kind === "block" && fault.groups !== undefined) return blockPhrase(fault.groups);

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
};

/** How a fault's end reads: it undoes itself alone, so what it undid may still hold for another reason. */
export function describeFaultEnd(kind: string, data: unknown): string {
  const { name, nodes = [] } = (data ?? {}) as FaultData;
  const noun = nouns[kind] ?? kind;
  const called = name === undefined ? `the ${noun}` : `the ${noun} “${name}”`;
  return nodes.length === 0 ? `${called} ends` : `${called} of ${listOf(nodes)} ends`;
}

function partitionPhrase(groups: readonly (readonly string[])[], nodes: readonly string[]): string {
  const grouped = groups.filter((group) => group.length > 0);
  const alone = nodes.filter((node) => !grouped.some((group) => group.includes(node))).map((node) => [node]);
  const sides = [...grouped, ...alone];
  if (sides.length !== 2) return `these do not see each other: ${sides.map((side) => side.join(", ")).join(" | ")}`;
  const [near, far] = sides as [readonly string[], readonly string[]];
  return `${listOf(near)} ${near.length === 1 ? "is" : "are"} cut off from ${listOf(far)}`;
}

function blockPhrase([from = [], to = []]: readonly (readonly string[])[]): string {
  return `nothing from ${listOf(from)} reaches ${listOf(to)}`;
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
  if (data["drift"] !== undefined) return `${clocks} ${isOne ? "drifts" : "drift"} by ${formatValue(data["drift"])}`;
  return `${clocks} ${isOne ? "jumps" : "jump"} by ${parameter(data, "by", "some time")}`;
}

function parameter(data: FaultData, name: string, otherwise: string): string {
  return data[name] === undefined ? otherwise : formatValue(data[name]);
}

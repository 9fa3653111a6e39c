/** Any event of a run as one short line, for transcripts, the terminal and the viewer's inspector. */
import type { TraceEvent } from "../trace/event.ts";
import { describeDisk } from "./disks.ts";
import { describeFault, describeFaultEnd } from "./fault.ts";
import { endpointName, isClient, type Names } from "./names.ts";
import { formatBytes, formatDuration } from "./units.ts";
import { formatFields, formatValue } from "./value.ts";

/** How a protocol's messages read: the `words` of a protocol. */
export type Words = { readonly [type: string]: ((message: any) => string) | undefined };

/**
 * `n1→n2 AppendEntries term 1 prev 1/2`, `n3 timer election`, `c1 invokes write k3 = 17`. `words` says how the protocol's
 * messages read; without it their fields are listed.
 */
export function describeEvent(event: TraceEvent, names: Names, words: Words = {}): string {
  const who = event.node === -1 ? "" : endpointName(event.node, names);
  switch (event.kind) {
    case "boot":
      return event.incarnation > 1 ? `${who} boots, for the ${ordinal(event.incarnation)} time` : `${who} boots`;
    case "crash":
      return describeCrash(event, who);
    case "pause":
      return `${who} pauses`;
    case "resume":
      return `${who} resumes`;
    case "send":
      return `${arrow(event.node, event.peer, names)} ${describeSent(event, names, words)}`;
    case "duplicate":
      return `${arrow(event.node, event.peer, names)} ${event.name} doubled`;
    case "deliver":
      return `${arrow(event.peer, event.node, names)} ${event.name} arrives`;
    case "drop":
      return `${arrow(event.peer, event.node, names)} ${event.name} ${event.reason === "inbox" ? "shed: the inbox is full" : `lost: ${event.reason}`}`;
    case "timer":
      return `${who} timer ${event.name}${event.key === "" ? "" : ` ${event.key}`}`;
    case "persist":
      return `${who} persists${event.bytes > 0 ? ` ${formatBytes(event.bytes)}` : ""}`;
    case "write":
      return event.reason === "truncate" ? `${who} truncates ${event.name} to ${formatValue(event.data)}` : `${who} writes ${event.name}: ${formatValue(event.data)}`;
    case "synced":
      return `${who} synced`;
    case "emit":
      return spaced(`${who} emits ${event.name}`, formatFields(event.data));
    case "fault":
      return describeFaultLine(event, names);
    case "faultEnd":
      return `fault: ${describeFaultEnd(event.name, event.data)}`;
    case "end":
      return `the run ends: ${event.reason}`;
    case "corrupt":
    case "arrive":
    case "wait":
    case "connect":
    case "disconnect":
      return describeLink(event, who, names);
    case "diskError":
    case "damage":
    case "recover":
      return describeDisk(event, who);
    default:
      return describeOperation(event, who);
  }
}

/** By itself, with the error; by a fault, with what was lost; and by one that lay in wait, with where it struck. */
function describeCrash({ name, reason }: TraceEvent, who: string): string {
  const lost = name === "" ? "" : `, loses ${name}`;
  if (reason === "") return `${who} crashes${lost}`;
  return reason.startsWith("amid ") ? `${who} crashes ${reason}${lost}` : `${who} crashes: ${reason}`;
}

function describeLink(event: TraceEvent, who: string, names: Names): string {
  const peer = endpointName(event.peer, names);
  switch (event.kind) {
    case "corrupt":
      return `${arrow(event.node, event.peer, names)} ${event.name} changed on its way`;
    case "arrive":
      return `${arrow(event.peer, event.node, names)} ${event.name} waits, ${ordinal(event.queue)} in the inbox`;
    case "wait":
      return `${arrow(event.node, event.peer, names)} ${event.name} waits ${formatDuration(Number(event.data))} for the link, ${ordinal(event.queue)} in its queue`;
    case "connect":
      return `${who} connects to ${peer} again`;
    default:
      return `${who} learns that its connection to ${peer} broke${lostPhrase(event.data)}`;
  }
}

function lostPhrase(data: unknown): string {
  const { length } = ((data ?? {}) as { readonly lost?: readonly number[] }).lost ?? [];
  return length === 0 ? "" : `, and ${length === 1 ? "a message" : `${length} messages`} with it`;
}

/** What a client asks, as it stands in its invocation: `write k3 = 17`, `cas k3 1 → 2`, `read k3`. */
export function describeCall(f: string, key: string, value: unknown): string {
  const target = key === "" ? f : `${f} ${key}`;
  if (f === "cas" && Array.isArray(value) && value.length === 2) return `${target} ${formatValue(value[0])} → ${formatValue(value[1])}`;
  return value === null || value === undefined ? target : `${target} = ${formatValue(value)}`;
}

function describeOperation(event: TraceEvent, who: string): string {
  const call = describeCall(event.name, event.key, event.data);
  if (event.kind === "invoke") return `${who} invokes ${call}`;
  if (event.kind === "ok") return event.name === "read" && event.data === null ? `${who} ${call} = null ok` : `${who} ${call} ok`;
  return event.kind === "fail" ? `${who} ${call} fails: ${event.reason}` : `${who} ${call} unknown: ${event.reason}`;
}

function describeSent(event: TraceEvent, names: Names, words: Words): string {
  if (isClient(event.node, names)) return describeRequest(event);
  if (isClient(event.peer, names)) return describeReply(event);
  const inWords = words[event.name];
  if (inWords === undefined) return spaced(event.name, formatFields(event.data, ["type"]));
  const text = inWords(event.data);
  return text.startsWith(event.name) ? text : spaced(event.name, text);
}

function describeRequest(event: TraceEvent): string {
  const request = (event.data ?? {}) as { readonly key?: string; readonly value?: unknown; readonly hedge?: boolean };
  const call = describeCall(event.name, request.key ?? event.key, request.value);
  if (event.attempt <= 1) return `asks ${call}`;
  return `asks ${call}, attempt ${event.attempt}${request.hedge === true ? ", to hedge" : ""}`;
}

function describeReply(event: TraceEvent): string {
  const reply = (event.data ?? {}) as { readonly type?: string; readonly value?: unknown; readonly error?: string; readonly to?: string };
  if (reply.type === "redirect") return reply.to === undefined ? "replies: ask another" : `replies: ask ${reply.to}`;
  if (reply.type === "fail") return `replies fail: ${reply.error}`;
  return reply.value === undefined ? "replies ok" : `replies ok: ${formatValue(reply.value)}`;
}

/** `fault partition: n3, n2 | n1, n4, n5`; other faults with their phrase. */
function describeFaultLine(event: TraceEvent, names: Names): string {
  const { name } = (event.data ?? {}) as { readonly name?: string };
  const called = name === undefined ? `fault ${event.name}` : `fault ${event.name} “${name}”`;
  return `${called}: ${describeFault(event.name, event.data, names.nodes)}`;
}

function arrow(from: number, to: number, names: Names): string {
  return `${endpointName(from, names)}→${endpointName(to, names)}`;
}

function spaced(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function ordinal(count: number): string {
  const last = count % 10;
  if (last > 3 || last === 0 || (count % 100 > 10 && count % 100 < 14)) return `${count}th`;
  return `${count}${["st", "nd", "rd"][last - 1]}`;
}

/**
 * What the nodes say to each other. Clients' requests and replies are not counted, where nothing else is said: the
 * figures are those by which protocols are compared, such as two messages for each follower and operation in Raft.
 * Heartbeats, elections and gossip are.
 */
import type { TraceEvent } from "../trace/event.ts";
import type { MetricInfo, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

/** Why messages are lost, in the trace's words. */
const reasons = {
  loss: "by chance",
  cut: "because a fault had cut the link",
  down: "because the receiver was down",
  queue: "because the link's queue was full",
  checksum: "because they were corrupt, and their checksum told",
  reset: "with the connection that they were on",
  inbox: "because the receiver's inbox was full",
} as const;
type Reason = keyof typeof reasons;

const byReason: Readonly<Record<string, MetricInfo>> = Object.fromEntries(
  Object.entries(reasons).map(([reason, why]) => [`messages.dropped.${reason}`, { unit: "count", summary: `Messages between nodes that were lost ${why}.` }]),
);

export const messageMetrics: Readonly<Record<string, MetricInfo>> = {
  "messages.sent": { unit: "count", summary: "Messages that nodes sent to nodes." },
  "messages.delivered": { unit: "count", summary: "Messages between nodes that arrived, duplicates included." },
  "messages.dropped": { unit: "count", summary: "Messages between nodes that were lost, for whatever reason." },
  ...byReason,
  "messages.shed": { unit: "count", summary: "Messages and clients' requests that a node with a full inbox turned away." },
  "messages.duplicated": { unit: "count", summary: "Second copies of messages between nodes that the network made." },
  "messages.perOperation": { unit: "number", summary: "Messages between nodes for each operation answered (ok and mismatch), heartbeats included." },
  "bytes.sent": { unit: "bytes", summary: "Size of the messages that nodes sent to nodes." },
  "bytes.perOperation": { unit: "bytes", summary: "Size of the messages between nodes for each operation answered." },
};

export class Messages {
  sent = 0;
  delivered = 0;
  duplicated = 0;
  bytes = 0;
  #shed = 0;
  #dropped: { [reason in Reason]: number } = { loss: 0, cut: 0, down: 0, queue: 0, checksum: 0, reset: 0, inbox: 0 };
  #droppedInAll = 0;

  drop(event: TraceEvent, isBetweenNodes: boolean): void {
    const reason = event.reason as Reason;
    if (reason === "inbox") this.#shed += 1;
    if (!isBetweenNodes) return;
    this.#droppedInAll += 1;
    if (Object.hasOwn(this.#dropped, reason)) this.#dropped[reason] += 1;
  }

  report(values: MetricValues, answered: number): void {
    values["messages.sent"] = this.sent;
    values["messages.delivered"] = this.delivered;
    values["messages.dropped"] = this.#droppedInAll;
    for (const reason in this.#dropped) values[`messages.dropped.${reason}`] = this.#dropped[reason as Reason];
    values["messages.shed"] = this.#shed;
    values["messages.duplicated"] = this.duplicated;
    values["messages.perOperation"] = ratio(this.sent, answered);
    values["bytes.sent"] = this.bytes;
    values["bytes.perOperation"] = ratio(this.bytes, answered);
  }

  copy(): Messages {
    const copy = Object.assign(new Messages(), this);
    copy.#shed = this.#shed;
    copy.#dropped = { ...this.#dropped };
    copy.#droppedInAll = this.#droppedInAll;
    return copy;
  }
}

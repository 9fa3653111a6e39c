/**
 * What the nodes say to each other. Clients' requests and replies are not counted: the figures are those by which
 * protocols are compared, such as two messages for each follower and operation in Raft. Heartbeats, elections and
 * gossip are.
 */
import type { MetricInfo, MetricValues } from "./metric.ts";
import { ratio } from "./metric.ts";

export const messageMetrics = {
  "messages.sent": { unit: "count", summary: "Messages that nodes sent to nodes." },
  "messages.delivered": { unit: "count", summary: "Messages between nodes that arrived, duplicates included." },
  "messages.dropped": { unit: "count", summary: "Messages between nodes that were lost: by chance, a cut, or a node that was down." },
  "messages.duplicated": { unit: "count", summary: "Second copies of messages between nodes that the network made." },
  "messages.perOperation": { unit: "number", summary: "Messages between nodes for each operation answered (ok and mismatch), heartbeats included." },
  "bytes.sent": { unit: "bytes", summary: "Size of the messages that nodes sent to nodes." },
  "bytes.perOperation": { unit: "bytes", summary: "Size of the messages between nodes for each operation answered." },
} as const satisfies Record<string, MetricInfo>;

export class Messages {
  sent = 0;
  delivered = 0;
  dropped = 0;
  duplicated = 0;
  bytes = 0;

  report(values: MetricValues, answered: number): void {
    values["messages.sent"] = this.sent;
    values["messages.delivered"] = this.delivered;
    values["messages.dropped"] = this.dropped;
    values["messages.duplicated"] = this.duplicated;
    values["messages.perOperation"] = ratio(this.sent, answered);
    values["bytes.sent"] = this.bytes;
    values["bytes.perOperation"] = ratio(this.bytes, answered);
  }

  copy(): Messages {
    return Object.assign(new Messages(), this);
  }
}

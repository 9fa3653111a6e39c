/** What an event is about, where two runs differ in it: something that chance decides, a handler's doing, a fault, the end. */
import type { TraceEvent } from "../trace/event.ts";

/** `chance`: what is drawn from the seed. `effects`: what a handler or a client did. `fault`: a fault and what it does to nodes. */
export type DifferenceKind = "chance" | "effects" | "fault" | "end" | "encoding";

export interface Matter {
  readonly kind: DifferenceKind;
  /** As in “what differs first is …”. */
  readonly what: string;
}

const chance = (what: string): Matter => ({ kind: "chance", what });
const byHandler: Matter = { kind: "effects", what: "what a handler does" };
const byFault: Matter = { kind: "fault", what: "what a fault does, to whom and when" };
const theEnd: Matter = { kind: "end", what: "where the run ends" };

/** What decides that this event comes, and when. `nodes`: how many there are; endpoints beyond them are clients. */
export function matterOf(event: TraceEvent, nodes: number): Matter {
  switch (event.kind) {
    case "end":
      return theEnd;
    case "fault":
    case "faultEnd":
      return byFault;
    case "deliver":
    case "arrive":
    case "wait":
      return chance("how long a message is under way");
    case "drop":
      return event.fault >= 0 || event.reason === "cut" || event.reason === "down" ? byFault : chance("whether a message arrives");
    case "timer":
      return chance("when a timer fires");
    case "synced":
      return chance("how long a sync takes");
    case "invoke":
      return chance("what the clients ask, and when");
    case "info":
      // A run that ends lets go of what its clients wait for, just before its last event.
      return event.reason === "end of run" ? theEnd : { kind: "effects", what: "what a client learns of its operation" };
    case "ok":
    case "fail":
      return { kind: "effects", what: "what a client learns of its operation" };
    case "send":
      return event.node >= nodes ? { kind: "effects", what: "which node a client asks, and when" } : byHandler;
    default:
      return matterOfWorld(event);
  }
}

function matterOfWorld(event: TraceEvent): Matter {
  if (event.fault >= 0) return byFault;
  switch (event.kind) {
    case "boot":
      return chance("how a node starts");
    case "duplicate":
      return chance("whether a message is doubled");
    case "corrupt":
      return chance("whether a message is changed on its way");
    case "connect":
    case "disconnect":
      return chance("when a connection breaks, and is made again");
    case "diskError":
    case "damage":
      return chance("what a disk does");
    case "crash":
    case "pause":
    case "resume":
      return event.reason === "" ? byFault : byHandler;
    default:
      return byHandler;
  }
}

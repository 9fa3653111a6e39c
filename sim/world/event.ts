import type { ConnectionEvent } from "./connection.ts";
import type { Flight } from "./message.ts";

/** What the kernel's queue holds: plain and immutable, so that copies of a world may share it. */
export type WorldEvent =
  /** A message arrives. */
  | Flight
  /** What arrives is corrupt, and its checksum tells. */
  | { readonly type: "corrupt"; readonly flight: Flight; readonly fault: number }
  | ConnectionEvent
  | { readonly type: "timer"; readonly node: number; readonly timer: string; readonly serial: number }
  | { readonly type: "synced"; readonly node: number; readonly cause: number }
  /** A node hears of what found no space on its disk. */
  | { readonly type: "diskError"; readonly node: number }
  | { readonly type: "served"; readonly node: number; readonly serial: number }
  | { readonly type: "arrival"; readonly client: number }
  | { readonly type: "impatience" | "retry" | "hedge" | "timeout"; readonly client: number; readonly operation: number }
  | { readonly type: "fault"; readonly index: number; readonly occurrence: number; readonly cause: number }
  | { readonly type: "faultStep"; readonly fault: number; readonly step: number }
  /** Of the whole fault, or for one node that it lay in wait for. */
  | { readonly type: "faultEnd"; readonly fault: number; readonly node?: number }
  | { readonly type: "ambush"; readonly node: number; readonly fault: number; readonly cause: number }
  /** What clogs held goes on, where nobody clogs its way any more. */
  | { readonly type: "release" }
  | { readonly type: "settle" };

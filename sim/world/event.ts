import type { Flight } from "./message.ts";

/** What the kernel's queue holds: plain and immutable, so that copies of a world may share it. */
export type WorldEvent =
  | { readonly type: "deliver"; readonly flight: Flight }
  | { readonly type: "timer"; readonly node: number; readonly timer: string; readonly serial: number }
  | { readonly type: "synced"; readonly node: number; readonly cause: number }
  | { readonly type: "arrival"; readonly client: number }
  | { readonly type: "impatience" | "retry"; readonly client: number; readonly sequence: number; readonly attempt: number }
  | { readonly type: "timeout"; readonly client: number; readonly sequence: number }
  | { readonly type: "fault"; readonly index: number; readonly occurrence: number; readonly cause: number }
  | { readonly type: "faultEnd"; readonly fault: number }
  | { readonly type: "settle" };

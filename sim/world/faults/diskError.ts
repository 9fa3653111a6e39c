import type { Selector } from "../config.ts";
import type { Pages } from "../store.ts";
import { chooseDisks, mendDisks, worsenDisks } from "./disks.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * A sync that has something to write fails, a share `rate` of them, a millisecond after it began or later. The node hears
 * of it (`onDiskError`, of the operation `sync`, `failed`), and what waited for the sync goes on waiting.
 *
 * What the kernel does with the pages decides what a second sync is worth. `dirty`: they stay to be written, so that a
 * later sync can succeed. `clean`, as ext4 and XFS do: they count as written; the node reads them still, the next sync
 * finds nothing to do and reports success, and after a crash they are gone. Who takes that sync's word loses data.
 *
 * A protocol without `onDiskError` stops at the first error, loses what was not durable, and starts again when the fault
 * has ended, as under a supervisor. That is what PostgreSQL does since 2018.
 */
export const diskError: FaultDefinition = {
  kind: "diskError",
  summary: "Syncs fail; their pages stay to be written, or count as written and are lost. Nodes hear of it, or stop and start when it ends.",
  source: "Rebello et al., “Can applications recover from fsync failures?”, USENIX ATC 2020; PostgreSQL's fsyncgate, 2018.",
  params: { type: "selector" },
  beside: {
    pages: { type: "choice", of: ["clean", "dirty"], default: "clean", summary: "What becomes of what a failed sync should have written: lost without a further word, or kept for the next." },
    rate: { type: "ratio", default: 1, summary: "The share of syncs that fail." },
  },
  choose: (world, fault) => chooseDisks(world, fault, fault.params.value as Selector),
  begin(world, fault, struck) {
    const { pages, rate } = fault.params as { readonly pages?: Pages; readonly rate?: number };
    worsenDisks(world, fault, struck, { type: "error", pages: pages ?? "clean", rate: rate ?? 1 });
  },
  end: mendDisks,
};

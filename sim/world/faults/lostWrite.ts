import type { Selector } from "../config.ts";
import { chooseDisks, mendDisks, worsenDisks } from "./disks.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * A disk that lies: it reports a sync as done, and nothing of what that covered has been written. Memory has it, so it
 * shows when the node starts again: what `persist()` saved is as it was before, until a later save is written; a file ends
 * before the first entry that is missing, and what stands behind it is out of reach. To cut a file can be lost as well.
 *
 * An old page with a good checksum looks right, so nobody notices unless `detected` says that something outside the page
 * tells (a parent's checksum, a version kept elsewhere): then the protocol's `recovery` decides, see `bitrot`.
 */
export const lostWrite: FaultDefinition = {
  kind: "lostWrite",
  summary: "Disks report syncs as done that write nothing; after a crash, what they covered is not there.",
  source: "Krioukov et al., “Parity lost and parity regained”, FAST 2008; Prabhakaran et al., “IRON file systems”, SOSP 2005: phantom writes.",
  params: { type: "selector" },
  beside: {
    rate: { type: "ratio", default: 1, summary: "The share of syncs that are lost." },
    detected: { type: "boolean", default: false, summary: "Whether the node notices at its start." },
  },
  choose: (world, fault) => chooseDisks(world, fault, fault.params.value as Selector),
  begin(world, fault, struck) {
    const { rate, detected } = fault.params as { readonly rate?: number; readonly detected?: boolean };
    worsenDisks(world, fault, struck, { type: "lost", rate: rate ?? 1, detected: detected ?? false });
  },
  end: mendDisks,
};

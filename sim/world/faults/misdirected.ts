import type { Selector } from "../config.ts";
import { chooseDisks, mendDisks, worsenDisks } from "./disks.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * A write lands in another place: an entry that is appended to a file overwrites an earlier one, drawn from those that
 * are durable, and its own place stays as it was; what `persist()` saves lands where nothing of the node is, so that the
 * old one stays. The disk reports success, and memory is right: it shows when the node starts again.
 *
 * The checksum that is written along with it is good, so nobody notices unless `detected` says that pages tell where they
 * belong: then both places are known for damaged, and the protocol's `recovery` decides, see `bitrot`.
 */
export const misdirected: FaultDefinition = {
  kind: "misdirected",
  summary: "Writes land in another place: what was there is overwritten, and their own place stays as it was.",
  source: "Bairavasundaram et al., “An analysis of data corruption in the storage stack”, FAST 2008; Prabhakaran et al., “IRON file systems”, SOSP 2005.",
  params: { type: "selector" },
  beside: {
    rate: { type: "ratio", default: 1, summary: "The share of writes that go astray." },
    detected: { type: "boolean", default: false, summary: "Whether the node notices at its start." },
  },
  choose: (world, fault) => chooseDisks(world, fault, fault.params.value as Selector),
  begin(world, fault, struck) {
    const { rate, detected } = fault.params as { readonly rate?: number; readonly detected?: boolean };
    worsenDisks(world, fault, struck, { type: "misdirected", rate: rate ?? 1, detected: detected ?? false });
  },
  end: mendDisks,
};

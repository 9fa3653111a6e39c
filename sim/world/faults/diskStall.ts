import type { Selector } from "../config.ts";
import { chooseDisks, mendDisks, worsenDisks } from "./disks.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * A disk that does nothing for a while: what is written gets no further than memory, no sync is done, and one that is
 * under way stands still. When it ends, each goes on where it was. The node itself lives: its messages that need no disk
 * leave, and what a `persist()` holds back waits.
 */
export const diskStall: FaultDefinition = {
  kind: "diskStall",
  summary: "Disks hang: writes and syncs wait until it ends, and then go on; the nodes themselves live.",
  source: "Controllers that reset, garbage collection in SSDs, cloud volumes that stall: Hao et al., “The tail at store”, FAST 2016; Huang et al., “Gray failure”, HotOS 2017.",
  params: { type: "selector" },
  choose: (world, fault) => chooseDisks(world, fault, fault.params.value as Selector),
  begin: (world, fault, struck) => worsenDisks(world, fault, struck, { type: "stall" }),
  end: mendDisks,
};

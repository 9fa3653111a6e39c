import type { Selector } from "../config.ts";
import type { DiskTrouble } from "../disk.ts";
import { selectNodes } from "../select.ts";
import type { World } from "../world.ts";
import type { ActiveFault, Struck } from "./fault.ts";

/** What faults of disks have in common: whom they strike, and how what they do begins and ends. */

/** A trouble without what every trouble of a fault has. */
type Kind<Trouble> = Trouble extends DiskTrouble ? Omit<Trouble, "fault" | "stream"> : never;

/** Nodes may be struck that are down: they meet it when they start. */
export function chooseDisks(world: World, fault: ActiveFault, selector: Selector): Struck {
  const nodes = selectNodes(world, selector, fault.stream);
  return { nodes: nodes.map((node) => node.index), did: nodes.length > 0 };
}

export function worsenDisks(world: World, fault: ActiveFault, struck: Struck, trouble: Kind<DiskTrouble>): void {
  const whole = { ...trouble, fault: fault.id, stream: fault.streamName } as DiskTrouble;
  for (const index of struck.nodes) world.node(index).storage.worsen(whole);
}

/** The disks are in order again, and nodes that stopped of an error start again. */
export function mendDisks(world: World, fault: ActiveFault, struck: Struck): void {
  for (const index of struck.nodes) {
    world.node(index).storage.mend(fault.id);
    world.node(index).releaseDown(fault.id);
  }
}

import type { Ambush } from "../ambush.ts";
import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import { losses, type Loss } from "../store.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * The struck nodes stop at once: memory, timers and unsent messages are gone. What is on disk stays, but for what `lose`
 * says: `torn` keeps the first of the writes that were not synced, as many as are drawn, in the order in which they were
 * made, but what `persist()` saved at once whole or not at all. They come back after `for`, or at a `restart`.
 *
 * With `amid` it lies in wait for each of them: `effects`, between two effects of a handler (after the persist and
 * before the send, after the first of five sends); `sync`, in the middle of a sync. `for` counts from when it strikes.
 */
export const crash: FaultDefinition = {
  kind: "crash",
  summary: "Nodes stop at once, or amid their effects or a sync, losing memory and, as `lose` says, nothing on disk, what was not synced or part of that, or the whole disk.",
  source: "Pillai et al., “All file systems are not created equal”, OSDI 2014, on what survives; Schlichting and Schneider, TOCS 1(3), 1983; amid effects: Alagappan et al., “Correlated crash vulnerabilities”, OSDI 2016.",
  params: { type: "selector" },
  liesInWait: ({ amid }) => amid !== undefined,
  beside: {
    lose: { type: "choice", of: losses, default: "unsynced", summary: "What is lost of the disk: nothing, what was not synced, all of that but its first writes (torn), or the whole disk." },
    amid: { type: "choice", of: ["effects", "sync"], summary: "It waits for the middle of the node's next handler with two effects or more, or of its next sync." },
    applied: { type: "integer", min: 1, summary: "With `amid: effects`: how many of the effects are applied. Default: drawn." },
  },
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream);
    const waits = fault.params["amid"] !== undefined; // For one that is down as well: it will be up again.
    return { nodes: nodes.map((node) => node.index), did: nodes.some((node) => waits || node.isUp) };
  },
  begin(world, fault, struck) {
    const lose = fault.params["lose"] as Loss;
    const { amid, applied } = fault.params as { readonly amid?: Ambush["amid"]; readonly applied?: number };
    for (const index of struck.nodes) {
      if (amid === undefined) world.node(index).holdDown(fault.id, lose, fault.streamName);
      else world.node(index).ambushes.lay({ fault: fault.id, lose, amid, applied, stream: `${fault.streamName}/amid/${world.nameOf(index)}` });
    }
  },
  end(world, fault, struck) {
    for (const index of struck.nodes) {
      world.node(index).ambushes.lift(fault.id);
      world.node(index).releaseDown(fault.id);
    }
  },
};

import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import type { FaultDefinition } from "./fault.ts";

/**
 * What is durable changes by itself: of each struck disk, `bytes` scalars, each chosen by its size among all that is
 * stored (a scalar that `persist()` saved, or one within an entry of a log or of a file). Memory and the page cache are
 * not struck, so nothing shows until the node starts again; what is written anew in the same place is good again.
 *
 * `detected` (unless said otherwise): a checksum tells at the start, and the protocol's `recovery` says what is done:
 * `halt`, the node stays down; `discard`, it begins with an empty disk; `truncate`, its files keep the entries before the
 * damaged one, and what `persist()` saved is discarded. Otherwise it starts with the changed value. Nothing undoes it.
 */
export const bitrot: FaultDefinition = {
  kind: "bitrot",
  summary: "What is stored changes; it shows when the node starts again: found by a checksum, or taken for what was written.",
  source: "Bairavasundaram et al., “An analysis of data corruption in the storage stack”, FAST 2008; Alagappan et al., “Protocol-aware recovery for consensus-based storage”, FAST 2018.",
  params: { type: "selector" },
  endsAtOnce: true,
  beside: {
    bytes: { type: "integer", min: 1, max: 10_000, default: 1, summary: "How many places of each disk are struck." },
    detected: { type: "boolean", default: true, summary: "Whether a checksum tells when it is read." },
  },
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream);
    return { nodes: nodes.map((node) => node.index), did: nodes.some((node) => !node.storage.isEmpty) };
  },
  begin(world, fault, struck) {
    const { bytes = 1, detected = true } = fault.params as { readonly bytes?: number; readonly detected?: boolean };
    for (const index of struck.nodes) {
      const stream = world.streams.get(`${fault.streamName}/${world.nameOf(index)}`);
      for (let count = 0; count < bytes; count += 1) world.node(index).storage.rot(fault.id, stream, detected);
    }
  },
  end() {},
};

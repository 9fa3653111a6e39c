/** The network between nodes, with what the file leaves out filled in. */
import type { LinkConfig, NetworkConfig } from "../world/config.ts";
import type { ScenarioFile } from "./file.ts";

/** A link of which nothing is said but how long a message takes. */
export function plainLink(latency: LinkConfig["latency"]): LinkConfig {
  return { latency, loss: 0, duplicate: 0, corrupt: 0, checksum: true, fifo: false };
}

/** Only for a file without mistakes. */
export function networkConfig(file: ScenarioFile): NetworkConfig {
  const network = file.network as Partial<LinkConfig> & Pick<LinkConfig, "latency">;
  return { ...plainLink(network.latency), ...network, links: [], zones: [] };
}

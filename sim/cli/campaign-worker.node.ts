/** What a campaign's worker loads: the protocols that are built in, and the way to open one of the user's own. */
import { protocols } from "../../protocols/index.ts";
import { makeWorker } from "../campaign/workers/worker.ts";
import { isForbidden } from "../world/forbidden.ts";
import { openProtocolModule } from "./module.node.ts";

export default makeWorker({ protocols }, async (module) => {
  const { protocol, locate } = await openProtocolModule(module);
  return {
    protocols: { ...protocols, [module.name]: protocol },
    locate: (error) => (isForbidden(error) ? locate(error).diagnostics : undefined),
  };
});

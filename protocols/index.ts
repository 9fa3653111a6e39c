/** Every protocol that comes with the simulator, by the name that a scenario gives. */
import type { AnyProtocol } from "../sim/protocol.ts";
import { lwwRegister } from "./lww-register/index.ts";
import { raft } from "./raft/index.ts";

export const protocols: Readonly<Record<string, AnyProtocol>> = {
  raft,
  "lww-register": lwwRegister,
};

/** A register with compare-and-set. */
import { registerModel } from "./register.ts";

export const casRegister = registerModel("cas-register", "a register (one for each key): read, write, cas from one value to another", ["read", "write", "cas"]);

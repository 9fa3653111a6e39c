/** A map of keys: every key is a register of its own, so that each is judged alone. */
import { registerModel } from "./register.ts";

export const kv = registerModel("kv", "a map of keys, null at first: read, write, cas", ["read", "write", "cas"]);

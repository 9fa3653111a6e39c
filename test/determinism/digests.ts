/** What a worker or a page runs: digests of scenario texts, in their order. */
import { run } from "../../sim/scenario/run.ts";
import { parse } from "./scenarios.ts";

/** `records`: the whole trace is written as well, and thrown away. */
export function digestsOf(texts: readonly string[], records = false): string[] {
  return texts.map((text) => run(parse(text), records ? { write: () => {} } : {}).result.digest);
}

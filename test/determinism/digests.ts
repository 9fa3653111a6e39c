/** What a worker or a page runs: digests of scenario texts, in their order. */
import { run } from "../../sim/scenario/run.ts";
import { parse } from "./scenarios.ts";

export function digestsOf(texts: readonly string[]): string[] {
  return texts.map((text) => run(parse(text)).result.digest);
}

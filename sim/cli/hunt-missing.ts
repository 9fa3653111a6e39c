/** What is not there of a campaign in shards, and how it is done. */
import { dirname } from "node:path";
import type { MissingShard } from "../campaign/merge.ts";
import type { ShardHeader } from "../campaign/shard.ts";
import { formatCount } from "../explain/index.ts";
import { DEFAULT_FOLDER } from "./output.ts";
import { programName } from "./program.ts";

export interface MissingPart {
  /** `3/64`. */
  readonly shard: string;
  /** How many runs; null where nobody knows how many there were to be. */
  readonly runs: number | null;
  /** The first of them. */
  readonly seed: number;
  /** Journals of the shard that are there, and do not hold them. */
  readonly journals: readonly string[];
  /** Lines of these that are not as they were written: `file:line`. */
  readonly damaged: readonly string[];
  /** What does them, in the folder that the campaign was started in. */
  readonly command: string;
}

export function missingPart({ shard, runs, seed, journals, damaged }: MissingShard, { of, command }: ShardHeader): MissingPart {
  const [first] = journals;
  const folder = first === undefined ? DEFAULT_FOLDER : dirname(first);
  const rest = [...(first === undefined ? [] : ["--resume"]), ...(folder === DEFAULT_FOLDER ? [] : ["--out", folder])];
  const words = [programName(), ...command, "--shard", `${shard}/${of}`, ...rest];
  return { shard: `${shard}/${of}`, runs, seed, journals, damaged, command: words.map(quoted).join(" ") };
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./=:@%+,-]+$/.test(word) || word === programName() ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function missingSentence({ shard, runs, seed, journals, damaged }: MissingPart): string {
  const [number, of] = shard.split("/");
  const what = runs === null ? `does not say that it came to its end, at seed ${seed}` : `lacks ${formatCount(runs)} ${runs === 1 ? "run, that of" : "runs, the first with"} seed ${seed}`;
  if (journals.length === 0) return `shard ${number} of ${of} is missing as a whole${runs === null ? "" : `: ${formatCount(runs)} ${runs === 1 ? "run" : "runs"}, the first with seed ${seed}`}`;
  const lines = damaged.length === 0 ? "" : `; not as it was written: ${damaged.slice(0, 5).join(", ")}${damaged.length > 5 ? ` and ${formatCount(damaged.length - 5)} more` : ""}`;
  return `shard ${number} of ${of} (${journals.join(", ")}) ${what}${lines}`;
}

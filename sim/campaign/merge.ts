/** What the shards of a campaign come to together: what one machine would have reported. */
import { isEnd } from "./hunt.ts";
import type { Outcome } from "./job.ts";
import { differencesOf, JournalError, type Journal, type JournalHeader } from "./journal.ts";
import { indexOf, placeOf, runsOf, shardName, type Shard, type ShardHeader } from "./shard.ts";
import { seedAt } from "./steering.ts";
import { Tally, type HuntReport } from "./tally.ts";

/** A shard's journal, and where it was found. */
export interface FoundShard {
  readonly name: string;
  readonly journal: Journal;
}

/** What is not there of a shard. */
export interface MissingShard {
  readonly shard: number;
  /** How many runs; null where nobody knows how many there were to be. */
  readonly runs: number | null;
  /** The first run's. */
  readonly seed: number;
  /** Where it is not missing as a whole. */
  readonly journals: readonly string[];
  /** Lines of its journals that are not as they were written. */
  readonly damaged: readonly string[];
}

export interface MergedShards {
  readonly header: JournalHeader;
  readonly campaign: ShardHeader;
  /** What counts, in the order of the runs. */
  readonly outcomes: readonly Outcome[];
  readonly report: HuntReport;
  readonly missing: readonly MissingShard[];
  readonly ended: "runs" | "time" | "failure" | "incomplete";
  /** Wall time of the shard that took longest. */
  readonly elapsedMs: number;
}

/** Throws a JournalError where they are not of one campaign, or contradict each other. */
export function mergeShards(found: readonly FoundShard[]): MergedShards {
  // Whatever order they are named in, it comes to the same, the message of what is wrong included.
  const shards = [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
  const [first] = shards;
  if (first === undefined) throw new JournalError("there is no journal of a shard to merge");
  const campaign = checkSameCampaign(first, shards);
  const { header } = first.journal;
  const all = unite(shards, campaign);
  // As on one machine: the first failure in the order of the runs ends the campaign, and what was run after it does not count.
  const sorted = [...all.values()].map(({ outcome }) => outcome).sort((a, b) => a.index - b.index);
  const end = campaign.keepGoing ? undefined : sorted.find(isEnd)?.index;
  const last = Math.min(end ?? Infinity, (campaign.runs ?? Infinity) - 1);
  const outcomes = sorted.filter(({ index }) => index <= last);
  const tally = new Tally();
  for (const outcome of outcomes) tally.add(outcome, { index: outcome.index, seed: outcome.seed });
  const report = tally.report();
  const missing = missingOf(shards, all, { ...campaign, firstSeed: header.firstSeed, last });
  return { header, campaign, outcomes, report, missing, ended: endOf(report, campaign, missing), elapsedMs: shards.reduce((most, { journal }) => Math.max(most, journal.elapsedMs), 0) };
}

function endOf({ failures, runs }: HuntReport, campaign: ShardHeader, missing: readonly MissingShard[]): MergedShards["ended"] {
  if (missing.length > 0) return "incomplete";
  if (failures.length > 0 && !campaign.keepGoing) return "failure";
  return campaign.runs !== null && runs >= campaign.runs ? "runs" : "time";
}

function checkSameCampaign(first: FoundShard, shards: readonly FoundShard[]): ShardHeader {
  const ours = shardOf(first);
  for (const other of shards) {
    const theirs = shardOf(other);
    const differences = [
      ...differencesOf(withoutShard(other.journal.header), withoutShard(first.journal.header), ["there", "here"]),
      ...(theirs.of === ours.of ? [] : [`how many shards there are, ${theirs.of} there, ${ours.of} here`]),
      ...(theirs.runs === ours.runs ? [] : [`--runs, ${theirs.runs ?? "without"} there, ${ours.runs ?? "without"} here`]),
      ...(theirs.keepGoing === ours.keepGoing ? [] : [`--keep-going, ${theirs.keepGoing ? "with" : "without"} it there`]),
    ];
    if (differences.length === 0) continue;
    throw new JournalError(`${other.name} and ${first.name} are of different campaigns: they differ in ${differences.join("; ")}`, "Shards are merged where all but --shard was the same.");
  }
  return ours;
}

function shardOf({ name, journal }: FoundShard): ShardHeader {
  const { shard } = journal.header;
  if (shard !== undefined) return shard;
  throw new JournalError(`${name} is the journal of a whole campaign, and not of a shard`, "`splitbrain hunt --shard 1/4` writes one of a shard.");
}

const withoutShard = ({ shard: _, ...header }: JournalHeader): JournalHeader => header;

interface Known {
  readonly outcome: Outcome;
  readonly name: string;
}

/** Every run once, whoever did it and however often. */
function unite(shards: readonly FoundShard[], { runs }: ShardHeader): Map<number, Known> {
  const all = new Map<number, Known>();
  for (const shard of shards) {
    const own = shardOf(shard);
    for (const outcome of shard.journal.outcomes.values()) {
      checkPlace(outcome, own, shard, runs);
      const known = all.get(outcome.index);
      // A worker's death depends on its machine, and all else on the seed alone.
      if (known === undefined || (known.outcome.kind === "died" && outcome.kind !== "died")) all.set(outcome.index, { outcome, name: shard.name });
      else if (outcome.kind !== "died") checkEqual(known, outcome, shard.name);
    }
  }
  return all;
}

function checkPlace({ index, seed }: Outcome, own: Shard, { name, journal }: FoundShard, runs: number | null): void {
  const isOwn = Number.isInteger(placeOf(own, index)) && index >= 0 && index < (runs ?? Infinity);
  if (isOwn && seed === seedAt(journal.header.firstSeed, index)) return;
  throw new JournalError(`${name} has a run that is none of ${shardName(own)}: number ${index + 1}, with seed ${seed}`);
}

function checkEqual(known: Known, outcome: Outcome, name: string): void {
  if (JSON.stringify(known.outcome) === JSON.stringify(outcome)) return;
  const said = (one: Outcome): string => (one.digest === "" ? `ended in “${one.message ?? one.kind}”` : `has the digest ${one.digest} and the verdict ${one.kind}`);
  throw new JournalError(
    `the run of seed ${outcome.seed} was done twice, and differs: in ${known.name} it ${said(known.outcome)}, in ${name} it ${said(outcome)}`,
    "Either the two were done by different states of the program or the protocol, or the run depends on more than its seed.",
  );
}

/** What there should be, up to the last run that counts. */
function missingOf(shards: readonly FoundShard[], all: ReadonlyMap<number, Known>, { of, runs, firstSeed, last }: ShardHeader & { readonly firstSeed: number; readonly last: number }): MissingShard[] {
  const missing: MissingShard[] = [];
  for (let number = 1; number <= of; number += 1) {
    const shard = { number, of };
    if (indexOf(shard, 0) > last) break;
    const own = shards.filter((one) => shardOf(one).number === number);
    const wanted = own.length === 0 ? { count: runs === null && last === Infinity ? null : runsOf(shard, last + 1), place: 0 } : lackOf(shard, own, all, last);
    if (wanted === undefined) continue;
    const damaged = own.flatMap(({ name, journal }) => journal.damaged.map((line) => `${name}:${line}`));
    missing.push({ shard: number, runs: wanted.count, seed: seedAt(firstSeed, indexOf(shard, wanted.place)), journals: own.map(({ name }) => name), damaged });
  }
  return missing;
}

/** How many runs a shard lacks that was begun, and the place of the first; null: nobody knows how many. */
function lackOf(shard: Shard, own: readonly FoundShard[], all: ReadonlyMap<number, Known>, last: number): { readonly count: number | null; readonly place: number } | undefined {
  const isDone = own.some(({ journal }) => journal.isEnded && journal.endedBy === "time");
  let done = 0;
  for (const { journal } of own) for (const index of journal.outcomes.keys()) done = Math.max(done, placeOf(shard, index) + 1);
  // Where time was over, what a shard did not come to is not missing; where neither is known, it is not even known how much.
  const isOpen = !isDone && last === Infinity;
  const wanted = isDone || isOpen ? Math.min(done, runsOf(shard, last + 1)) : runsOf(shard, last + 1);
  const lacking: number[] = [];
  for (let place = 0; place < wanted; place += 1) if (!all.has(indexOf(shard, place))) lacking.push(place);
  const [first] = lacking;
  if (isOpen) return { count: null, place: first ?? wanted };
  return first === undefined ? undefined : { count: lacking.length, place: first };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan, Outcome } from "../../sim/campaign/job.ts";
import { journalHeader, journalLine, readJournal, type JournalEntry, type JournalHeader } from "../../sim/campaign/journal.ts";
import { mergeShards, type FoundShard } from "../../sim/campaign/merge.ts";
import { indexOf, inShard, inWhole, placeOf, runsOf, shardName, steeringOf, type Shard, type ShardHeader } from "../../sim/campaign/shard.ts";
import type { HuntReport } from "../../sim/campaign/tally.ts";
import { failed, passed, PuppetExecutor } from "./outcomes.ts";

const plan: CampaignPlan = { text: "version: 1\n", file: "a.yaml", overrides: [], mutant: undefined, mostEvents: 1000 };
const program = "0.1.0";

interface Campaign {
  /** Null: until time is over. */
  readonly runs: number | null;
  readonly keepGoing: boolean;
}

function headerOf(shard: Shard, { runs, keepGoing }: Campaign): JournalHeader {
  const own: ShardHeader = { ...shard, runs, keepGoing, slug: "a", leftOut: [], folder: ".", command: ["hunt", "a.yaml"] };
  return { ...journalHeader(program, plan, 1), shard: own };
}

/** A shard's journal, as reading its lines gives it. */
function journalOf(shard: Shard, campaign: Campaign, entries: readonly JournalEntry[], name = shardName(shard)): FoundShard {
  const lines = [headerOf(shard, campaign), ...entries].map((entry) => journalLine(entry).trimEnd());
  return { name, journal: readJournal(lines, name) };
}

const entry = (outcome: Outcome): JournalEntry => ({ outcome, atMs: 10 * outcome.index });
const ended = (by: string): JournalEntry => ({ end: true, by });

/** What one machine finds, where each run comes to what it must. */
function whole(outcomes: readonly Outcome[], keepGoing: boolean): Promise<HuntReport> {
  return hunt(new PuppetExecutor(3, ({ index }) => outcomes[index]), { firstSeed: 1, runs: outcomes.length, keepGoing, isOver: () => false });
}

/** What a machine leaves that does one shard, stopping as a hunt does. */
async function shardOf(shard: Shard, outcomes: readonly Outcome[], keepGoing: boolean, workers: number): Promise<FoundShard> {
  const entries: JournalEntry[] = [];
  const outcomeOf = (index: number): Outcome => ({ ...(outcomes[indexOf(shard, index)] as Outcome), index });
  await hunt(new PuppetExecutor(workers, ({ index }) => outcomeOf(index), (count) => count - 1), {
    firstSeed: 1,
    runs: runsOf(shard, outcomes.length),
    keepGoing,
    isOver: () => false,
    steering: steeringOf(shard, 1),
    onOutcome: (outcome) => void entries.push(entry(inWhole(shard, outcome))),
  });
  return journalOf(shard, { runs: outcomes.length, keepGoing }, [...entries, ended("runs")]);
}

const shardsOf = (of: number): Shard[] => Array.from({ length: of }, (_, at) => ({ number: at + 1, of }));
const outcomesOf = (kinds: readonly string[]): Outcome[] => kinds.map((kind, index) => (kind === "" ? passed(index) : failed(index, kind)));

const campaigns = fc.record({
  kinds: fc.array(fc.oneof({ weight: 20, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constantFrom("a", "b", "c") }), { minLength: 1, maxLength: 60 }),
  of: fc.integer({ min: 1, max: 9 }),
  workers: fc.integer({ min: 1, max: 5 }),
  keepGoing: fc.boolean(),
  /** Some shards are there twice. */
  twice: fc.nat(8),
  order: fc.infiniteStream(fc.nat(1000)),
});

describe("shards of a campaign", () => {
  it("have every run between them, and none twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 200 }), (of, runs) => {
        const indexes = shardsOf(of).flatMap((shard) => Array.from({ length: runsOf(shard, runs) }, (_, place) => indexOf(shard, place)));
        expect(indexes.sort((a, b) => a - b)).toEqual(Array.from({ length: runs }, (_, index) => index));
      }),
    );
  });

  it("know a run by its place in the shard and in the whole, there and back", () => {
    const shard = { number: 3, of: 5 };
    expect([indexOf(shard, 4), placeOf(shard, 22), steeringOf(shard, 10).jobs(0, 3)]).toEqual([22, 4, [{ index: 0, seed: 12 }, { index: 1, seed: 17 }, { index: 2, seed: 22 }]]);
    expect([...inShard(shard, new Map([2, 3, 7].map((index) => [index, passed(index)]))).keys()]).toEqual([0, 1]);
  });

  it("come together to what one machine reports, however many they are and in whatever order they are named", async () => {
    await fc.assert(
      fc.asyncProperty(campaigns, async ({ kinds, of, workers, keepGoing, twice, order }) => {
        const outcomes = outcomesOf(kinds);
        const shards = await Promise.all(shardsOf(of).map((shard) => shardOf(shard, outcomes, keepGoing, workers)));
        const again = shards[twice] === undefined ? [] : [{ ...shards[twice], name: "again" }];
        const found = [...shards, ...again].map((shard) => ({ shard, key: order.next().value as number })).sort((a, b) => a.key - b.key).map(({ shard }) => shard);
        const { report, missing, ended: by } = mergeShards(found);
        expect(report).toEqual(await whole(outcomes, keepGoing));
        expect([missing, by]).toEqual([[], report.failures.length > 0 && !keepGoing ? "failure" : "runs"]);
      }),
      { numRuns: 60 },
    );
  });

  it("of which some runs are lost, name exactly the shards that lack one that counts", async () => {
    await fc.assert(
      fc.asyncProperty(campaigns, fc.array(fc.nat(59), { maxLength: 4 }), async ({ kinds, of, workers, keepGoing }, lost) => {
        const outcomes = outcomesOf(kinds);
        const shards = await Promise.all(shardsOf(of).map((shard) => shardOf(shard, outcomes, keepGoing, workers)));
        const kept = shards.map(({ name, journal }) => ({ name, journal: { ...journal, outcomes: new Map([...journal.outcomes].filter(([index]) => !lost.includes(index))) } }));
        const { missing, outcomes: counted } = mergeShards(kept);
        // By its definition: all there are to be, up to the first failure that is there.
        const there = new Set(kept.flatMap(({ journal }) => [...journal.outcomes.keys()]));
        const end = keepGoing ? -1 : outcomes.findIndex(({ index, failures }) => there.has(index) && failures.length > 0);
        const wanted = outcomes.slice(0, end < 0 ? undefined : end + 1).map(({ index }) => index);
        const lacking = wanted.filter((index) => !there.has(index));
        expect(counted.map(({ index }) => index)).toEqual(wanted.filter((index) => there.has(index)));
        expect(missing.map(({ shard, runs, seed }) => [shard, runs, seed])).toEqual(
          shardsOf(of).flatMap((shard) => {
            const own = lacking.filter((index) => Number.isInteger(placeOf(shard, index)));
            return own.length === 0 ? [] : [[shard.number, own.length, 1 + (own[0] as number)]];
          }),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe("merging", () => {
  const two = { runs: 4, keepGoing: false } as const;
  const [one, other] = shardsOf(2) as [Shard, Shard];
  const first = journalOf(one, two, [entry(passed(0)), entry(passed(2)), ended("runs")]);

  it("says which shard is missing as a whole, and that the campaign is not over", () => {
    const { missing, ended: by, report } = mergeShards([first]);
    expect([by, report.runs, missing]).toEqual(["incomplete", 2, [{ shard: 2, runs: 2, seed: 2, journals: [], damaged: [] }]]);
  });

  it("where the first failure comes before all of a missing shard's runs, misses nothing", () => {
    const { missing, ended: by } = mergeShards([journalOf(one, two, [entry(failed(0, "a"))])]);
    expect([missing, by]).toEqual([[], "failure"]);
  });

  it("names the damaged lines of a shard that lacks a run", () => {
    const lines = [headerOf(other, two), entry(passed(1)), entry(passed(3)), ended("runs")].map((one) => journalLine(one).trimEnd());
    lines[1] = (lines[1] as string).replace('"kind":"pass"', '"kind":"fail"');
    const { missing } = mergeShards([first, { name: "second", journal: readJournal(lines, "second") }]);
    expect(missing).toEqual([{ shard: 2, runs: 1, seed: 2, journals: ["second"], damaged: ["second:2"] }]);
  });

  it("of shards that went on until time was over, misses nothing, and otherwise does not know how much", () => {
    const timed = { runs: null, keepGoing: false };
    const over = journalOf(one, timed, [entry(passed(0)), entry(passed(2)), ended("time")]);
    const cut = journalOf(other, timed, [entry(passed(1))]);
    expect(mergeShards([over, journalOf(other, timed, [entry(passed(1)), ended("time")])])).toMatchObject({ ended: "time", missing: [], report: { runs: 3 } });
    expect(mergeShards([over, cut])).toMatchObject({ ended: "incomplete", missing: [{ shard: 2, runs: null, seed: 4 }] });
  });

  it("prefers what a run came to over a worker's death, whichever of the two is read first", () => {
    const died: Outcome = { ...passed(0), kind: "died", digest: "", message: "its worker was killed" };
    for (const [a, b] of [["a", "b"], ["b", "a"]] as const) {
      const { report } = mergeShards([journalOf(one, two, [entry(died), entry(passed(2))], a), journalOf(one, two, [entry(passed(0))], b), journalOf(other, two, [entry(passed(1)), entry(passed(3))], "c")]);
      expect(report.outcomes).toMatchObject({ pass: 4, died: 0 });
    }
  });

  it.each<[string, () => FoundShard[], RegExp]>([
    ["nothing", () => [], /^there is no journal of a shard to merge$/],
    ["a whole campaign's journal", () => [first, { name: "whole", journal: readJournal([journalLine(journalHeader(program, plan, 1)).trimEnd()], "whole") }], /^whole is the journal of a whole campaign, and not of a shard$/],
    ["shards of different numbers", () => [first, journalOf({ number: 2, of: 3 }, two, [])], /^shard2of3 and shard1of2 are of different campaigns: they differ in how many shards there are, 3 there, 2 here$/],
    ["shards of different --runs", () => [first, journalOf(other, { ...two, runs: 8 }, [])], /they differ in --runs, 8 there, 4 here$/],
    ["shards with and without --keep-going", () => [first, journalOf(other, { ...two, keepGoing: true }, [])], /they differ in --keep-going, with it there$/],
    ["another version's", () => [first, { name: "z", journal: { ...first.journal, header: { ...first.journal.header, program: "0.2.0" } } }], /^z and shard1of2 are of different campaigns: they differ in the program's version, 0\.2\.0 there, 0\.1\.0 here$/],
    ["a run that is another shard's", () => [journalOf(one, two, [entry(passed(1))])], /^shard1of2 has a run that is none of shard1of2: number 2, with seed 2$/],
    ["a run with another seed", () => [journalOf(one, two, [entry({ ...passed(0), seed: 9 })])], /number 1, with seed 9$/],
    ["a run twice that differs", () => [first, journalOf(one, two, [entry({ ...passed(0), digest: "other" })], "z")], /^the run of seed 1 was done twice, and differs: in shard1of2 it has the digest d0 and the verdict pass, in z it has the digest other and the verdict pass$/],
  ])("refuses %s", (_, found, message) => {
    expect(() => mergeShards(found())).toThrow(message);
  });

  it("takes many runs without running out of stack", () => {
    const many = 150_000;
    const entries = Array.from({ length: many }, (_, index) => passed(index));
    const journal = { ...journalOf({ number: 1, of: 1 }, { runs: many, keepGoing: true }, []).journal, outcomes: new Map(entries.map((outcome) => [outcome.index, outcome])) };
    expect(mergeShards([{ name: "all", journal }]).report.runs).toBe(many);
  });
});

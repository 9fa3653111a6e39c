import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CampaignPlan, Outcome } from "../../sim/campaign/job.ts";
import { differencesOf, JOURNAL_VERSION, journalHeader, journalLine, readJournal } from "../../sim/campaign/journal.ts";
import { findJournal, JournalFile } from "../../sim/campaign/workers/journal-file.ts";
import { failed, passed } from "./outcomes.ts";

const plan: CampaignPlan = { text: "version: 1\nname: Löß 本\n", file: "a.yaml", overrides: [], mutant: undefined, mostEvents: 1000 };
const header = journalHeader("0.1.0", plan, 1);

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "splitbrain-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A journal of some outcomes, as a file. */
function journalOf(...outcomes: readonly Outcome[]): string {
  const path = join(emptyFolder(), "a.hunt.jsonl");
  const journal = JournalFile.begin(path, header);
  for (const outcome of outcomes) journal.write({ outcome, atMs: 10 * (outcome.index + 1) });
  journal.close();
  return path;
}

describe("a journal", () => {
  it("gives back every outcome that was written, and how long the campaign has taken", () => {
    const outcomes = [passed(0), failed(2, "two leaders"), passed(1)];
    const found = findJournal(journalOf(...outcomes), header);
    expect([...(found?.outcomes.values() ?? [])]).toEqual(outcomes);
    expect(found).toMatchObject({ elapsedMs: 30, isEnded: false, damaged: [], isTorn: false });
  });

  it("is JSON Lines, whose entries anybody may read", () => {
    const lines = readFileSync(journalOf(passed(0)), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { entry: object });
    expect(lines.map(({ entry }) => entry)).toEqual([JSON.parse(JSON.stringify(header)), { outcome: passed(0), atMs: 10 }]);
  });

  it("cut anywhere, gives back what is whole before the cut, and goes on from there", () => {
    const path = journalOf(passed(0), failed(1, "größer als ‘n1’"), passed(2));
    const whole = readFileSync(path);
    const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
    fc.assert(
      fc.property(fc.integer({ min: ends[0] as number, max: whole.length }), (cut) => {
        writeFileSync(path, whole.subarray(0, cut));
        const kept = ends.filter((end) => end <= cut).length - 1;
        const found = findJournal(path, header);
        expect([found?.outcomes.size, found?.isTorn]).toEqual([kept, !ends.includes(cut)]);
        const journal = JournalFile.goOn(path, found?.wholeBytes ?? 0);
        for (const outcome of [passed(0), passed(1), passed(2)].slice(kept)) journal.write({ outcome, atMs: 99 });
        journal.close();
        expect(findJournal(path, header)).toMatchObject({ damaged: [], isTorn: false, outcomes: { size: 3 } });
      }),
      { numRuns: 100 },
    );
  });

  it("cut within its first line is as good as none", () => {
    const path = join(emptyFolder(), "a.hunt.jsonl");
    writeFileSync(path, journalLine(header).slice(0, 40));
    expect(findJournal(path, header)).toBeUndefined();
    expect(findJournal(join(emptyFolder(), "none"), header)).toBeUndefined();
  });

  it("with any byte of a line changed, loses that line alone, and says which", () => {
    const path = journalOf(passed(0), passed(1), passed(2));
    const whole = readFileSync(path);
    const lines = whole.toString().split("\n");
    const begin = Buffer.byteLength(`${lines[0]}\n${lines[1]}\n`);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Buffer.byteLength(lines[2] as string) - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(whole);
        const changed = (bytes[begin + at] as number) ^ change;
        fc.pre(changed !== 10);
        bytes[begin + at] = changed;
        writeFileSync(path, bytes);
        const found = findJournal(path, header);
        expect([[...(found?.outcomes.keys() ?? [])], found?.damaged]).toEqual([[0, 2], [3]]);
      }),
      { numRuns: 200 },
    );
  });

  it("is read piece by piece: a line may lie across the pieces, and be longer than one", () => {
    const long = (index: number): Outcome => ({ ...passed(index), covered: [`emit ${"é".repeat(700_000)}`] });
    const found = findJournal(journalOf(long(0), passed(1), long(2), passed(3)), header);
    expect([...(found?.outcomes.keys() ?? [])]).toEqual([0, 1, 2, 3]);
    expect(found?.outcomes.get(2)?.covered[0]?.length).toBe(700_005);
  });

  it("knows its end, and that it was gone on with after it", () => {
    const path = journalOf(passed(0));
    appendFileSync(path, journalLine({ end: true }));
    expect(findJournal(path, header)?.isEnded).toBe(true);
    appendFileSync(path, journalLine({ outcome: passed(1), atMs: 40 }));
    expect(findJournal(path, header)?.isEnded).toBe(false);
  });

  it("of a campaign that begins anew, is kept beside the new one", () => {
    const path = journalOf(passed(0));
    JournalFile.begin(path, header).close();
    expect([findJournal(path, header)?.outcomes.size, findJournal(`${path}.old`, header)?.outcomes.size]).toEqual([0, 1]);
  });

  it.each<[string, Partial<CampaignPlan>, number, string, string]>([
    ["scenario", { text: "version: 1\n" }, 1, "0.1.0", "it differs in the scenario's text, overrides included"],
    ["mutant", { mutant: "double-vote" }, 1, "0.1.0", "it differs in the mutant, none then, double-vote now"],
    ["seed", {}, 7, "0.1.0", "it differs in the first seed, 1 then, 7 now"],
    ["version", {}, 1, "0.2.0", "it differs in the program's version, 0.1.0 then, 0.2.0 now"],
    ["budget and events", { budget: 5, mostEvents: 7 }, 1, "0.1.0", "it differs in the checkers' budget; and how many events a run may take"],
    ["module", { module: { name: "./a.ts", path: "/a.ts", file: "a.ts", text: "1", map: "{}" } }, 1, "0.1.0", "it differs in the protocol's module"],
  ])("of another %s is refused, and what differs is told", (_, change, seed, version, message) => {
    const path = journalOf(passed(0));
    expect(() => findJournal(path, journalHeader(version, { ...plan, ...change }, seed))).toThrow(`${path} is of another campaign: ${message}`);
  });

  it("of the same campaign differs in nothing, also after it has been a file", () => {
    expect(differencesOf(JSON.parse(JSON.stringify(header)) as typeof header, header)).toEqual([]);
  });

  it("that is none, or is newer than the program, is refused by name", () => {
    expect(() => readJournal(["hello"], "a.jsonl")).toThrow("a.jsonl is no journal of a campaign, or its first line is damaged");
    const newer = journalLine({ ...header, journal: JOURNAL_VERSION + 1 }).trimEnd();
    expect(() => readJournal([newer], "a.jsonl")).toThrow("a.jsonl was written by a newer Splitbrain (journal version 2); this one reads up to 1");
  });

  it.runIf(existsSync("/dev/full"))("on a full disk says so, and what to do", () => {
    const path = join(emptyFolder(), "a.hunt.jsonl");
    symlinkSync("/dev/full", path);
    // A device cannot be cut to a length; it is opened for more alone.
    expect(() => JournalFile.goOn(path, 0).write({ outcome: passed(0), atMs: 1 })).toThrow(/^cannot write the campaign's journal .*a\.hunt\.jsonl: (no space left on device|invalid argument)$/);
  });
});

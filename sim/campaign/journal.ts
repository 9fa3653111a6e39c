/**
 * A campaign's journal: JSON Lines, each `{"sum":…,"entry":…}` with a checksum of its entry's text. The first entry says
 * which campaign it is; each further one is an outcome, in the order in which they came. It is only ever added to, so that
 * a program that is killed loses at most the line that it was writing.
 */
import { Digest } from "../trace/digest.ts";
import type { CampaignPlan, Outcome } from "./job.ts";
import type { ShardHeader } from "./shard.ts";

/** Of the journal's format. */
export const JOURNAL_VERSION = 1;

/** What must be the same for a campaign to be carried on. */
export interface JournalHeader {
  readonly journal: number;
  /** The version of the program. */
  readonly program: string;
  readonly firstSeed: number;
  /** The module as its name and a digest of its text. */
  readonly plan: Omit<CampaignPlan, "module"> & { readonly module?: { readonly name: string; readonly digest: string } | undefined };
  /** What steers the search, where something does, with its settings. */
  readonly steering?: string | undefined;
  /** Which part of the campaign it is, where it is not the whole. */
  readonly shard?: ShardHeader | undefined;
}

export type JournalEntry =
  | JournalHeader
  /** An outcome, and when it came: milliseconds of wall time since the campaign began, interruptions left out. */
  | { readonly outcome: Outcome; readonly atMs: number }
  /** The campaign came to its end here. */
  | { readonly end: true; readonly by?: string };

export interface Journal {
  readonly header: JournalHeader;
  /** By index. */
  readonly outcomes: ReadonlyMap<number, Outcome>;
  readonly elapsedMs: number;
  /** Whether the campaign came to its end. */
  readonly isEnded: boolean;
  /** What it ended by, where it says so. */
  readonly endedBy?: string | undefined;
  /** Lines, from 1, that are not as they were written. Their runs are to be done again. */
  readonly damaged: readonly number[];
}

/** A journal that cannot be carried on: one sentence, and what to do. */
export class JournalError extends Error {
  override readonly name = "JournalError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

export function journalHeader(program: string, plan: CampaignPlan, firstSeed: number, steering?: string): JournalHeader {
  const { module, ...rest } = plan;
  const named = module === undefined ? undefined : { name: module.name, digest: digestOf(module.text) };
  return { journal: JOURNAL_VERSION, program, firstSeed, plan: { ...rest, module: named }, ...(steering !== undefined && { steering }) };
}

/** One line of a journal, its newline included. */
export function journalLine(entry: JournalEntry): string {
  const text = JSON.stringify(entry);
  return `{"sum":"${digestOf(text)}","entry":${text}}\n`;
}

const LINE = /^\{"sum":"([0-9a-f]{16})","entry":(.*)\}$/;

function readLine(line: string): JournalEntry | undefined {
  const [, sum, text] = LINE.exec(line) ?? [];
  if (sum === undefined || text === undefined || digestOf(text) !== sum) return undefined;
  return JSON.parse(text) as JournalEntry;
}

/** Reads a journal's whole lines. Throws a JournalError where it is none, or of a version that this program does not know. */
export function readJournal(lines: Iterable<string>, name: string): Journal {
  let header: JournalHeader | undefined;
  const outcomes = new Map<number, Outcome>();
  const damaged: number[] = [];
  let elapsedMs = 0;
  let isEnded = false;
  let endedBy: string | undefined;
  let number = 0;
  for (const line of lines) {
    number += 1;
    const entry = readLine(line);
    if (header === undefined) header = headerOf(entry, name);
    else if (entry === undefined) damaged.push(number);
    else if ("outcome" in entry) {
      outcomes.set(entry.outcome.index, entry.outcome);
      elapsedMs = Math.max(elapsedMs, entry.atMs);
      isEnded = false;
    } else if ("end" in entry) [isEnded, endedBy] = [true, entry.by];
  }
  return { header: header ?? headerOf(undefined, name), outcomes, elapsedMs, isEnded, endedBy: isEnded ? endedBy : undefined, damaged };
}

function headerOf(entry: JournalEntry | undefined, name: string): JournalHeader {
  if (entry === undefined || !("journal" in entry)) throw new JournalError(`${name} is no journal of a campaign, or its first line is damaged`, "Without --resume, a campaign begins anew.");
  if (entry.journal <= JOURNAL_VERSION) return entry;
  throw new JournalError(`${name} was written by a newer Splitbrain (journal version ${entry.journal}); this one reads up to ${JOURNAL_VERSION}`);
}

/** What tells a journal's campaign from this one, in words; empty where nothing does. */
export function differencesOf(journal: JournalHeader, ours: JournalHeader, [then, now]: readonly [string, string] = ["then", "now"]): string[] {
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  const { plan } = ours;
  const rows: readonly (readonly [isDifferent: boolean, words: string])[] = [
    [journal.program !== ours.program, `the program's version, ${journal.program} ${then}, ${ours.program} ${now}`],
    [journal.plan.text !== plan.text, "the scenario's text, overrides included"],
    [differs(journal.plan.overrides, plan.overrides), "what --set says"],
    [journal.plan.mutant !== plan.mutant, `the mutant, ${journal.plan.mutant ?? "none"} ${then}, ${plan.mutant ?? "none"} ${now}`],
    [differs(journal.plan.module, plan.module), "the protocol's module"],
    [journal.firstSeed !== ours.firstSeed, `the first seed, ${journal.firstSeed} ${then}, ${ours.firstSeed} ${now}`],
    [journal.plan.budget !== plan.budget, "the checkers' budget"],
    [journal.plan.mostEvents !== plan.mostEvents, "how many events a run may take"],
    [differs(journal.plan.measure, plan.measure), "what is measured"],
    [journal.steering !== ours.steering, "how the search is steered"],
    [differs(sharing(journal), sharing(ours)), "the shard, or --runs or --keep-going of a campaign in shards"],
  ];
  return rows.filter(([isDifferent]) => isDifferent).map(([, words]) => words);
}

/** What of a shard must be the same for it to be carried on. */
function sharing({ shard }: JournalHeader): unknown {
  return shard === undefined ? undefined : [shard.number, shard.of, shard.runs, shard.keepGoing];
}

const encoder = new TextEncoder();

function digestOf(text: string): string {
  const digest = new Digest();
  digest.update(encoder.encode(text));
  return digest.hex();
}

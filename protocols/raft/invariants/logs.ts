/** Invariants about what stands in the logs (§5.3, §5.4). */
import type { Invariant, Log, NodeId } from "../../../sim/protocol.ts";
import type { Entry, Shown } from "../state.ts";
import { isSameEntry, nameEntry, newLeader } from "./entries.ts";

export const leaderAppendOnly: Invariant<Shown, null> = {
  name: "leader append-only",
  summary: "A leader never overwrites or deletes entries in its log; it only appends (§5.3).",
  begin: () => null,
  onChange(_, node, view) {
    const now = view.shown(node)!;
    const before = view.before(node);
    if (before === undefined || before.log === now.log) return undefined;
    if (before.role !== "leader" || now.role !== "leader" || before.term !== now.term) return undefined;
    const kept = before.log.commonPrefix(now.log);
    if (kept === before.log.length) return undefined;
    const lost = nameEntry(kept + 1, before.log.at(kept)!);
    return { message: `${node}, leader of term ${now.term}, gave up ${lost} of its own log`, nodes: [node] };
  },
};

/** An entry as it was seen first, and the term of the one before it. */
interface Known {
  readonly entry: Entry;
  readonly previousTerm: number;
  readonly node: NodeId;
}

/**
 * An index and a term say which entry it is, and which term the entry before it has. By induction they say what the
 * whole log up to there is, so it is enough to look at each entry once, when it enters a log.
 */
export const logMatching: Invariant<Shown, { readonly known: Known[][] }> = {
  name: "log matching",
  summary: "Two logs with an entry of the same index and term are the same up to there (§5.3).",
  begin: () => ({ known: [] }),
  onChange({ known }, node, view) {
    const { log } = view.shown(node)!;
    const before = view.before(node)?.log;
    if (before === log) return undefined;
    for (let position = before?.commonPrefix(log) ?? 0; position < log.length; position += 1) {
      const other = meet(known, position, log, node);
      if (other === undefined) continue;
      const shared = nameEntry(position + 1, other.entry);
      if (other.node === node) return { message: `${node} holds ${shared} again, and its log up to there is not what it was`, nodes: [node] };
      return { message: `${node} and ${other.node} both hold ${shared}, and their logs up to there differ`, nodes: [other.node, node] };
    }
    return undefined;
  },
};

/** Who held another log with an entry of this position and term; where nobody has seen such an entry, it is noted. */
function meet(known: Known[][], position: number, log: Log<Entry>, node: NodeId): Known | undefined {
  const entry = log.at(position)!;
  const previousTerm = log.at(position - 1)?.term ?? 0;
  const here = (known[position] ??= []);
  const same = here.find((one) => one.entry.term === entry.term);
  if (same === undefined) here.push(Object.freeze({ entry, previousTerm, node }));
  if (same === undefined || (isSameEntry(same.entry, entry) && same.previousTerm === previousTerm)) return undefined;
  return same;
}

interface Certificates {
  /** By term, what its leader has committed: the log up to its commit index. */
  readonly committed: Map<number, Log<Entry>>;
  /** By term, its leader and the log with which it was elected. */
  readonly leaders: Map<number, { readonly node: NodeId; readonly log: Log<Entry> }>;
}

/**
 * What counts is the term in which an entry was committed, and not the entry's own, which may be much older. The newest
 * leader's certificate before a term holds those of all before it, or one of them has been found wrong already.
 */
export const leaderCompleteness: Invariant<Shown, Certificates> = {
  name: "leader completeness",
  summary: "An entry that was committed in a term is in the logs of the leaders of all later terms (§5.4).",
  begin: () => ({ committed: new Map(), leaders: new Map() }),
  onChange(memory, node, view) {
    const now = view.shown(node)!;
    if (now.role !== "leader") return undefined;
    if (newLeader(node, view) !== undefined) {
      memory.leaders.set(now.term, Object.freeze({ node, log: now.log }));
      const earlier = newestBefore(memory.committed, now.term);
      const breach = earlier === undefined ? undefined : lacks(node, now.term, now.log, earlier.term, earlier.log, 0);
      if (breach !== undefined) return breach;
    }
    const certified = memory.committed.get(now.term)?.length ?? 0;
    if (now.commitIndex <= certified) return undefined;

    const certificate = now.log.truncate(now.commitIndex);
    memory.committed.set(now.term, certificate);
    // An old leader may learn late that it has committed something, when a newer one has been elected already.
    for (const [term, leader] of memory.leaders) {
      const breach = term > now.term ? lacks(leader.node, term, leader.log, now.term, certificate, certified) : undefined;
      if (breach !== undefined) return breach;
    }
    return undefined;
  },
};

interface Certificate {
  readonly term: number;
  readonly log: Log<Entry>;
}

function newestBefore(committed: Certificates["committed"], term: number): Certificate | undefined {
  let newest = -1;
  for (const earlier of committed.keys()) if (earlier < term && earlier > newest) newest = earlier;
  const log = committed.get(newest);
  return log === undefined ? undefined : { term: newest, log };
}

function lacks(node: NodeId, term: number, log: Log<Entry>, committedIn: number, certificate: Log<Entry>, from: number) {
  let position = Math.max(from, log.commonPrefix(certificate));
  while (position < certificate.length && isSameEntry(log.at(position), certificate.at(position))) position += 1;
  if (position >= certificate.length) return undefined;
  const entry = nameEntry(position + 1, certificate.at(position)!);
  const message = `${node} was elected in term ${term} without ${entry}, which had been committed in term ${committedIn}`;
  return { message, nodes: [node] };
}

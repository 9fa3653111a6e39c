/**
 * Registers whose written values are unique, in time n log n: the zones of Gibbons and Korach ("Testing shared memories",
 * SIAM J. Comput. 26(4), 1997, section 4), extended to compare-and-set.
 *
 * A register holds a unique value once, without a break. So everything that touches the value (its write, its reads) is
 * one block of any legal order; and a cas from a to b puts the block of b right behind that of a, so that both are one
 * *chain*. A chain must be there from the first return of its operations to the last invocation; where the former
 * comes first, that interval is its forward zone, which it cannot share; otherwise all of it fits in one instant,
 * anywhere in its backward zone between the two. There is a legal order if and only if every chain is legal in itself, no two
 * forward zones overlap, and no backward zone lies within a forward one.
 *
 * Comparisons that were false are not looked at here: they may need an order that the zones do not fix. Without them a
 * history can only get easier, so a refutation stands.
 */
import type { Operation } from "./history.ts";
import { FAIL, type FastOutcome, type FastWay, UNDECIDED } from "./fast/way.ts";
import type { Access } from "./models/model.ts";

/**
 * What must be done without a break. Of two chains, one must come first if one of its operations returned before one of
 * the other's was invoked, that is, if its first return is before the other's last invocation.
 */
export interface Chain {
  readonly operations: readonly Operation[];
  /** As positions in the history; -Infinity for what was there at first. */
  readonly firstReturn: number;
  readonly lastInvoked: number;
}

/** One value, and what touches it. */
interface Block {
  /** Undefined for the value before the first write. */
  writer: Operation | undefined;
  readonly reads: Operation[];
  /** The values that a cas put in the place of this one: at most one is possible. */
  readonly followers: string[];
}

/** A chain while it is put together. */
export interface Growing {
  readonly operations: Operation[];
  firstReturn: number;
  lastInvoked: number;
}

interface Register {
  /** Undefined for an operation that neither saw nor changed anything. */
  access(operation: Operation): Access | undefined;
  /** The value before the first write. */
  readonly initial: string;
}

export function zonesOf(register: Register): FastWay {
  return { name: "zones (Gibbons–Korach)", judge: (part) => judge(part, register) };
}

/** Undecided where values are not unique; or where everything else has a legal order, but a comparison was false. */
function judge(part: readonly Operation[], { access, initial }: Register): FastOutcome {
  const does = part.map((operation) => access(operation));
  const written = writersOf(part, does, initial);
  if (written === undefined) return UNDECIDED;
  const blocks = blocksOf(part, does, written, initial);
  const chains = blocks === undefined ? undefined : chainsOf(blocks, initial);
  if (chains === undefined || !apart(chains)) return FAIL;
  const isOpen = does.some((what) => what?.type === "mismatch" && (what.expected === initial || written.has(what.expected)));
  return isOpen ? { verdict: "undecided", chains } : { verdict: "pass", order: () => inOrder(chains) };
}

/** Who may have written each value; undefined where two may have written the same, or the one that was there at first. */
function writersOf(part: readonly Operation[], does: readonly (Access | undefined)[], initial: string): Map<string, number> | undefined {
  const writers = new Map<string, number>();
  for (let position = 0; position < part.length; position++) {
    const what = does[position];
    if (what?.type !== "write" && what?.type !== "cas") continue;
    if (what.value === initial || writers.has(what.value)) return undefined;
    writers.set(what.value, position);
  }
  return writers;
}

/**
 * The blocks of all values that were certainly there. An open operation happened if its value was seen, or if it was
 * needed by another that happened; one that nobody needs is best thought never to have happened. Undefined where a value
 * was seen that nobody wrote.
 */
function blocksOf(part: readonly Operation[], does: readonly (Access | undefined)[], writers: ReadonlyMap<string, number>, initial: string): Map<string, Block> | undefined {
  const blocks = new Map<string, Block>();
  const unplaced: number[] = [];
  const blockOf = (value: string): Block | undefined => {
    const known = blocks.get(value);
    if (known !== undefined) return known;
    const writer = writers.get(value);
    if (writer === undefined && value !== initial) return undefined;
    const block: Block = { writer: writer === undefined ? undefined : part[writer]!, reads: [], followers: [] };
    blocks.set(value, block);
    if (writer !== undefined) unplaced.push(writer);
    return block;
  };

  for (let position = 0; position < part.length; position++) {
    const what = does[position];
    if (what === undefined || what.type === "mismatch") continue;
    if (what.type !== "read" && part[position]!.outcome === "info") continue;
    const block = blockOf(what.value);
    if (block === undefined) return undefined;
    if (what.type === "read") block.reads.push(part[position]!);
  }
  for (let writer = unplaced.pop(); writer !== undefined; writer = unplaced.pop()) {
    const what = does[writer]!;
    if (what.type !== "cas") continue;
    const block = blockOf(what.expected);
    if (block === undefined) return undefined;
    block.followers.push(what.value);
  }
  return blocks;
}

/** All chains; undefined where one is not legal in itself. */
function chainsOf(blocks: ReadonlyMap<string, Block>, initial: string): Chain[] | undefined {
  const followed = new Set<string>();
  for (const block of blocks.values()) {
    if (block.followers.length > 1) return undefined;
    for (const follower of block.followers) followed.add(follower);
  }
  const chains: Chain[] = [];
  let placed = 0;
  for (const value of blocks.keys()) {
    if (followed.has(value)) continue;
    const chain = growing(value === initial);
    for (let next: string | undefined = value; next !== undefined; next = blocks.get(next)!.followers[0]) {
      if (!extend(chain, blocks.get(next)!)) return undefined;
      placed++;
    }
    chains.push(chain);
  }
  // What is in no chain stands in a circle: each value was put in the place of the one before.
  return placed === blocks.size ? chains : undefined;
}

/** An empty chain; the first one is begun before anything happens. */
export function growing(isFirst: boolean): Growing {
  return { operations: [], firstReturn: isFirst ? -Infinity : Infinity, lastInvoked: -Infinity };
}

/** Adds a block to a chain; false where one of its operations returned before an earlier one of the chain was invoked. */
function extend(chain: Growing, { writer, reads }: Block): boolean {
  if (writer !== undefined && !grow(chain, writer, chain.lastInvoked)) return false;
  const invokedBefore = chain.lastInvoked;
  return reads.sort((a, b) => a.invoked - b.invoked).every((read) => grow(chain, read, invokedBefore));
}

/** Adds an operation that comes after those of the chain of which the last was invoked then; false where it returned before. */
export function grow(chain: Growing, operation: Operation, invokedBefore: number): boolean {
  if (operation.returned < invokedBefore) return false;
  chain.operations.push(operation);
  chain.firstReturn = Math.min(chain.firstReturn, operation.returned);
  chain.lastInvoked = Math.max(chain.lastInvoked, operation.invoked);
  return true;
}

/** No two forward zones overlap, and no backward zone lies within a forward one. */
export function apart(chains: readonly Chain[]): boolean {
  const forward = forwardOf(chains);
  for (let at = 1; at < forward.length; at++) if (forward[at]!.firstReturn < forward[at - 1]!.lastInvoked) return false;
  return chains.every((chain) => isForward(chain) || chain.firstReturn >= (lastBegun(chain, forward)?.lastInvoked ?? -Infinity));
}

function isForward(chain: Chain): boolean {
  return chain.firstReturn < chain.lastInvoked;
}

/** In their order. */
function forwardOf(chains: readonly Chain[]): Chain[] {
  return chains.filter(isForward).sort((a, b) => a.firstReturn - b.firstReturn);
}

/** The last forward zone that began before a backward one. */
function lastBegun(backward: Chain, forward: readonly Chain[]): Chain | undefined {
  let low = 0;
  let high = forward.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (forward[middle]!.firstReturn < backward.lastInvoked) low = middle + 1;
    else high = middle;
  }
  return forward[low - 1];
}

/** Chains that are apart, one after the other: a backward one where its zone begins, or right after the forward zone there. */
export function inOrder(chains: readonly Chain[]): readonly Operation[] {
  const forward = forwardOf(chains);
  const placed = chains.map((chain) => ({ chain, at: isForward(chain) ? chain.firstReturn : Math.max(chain.lastInvoked, lastBegun(chain, forward)?.lastInvoked ?? -Infinity) }));
    return placed.sort((a, b) => a.at - b.at || Number(isForward(a.chain)) - Number(isForward(b.chain))).flatMap(({ chain }) => chain.operations);
}

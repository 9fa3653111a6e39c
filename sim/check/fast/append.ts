/**
 * Appended texts that are each written once, none the beginning of another: what a get returned says which writes came before it, and
 * in which order. So what follows a put, as far as a get showed it, is one chain that is done without a break, as are the appends before
 * the first put; a write that no get shows stands between chains. Whether the chains have an order is told by their zones, see zones.ts.
 */
import type { Operation } from "../history.ts";
import { apart, type Chain, type Growing, grow, growing, inOrder } from "../zones.ts";
import { FAIL, type FastWay, UNDECIDED } from "./way.ts";

export const appendWay: FastWay = {
  name: "prefixes fixed by gets, zones",
  judge(part) {
    const writers = writersOf(part);
    if (writers === undefined) return UNDECIDED;
    const chains = chainsOf(part, writers);
    return chains === undefined || !apart(chains) ? FAIL : { verdict: "pass", order: () => inOrder(chains) };
  },
};

/** By what they wrote; undefined where a text does not tell who wrote it. */
function writersOf(part: readonly Operation[]): Map<string, Operation> | undefined {
  const writers = new Map<string, Operation>();
  for (const operation of part) {
    if (operation.f === "get") continue;
    const text = operation.input as string;
    if (text === "" || writers.has(text)) return undefined;
    writers.set(text, operation);
  }
  const sorted = [...writers.keys()].sort();
  return sorted.some((text, place) => sorted[place + 1]?.startsWith(text)) ? undefined : writers;
}

/** What was written since a put, or since the beginning, as far as the longest get showed it; and the gets by how much they showed. */
interface Epoch {
  longest: string;
  writes: readonly Operation[];
  readonly gets: Map<number, Operation[]>;
}

/** Undefined where a get returned what cannot have been there. */
function chainsOf(part: readonly Operation[], writers: ReadonlyMap<string, Operation>): Chain[] | undefined {
  const epochs = epochsOf(part, new Reader(writers));
  if (epochs === undefined) return undefined;
  const seen = new Set<Operation>();
  const chains: Chain[] = [];
  for (const [put, { writes, gets }] of epochs) {
    const chain = growing(put === undefined);
    if (!growAll(chain, gets.get(0) ?? [])) return undefined;
    for (const [place, write] of writes.entries()) {
      if (seen.has(write) || (place > 0 && write.f === "put") || !growAll(chain, [write]) || !growAll(chain, gets.get(place + 1) ?? [])) return undefined;
      seen.add(write);
    }
    chains.push(chain);
  }
  for (const operation of part) {
    if (operation.f === "get" || operation.outcome === "info" || seen.has(operation)) continue;
    const chain = growing(false);
    growAll(chain, [operation]);
    chains.push(chain);
  }
  return chains;
}

/** By the put that began it. */
function epochsOf(part: readonly Operation[], reader: Reader): Map<Operation | undefined, Epoch> | undefined {
  const epochs = new Map<Operation | undefined, Epoch>();
  for (const get of part) {
    if (get.f !== "get" || get.outcome === "info") continue;
    const text = get.output as string;
    const writes = reader.writesIn(text);
    if (writes === undefined) return undefined;
    const put = writes[0]?.f === "put" ? writes[0] : undefined;
    const epoch = epochs.get(put) ?? { longest: "", writes: [], gets: new Map<number, Operation[]>() };
    epochs.set(put, epoch);
    if (!text.startsWith(epoch.longest) && !epoch.longest.startsWith(text)) return undefined;
    if (text.length > epoch.longest.length) Object.assign(epoch, { longest: text, writes });
    epoch.gets.set(writes.length, [...(epoch.gets.get(writes.length) ?? []), get]);
  }
  return epochs;
}

/** These come after all that is in the chain, in any order. */
function growAll(chain: Growing, operations: readonly Operation[]): boolean {
  const invokedBefore = chain.lastInvoked;
  return [...operations].sort((a, b) => a.invoked - b.invoked).every((operation) => grow(chain, operation, invokedBefore));
}

/** Takes texts apart into what was written. */
class Reader {
  readonly #writers: ReadonlyMap<string, Operation>;
  readonly #lengths: readonly number[];

  constructor(writers: ReadonlyMap<string, Operation>) {
    this.#writers = writers;
    this.#lengths = [...new Set([...writers.keys()].map((text) => text.length))].sort((a, b) => a - b);
  }

  /** There is at most one way, because no text is the beginning of another. Undefined where there is none. */
  writesIn(text: string): Operation[] | undefined {
    const writes: Operation[] = [];
    for (let at = 0; at < text.length; ) {
      const length = this.#lengths.find((one) => this.#writers.has(text.slice(at, at + one)));
      if (length === undefined || at + length > text.length) return undefined;
      writes.push(this.#writers.get(text.slice(at, at + length))!);
      at += length;
    }
    return writes;
  }
}

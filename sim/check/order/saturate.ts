/**
 * What must come before what, for the reads of one session to be explained: if a write w comes before a read of another
 * write v to the same place, it comes before v. It is added until nothing is new (“happened before” in Bouajjani et al.,
 * POPL 2017, section 5; for PRAM, the read-centric algorithm of Wei et al., TPDS 2016). Where the reads follow each other,
 * an order exists if this comes to an end without a circle.
 */
import { EdgesTo, Past } from "./past.ts";
import { INITIAL, NOTHING, type Sources } from "./sources.ts";

/** What cannot be: a read of the first value after a write, or a circle. */
export type Contradiction = { readonly kind: "overwritten"; readonly read: number; readonly write: number } | { readonly kind: "circle"; readonly edges: EdgesTo };

export type Saturated = { readonly past: Past; readonly edges: EdgesTo } | { readonly contradiction: Contradiction };

/** `isSeen`: which operations are there for those who read; others are left out, with what they overwrite. */
export function saturate(sources: Sources, base: EdgesTo, reads: readonly number[], isSeen: (number: number) => boolean = () => true): Saturated {
  const { order, source } = sources;
  const edges = new EdgesTo(order.size, base);
  for (;;) {
    const past = Past.of(order, edges);
    if (past === undefined) return { contradiction: { kind: "circle", edges } };
    let isNew = false;
    for (const read of reads) {
      const from = source[read]!;
      if (from === NOTHING) continue;
      for (const write of overwritesBefore(sources, past, read)) {
        if (!isSeen(write)) continue;
        if (from === INITIAL) return { contradiction: { kind: "overwritten", read, write } };
        if (past.isBefore(write, from)) continue;
        edges.add(write, from);
        isNew = true;
      }
    }
    if (!isNew) return { past, edges };
  }
}

/** The last write of each chain, to the place that was read, that comes before the read and is not what it read. */
export function* overwritesBefore({ order, partOf, source, writesOf }: Sources, past: Past, read: number): Generator<number> {
  for (let chain = 0; chain < order.chains; chain++) {
    const write = writesOf.last(partOf[read]!, chain, past.countOf(read, chain));
    if (write !== undefined && write !== source[read]) yield write;
  }
}

/** Reads a trace, whole or in pieces: to decode a block takes that block's bytes and the header, and nothing else. */
import { AnnotationReader } from "./annotations.ts";
import { Digest } from "./digest.ts";
import { TraceError } from "./error.ts";
import { type Annotation, type TraceBlock, TraceEvent, type TraceFooter, type TraceHeader, type TraceSink } from "./event.ts";
import { EventReader, type ReadingPlan, readingPlans } from "./events.ts";
import { damaged, explainBrokenEnd, readSection, readVersion } from "./integrity.ts";
import { readKeyframe } from "./keyframe.ts";
import { type BlockParts, END_MAGIC, parseJson, readBlockParts, TAIL_BYTES, VERSION_END } from "./layout.ts";
import { type ByteSource, memorySource } from "./source.ts";
import { TraceState } from "./state.ts";
import { type Upgrade, type UpgradeTable, upgradesFrom } from "./upgrade.ts";
import { ByteReader, MalformedError } from "./value.ts";

export { TraceError } from "./error.ts";

/**
 * A trace from its bytes. Throws a {@link TraceError} where it is foreign, newer, cut short or damaged; damage within a
 * block shows when the block is read.
 */
export function readTrace(bytes: Uint8Array, name?: string): Trace {
  return new Trace(memorySource(bytes, name));
}

export class Trace {
  readonly header: TraceHeader;
  readonly footer: TraceFooter;
  readonly blocks: readonly TraceBlock[];
  readonly #source: ByteSource;
  readonly #plans: readonly ReadingPlan[];
  readonly #steps: readonly Upgrade[];

  /** `upgrades` is for tests of the mechanism. Throws as {@link readTrace} does. */
  constructor(source: ByteSource, upgrades?: UpgradeTable) {
    const version = readVersion(source);
    const steps = upgradesFrom(version, upgrades);
    if (steps === undefined) throw new TraceError("damaged", `${source.name} is damaged: there is no trace version ${version}.`);
    const footer = readFooter(source);
    if (footer === undefined) throw explainBrokenEnd(source);
    const section = readSection(source, VERSION_END);
    if (typeof section === "string" || section.kind !== "header") throw damaged(source, "its header");
    const header = parseJson(section.content) as TraceHeader;
    this.#source = source;
    this.#steps = steps;
    this.#plans = readingPlans(header.kinds);
    this.header = steps.reduce((old, step) => step.header?.(old) ?? old, header);
    this.footer = footer;
    this.blocks = footer.blocks;
  }

  /** Gives a sink the events and annotations of these blocks, in order. The event is reused: a sink copies what it keeps. */
  forEach(sink: TraceSink, fromBlock = 0, toBlock = this.blocks.length): void {
    const target = this.#upgrading(sink);
    for (let index = fromBlock; index < toBlock; index += 1) {
      const parts = this.#block(index);
      this.#guard(index, () => readBlock(parts, this.#plans, target));
    }
  }

  /** The state of the cluster before a block's first event; for the number of blocks, the last state. */
  stateAtBlock(index: number): TraceState {
    let start = Math.max(0, Math.min(index, this.blocks.length - 1));
    while (start > 0 && this.blocks[start]?.keyframe !== true) start -= 1;
    const state = this.#keyframe(start);
    this.forEach(state, start, index);
    return state;
  }

  #keyframe(index: number): TraceState {
    const keyframe = this.blocks.length === 0 ? undefined : this.#block(index).keyframe;
    if (keyframe === undefined || keyframe.length === 0) return new TraceState(this.header.nodes.length);
    return this.#guard(index, () => {
      const plain = this.#steps.reduce((old, step) => step.state?.(old) ?? old, readKeyframe(keyframe));
      return TraceState.fromPlain(plain);
    });
  }

  /** The number of the block that holds an event; the last one for ids beyond the end. */
  blockOf(event: number): number {
    let low = 0;
    let high = this.blocks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.blocks[middle] as TraceBlock).event <= event) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * Recomputes the digest over all blocks, which also checks every checksum. Throws a {@link TraceError} at the first
   * block that does not lead to the digest that the footer gives for it.
   */
  verifyDigest(): void {
    const digest = new Digest();
    let events = 0;
    for (let index = 0; index < this.blocks.length; index += 1) {
      const parts = this.#block(index);
      digest.update(parts.events);
      events += parts.count;
      if (digest.hex() === this.blocks[index]?.digest) continue;
      throw this.#wrong(`block ${index} does not lead to the digest that its footer names`);
    }
    if (digest.hex() === this.footer.digest && events === this.footer.events) return;
    throw this.#wrong("its events do not lead to its digest");
  }

  #block(index: number): BlockParts {
    const line = this.blocks[index];
    if (line === undefined) throw new RangeError(`the trace has no block ${index}`);
    const section = readSection(this.#source, line.offset);
    if (typeof section === "string" || section.kind !== "block") throw damaged(this.#source, `block ${index}`);
    const parts = this.#guard(index, () => readBlockParts(section.content));
    if (parts.firstEvent === line.event && parts.count === line.events) return parts;
    throw this.#wrong(`block ${index} is not the one that its footer names`);
  }

  /** A block's checksum was right, so bytes that make no sense were written so. */
  #guard<Result>(index: number, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      throw this.#wrong(`block ${index} cannot be decoded, ${error.message}`);
    }
  }

  #wrong(what: string): TraceError {
    return new TraceError("damaged", `${this.#source.name} is damaged: ${what}.`);
  }

  #upgrading(sink: TraceSink): TraceSink {
    const steps = this.#steps;
    if (steps.length === 0) return sink;
    return {
      event(event) {
        for (const step of steps) step.event?.(event);
        sink.event(event);
      },
      annotation(annotation) {
        sink.annotation?.(steps.reduce((old: Annotation, step) => step.annotation?.(old) ?? old, annotation));
      },
    };
  }
}

/** Gives a sink the events and annotations of one block. */
function readBlock(parts: BlockParts, plans: readonly ReadingPlan[], sink: TraceSink): void {
  const events = new EventReader(plans, new ByteReader(parts.events), parts.firstEvent);
  const annotations = new AnnotationReader(new ByteReader(parts.annotations));
  const event = new TraceEvent();
  for (let position = 0; ; position += 1) {
    while (annotations.next === position) {
      const annotation = annotations.read(parts.firstEvent + position - 1);
      sink.annotation?.(annotation);
    }
    if (position === parts.count) return;
    events.read(event);
    sink.event(event);
  }
}

/** Undefined where the file has no valid end. */
function readFooter(source: ByteSource): TraceFooter | undefined {
  if (source.size < VERSION_END + TAIL_BYTES) return undefined;
  const tail = source.read(source.size - TAIL_BYTES, TAIL_BYTES);
  for (let at = 0; at < END_MAGIC.length; at += 1) if (tail[4 + at] !== END_MAGIC.charCodeAt(at)) return undefined;
  const size = new ByteReader(tail).uint32();
  const offset = source.size - TAIL_BYTES - size;
  if (offset < VERSION_END) return undefined;
  const section = readSection(source, offset);
  if (typeof section === "string" || section.kind !== "footer" || section.bytes !== size) return undefined;
  return parseJson(section.content) as TraceFooter;
}

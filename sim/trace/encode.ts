/** Turns a run into its digest and, where somebody takes the bytes, into a trace file. */
import { AnnotationWriter } from "./annotations.ts";
import { Digest } from "./digest.ts";
import {
  type Annotation, TRACE_VERSION, type TraceBlock, type TraceEvent, type TraceFooter, type TraceHeader, type TraceSink,
} from "./event.ts";
import { EventWriter } from "./events.ts";
import { writeKeyframe } from "./keyframe.ts";
import { BLOCK_EVENTS, makeBeginning, makeBlockSection, makeJsonSection, makeTail } from "./layout.ts";
import { traceKinds } from "./schema.ts";
import { TraceState } from "./state.ts";

/** Bytes are taken into the digest in portions of this size, while they are still near. */
const DIGEST_PORTION = 8192;
/** A keyframe is written when the trace has grown by this many times the size of the last one. */
const KEYFRAME_SPACING = 2;
const NO_BYTES = new Uint8Array(0);

/**
 * The digest of a run, and its trace. `write` is given the file piece by piece, each piece a buffer of its own; without
 * it only the digest is kept, which is the same either way. An event's id must be the number of the events before it.
 */
export class TraceEncoder implements TraceSink {
  /** How many events there have been. */
  events = 0;
  #writer = new EventWriter();
  #digest = new Digest();
  /** How many of the writer's bytes are in the digest. */
  #digested = 0;
  #inBlock = 0;
  #isFinished = false;
  readonly measures = true;
  readonly takesAnnotations: boolean;
  readonly #header: TraceHeader;
  readonly #file: BlockFile | undefined;

  constructor(header: TraceHeader, write?: (bytes: Uint8Array) => void) {
    this.#header = header;
    this.#file = write === undefined ? undefined : new BlockFile(header, write);
    this.takesAnnotations = write !== undefined;
  }

  /**
   * Takes an event, and measures its data where nobody has. Throws a TypeError where its data is not plain, and a RangeError where its numbers are impossible;
   * the event is left out then, and the run may go on.
   */
  event(e: TraceEvent): void {
    if (this.#isFinished) throw new Error("an event after the end of the trace");
    if (e.id !== this.events) throw new RangeError(`event ${e.id} follows event ${this.events - 1}`);
    if (this.#inBlock === BLOCK_EVENTS) this.#closeBlock();
    this.#writer.write(e);
    this.#file?.event(e);
    this.events += 1;
    this.#inBlock += 1;
    if (this.#writer.out.length - this.#digested >= DIGEST_PORTION) this.#takeIntoDigest();
  }

  annotation(a: Annotation): void {
    this.#file?.annotation(a, this.#inBlock, this.events - 1);
  }

  /** The digest of all events so far, as 16 hexadecimal digits. */
  digest(): string {
    this.#takeIntoDigest();
    return this.#digest.hex();
  }

  /** Ends the trace. `result` is what the run's report says, as JSON; not `complete` is a run that was interrupted. */
  finish(result: unknown, complete: boolean): void {
    if (this.#isFinished) throw new Error("the trace has been finished before");
    this.#isFinished = true;
    const digest = this.digest();
    if (this.#inBlock > 0 || this.#file?.hasAnnotations) this.#closeBlock();
    this.#file?.finish({ digest, events: this.events, complete, result: result ?? null });
  }

  /** An encoder that goes on from here for the digest alone, as a fork of the run needs it. */
  copy(): TraceEncoder {
    this.#takeIntoDigest();
    const copy = new TraceEncoder(this.#header);
    copy.events = this.events;
    copy.#writer = this.#writer.fork();
    copy.#digest = this.#digest.copy();
    copy.#inBlock = this.#inBlock;
    return copy;
  }

  #takeIntoDigest(): void {
    const { out } = this.#writer;
    this.#digest.update(out.bytes, this.#digested, out.length);
    if (this.#file === undefined) out.clear();
    this.#digested = out.length;
  }

  #closeBlock(): void {
    const digest = this.digest();
    this.#file?.closeBlock(this.#writer.out.slice(), this.events - this.#inBlock, this.#inBlock, digest);
    this.#writer.clear();
    this.#digested = 0;
    this.#inBlock = 0;
  }
}

/** The file side of an encoder: blocks with their keyframes and annotations, and the table of them. */
class BlockFile {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #annotations = new AnnotationWriter();
  readonly #state: TraceState;
  readonly #blocks: TraceBlock[] = [];
  #offset = 0;
  /** The keyframe of the block under way; empty where it has none. */
  #keyframe: Uint8Array = NO_BYTES;
  #keyframeSize = 0;
  #sinceKeyframe = 0;
  #timeNs = 0;
  #isOpen = false;

  constructor(header: TraceHeader, write: (bytes: Uint8Array) => void) {
    this.#write = write;
    this.#state = new TraceState(header.nodes.length);
    this.#put(makeBeginning(TRACE_VERSION));
    this.#put(makeJsonSection("header", { ...header, version: TRACE_VERSION, kinds: traceKinds }));
  }

  get hasAnnotations(): boolean {
    return this.#annotations.out.length > 0;
  }

  event(e: TraceEvent): void {
    if (!this.#isOpen) this.#openBlock(e.time);
    this.#state.event(e);
  }

  annotation(a: Annotation, position: number, lastEvent: number): void {
    if (!this.#isOpen) this.#openBlock(this.#state.time);
    this.#annotations.write(a, position, lastEvent);
    this.#state.annotation(a);
  }

  /** Keyframes cost at most about as much as what lies between them, however long the logs of the nodes become. */
  #openBlock(timeNs: number): void {
    this.#isOpen = true;
    this.#timeNs = timeNs;
    const isDue = this.#blocks.length === 0 || this.#sinceKeyframe > KEYFRAME_SPACING * this.#keyframeSize;
    this.#keyframe = isDue ? writeKeyframe(this.#state) : NO_BYTES;
    if (!isDue) return;
    this.#keyframeSize = this.#keyframe.length;
    this.#sinceKeyframe = 0;
  }

  closeBlock(events: Uint8Array, firstEvent: number, count: number, digest: string): void {
    const keyframe = this.#keyframe;
    const offset = this.#offset;
    const annotations = this.#annotations.out.slice();
    const timeNs = this.#timeNs;
    const section = makeBlockSection({ firstEvent, count, timeNs, keyframe, events, annotations });
    this.#put(section);
    const bytes = section.length;
    this.#blocks.push({ offset, bytes, event: firstEvent, timeNs, events: count, keyframe: keyframe.length > 0, digest });
    this.#sinceKeyframe += section.length - keyframe.length;
    this.#annotations.clear();
    this.#isOpen = false;
  }

  finish(end: Omit<TraceFooter, "blocks">): void {
    const footer = makeJsonSection("footer", { ...end, blocks: this.#blocks } satisfies TraceFooter);
    this.#put(footer);
    this.#put(makeTail(footer.length));
  }

  #put(bytes: Uint8Array): void {
    this.#offset += bytes.length;
    this.#write(bytes);
  }
}

/** What is wrong with a file that has no valid end: whether it is a trace at all, where it stops, or what is damaged. */
import { TRACE_VERSION } from "./event.ts";
import { TraceError } from "./error.ts";
import { isIntact, MAGIC, readBlockParts, readSectionHead, SECTION_HEAD_BYTES, TAIL_BYTES, VERSION_END } from "./layout.ts";
import type { ByteSource } from "./source.ts";
import { ByteReader } from "./value.ts";

/** The version of a trace; throws a {@link TraceError} where it is not one, or one that this program cannot know. */
export function readVersion(source: ByteSource): number {
  const start = source.read(0, Math.min(source.size, VERSION_END));
  for (let at = 0; at < Math.min(start.length, MAGIC.length); at += 1) {
    if (start[at] !== MAGIC.charCodeAt(at)) throw new TraceError("foreign", `${source.name} is not a Splitbrain trace.`);
  }
  if (start.length === 0) throw cutShort(source, "it is empty");
  if (start.length < VERSION_END) throw cutShort(source, `it ends within its first ${VERSION_END} bytes`);
  const version = new ByteReader(start, MAGIC.length).uint32();
  if (version <= TRACE_VERSION) return version;
  const newer = `${source.name} was written by a newer Splitbrain (trace version ${version}); this one reads up to ${TRACE_VERSION}.`;
  throw new TraceError("newer", newer);
}

/** Walks over the sections from the start, and says what the first thing is that is missing or wrong. */
export function explainBrokenEnd(source: ByteSource): TraceError {
  const header = readSection(source, VERSION_END);
  if (header === "cut") return cutShort(source, "it ends within its header");
  if (header === "damaged") return damaged(source, "its header");
  let offset = VERSION_END + header.bytes;
  let blocks = 0;
  let events = 0;
  for (;;) {
    const complete = `after ${count(blocks, "complete block")} with ${count(events, "event")}`;
    const section = readSection(source, offset);
    if (section === "cut") return cutShort(source, `it ends without its footer, ${complete}`);
    if (section === "damaged") return damaged(source, `block ${blocks} or what follows it`);
    offset += section.bytes;
    if (section.kind === "footer") {
      const isCut = source.size - offset < TAIL_BYTES;
      return isCut ? cutShort(source, `it ends within its last bytes, ${complete}`) : damaged(source, "its end");
    }
    blocks += 1;
    events += readBlockParts(section.content).count;
  }
}

function cutShort(source: ByteSource, where: string): TraceError {
  return new TraceError("cut short", `${source.name} is cut short: ${where}.`);
}

export function damaged(source: ByteSource, what: string): TraceError {
  return new TraceError("damaged", `${source.name} is damaged: ${what} does not match its checksum.`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A section that begins at an offset, its checksum verified. */
export function readSection(source: ByteSource, offset: number): Section | "cut" | "damaged" {
  if (offset + SECTION_HEAD_BYTES > source.size) return "cut";
  const head = readSectionHead(source.read(offset, SECTION_HEAD_BYTES));
  if (head === undefined) return "damaged";
  const bytes = SECTION_HEAD_BYTES + head.size;
  if (offset + bytes > source.size) return "cut";
  const whole = source.read(offset, bytes);
  return isIntact(whole) ? { kind: head.kind, bytes, content: whole.subarray(SECTION_HEAD_BYTES) } : "damaged";
}

export interface Section {
  readonly kind: "header" | "block" | "footer";
  /** Its length in the file, in bytes. */
  readonly bytes: number;
  readonly content: Uint8Array;
}

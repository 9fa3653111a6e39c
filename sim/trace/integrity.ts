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
  if (start.length === 0) throw new TraceError("cut short", `${source.name} is cut short: it is empty.`);
  if (start.length < VERSION_END) throw new TraceError("cut short", `${source.name} is cut short: it ends within its first ${VERSION_END} bytes.`);
  const version = new ByteReader(start, MAGIC.length).uint32();
  if (version <= TRACE_VERSION) return version;
  const message = `${source.name} was written by a newer Splitbrain (trace version ${version}); this one reads up to ${TRACE_VERSION}.`;
  throw new TraceError("newer", message);
}

/** Walks over the sections from the start, and says what the first thing is that is missing or wrong. */
export function explainBrokenEnd(source: ByteSource): TraceError {
  let offset = VERSION_END;
  let blocks = 0;
  let events = 0;
  for (;;) {
    const cut = (where: string): TraceError =>
      new TraceError("cut short", `${source.name} is cut short: it ends ${where}, after ${count(blocks, "complete block")} with ${count(events, "event")}.`);
    const section = readSection(source, offset);
    if (section === "cut") return offset === VERSION_END ? new TraceError("cut short", `${source.name} is cut short: it ends within its header.`) : cut("without its footer");
    if (section === "damaged") return damaged(source, offset === VERSION_END ? "its header" : `block ${blocks} or what follows it`);
    offset += section.bytes;
    if (section.kind === "footer") return source.size - offset < TAIL_BYTES ? cut("within its last bytes") : damaged(source, "its end");
    if (section.kind === "header") continue;
    blocks += 1;
    events += readBlockParts(section.content).count;
  }
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

/**
 * How a trace file is laid out, so that it streams to disk, can be read in pieces, and shows where it was cut:
 *
 *     "SPLITBRN", the version as four bytes
 *     header section: JSON
 *     block sections, of up to 4096 events each
 *     footer section: JSON, with a line for each block
 *     the footer section's length as four bytes, "NRBTILPS"
 *
 * A section is a byte that says which, its length in four bytes, a checksum of eight bytes over these two and the
 * content, and the content. Numbers of fixed length are little-endian.
 *
 * A block's content is: its first event's id, the number of its events, its first event's time, the state before it (a
 * keyframe, or nothing) with its length in bytes, its events with their length in bytes, and its annotations.
 */
import { Digest } from "./digest.ts";
import { ByteReader, ByteWriter } from "./value.ts";

export const BLOCK_EVENTS = 4096;

export const MAGIC = "SPLITBRN";
export const END_MAGIC = "NRBTILPS";
export const VERSION_END = MAGIC.length + 4;
/** The footer's length and the end magic. */
export const TAIL_BYTES = 4 + END_MAGIC.length;
export const SECTION_HEAD_BYTES = 1 + 4 + 8;

export type SectionKind = "header" | "block" | "footer";
const sectionBytes: { readonly [kind in SectionKind]: number } = { header: 0x48, block: 0x42, footer: 0x46 };

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

/** A section with this content, ready to be written. */
export function makeSection(kind: SectionKind, ...content: readonly Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, part) => sum + part.length, 0);
  const out = new ByteWriter();
  out.reserve(SECTION_HEAD_BYTES + size);
  out.byte(sectionBytes[kind]);
  out.uint32(size);
  const [high, low] = checksum(out.slice(0, 5), content);
  out.uint32(high);
  out.uint32(low);
  for (const part of content) out.raw(part);
  return out.slice();
}

export function makeJsonSection(kind: SectionKind, content: unknown): Uint8Array {
  return makeSection(kind, textEncoder.encode(JSON.stringify(content)));
}

export function parseJson(content: Uint8Array): unknown {
  return JSON.parse(textDecoder.decode(content));
}

/** The beginning of a file, before its header section. */
export function makeBeginning(version: number): Uint8Array {
  const out = new ByteWriter();
  out.utf8(MAGIC);
  out.uint32(version);
  return out.slice();
}

/** The end of a file, after its footer section of this length in bytes. */
export function makeTail(footerBytes: number): Uint8Array {
  const out = new ByteWriter();
  out.uint32(footerBytes);
  out.utf8(END_MAGIC);
  return out.slice();
}

/** What a section's first bytes say; undefined where no section begins like that. */
export function readSectionHead(head: Uint8Array): { readonly kind: SectionKind; readonly size: number } | undefined {
  const kind = (Object.keys(sectionBytes) as SectionKind[]).find((name) => sectionBytes[name] === head[0]);
  return kind === undefined ? undefined : { kind, size: new ByteReader(head, 1).uint32() };
}

/** Whether a whole section is as it was written. */
export function isIntact(section: Uint8Array): boolean {
  const from = new ByteReader(section, 5);
  const [high, low] = checksum(section.subarray(0, 5), [section.subarray(SECTION_HEAD_BYTES)]);
  return from.uint32() === high && from.uint32() === low;
}

function checksum(head: Uint8Array, content: readonly Uint8Array[]): [number, number] {
  const digest = new Digest();
  digest.update(head);
  for (const part of content) digest.update(part);
  return digest.words();
}

/** A block's content in its parts. */
export interface BlockParts {
  readonly firstEvent: number;
  readonly count: number;
  readonly timeNs: number;
  /** The state before the block, encoded; empty where the block has none. */
  readonly keyframe: Uint8Array;
  readonly events: Uint8Array;
  readonly annotations: Uint8Array;
}

export function makeBlockSection(block: BlockParts): Uint8Array {
  const start = new ByteWriter();
  start.varint(block.firstEvent);
  start.varint(block.count);
  start.varint(block.timeNs);
  start.varint(block.keyframe.length);
  const middle = new ByteWriter();
  middle.varint(block.events.length);
  return makeSection("block", start.slice(), block.keyframe, middle.slice(), block.events, block.annotations);
}

/** Views of the same memory. Throws a MalformedError where the content is not a block's. */
export function readBlockParts(content: Uint8Array): BlockParts {
  const from = new ByteReader(content);
  const firstEvent = from.varint();
  const count = from.varint();
  const timeNs = from.varint();
  const keyframe = from.raw(from.varint());
  const events = from.raw(from.varint());
  return { firstEvent, count, timeNs, keyframe, events, annotations: from.raw(from.end - from.at) };
}

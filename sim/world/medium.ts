import type { Stream } from "../kernel/stream.ts";
import { Log, type Recovery, type Value } from "../protocol.ts";
import type { Capture } from "./capture.ts";
import { chooseUnit, replaced, strike, unitsOf, unitsOfList, valueAt, withValueAt, type Place } from "./damage.ts";

/** What a node wrote: a capture as a whole, or one operation on a file. */
export type Write = { readonly version: number } & (
  | { readonly type: "save"; readonly capture: Capture }
  | {
      readonly type: "append" | "truncate";
      readonly file: string;
      /** The position of the entry, or how many entries are kept. */
      readonly at: number;
      readonly entry: Value;
      /** What the file holds then, if all that was written before is there. */
      readonly contents: Log<Value>;
    }
);

/** Stands for the file of what `persist()` saved. */
export const SAVED = "";

export type FlawReason = "bitrot" | "lost" | "misdirected";

/** A place of the disk that is not as it was written. */
export interface Flaw {
  readonly reason: FlawReason;
  /** The file, or {@link SAVED}. */
  readonly file: string;
  readonly place: Place;
  /** What stood there when it was struck: the flaw is gone when something else has been written there. */
  readonly on: unknown;
  /** What is read there. */
  readonly value: unknown;
  /** Whether a checksum tells when it is read. */
  readonly detected: boolean;
}

/** A flaw in words for the trace. */
export interface Damage {
  readonly file: string;
  readonly reason: FlawReason;
  readonly data: { readonly [name: string]: unknown };
}

const EMPTY = Log.of<Value>();

/**
 * What a disk really holds, which need not be what its node believes: only a start reads it. A file is read up to the
 * first entry that is missing, as a log is whose entries have checksums; what stands behind such a hole is out of reach.
 */
export class Medium {
  #saved: Capture | undefined;
  #files = new Map<string, Log<Value>>();
  /** Files in which a write did not land as its node believes: further writes go by their position. */
  #strayed = new Set<string>();
  #flaws: readonly Flaw[] = [];

  get isEmpty(): boolean {
    return this.#saved === undefined && [...this.#files.values()].every((entries) => entries.length === 0);
  }

  get saved(): Capture | undefined {
    return this.#saved;
  }

  get files(): ReadonlyMap<string, Log<Value>> {
    return this.#files;
  }

  // What writes do

  apply(write: Write): void {
    if (write.type === "save") {
      this.#saved = write.capture;
      return;
    }
    const entries = this.#read(write.file);
    if (!this.#strayed.has(write.file)) this.#files.set(write.file, write.contents);
    else if (write.type === "truncate") this.#files.set(write.file, entries.truncate(write.at));
    else if (write.at < entries.length) this.#files.set(write.file, replaced(entries, write.at, write.entry));
    else if (write.at === entries.length) this.#files.set(write.file, entries.append(write.entry));
    if (write.type === "truncate" && this.#flaws.length > 0) this.#forgetBehind(write.file, write.at);
  }

  /** The write does not happen: what was there before stays. */
  lose(write: Write, detected: boolean): Damage {
    const own = { file: fileOf(write), reason: "lost" } as const;
    if (write.type === "save") {
      this.#flawHere("lost", SAVED, [], this.#saved, detected);
      return { ...own, data: {} };
    }
    this.#strayed.add(write.file);
    if (write.type === "append") this.#flawHere("lost", write.file, [write.at], this.#read(write.file).at(write.at), detected);
    return { ...own, data: { at: write.at } };
  }

  /** The write lands on an earlier entry of its file, if there is one, and not where it belongs. */
  misdirect(write: Write, stream: Stream, detected: boolean): Damage {
    const own = { file: fileOf(write), reason: "misdirected" } as const;
    if (write.type === "save") {
      this.#flawHere("misdirected", SAVED, [], this.#saved, detected);
      return { ...own, data: {} };
    }
    const entries = this.#read(write.file);
    this.#strayed.add(write.file);
    const earlier = Math.min(write.at, entries.length);
    if (write.type === "truncate" || earlier === 0) return { ...own, data: { at: write.at } };
    const to = stream.below(earlier);
    this.#files.set(write.file, replaced(entries, to, write.entry));
    this.#flawHere("misdirected", write.file, [to], write.entry, detected);
    this.#flawHere("misdirected", write.file, [write.at], entries.at(write.at), detected);
    return { ...own, data: { at: write.at, to } };
  }

  /** Changes one scalar of what is stored, chosen by size; undefined where nothing is. */
  rot(stream: Stream, detected: boolean): Damage | undefined {
    const unit = chooseUnit(this.#units(), stream);
    if (unit === undefined) return undefined;
    const { file, place } = unit;
    const earlier = this.#flaws.find((flaw) => flaw.file === file && isSamePlace(flaw.place, place) && this.#holds(flaw));
    const struck = strike(earlier === undefined ? unit.value : earlier.value, stream);
    this.#flaws = this.#flaws.filter((flaw) => flaw !== earlier);
    this.#flaws = [...this.#flaws, { reason: "bitrot", file, place, on: unit.value, value: struck.value, detected: detected || earlier?.detected === true }];
    return { file, reason: "bitrot", data: { at: [...place, ...struck.within].join("."), was: struck.was, is: struck.is } };
  }

  #units() {
    const saved = this.#saved === undefined ? [] : unitsOf(this.#saved).map((unit) => ({ ...unit, file: SAVED }));
    const files = [...this.#files].flatMap(([file, entries]) => unitsOfList(entries, []).map((unit) => ({ ...unit, file })));
    return [...saved, ...files];
  }

  // What a start finds

  /** The flaws that checksums tell of. */
  found(): readonly Flaw[] {
    return this.#flaws.length === 0 ? this.#flaws : this.#flaws.filter((flaw) => flaw.detected && this.#holds(flaw));
  }

  /** Does what a protocol does about what was found. */
  recover(how: Exclude<Recovery, "halt">): void {
    const found = this.found();
    if (how === "discard") return this.wipe();
    for (const { file, place } of found) {
      if (file === SAVED) this.#saved = undefined;
      else this.#files.set(file, this.#read(file).truncate(place[0] as number));
    }
    this.#flaws = this.#flaws.filter((flaw) => !found.includes(flaw));
  }

  wipe(): void {
    this.#saved = undefined;
    this.#files = new Map();
    this.#strayed = new Set();
    this.#flaws = [];
  }

  /** What nobody notices is what is stored from here on, and whoever reads it knows what stands where. */
  settle(): void {
    this.#strayed = new Set();
    if (this.#flaws.length === 0) return;
    for (const flaw of this.#flaws) if (!flaw.detected && this.#holds(flaw)) this.#accept(flaw);
    this.#flaws = this.#flaws.filter((flaw) => flaw.detected && this.#holds(flaw));
  }

  #accept({ file, place, on, value }: Flaw): void {
    if (Object.is(on, value)) return;
    if (file === SAVED) this.#saved = withValueAt(this.#saved, place, value) as Capture;
    else this.#files.set(file, withValueAt(this.#read(file), place, value) as Log<Value>);
  }

  #read(file: string): Log<Value> {
    return this.#files.get(file) ?? EMPTY;
  }

  /** Whether what the flaw struck still stands there. */
  #holds({ file, place, on }: Flaw): boolean {
    const stored = file === SAVED ? this.#saved : this.#read(file);
    return Object.is(valueAt(stored, place), on);
  }

  #flawHere(reason: FlawReason, file: string, place: Place, on: unknown, detected: boolean): void {
    if (detected) this.#flaws = [...this.#flaws, { reason, file, place, on, value: on, detected }];
  }

  #forgetBehind(file: string, length: number): void {
    this.#flaws = this.#flaws.filter((flaw) => flaw.file !== file || (flaw.place[0] as number) < length);
  }

  copy(): Medium {
    const copy = new Medium();
    copy.#saved = this.#saved;
    copy.#files = new Map(this.#files);
    copy.#strayed = new Set(this.#strayed);
    copy.#flaws = this.#flaws;
    return copy;
  }
}

/** Where a write belongs: its file, or {@link SAVED}. */
export function fileOf(write: Write): string {
  return write.type === "save" ? SAVED : write.file;
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}

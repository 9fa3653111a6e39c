import type { Stream } from "../kernel/stream.ts";
import { Log, type Recovery, type Value } from "../protocol.ts";
import type { Capture } from "./capture.ts";
import { Medium, type Damage, type Flaw, type Write } from "./medium.ts";

/**
 * What a crash takes from a disk: nothing; what was not synced; part of that; everything. `torn` keeps a prefix of the
 * writes that were not synced, in the order in which they were made, and what `persist()` saved at once whole or not.
 */
export type Loss = "nothing" | "unsynced" | "torn" | "disk";
export const losses: readonly Loss[] = ["nothing", "unsynced", "torn", "disk"];

/** What becomes of the pages of a sync that failed: they stay to be written, or count as written, and are lost. */
export type Pages = "dirty" | "clean";

/** How a write lands when its sync is done: where it belongs unless a fault has it lost, or land elsewhere. */
export type Landing =
  | { readonly type: "here" }
  | { readonly type: "lost"; readonly fault: number; readonly detected: boolean }
  | { readonly type: "elsewhere"; readonly fault: number; readonly detected: boolean; readonly stream: Stream };

const EMPTY = Log.of<Value>();

/**
 * What a node's disk holds as the node sees it, the state that `persist()` saves as a whole and the files of protocols
 * that study the disk, and what of it is durable. One sync is under way at a time; it makes durable what was written
 * before it began, and later writes share the next.
 */
export class Store {
  /** Counts what was captured and written. */
  written = 0;
  /** How far syncs were asked for, and how far the disk has said that it has come. */
  wanted = 0;
  durable = 0;
  /** The last capture: what was sent after it waits until it is durable. */
  captured = 0;
  /** The version that the sync under way will reach, -1 while there is none. */
  syncing = -1;
  /** How far the last sync came that failed, unless somebody has asked again. */
  failed = 0;

  #latest: Capture | undefined;
  #files = new Map<string, Log<Value>>();
  /** The capture that found no space, and its version. */
  #refused: Capture | undefined;
  #refusedVersion = 0;
  /** What was written and is not durable, in the order in which it was. */
  #pending: Write[] = [];
  #medium = new Medium();

  /** What was asked to be saved last; after a crash, what the node is restored from. */
  get latest(): Capture | undefined {
    return this.#refused ?? this.#latest;
  }

  /** The last capture that there was space for. */
  get kept(): Capture | undefined {
    return this.#latest;
  }

  /** True where nothing is durable. */
  get isEmpty(): boolean {
    return this.#medium.isEmpty;
  }

  // Writing

  capture(capture: Capture): void {
    this.#latest = capture;
    this.#refused = undefined;
    this.written += 1;
    this.captured = this.written;
    this.wanted = this.written;
    this.#pending.push({ type: "save", version: this.written, capture });
  }

  /** There is no space for a capture: what is sent after it waits until a later one is durable. */
  refuse(capture: Capture): void {
    this.#refused = capture;
    this.written += 1;
    this.#refusedVersion = this.written;
    this.captured = this.written;
  }

  /** The capture that found no space, if none was saved since. */
  get refused(): Capture | undefined {
    return this.#refused;
  }

  read(file: string): Log<Value> {
    return this.#files.get(file) ?? EMPTY;
  }

  /** `contents`: what the file holds after it, where that is known; nothing that was written before it was refused then. */
  write(file: string, how: "append" | "truncate", data: Value, contents?: Log<Value>): void {
    const before = this.read(file);
    const at = how === "append" ? before.length : (data as number);
    const after = contents ?? (how === "append" ? before.append(data) : before.truncate(at));
    this.#files.set(file, after);
    this.written += 1;
    this.#pending.push({ type: how, version: this.written, file, at, entry: data, contents: after });
  }

  /** Asks for all that was written so far to be made durable. */
  want(): void {
    this.wanted = this.written;
    this.failed = 0;
  }

  // Syncs

  /** How far what was written may be relied upon: as the disk says, but not for what found no space. */
  get confirmed(): number {
    return this.#refused === undefined ? this.durable : Math.min(this.durable, this.#refusedVersion - 1);
  }

  /** True while a capture is on its way to the disk: sends and replies are held back. */
  get holdsBack(): boolean {
    return this.confirmed < this.captured;
  }

  /** True where the sync of the last capture failed, and nothing is under way that would bring it to the disk. */
  get isStuck(): boolean {
    return this.holdsBack && this.captured <= this.failed;
  }

  /** True where something awaits a sync and none is under way. */
  get needsSync(): boolean {
    return this.syncing < 0 && this.wanted > this.durable && this.wanted > this.failed;
  }

  /** Begins a sync; says how many captures and writes it makes durable. */
  beginSync(): number {
    this.syncing = this.written;
    return this.#pending.length;
  }

  /** Whether the sync under way has anything to write. */
  get hasWork(): boolean {
    const first = this.#pending[0];
    return first !== undefined && first.version <= this.syncing;
  }

  /** The disk says that the sync is done. What did not land where it belongs is told to `onDamage`. */
  endSync(landingOf?: (write: Write) => Landing, onDamage?: (damage: Damage, fault: number) => void): void {
    for (const write of this.#takeSynced()) {
      const landing = landingOf?.(write);
      if (landing === undefined || landing.type === "here") this.#medium.apply(write);
      else onDamage?.(this.#land(write, landing), landing.fault);
    }
    this.durable = this.syncing;
    this.syncing = -1;
  }

  #land(write: Write, landing: Exclude<Landing, { type: "here" }>): Damage {
    return landing.type === "lost" ? this.#medium.lose(write, landing.detected) : this.#medium.misdirect(write, landing.stream, landing.detected);
  }

  /** What is lost with clean pages is told to `onDamage`; with dirty ones it stays to be written. */
  failSync(pages: Pages, onDamage?: (damage: Damage) => void): void {
    this.failed = this.syncing;
    if (pages === "clean") {
      for (const write of this.#takeSynced()) {
        const damage = this.#medium.lose(write, false);
        onDamage?.(damage);
      }
    }
    this.syncing = -1;
  }

  /** What the sync under way covers. */
  #takeSynced(): Write[] {
    const count = this.#pending.findIndex(({ version }) => version > this.syncing);
    return this.#pending.splice(0, count < 0 ? this.#pending.length : count);
  }

  // Crashes and starts

  /**
   * The node stopped: a sync under way never ends, and of what was written some is lost. `torn` draws how many of the
   * writes are kept.
   */
  crash(lose: Loss, stream?: Stream): void {
    const kept = this.#survivors(lose, stream);
    for (const write of this.#pending.slice(0, kept)) this.#medium.apply(write);
    if (lose === "disk") this.#medium.wipe();
    this.#pending = [];
    this.#refused = undefined;
    this.syncing = -1;
    this.failed = 0;
    this.durable = this.written;
    this.wanted = this.written;
    this.#readMedium();
  }

  #survivors(lose: Loss, stream: Stream | undefined): number {
    if (lose === "nothing") return this.#pending.length;
    return lose === "torn" && stream !== undefined ? stream.below(this.#pending.length + 1) : 0;
  }

  /** Changes something of what is durable; undefined where nothing is. */
  rot(stream: Stream, detected: boolean): Damage | undefined {
    return this.#medium.rot(stream, detected);
  }

  /** What checksums tell a node that starts. */
  found(): readonly Flaw[] {
    return this.#medium.found();
  }

  recover(how: Exclude<Recovery, "halt">): void {
    this.#medium.recover(how);
  }

  /** A node starts: it reads what the disk holds, damage that nobody notices included. */
  mount(): void {
    this.#medium.settle();
    this.#readMedium();
  }

  #readMedium(): void {
    this.#latest = this.#medium.saved;
    this.#files = new Map(this.#medium.files);
  }

  copy(): Store {
    const copy = new Store();
    copy.written = this.written;
    copy.wanted = this.wanted;
    copy.captured = this.captured;
    copy.durable = this.durable;
    copy.syncing = this.syncing;
    copy.failed = this.failed;
    copy.#latest = this.#latest;
    copy.#files = new Map(this.#files);
    copy.#refused = this.#refused;
    copy.#refusedVersion = this.#refusedVersion;
    copy.#pending = this.#pending.slice();
    copy.#medium = this.#medium.copy();
    return copy;
  }
}

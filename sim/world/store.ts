import { Log, type Value } from "../protocol.ts";
import type { Capture } from "./capture.ts";

interface FileState {
  readonly durable: Log<Value>;
  readonly current: Log<Value>;
  /** What the sync under way will have made durable when it is done. */
  readonly syncing: Log<Value>;
}

const EMPTY: FileState = { durable: Log.of<Value>(), current: Log.of<Value>(), syncing: Log.of<Value>() };

/**
 * What a node's disk holds: the state that `persist()` saves as a whole, and the files of protocols that study the disk.
 * One sync is under way at a time; it makes durable what was written before it began, and later writes share the next.
 */
export class Store {
  /** Counts what was captured and written. */
  written = 0;
  /** How far syncs were asked for, and how far they have come. */
  wanted = 0;
  durable = 0;
  /** The last capture: what was sent after it waits until it is durable. */
  captured = 0;
  /** The version that the sync under way will reach, -1 while there is none. */
  syncing = -1;

  #latest: Capture | undefined;
  #syncingCapture: Capture | undefined;
  #saved: Capture | undefined;
  #files = new Map<string, FileState>();

  /** What the node would be restored from if all that was written survived. */
  get latest(): Capture | undefined {
    return this.#latest;
  }

  capture(capture: Capture): void {
    this.#latest = capture;
    this.written += 1;
    this.captured = this.written;
    this.wanted = this.written;
  }

  read(file: string): Log<Value> {
    return this.#files.get(file)?.current ?? EMPTY.current;
  }

  write(file: string, contents: Log<Value>): void {
    this.#files.set(file, { ...(this.#files.get(file) ?? EMPTY), current: contents });
    this.written += 1;
  }

  /** Asks for all that was written so far to be made durable. */
  want(): void {
    this.wanted = this.written;
  }

  /** True while a capture is on its way to the disk: sends and replies are held back. */
  get holdsBack(): boolean {
    return this.durable < this.captured;
  }

  /** True where something awaits a sync and none is under way. */
  get needsSync(): boolean {
    return this.syncing < 0 && this.durable < this.wanted;
  }

  /** Begins a sync; says how many captures and writes it makes durable. */
  beginSync(): number {
    const writes = this.written - this.durable;
    this.syncing = this.written;
    this.#syncingCapture = this.#latest;
    for (const [file, state] of this.#files) this.#files.set(file, { ...state, syncing: state.current });
    return writes;
  }

  endSync(): void {
    this.durable = this.syncing;
    this.syncing = -1;
    this.#saved = this.#syncingCapture;
    for (const [file, state] of this.#files) this.#files.set(file, { ...state, durable: state.syncing });
  }

  /** The node stopped: a sync under way never ends, and of what was written some is lost. */
  crash(lose: "nothing" | "unsynced" | "disk"): void {
    this.syncing = -1;
    if (lose === "disk") {
      this.#latest = undefined;
      this.#saved = undefined;
      this.#files.clear();
    }
    if (lose === "nothing") this.#saved = this.#latest;
    else this.#latest = this.#saved;
    for (const [file, state] of this.#files) {
      const survived = lose === "nothing" ? state.current : state.durable;
      this.#files.set(file, { current: survived, durable: survived, syncing: survived });
    }
    this.durable = this.written;
    this.wanted = this.written;
  }

  copy(): Store {
    const copy = new Store();
    copy.written = this.written;
    copy.wanted = this.wanted;
    copy.captured = this.captured;
    copy.durable = this.durable;
    copy.syncing = this.syncing;
    copy.#latest = this.#latest;
    copy.#syncingCapture = this.#syncingCapture;
    copy.#saved = this.#saved;
    copy.#files = new Map(this.#files);
    return copy;
  }
}

import type { Stream } from "../kernel/stream.ts";
import type { DiskError, Log, Recovery, Value } from "../protocol.ts";
import { diffShown } from "../trace/change.ts";
import type { EventKind, TraceEvent } from "../trace/event.ts";
import { sizeOf } from "../trace/value.ts";
import type { Stop } from "./ambush.ts";
import type { Capture } from "./capture.ts";
import type { Effect, Origin } from "./context.ts";
import { DiskTroubles, FAILURE_NS, type DiskTrouble } from "./disk.ts";
import { SAVED, type Damage, type Flaw } from "./medium.ts";
import { Store, type Loss } from "./store.ts";
import type { World } from "./world.ts";

/** A send, a reply or a stop that waits for a capture to be durable. */
interface HeldEffect {
  readonly effect: Effect | Stop;
  /** The version of the store that must be durable first. */
  readonly until: number;
  readonly origin: Origin;
}

/** What a node hears of its disk: a sync is done, or something failed, by which fault. */
export interface DiskNews {
  readonly cause: number;
  readonly failed?: { readonly error: DiskError; readonly fault: number };
}

/** What a node's storage needs of its node. */
export interface StorageHost {
  readonly index: number;
  isUp(): boolean;
  /** The record of an event of the node, to be committed then; undefined where nobody watches. */
  begin(kind: EventKind, cause: number): TraceEvent | undefined;
  /** A send or reply leaves the node. */
  leave(effect: Effect | Stop, origin: Origin): void;
  /** A sync begins that takes so many nanoseconds, unless the disk stalls. */
  onSyncBegins(latency: number, cause: number): void;
  /** The protocol hears that what it asked to be made durable is. */
  onSynced(event: number, token: Value): void;
  /** The protocol hears of an error, or the node stops of it. */
  onDiskError(event: number, error: DiskError, fault: number): void;
}

/** A node's way to its disk: what it writes, the syncs that make it durable, and the sends that wait for them. */
export class Storage {
  readonly #world: World;
  readonly #host: StorageHost;
  #store = new Store();
  #troubles: DiskTroubles;
  #held: HeldEffect[] = [];
  #syncTokens: { readonly version: number; readonly token: Value }[] = [];
  /** The kernel's handle of the sync under way, 0 while there is none or it hangs; and when it is due, or how long it has still to go. */
  #syncHandle = 0;
  #syncDue = 0;
  #syncLeft = 0;
  #syncCause = -1;
  /** What found no space, and the node has not heard of; and the kernel's handle of its hearing. */
  #refusals: DiskNews[] = [];
  #refusalHandle = 0;

  constructor(world: World, host: StorageHost) {
    this.#world = world;
    this.#host = host;
    this.#troubles = new DiskTroubles(world.nameOf(host.index));
  }

  /** What the node would be restored from if all that was written survived. */
  get latest(): Capture | undefined {
    return this.#store.latest;
  }

  /** True where nothing is durable, so that nothing can be damaged. */
  get isEmpty(): boolean {
    return this.#store.isEmpty;
  }

  /** True from a sync's beginning to its end. */
  get isSyncing(): boolean {
    return this.#store.syncing >= 0;
  }

  read(file: string): Log<Value> {
    return this.#store.read(file);
  }

  // What the node asks for

  /** Sends and replies leave when all that was captured before them is durable. */
  holdOrLeave(effect: Effect | Stop, origin: Origin): void {
    if (this.#store.holdsBack) this.#held.push({ effect, until: this.#store.captured, origin });
    else this.#host.leave(effect, origin);
  }

  /** Where nothing has changed since the last save there is nothing to do, unless that save failed: it is tried again. */
  persist(capture: Capture | undefined, cause: number): void {
    const { refused } = this.#store;
    if (capture === undefined && refused === undefined) return this.#retry(cause);
    const { fullBy } = this.#troubles;
    const saved = (capture ?? refused) as Capture;
    if (fullBy !== undefined) {
      this.#store.refuse(saved);
      return this.#refuse(undefined, fullBy, cause);
    }
    const before = this.#store.kept;
    this.#store.capture(saved);
    const record = this.#host.begin("persist", cause);
    if (record !== undefined) record.bytes = sizeOf(diffShown(before ?? {}, saved) ?? null);
    this.#syncIfNeeded(this.#world.recorder.commit());
  }

  #retry(cause: number): void {
    if (!this.#store.isStuck) return;
    this.#store.want();
    this.#syncIfNeeded(cause);
  }

  write(effect: Extract<Effect, { type: "write" }>, cause: number): void {
    const { file, how, data } = effect;
    const { fullBy } = this.#troubles;
    // To cut a file needs no space.
    if (fullBy !== undefined && how === "append") return this.#refuse(file, fullBy, cause);
    this.#store.write(file, how, data, fullBy === undefined ? effect.contents : undefined);
    const record = this.#host.begin("write", cause);
    if (record !== undefined) {
      record.name = file;
      record.reason = how;
      record.data = data;
      record.bytes = this.#world.recorder.bytesOf(data);
    }
    this.#world.recorder.commit();
  }

  /** Nothing of a write is kept. The node hears of it a little later, of each file once. */
  #refuse(file: string | undefined, fault: number, cause: number): void {
    if (this.#refusals.some(({ failed }) => failed?.error.file === file)) return;
    this.#refusals = [...this.#refusals, { cause, failed: { error: { operation: "write", reason: "full", file }, fault } }];
    if (this.#refusalHandle === 0) this.#refusalHandle = this.#world.schedule(FAILURE_NS, { type: "diskError", node: this.#host.index });
  }

  sync(token: Value, cause: number): void {
    this.#store.want();
    // A sync says nothing good of what found no space before it: the node hears of that instead.
    if (!this.#refusals.some(({ failed }) => failed?.error.file !== undefined)) this.#syncTokens.push({ version: this.#store.written, token });
    // With nothing left to make durable there is a sync all the same: the answer takes a disk's time.
    if (this.#store.syncing < 0) this.#beginSync(cause);
  }

  // Syncs

  #syncIfNeeded(cause: number): void {
    if (this.#store.needsSync) this.#beginSync(cause);
  }

  #beginSync(cause: number): void {
    const onDisk = this.#world.syncLatency(this.#host.index, this.#store.beginSync());
    this.#syncLeft = this.#troubles.slowed(onDisk, this.#world.streams);
    this.#syncCause = cause;
    this.#host.onSyncBegins(this.#syncLeft, cause); // First, for what strikes amid a sync comes before its end.
    if (!this.#troubles.isStalled) this.#continueSync();
  }

  #continueSync(): void {
    this.#syncDue = this.#world.now + this.#syncLeft;
    this.#syncHandle = this.#world.schedule(this.#syncLeft, { type: "synced", node: this.#host.index, cause: this.#syncCause });
  }

  /** The disk has done the sync under way, or failed to; the node's process hears of it by `hear`. */
  endSync(cause: number): DiskNews {
    this.#syncHandle = 0;
    const failing = this.#store.hasWork ? this.#troubles.failing(this.#world.streams) : undefined;
    if (failing === undefined) {
      const landing = this.#troubles.landing(this.#world.streams);
      this.#store.endSync(landing, (damage, fault) => this.#recordDamage(damage, fault, cause));
      return { cause };
    }
    // Whoever waits for this sync hears that it failed, and nothing else.
    this.#syncTokens = this.#syncTokens.filter(({ version }) => version > this.#store.syncing);
    this.#store.failSync(failing.pages, (damage) => this.#recordDamage(damage, failing.fault, cause));
    return { cause, failed: { error: { operation: "sync", reason: "failed" }, fault: failing.fault } };
  }

  /** What found no space, of which the node hears now. */
  takeRefusals(): readonly DiskNews[] {
    const refusals = this.#refusals;
    this.#refusals = [];
    this.#refusalHandle = 0;
    return refusals;
  }

  /** The node hears of its disk. After a sync, what waited for it leaves; the next one begins. */
  hear(news: DiskNews): void {
    if (!this.#host.isUp()) return; // It has stopped of what it heard before.
    const event = news.failed === undefined ? this.#hearSynced(news.cause) : this.#hearError(news.failed.error, news.failed.fault, news.cause);
    if (this.#host.isUp()) this.#syncIfNeeded(event);
  }

  #hearSynced(cause: number): number {
    this.#host.begin("synced", cause);
    const event = this.#world.recorder.commit();
    const { confirmed } = this.#store;
    const released = this.#held.filter((held) => held.until <= confirmed);
    this.#held = this.#held.filter((held) => held.until > confirmed);
    for (const held of released) {
      if (!this.#host.isUp()) return event; // The one before was a stop.
      this.#host.leave(held.effect, held.origin);
    }

    const done = this.#syncTokens.filter((wait) => wait.version <= confirmed);
    this.#syncTokens = this.#syncTokens.filter((wait) => wait.version > confirmed);
    for (const { token } of done) {
      if (!this.#host.isUp()) break; // The one before threw.
      this.#host.onSynced(event, token);
    }
    return event;
  }

  #hearError(error: DiskError, fault: number, cause: number): number {
    const record = this.#host.begin("diskError", cause);
    if (record !== undefined) {
      record.fault = fault;
      record.name = error.operation;
      record.reason = error.reason;
    }
    const event = this.#world.recorder.commit();
    this.#host.onDiskError(event, error, fault);
    return event;
  }

  // What faults do to it

  /** From here on the disk suffers this; a sync under way hangs if it stalls. */
  worsen(trouble: DiskTrouble): void {
    const wasStalled = this.#troubles.isStalled;
    this.#troubles.add(trouble);
    if (wasStalled || !this.#troubles.isStalled || this.#syncHandle === 0) return;
    this.#world.cancel(this.#syncHandle);
    this.#syncHandle = 0;
    this.#syncLeft = this.#syncDue - this.#world.now;
  }

  /** What a fault did while it lasted is over; a sync that hung goes on. */
  mend(fault: number): void {
    const wasStalled = this.#troubles.isStalled;
    this.#troubles.end(fault);
    if (wasStalled && !this.#troubles.isStalled && this.#store.syncing >= 0) this.#continueSync();
  }

  /** Whether a fault troubles it still. */
  suffers(fault: number): boolean {
    return this.#troubles.includes(fault);
  }

  /** Something of what is durable changes. Memory does not: it shows when the node starts. */
  rot(fault: number, stream: Stream, detected: boolean): void {
    const damage = this.#store.rot(stream, detected);
    if (damage !== undefined) this.#recordDamage(damage, fault, this.#world.cause);
  }

  #recordDamage({ file, reason, data }: Damage, fault: number, cause: number): void {
    const recorder = this.#world.recorder;
    if (!recorder.isWatched) return void recorder.skip();
    const record = recorder.begin("damage", this.#world.now, cause);
    record.node = this.#host.index;
    record.fault = fault;
    record.name = file;
    record.reason = reason;
    record.data = data;
    recorder.commit();
  }

  // Its node stops, and starts

  /**
   * A sync under way never ends, what waited for it never leaves, and of what was written some is lost: where the last
   * write was torn, how much is drawn from a stream that is rooted at `root`.
   */
  crash(lose: Loss, root: string): void {
    this.#world.cancel(this.#syncHandle);
    this.#world.cancel(this.#refusalHandle);
    this.#syncHandle = 0;
    this.#refusalHandle = 0;
    this.#refusals = [];
    this.#store.crash(lose, lose === "torn" ? this.#world.streams.get(`${root}/torn/${this.#world.nameOf(this.#host.index)}`) : undefined);
    this.#held = [];
    this.#syncTokens = [];
  }

  /** The damage that checksums tell a node that starts; none where all is well, or nobody notices. */
  found(): readonly Flaw[] {
    return this.#store.found();
  }

  /** Records what is done about damage that was found, and does it. */
  recover(how: Recovery, found: readonly Flaw[], cause: number): number {
    const record = this.#host.begin("recover", cause);
    if (record !== undefined) {
      record.name = how;
      record.reason = found[0]?.reason ?? "";
      record.data = { damaged: found.map(({ file, place }) => [file === SAVED ? "saved" : file, ...place].join(".")) };
    }
    const event = this.#world.recorder.commit();
    if (how !== "halt") this.#store.recover(how);
    return event;
  }

  /** The node reads its disk. */
  mount(): void {
    this.#store.mount();
  }

  /** The same storage in a copy of the world. */
  copy(world: World, host: StorageHost): Storage {
    const copy = new Storage(world, host);
    copy.#store = this.#store.copy();
    copy.#troubles = this.#troubles.copy();
    copy.#held = this.#held.slice();
    copy.#syncTokens = this.#syncTokens.slice();
    copy.#syncHandle = this.#syncHandle;
    copy.#syncDue = this.#syncDue;
    copy.#syncLeft = this.#syncLeft;
    copy.#syncCause = this.#syncCause;
    copy.#refusals = this.#refusals;
    copy.#refusalHandle = this.#refusalHandle;
    return copy;
  }
}

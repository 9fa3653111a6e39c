import type { Stream } from "../kernel/stream.ts";
import type { FaultConfig } from "./config.ts";
import { faults } from "./faults/index.ts";
import type { ActiveFault, FaultDefinition, FaultParams, Struck } from "./faults/fault.ts";
import { HALTED } from "./node.ts";
import type { World } from "./world.ts";

interface Underway {
  readonly fault: ActiveFault;
  readonly struck: Struck;
  readonly config: FaultConfig;
  /** How long it lasts from then on; -1 where it does not end by itself. Nanoseconds. */
  readonly lasts: number;
  /** How many nodes it is still to end for, each by itself. */
  readonly open: number;
  /** The event of its beginning. */
  readonly began: number;
  /** The kernel's handle of its end, 0 where it has none. */
  readonly end: number;
}

/** When the faults of a scenario begin and end. */
export class Schedules {
  readonly #world: World;
  /** By position in the scenario: the root name of its streams, and the stream that draws its times and choices. */
  readonly #names: readonly string[];
  readonly #streams: readonly Stream[];
  #underway = new Map<number, Underway>();
  #nextId = 0;
  /** By position: how many occurrences there have been of the event that it waits for, within its window. */
  #seen: number[];

  constructor(world: World) {
    this.#world = world;
    this.#names = streamNames(world.config.faults);
    this.#streams = this.#names.map((name) => world.streams.get(name));
    this.#seen = world.config.faults.map(() => 0);
  }

  /** Sets the first occurrence of everything that does not wait for an event. */
  begin(): void {
    this.#world.config.faults.forEach((fault, index) => {
      if (fault.start.type === "at") this.#scheduleAt(this.#draw(index, fault.start.at), index, 0, -1);
      if (fault.start.type === "every") this.#scheduleNext(fault, index, 0, fault.start.between[0]);
    });
  }

  /** An event of the protocol: some fault may wait for it. */
  onEmit(event: string, cause: number): void {
    this.#world.config.faults.forEach((fault, index) => {
      if (fault.start.type !== "when" || fault.start.event !== event || !this.#counts(fault.start.between)) return;
      this.#seen[index] = (this.#seen[index] as number) + 1;
      if (this.#seen[index] !== fault.start.nth) return;
      this.#scheduleAt(this.#world.now + this.#draw(index, fault.start.after), index, 0, cause);
    });
  }

  onDue(index: number, occurrence: number, cause: number): void {
    const config = this.#world.config.faults[index] as FaultConfig;
    const definition = definitionOf(config);
    const lasts = config.lasts === undefined || definition.instant === true ? -1 : this.#draw(index, config.lasts);
    if (this.#fits(config, lasts)) this.#strike(index, config, definition, lasts, cause);
    if (config.start.type === "every") this.#scheduleNext(config, index, occurrence + 1, this.#world.now);
  }

  onStep(id: number, step: number): void {
    const underway = this.#underway.get(id);
    if (underway === undefined) return; // It was healed.
    const definition = definitionOf(underway.config);
    this.#world.inEvent(underway.began, () => definition.step?.(this.#world, underway.fault, underway.struck, step));
  }

  onEnd(id: number): void {
    const underway = this.#underway.get(id);
    if (underway === undefined) return; // It was healed.
    this.#underway.delete(id);
    this.#world.cancel(underway.end);
    const cause = this.#world.cause >= 0 ? this.#world.cause : underway.began;
    const event = this.#record("faultEnd", underway.fault, underway.config, underway.struck, cause);
    this.#world.inEvent(event, () => definitionOf(underway.config).end(this.#world, underway.fault, underway.struck));
  }

  /** A fault that lay in wait for a node has struck it: its time begins. */
  onStruck(id: number, node: number): void {
    const lasts = this.#underway.get(id)?.lasts ?? -1;
    if (lasts >= 0) this.#world.schedule(lasts, { type: "faultEnd", fault: id, node });
  }

  /** It is over for one of the nodes that it lay in wait for, and as a whole with the last. */
  onNodeEnd(id: number, node: number): void {
    const underway = this.#underway.get(id);
    if (underway === undefined) return; // It was healed.
    const open = underway.open - 1;
    if (open === 0) return this.onEnd(id);
    this.#underway.set(id, { ...underway, open });
    this.#world.inEvent(underway.began, () => definitionOf(underway.config).end(this.#world, underway.fault, { nodes: [node], did: true }));
  }

  /** Whom the faults under way have struck, with the nodes that are down because a handler threw. */
  struck(): number[] {
    const struck = new Set(this.#world.nodes.filter((node) => node.isHalted).map((node) => node.index));
    for (const underway of this.#underway.values()) for (const node of underway.struck.nodes) struck.add(node);
    return [...struck].sort((a, b) => a - b);
  }

  /** Ends every fault under way; nodes that are down because a handler threw start again. */
  endAll(): void {
    for (const id of [...this.#underway.keys()]) this.onEnd(id);
    for (const node of this.#world.nodes) node.releaseDown(HALTED);
  }

  /** `lasts`: nanoseconds; -1 where it does not end by itself. */
  #strike(index: number, config: FaultConfig, definition: FaultDefinition, lasts: number, cause: number): void {
    const fault: ActiveFault = {
      id: this.#nextId++,
      kind: config.kind,
      params: config.params,
      stream: this.#streams[index] as Stream,
      streamName: this.#names[index] as string,
      lasts,
    };
    const struck = definition.choose(this.#world, fault);
    const began = this.#record("fault", fault, config, struck, cause);
    this.#world.inEvent(began, () => definition.begin(this.#world, fault, struck));
    if (definition.instant === true) return;
    const isWaiting = definition.liesInWait?.(fault.params) === true;
    const end = lasts >= 0 && !isWaiting ? this.#world.schedule(lasts, { type: "faultEnd", fault: fault.id }) : 0;
    this.#underway.set(fault.id, { fault, struck, config, lasts, open: struck.nodes.length, began, end });
    if (lasts < 0 && definition.endsAtOnce === true) this.onEnd(fault.id);
  }

  /** An event outside of the window of a fault that waits for it is none of its. */
  #counts(between: readonly [number, number] | undefined): boolean {
    return between === undefined || (this.#world.now >= between[0] && this.#world.now < between[1]);
  }

  /** What has a window, a series or a wait for an event, lies wholly within it; what would not is left out. */
  #fits({ start }: FaultConfig, lasts: number): boolean {
    if (start.type === "at" || start.between === undefined) return true;
    return this.#world.now + Math.max(0, lasts) <= start.between[1];
  }

  /** A series begins with its window; without one, after a first period. */
  #scheduleNext(config: FaultConfig, index: number, occurrence: number, after: number): void {
    if (config.start.type !== "every") return;
    const [from, until] = config.start.between;
    const gap = Math.max(1, this.#draw(index, config.start.every));
    const at = occurrence === 0 && from > 0 ? from : after + gap;
    if (at < until) this.#scheduleAt(at, index, occurrence, -1);
  }

  #scheduleAt(time: number, index: number, occurrence: number, cause: number): void {
    this.#world.scheduleAt(time, { type: "fault", index, occurrence, cause });
  }

  #draw(index: number, range: readonly [number, number]): number {
    return (this.#streams[index] as Stream).between(range[0], range[1]);
  }

  #record(kind: "fault" | "faultEnd", fault: ActiveFault, config: FaultConfig, struck: Struck, cause: number): number {
    const recorder = this.#world.recorder;
    if (!recorder.isWatched) return recorder.skip();
    const names = (indexes: readonly number[]): string[] => indexes.map((index) => this.#world.nameOf(index));
    const record = recorder.begin(kind, this.#world.now, cause);
    record.fault = fault.id;
    record.name = fault.kind;
    record.data = {
      name: config.name,
      nodes: names(struck.nodes),
      did: struck.did,
      groups: struck.groups?.map(names),
      ...struck.data,
      ...readable(fault.params),
    };
    return recorder.commit();
  }

  copy(world: World): Schedules {
    const copy = new Schedules(world);
    copy.#nextId = this.#nextId;
    copy.#seen = this.#seen.slice();
    copy.#underway = new Map(
      [...this.#underway].map(([id, underway]) => [id, { ...underway, fault: { ...underway.fault, stream: world.streams.get(underway.fault.streamName) } }]),
    );
    return copy;
  }
}

/** The parameters of a fault that say how hard it strikes; whom it strikes is said by name already. */
function readable(params: FaultParams): { [name: string]: unknown } {
  const { value, ...beside } = params;
  const { by, loss, rate, good, bad, drift, stopped, link } = (typeof value === "object" && value !== null ? value : {}) as FaultParams;
  return { by, loss, rate, drift, ...(good !== undefined && { good, bad }), ...(stopped !== undefined && { stopped }), ...(link !== undefined && { link: true }), ...beside };
}

const definitionOf = (config: FaultConfig): FaultDefinition => faults[config.kind] as FaultDefinition;

/** A fault's streams are named for its text, and for its number among equals, so that removing others changes nothing for it. */
function streamNames(configs: readonly FaultConfig[]): string[] {
  const count = new Map<string, number>();
  return configs.map((config) => {
    const nth = (count.get(config.text) ?? 0) + 1;
    count.set(config.text, nth);
    return `faults/${config.text}${nth === 1 ? "" : `#${nth}`}`;
  });
}

import { SOMETIMES, type Annotation, type TraceEvent, type TraceSink } from "../trace/event.ts";
import { faults } from "../world/faults/index.ts";
import type { World } from "../world/world.ts";
import { clusterSignature, type NodeSignature } from "./signature.ts";

/** A run tells no more states than this, so that what is kept of it stays small. */
const MOST_STATES = 256;

/** Before the protocol has said anything. */
const BEGINNING = "start";

/**
 * What one run came by, each thing a line of text:
 *
 * - `emit election.won`, the protocol's moments, and `sometimes entry.cut`, what it marks as good or rare;
 * - `message RequestVote`, `timer election`, `request read`, the handlers that ran, and `rule mayCommit`, the rules;
 * - `fault crash @ election.won`, a kind of fault under way in a phase. A protocol's phase is the moment that it came by
 *   last: after `election.started` nobody leads, after `election.won` somebody does who has committed nothing yet;
 * - `reached availability < 50%`, what the scenario's `sometimes` names (known only at the end, by `run-job.ts`);
 * - `state 9f2c1d0b`, the cluster's signature (`signature.ts`), looked at where the phase changes, at what is marked, and
 *   where a fault begins or ends or a node stops or starts. So a steady cluster costs nothing.
 */
export class Coverage implements TraceSink {
  readonly takesAnnotations = "lines";
  readonly #nodes: number;
  readonly #faults = new Map<string, number>();
  readonly #moments = new Set<string>();
  readonly #marks = new Set<string>();
  readonly #messages = new Set<string>();
  readonly #requests = new Set<string>();
  readonly #timers = new Set<string>();
  readonly #rules = new Set<string>();
  readonly #troubles = new Set<string>();
  readonly #states = new Set<string>();
  /** The kinds of the faults under way, by their numbers. */
  readonly #under = new Map<number, string>();
  #phase = BEGINNING;
  #mark = "";
  #world: World | undefined;

  /** Endpoints from the number of nodes on are clients. */
  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  /** From now on the world's states are looked at too. */
  watch(world: World): void {
    this.#world = world;
  }

  /** A rule was called. */
  call(rule: string): void {
    this.#rules.add(rule);
  }

  event(event: TraceEvent): void {
    switch (event.kind) {
      case "deliver":
        // Of most deliveries nothing is new: a name is looked up, and no text is made.
        if (event.node < this.#nodes) (event.peer < this.#nodes ? this.#messages : this.#requests).add(event.name);
        return;
      case "timer":
        this.#timers.add(event.name);
        return;
      case "emit":
        return this.#enter(event.name);
      case "fault":
        return this.#begin(event);
      case "faultEnd":
        this.#under.delete(event.fault);
        return this.#look();
      case "boot":
      case "crash":
        return this.#look();
    }
  }

  annotation(annotation: Annotation): void {
    if (annotation.type !== "log" || annotation.level !== SOMETIMES) return;
    // A follower that lags is refused again and again: what is marked twice in a row is looked at once.
    if (annotation.text === this.#mark) return;
    this.#mark = annotation.text;
    this.#marks.add(annotation.text);
    this.#look();
  }

  #enter(phase: string): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#moments.add(phase);
    for (const kind of this.#under.values()) this.#troubles.add(`${kind} @ ${phase}`);
    this.#look();
  }

  #begin({ name, fault, data }: TraceEvent): void {
    if ((data as { readonly did?: boolean } | null)?.did === false) return;
    this.#faults.set(name, (this.#faults.get(name) ?? 0) + 1);
    this.#troubles.add(`${name} @ ${this.#phase}`);
    if (faults[name]?.instant !== true) this.#under.set(fault, name);
    this.#look();
  }

  #look(): void {
    if (this.#world === undefined || this.#states.size >= MOST_STATES) return;
    this.#states.add(clusterSignature(this.#world.nodes.map((node): NodeSignature => node.signature())));
  }

  /** How often each kind of fault struck somebody. */
  get faults(): { [kind: string]: number } {
    return Object.fromEntries([...this.#faults].sort());
  }

  get covered(): string[] {
    const named = (what: string, names: ReadonlySet<string>): string[] => [...names].map((name) => `${what} ${name}`);
    return [
      ...named("emit", this.#moments), ...named("sometimes", this.#marks), ...named("message", this.#messages), ...named("request", this.#requests),
      ...named("timer", this.#timers), ...named("rule", this.#rules), ...named("fault", this.#troubles), ...named("state", this.#states),
    ].sort();
  }
}

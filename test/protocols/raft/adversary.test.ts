/**
 * Raft against an adversary: a bare list of messages under way, from which any may be delivered next, twice or never, and
 * timers that fire at any moment. No simulator is involved. What must hold is checked twice: by brute force over
 * all pairs of nodes, and by the protocol's own invariants, which must never raise a false alarm.
 */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { raft } from "../../../protocols/raft/index.ts";
import type { Message } from "../../../protocols/raft/messages.ts";
import { boot, durable, inspect } from "../../../protocols/raft/state.ts";
import type { Shown, State } from "../../../protocols/raft/state.ts";
import { copyState } from "../../../sim/protocol.ts";
import type { Reply, Request } from "../../../sim/protocol.ts";
import { request } from "../recorder.ts";
import { Stage } from "../stage.ts";
import { node } from "./node.ts";
import type { Node } from "./node.ts";

interface Flight {
  readonly from: string;
  readonly to: string;
  readonly message: Message;
}

class Adversary {
  readonly nodes: Node[];
  readonly leaders = new Map<number, string>();
  /** The writes that were acknowledged, and what was committed first at each index. */
  readonly acknowledged = new Set<number>();
  readonly committed: unknown[] = [];
  #flights: Flight[] = [];
  #disks: Partial<State>[];
  #stages: Stage<Shown>[];
  #requests: Request[] = [];

  constructor(size: number, options: Parameters<typeof node>[0] & object) {
    this.nodes = Array.from({ length: size }, (_, index) => node({ ...options, self: `n${index + 1}`, nodes: size }));
    const names = this.nodes.map(({ ctx }) => ctx.self);
    this.#disks = this.nodes.map(() => ({}));
    this.#stages = raft.invariants!.map((invariant) => new Stage<Shown>(invariant, names, inspect(boot())));
    this.nodes.forEach((_, index) => this.#look(index, "boots"));
  }

  /** One thing that may happen; `choice` says on whom or what. */
  step(action: string, choice: number): void {
    const index = choice % this.nodes.length;
    const { state, ctx } = this.nodes[index]!;
    if (action === "deliver" || action === "duplicate" || action === "drop") return this.#deliver(action, choice);
    if (action === "crash") return this.#crash(index);
    if (action === "election" && state.role !== "leader") raft.onTimer!.election(state, ctx, "");
    if (action === "heartbeat") raft.onTimer!.heartbeat(state, ctx, "");
    if (action === "quorum") raft.onTimer!.quorum(state, ctx, "");
    if (action === "request") this.#ask(index);
    if (action === "retry") this.#ask(index, this.#requests[choice % Math.max(1, this.#requests.length)]);
    this.#settle(index);
  }

  #deliver(action: string, choice: number): void {
    const position = choice % Math.max(1, this.#flights.length);
    const flight = this.#flights[position];
    if (flight === undefined) return;
    if (action !== "duplicate") this.#flights.splice(position, 1);
    if (action === "drop") return;
    const index = Number(flight.to.slice(1)) - 1;
    this.nodes[index]!.receive(flight.from, flight.message);
    this.#settle(index);
  }

  #ask(index: number, again?: Request): void {
    const sequence = this.#requests.length + 1;
    const asked = again ?? request("write", "x", sequence, { sequence });
    if (again === undefined) this.#requests.push(asked);
    const { state, ctx } = this.nodes[index]!;
    raft.onRequest[asked.f]!(state, asked, ctx);
  }

  #crash(index: number): void {
    const { state } = this.nodes[index]!;
    Object.assign(state, boot(), copyState(this.#disks[index]!));
    this.#look(index, "boots");
  }

  /** Does what a handler asked for: a save is done before what follows it leaves. */
  #settle(index: number): void {
    const { state, ctx } = this.nodes[index]!;
    const replies: [Request, Reply][] = [];
    for (const asked of ctx.take()) {
      if (asked[0] === "persist") for (const field of durable) (this.#disks[index] as Record<string, unknown>)[field] = state[field];
      if (asked[0] === "send") this.#flights.push({ from: ctx.self, to: asked[1], message: asked[2] });
      if (asked[0] === "reply" && asked[2].type === "ok") {
        this.acknowledged.add(asked[1]);
        replies.push([this.#requests[asked[1] - 1]!, asked[2]]);
      }
    }
    for (const [of, reply] of replies) for (const stage of this.#stages) none(stage.replies(ctx.self, of, reply));
    this.#look(index, "shows");
  }

  #look(index: number, how: "shows" | "boots"): void {
    const { state, ctx } = this.nodes[index]!;
    const shown = copyState(inspect(state));
    for (const stage of this.#stages) none(stage[how](ctx.self, shown));
    this.#checkByHand(state, ctx.self);
  }

  #checkByHand(state: State, name: string): void {
    if (state.role === "leader") {
      if ((this.leaders.get(state.currentTerm) ?? name) !== name) throw new Error(`term ${state.currentTerm} has two leaders`);
      this.leaders.set(state.currentTerm, name);
    }
    for (let index = 0; index < state.commitIndex; index += 1) {
      this.committed[index] ??= state.log.at(index);
      if (state.log.at(index) !== this.committed[index]) throw new Error(`${name} committed another entry at ${index + 1}`);
    }
    for (const { state: other } of this.nodes) {
      let common = Math.min(state.log.length, other.log.length);
      while (common > 0 && state.log.at(common - 1)!.term !== other.log.at(common - 1)!.term) common -= 1;
      if (state.log.commonPrefix(other.log) < common) throw new Error(`two logs differ before their common entry ${common}`);
    }
  }
}

function none(breach: string | undefined): void {
  if (breach !== undefined) throw new Error(breach);
}

const weights = { deliver: 60, duplicate: 4, drop: 4, election: 5, heartbeat: 5, quorum: 1, request: 10, retry: 5, crash: 2 };
const action = fc.oneof(...Object.entries(weights).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
const schedule = fc.array(fc.tuple(action, fc.nat(10_000)), { minLength: 300, maxLength: 300, size: "max" });

describe("against any order of deliveries, losses, copies, timeouts and crashes", () => {
  it.each([
    ["3 nodes", 3, {}],
    ["5 nodes", 5, {}],
    ["4 nodes with pre-vote and one entry a message", 4, { preVote: true, maxEntries: 1 }],
    ["3 nodes with check-quorum", 3, { checkQuorum: true }],
  ])("%s keep every invariant", (_, size, options) => {
    let won = 0;
    let acknowledged = 0;
    const prove = (steps: readonly (readonly [string, number])[]): void => {
      const play = new Adversary(size, { options });
      for (const [what, choice] of steps) play.step(what, choice);
      won += play.leaders.size;
      acknowledged += play.acknowledged.size;
    };
    fc.assert(fc.property(schedule, prove), { numRuns: 40, seed: 8 });
    expect(won).toBeGreaterThan(20); // The adversary lets things happen, or it would prove nothing.
    expect(acknowledged).toBeGreaterThan(20);
  });
});

/**
 * A made-up run in the trace's schema, much like Raft's: a leader that replicates a log, a partition that cuts it off, a
 * second leader, a crash, a pause, and a violation. It needs neither the simulator nor a protocol, and any length may be asked.
 */
import { TraceEvent, eventSchema, eventKinds, TRACE_VERSION, type Annotation, type Change, type TraceFooter, type TraceHeader, type TraceSink } from "../../sim/trace/event.ts";

const MS = 1_000_000;

interface Entry {
  readonly term: number;
  readonly command: { readonly f: string; readonly key: string; readonly value: number };
}

interface FakeNode {
  role: "leader" | "follower" | "candidate";
  term: number;
  log: Entry[];
  commit: number;
  up: boolean;
  incarnation: number;
  side: number;
}

/** A run of about `events` events. Returns its header and footer; the events go to `sink`. */
export function syntheticRun(sink: TraceSink, events: number, nodeCount = 5): { header: TraceHeader; footer: TraceFooter } {
  return new FakeRun(sink, events, nodeCount).run();
}

export function syntheticHeader(nodeCount = 5): TraceHeader {
  return {
    version: TRACE_VERSION,
    program: "0.0.0",
    protocol: "raft",
    seed: 7,
    scenario: "A made-up run",
    source: "version: 1\nname: A made-up run\n",
    nodes: Array.from({ length: nodeCount }, (_, index) => `n${index + 1}`),
    clients: ["c1", "c2", "c3"],
    durationNs: 20_000 * MS,
    kinds: eventKinds.map((kind) => ({ kind, fields: [...eventSchema[kind].fields] })),
  };
}

class FakeRun {
  readonly #sink: TraceSink;
  readonly #target: number;
  readonly #header: TraceHeader;
  readonly #nodes: FakeNode[];
  readonly #queue: { time: number; order: number; act: () => void }[] = [];
  #now = 0;
  #order = 0;
  #id = 0;
  #message = 0;
  #operation = 0;
  #random = 12345;
  #leader = 2;
  #value = 0;

  constructor(sink: TraceSink, target: number, nodeCount: number) {
    this.#sink = sink;
    this.#target = target;
    this.#header = syntheticHeader(nodeCount);
    this.#nodes = this.#header.nodes.map(() => ({ role: "follower", term: 1, log: [], commit: 0, up: true, incarnation: 1, side: 0 }));
  }

  run(): { header: TraceHeader; footer: TraceFooter } {
    this.#nodes.forEach((_, node) => {
      this.#event({ kind: "boot", node, incarnation: 1 });
      this.#change(node, { role: set("follower"), term: set(1), votedFor: set(null), commitIndex: set(0), log: { type: "log", from: 0, entries: [] }, nextIndex: set({}) });
    });
    this.#elect(this.#leader, 2);
    this.#after(40 * MS, () => this.#tick());
    this.#plan();
    while (this.#queue.length > 0 && this.#id < this.#target - 1) this.#step();
    this.#event({ kind: "end", reason: "duration" });
    return { header: this.#header, footer: this.#footer() };
  }

  #footer(): TraceFooter {
    const digest = "0123456789abcdef";
    const result = {
      version: 1, scenario: this.#header.scenario, protocol: "raft", seed: 7, verdict: "fail", digest, events: this.#id,
      virtualTime: "", virtualTimeNs: this.#now, wallTimeMs: 0,
      expectations: [
        { name: "invariants", verdict: "fail", detail: "log matching is violated" },
        { name: "linearizable", verdict: "pass", detail: "3,711 operations on 10 keys" },
        { name: "availability >= 95%", verdict: "pass", detail: "98.7%" },
      ],
      violations: [], faults: [], metrics: {}, files: {},
    };
    return { digest, events: this.#id, complete: true, blocks: [], result };
  }

  /** Faults stand at fixed shares of the events asked for. */
  #plan(): void {
    const at = (share: number, act: () => void) => this.#watch(Math.floor(this.#target * share), act);
    at(0.2, () => this.#partition());
    at(0.24, () => this.#elect(4, this.#nodes[2]!.term + 1));
    at(0.35, () => this.#violate());
    at(0.45, () => this.#heal());
    at(0.55, () => this.#crash(1));
    at(0.65, () => this.#restart(1));
    at(0.75, () => this.#pause(3));
    at(0.8, () => this.#resume(3));
  }

  readonly #watches: { event: number; act: () => void }[] = [];

  #watch(event: number, act: () => void): void {
    this.#watches.push({ event, act });
  }

  #step(): void {
    while (this.#watches.length > 0 && this.#watches[0]!.event <= this.#id) this.#watches.shift()!.act();
    let first = 0;
    for (let at = 1; at < this.#queue.length; at += 1) {
      const [a, b] = [this.#queue[at]!, this.#queue[first]!];
      if (a.time < b.time || (a.time === b.time && a.order < b.order)) first = at;
    }
    const next = this.#queue.splice(first, 1)[0]!;
    this.#now = next.time;
    next.act();
  }

  /** The leader's round: a client's write, and entries to everybody. */
  #tick(): void {
    for (const [index, leader] of this.#nodes.entries()) {
      if (leader.role !== "leader" || !leader.up) continue;
      const timer = this.#event({ kind: "timer", node: index, name: "heartbeat" });
      const client = this.#header.nodes.length + this.#pick(3);
      const operation = this.#operation++;
      const key = `k${this.#pick(6)}`;
      this.#value += 1;
      const invoke = this.#event({ kind: "invoke", node: client, operation, process: client, name: "write", key, data: this.#value });
      this.#send(client, index, "write", { key, value: this.#value }, invoke, operation, (arrived) => this.#replicate(index, timer, client, operation, key, arrived));
    }
    this.#after(8 * MS, () => this.#tick());
  }

  #replicate(index: number, _timer: number, client: number, operation: number, key: string, cause: number): void {
    const leader = this.#nodes[index]!;
    const entry: Entry = { term: leader.term, command: { f: "write", key, value: this.#value } };
    leader.log.push(entry);
    this.#change(index, { log: { type: "log", from: leader.log.length - 1, entries: [entry] } });
    this.#event({ kind: "persist", node: index, bytes: 64, cause });
    let acks = 1;
    this.#nodes.forEach((_, peer) => {
      if (peer === index) return;
      const contents = { type: "AppendEntries", term: leader.term, prevLogIndex: leader.log.length - 1, prevLogTerm: leader.term, entries: [entry], leaderCommit: leader.commit };
      this.#send(index, peer, "AppendEntries", contents, cause, operation, (arrived) => {
        if (contents.term === leader.term && leader.role === "leader") this.#append(peer, leader);
        this.#send(peer, index, "AppendEntriesReply", { type: "AppendEntriesReply", term: leader.term, success: true, matchIndex: leader.log.length }, arrived, operation, (back) => {
          acks += 1;
          if (acks !== Math.floor(this.#nodes.length / 2) + 1) return;
          leader.commit = leader.log.length;
          this.#change(index, { commitIndex: set(leader.commit), nextIndex: { type: "record", set: { [this.#header.nodes[peer]!]: leader.log.length + 1 }, gone: [] } });
          this.#send(index, client, "reply", { type: "ok" }, back, operation, (done) => {
            this.#event({ kind: "ok", node: client, operation, process: client, name: "write", key, data: this.#value, cause: done });
          });
        });
      });
    });
    this.#after(1000 * MS, () => {
      if (acks <= Math.floor(this.#nodes.length / 2)) this.#event({ kind: "info", node: client, operation, process: client, name: "write", key, reason: "timeout", data: this.#value });
    });
  }

  #append(node: number, leader: FakeNode): void {
    const follower = this.#nodes[node]!;
    if (leader.term < follower.term) return;
    let common = Math.min(follower.log.length, leader.log.length);
    while (common > 0 && follower.log[common - 1] !== leader.log[common - 1]) common -= 1;
    const entries = leader.log.slice(common);
    const change: { -readonly [Field in keyof Change]: Change[Field] } = {};
    if (entries.length > 0 || common < follower.log.length) change["log"] = { type: "log", from: common, entries };
    follower.log = leader.log.slice();
    if (follower.term !== leader.term) change["term"] = set((follower.term = leader.term));
    if (follower.role !== "follower") change["role"] = set((follower.role = "follower"));
    if (follower.commit !== leader.commit) change["commitIndex"] = set((follower.commit = leader.commit));
    if (Object.keys(change).length > 0) this.#change(node, change);
  }

  #elect(node: number, term: number): void {
    const candidate = this.#nodes[node]!;
    this.#event({ kind: "timer", node, name: "election" });
    this.#change(node, { role: set((candidate.role = "candidate")), term: set((candidate.term = term)), votedFor: set(this.#header.nodes[node]) });
    let votes = 1;
    this.#nodes.forEach((peer, to) => {
      if (to === node) return;
      this.#send(node, to, "RequestVote", { type: "RequestVote", term }, -1, -1, (arrived) => {
        if (peer.role !== "leader") this.#change(to, { term: set((peer.term = term)), votedFor: set(this.#header.nodes[node]) });
        this.#send(to, node, "RequestVoteReply", { type: "RequestVoteReply", term, granted: true }, arrived, -1, (back) => {
          votes += 1;
          if (votes !== Math.floor(this.#nodes.length / 2) + 1) return;
          this.#event({ kind: "emit", node, name: "election.won", data: { term }, cause: back });
          this.#change(node, { role: set((candidate.role = "leader")) });
        });
      });
    });
  }

  #partition(): void {
    const side = [2, 1];
    side.forEach((node) => (this.#nodes[node]!.side = 1));
    const names = side.map((node) => this.#header.nodes[node]!);
    const rest = this.#header.nodes.filter((name) => !names.includes(name));
    this.#event({ kind: "fault", fault: 0, name: "partition", data: { name: "the leader is cut off", nodes: names, groups: [names, rest], did: true } });
  }

  #heal(): void {
    this.#nodes.forEach((node) => (node.side = 0));
    this.#event({ kind: "faultEnd", fault: 0, name: "partition", data: { name: "the leader is cut off" } });
  }

  #violate(): void {
    const event = this.#event({ kind: "timer", node: 0, name: "election" });
    this.#note({ type: "violation", event, violation: { invariant: "log matching", time: this.#now, nodes: ["n3", "n5"], message: "n3 and n5 hold different entries of term 2 at index 14", event } });
  }

  #crash(node: number): void {
    this.#event({ kind: "fault", fault: 1, name: "crash", data: { nodes: [this.#header.nodes[node]], did: true } });
    this.#nodes[node]!.up = false;
    this.#event({ kind: "crash", node, fault: 1, name: "unsynced" });
  }

  #restart(node: number): void {
    this.#event({ kind: "faultEnd", fault: 1, name: "crash" });
    this.#nodes[node]!.up = true;
    this.#nodes[node]!.incarnation += 1;
    this.#event({ kind: "boot", node, fault: 1, incarnation: this.#nodes[node]!.incarnation });
    this.#change(node, { role: set((this.#nodes[node]!.role = "follower")) });
  }

  #pause(node: number): void {
    this.#event({ kind: "fault", fault: 2, name: "pause", data: { nodes: [this.#header.nodes[node]], did: true } });
    this.#event({ kind: "pause", node, fault: 2 });
  }

  #resume(node: number): void {
    this.#event({ kind: "faultEnd", fault: 2, name: "pause" });
    this.#event({ kind: "resume", node, fault: 2 });
  }

  #send(from: number, to: number, name: string, data: unknown, cause: number, operation: number, arrive: (event: number) => void): void {
    const message = this.#message++;
    const send = this.#event({ kind: "send", node: from, peer: to, name, message, operation, attempt: operation < 0 ? 0 : 1, data, bytes: 40, cause });
    const [a, b] = [this.#nodes[from], this.#nodes[to]];
    if (a !== undefined && b !== undefined && a.side !== b.side) {
      this.#event({ kind: "drop", node: to, peer: from, name, message, operation, fault: 0, reason: "cut", cause: send });
      return;
    }
    this.#after(MS / 2 + this.#pick(3 * MS), () => {
      const kind = b !== undefined && !b.up ? "drop" : "deliver";
      const event = this.#event({ kind, node: to, peer: from, name, message, operation, reason: kind === "drop" ? "down" : "", cause: send });
      if (kind === "deliver") arrive(event);
    });
  }

  #event(fields: Partial<TraceEvent>): number {
    const event = Object.assign(new TraceEvent(), fields, { id: this.#id, time: this.#now, nodeTime: this.#now });
    if (event.node >= 0 && event.node < this.#nodes.length) event.incarnation = this.#nodes[event.node]!.incarnation;
    this.#id += 1;
    this.#sink.event(event);
    return event.id;
  }

  #change(node: number, change: Change): void {
    this.#note({ type: "change", event: this.#id - 1, node, change });
  }

  #note(annotation: Annotation): void {
    this.#sink.annotation?.(annotation);
  }

  #after(delay: number, act: () => void): void {
    this.#queue.push({ time: this.#now + Math.floor(delay), order: this.#order++, act });
  }

  #pick(below: number): number {
    this.#random = (Math.imul(this.#random, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((this.#random / 0x80000000) * below);
  }
}

const set = (value: unknown) => ({ type: "set", value }) as const;

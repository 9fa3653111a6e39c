/** A protocol that uses everything a handler may ask for, and a world in which everything happens to it. */
import { ms } from "../../sim/kernel/time.ts";
import { defineProtocol, Log, type AnyProtocol, type Ctx, type Request, type Value } from "../../sim/protocol.ts";
import { constant, fault, groups, sel, uniform } from "./build.ts";

interface State {
  [field: string]: unknown;
  count: number;
  log: Log<Value>;
  seen: { [node: string]: number };
  waiting: Request[];
  role: string;
  term: number;
}
interface Hello {
  readonly type: "Hello";
  readonly count: number;
  readonly log: readonly Value[];
}
type C = Ctx<Hello, "tick" | "later">;

function onTick(state: State, ctx: C): void {
  ctx.setTimer("tick", [ms(2), ms(9)]);
  state.count += 1;
  state.role = ctx.pick(["leader", "follower", "follower"]);
  state.term += state.role === "leader" ? 1 : 0;
  if (ctx.pick([true, false])) state.log = state.log.append(Object.freeze({ count: state.count, by: ctx.self }));
  if (ctx.pick([true, false])) ctx.persist();
  if (state.count % 3 === 0) ctx.disk.append("wal", state.count);
  if (state.count % 7 === 0) ctx.disk.sync({ upTo: state.count });
  if (state.count % 11 === 0) ctx.disk.truncate("wal", 1);
  for (const peer of ctx.peers) ctx.send(peer, { type: "Hello", count: state.count, log: state.log.slice(state.log.length - 2) });
  ctx.setTimer("later", [0, ms(4)], String(state.count % 3));
  if (state.count % 5 === 0) ctx.cancelTimer("later", "1");
  ctx.emit("ticked", { count: state.count });
  ctx.log("debug", "tick", { count: state.count });
}

function onLater(state: State, ctx: C, key: string): void {
  const request = state.waiting.pop();
  if (request === undefined) return;
  if (ctx.pick([1, 2, 3]) === 1) ctx.reply(request, { type: "redirect", to: ctx.pick(ctx.peers) });
  else ctx.reply(request, request.f === "cas" && key === "1" ? { type: "fail", error: "mismatch" } : { type: "ok", value: state.count });
}

export const busy: AnyProtocol = defineProtocol<State, Hello, "tick" | "later", unknown, unknown, { [field: string]: unknown }>({
  name: "busy",
  boot: (ctx) => ({ count: ctx.disk.read("wal").length, log: Log.of<Value>(), seen: {}, waiting: [], role: "follower", term: 0 }),
  onStart: (_, ctx) => ctx.setTimer("tick", [0, ms(5)]),
  onMessage: {
    Hello(state, { count }, from, ctx) {
      state.seen[from] = count;
      if (count % 13 === 0) ctx.send(from, { type: "Hello", count: count + 1, log: [] });
      if ((count === 12 || count === 24) && ctx.self === "n2") throw new Error("twelve");
    },
  },
  onTimer: { tick: onTick, later: onLater },
  onRequest: { read: (state, request) => void state.waiting.push(request), write: (state, request) => void state.waiting.push(request), cas: (state, request) => void state.waiting.push(request) },
  onSynced: (state, token, ctx) => ctx.emit("synced", { token, wal: ctx.disk.read("wal").length, count: state.count }),
  durable: ["count", "log"],
  inspect: ({ count, log, seen, role, term }) => ({ count, log, seen, role, term, waiting: "…" }),
  replicated: ({ log }) => log.slice(0, 1) as Value,
  client: { token: 0, onReply: (token) => (token as number) + 1 },
  invariants: [
    {
      name: "few leaders",
      summary: "No node has led ten times.",
      begin: () => ({ led: new Map<string, number[]>(), nodes: new Set<string>() }),
      onChange(memory, node, view) {
        if (view.shown(node)?.["role"] !== "leader" || view.before(node)?.["role"] === "leader") return undefined;
        memory.led.set(node, [...(memory.led.get(node) ?? []), view.incarnation(node)]);
        memory.nodes.add(node);
        const led = memory.led.get(node)?.length ?? 0;
        return led > 10 ? { message: `${node} has led ${led} times, of ${memory.nodes.size} leaders`, nodes: [node] } : undefined;
      },
      onReply: (memory, node, request) => (request.sequence === 30 ? { message: `${memory.led.size} had led`, nodes: [node, "n1"] } : undefined),
    },
  ],
});

/** Every kind of fault, two kinds of loss, clients in an open loop: 300 ms of trouble. */
export const trouble = (seed: number) => ({
  seed,
  nodes: 4,
  duration: ms(300),
  network: { latency: uniform(ms(1), ms(8)), loss: 0.05, duplicate: 0.05 },
  clocks: { offset: [-ms(20), ms(20)], drift: [-50_000, 50_000] } as const,
  disk: { sync: uniform(ms(1), ms(6)), write: constant(10_000) },
  workload: { clients: 2, rate: 400, timeout: ms(60), until: ms(240), operations: ["read", "write", "cas"].map((f) => ({ f, weight: 1 })), retry: { enabled: true, after: ms(20), backoff: ms(2), max: ms(20), jitter: 0.5 } },
  faults: [
    fault("crash", "random", { every: [ms(10), ms(40)], for: [ms(5), ms(30)] }),
    fault("crash", "leader", { at: ms(100), for: ms(20), lose: "disk" }),
    fault("restart", "follower", { every: [ms(30), ms(60)] }),
    fault("pause", "random(2)", { every: [ms(10), ms(50)], for: [ms(5), ms(30)] }),
    fault("partition", groups(["n1", "c1"], "rest"), { at: ms(50), for: ms(50) }),
    fault("isolate", "leader", { when: "ticked", nth: 40, after: ms(2), for: ms(30) }),
    fault("block", { from: sel("n2"), to: sel("rest") }, { at: ms(150), for: ms(40) }),
    fault("slow", { nodes: sel("n3"), by: uniform(ms(1), ms(9)) }, { at: ms(20), for: ms(100) }),
    fault("flaky", { link: [sel("n1"), sel("n2")], loss: 0.4 }, { at: ms(80), for: ms(100) }),
    fault("duplicate", { nodes: sel("all"), rate: 0.3 }, { at: ms(120), for: ms(60) }),
    fault("corrupt", { nodes: sel("n4"), rate: 0.2 }, { at: ms(30), for: ms(100) }),
    fault("burst", { nodes: sel("random"), loss: 0.8, good: uniform(ms(1), ms(20)), bad: uniform(ms(1), ms(9)) }, { every: [ms(40), ms(90)], for: ms(50) }),
    fault("bridge", groups("n1", "random", "rest"), { at: ms(160), for: ms(20) }),
    fault("ring", "all", { at: ms(185), for: ms(25) }),
    fault("clog", "random", { every: [ms(30), ms(60)], for: [ms(5), ms(25)] }),
    fault("swizzle", "random(3)", { at: ms(90), for: ms(60) }),
    fault("skew", { nodes: sel("random"), by: ms(15) }, { every: [ms(40), ms(90)] }),
    fault("skew", { nodes: sel("minority"), drift: 300_000 }, { at: ms(60), for: ms(90) }),
    fault("heal", "all", { at: ms(250) }),
  ],
});

import { describe, expect, test } from "vitest";
import { defineProtocol, InputError, run } from "../../sim/index.ts";

const scenario = (expected: Record<string, boolean>, more: object = {}): Parameters<typeof run>[0] => ({
  protocol: "lww-register",
  nodes: 3,
  seed: 3,
  duration: "4s",
  network: { latency: "5ms..30ms" },
  workload: { clients: 4, rate: "100/s", keys: { count: 2 }, target: "any", until: "3s" },
  faults: [{ at: "1s", for: "1s", partition: [["n1"], "rest"] }],
  expect: expected,
  ...more,
});

describe("levels in a scenario", () => {
  test("every level of registers may be expected, or expected not to hold; a store that answers at once keeps few of them", () => {
    const names = "linearizable sequential causal causalConvergence causalMemory pram readYourWrites monotonicReads monotonicWrites writesFollowReads kAtomic(2) boundedStaleness(1ms)".split(" ");
    const { expectations } = run(scenario(Object.fromEntries(names.map((name) => [name, true]))));
    expect(expectations.map(({ name }) => name)).toEqual(["invariants", ...names]);
    const verdicts = Object.fromEntries(expectations.map(({ name, verdict }) => [name, verdict]));
    expect([verdicts["linearizable"], verdicts["sequential"], verdicts["kAtomic(2)"], verdicts["boundedStaleness(1ms)"]]).toEqual(["fail", "fail", "fail", "fail"]);
    expect(run(scenario({ "kAtomic(2)": false, causal: false })).verdict).toBe("pass");
  });

  test("Raft keeps the weaker ones because it keeps the strongest", () => {
    const names = "linearizable sequential causal causalConvergence causalMemory pram readYourWrites monotonicReads monotonicWrites writesFollowReads kAtomic(2) boundedStaleness(1ms)".split(" ");
    expect(run(scenario(Object.fromEntries(names.map((name) => [name, true])), { protocol: "raft" })).expectations.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });

  test("a level of registers is refused for a protocol whose history means something else", () => {
    const counting = defineProtocol<{ sum: number }, { type: "Nothing" }>({
      name: "counting",
      model: "counter",
      boot: () => ({ sum: 0 }),
      onMessage: { Nothing: () => {} },
      onRequest: {
        increment(state, request, ctx) {
          state.sum += request.value as number;
          ctx.reply(request, { type: "ok" });
        },
        read: (state, request, ctx) => ctx.reply(request, { type: "ok", value: state.sum }),
      },
    });
    const workload = { clients: 2, rate: "50/s", keys: { count: 1 }, operations: { increment: 1, read: 1 }, until: "1s" };
    const counted = { protocol: counting, nodes: 1, duration: "2s", workload };
    expect(run({ ...counted, expect: { linearizable: true, sequential: true } }).verdict).toBe("pass");
    expect(() => run({ ...counted, expect: { causal: true } })).toThrow(InputError);
    expect(() => run({ ...counted, expect: { "boundedStaleness(long)": true } })).toThrow(/boundedStaleness/);
  });
});

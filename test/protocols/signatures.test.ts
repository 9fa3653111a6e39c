import { describe, expect, it } from "vitest";
import { lwwRegister } from "../../protocols/lww-register/index.ts";
import { raft } from "../../protocols/raft/index.ts";
import { boot, type State } from "../../protocols/raft/state.ts";
import { clusterSignature } from "../../sim/campaign/signature.ts";
import type { AnyProtocol } from "../../sim/protocol.ts";
import { logOf } from "./raft/node.ts";

const signature = (protocol: AnyProtocol, states: readonly object[]): string => clusterSignature(states.map((state) => protocol.signature!(state)));

describe("raft's signature", () => {
  const node = (part: Partial<State>): State => ({ ...boot(), ...part });
  const cluster = (first: string, second: string, term: number): State[] => [
    node({ role: "leader", currentTerm: term, votedFor: first, leader: first, log: logOf(term) }),
    node({ currentTerm: term, votedFor: first, leader: first, log: logOf(term) }),
    node({ currentTerm: term - 1, votedFor: second, leader: second }),
  ];

  it("is the same under other names, in another order, and in later terms", () => {
    const one = signature(raft, cluster("n1", "n2", 2));
    expect(signature(raft, cluster("n3", "n1", 2))).toBe(one);
    expect(signature(raft, cluster("n1", "n2", 2).reverse())).toBe(one);
    expect(signature(raft, cluster("n1", "n2", 9))).toBe(one);
  });

  it("tells who leads, whose term is higher, whose log is longer, and what waits to be committed", () => {
    const base = cluster("n1", "n2", 2);
    const others = [{ role: "candidate" as const }, { currentTerm: 1 }, { log: logOf(1, 2) }, { commitIndex: 1 }, { votedFor: null }].map((part) => [{ ...base[0]!, ...part }, base[1]!, base[2]!]);
    const signatures = [base, ...others].map((states) => signature(raft, states));
    expect(new Set(signatures).size).toBe(6);
  });
});

describe("lww-register's signature", () => {
  const holding = (...stamps: readonly number[]) => ({ registers: Object.fromEntries(stamps.map((stamp, at) => [`k${at}`, { value: stamp, stamp, node: "n1" }])) });

  it("tells who holds newer writes than whom, and not which", () => {
    expect(signature(lwwRegister, [holding(5), holding(7)])).toBe(signature(lwwRegister, [holding(900), holding(20)]));
    expect(signature(lwwRegister, [holding(5), holding(7)])).not.toBe(signature(lwwRegister, [holding(7), holding(7)]));
    expect(signature(lwwRegister, [holding(5, 6), holding(5, 6)])).not.toBe(signature(lwwRegister, [holding(5, 6), holding(6)]));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Coverage } from "../../sim/campaign/coverage.ts";
import { clusterSignature, type NodeSignature } from "../../sim/campaign/signature.ts";
import { TraceEvent } from "../../sim/trace/event.ts";

/** Three nodes; clients are numbered from 3 on. */
const happened = (...events: readonly Partial<TraceEvent>[]): Coverage => {
  const coverage = new Coverage(3);
  for (const event of events) coverage.event(Object.assign(new TraceEvent(), event));
  return coverage;
};

describe("what a run came by", () => {
  it("the handlers that ran: messages between nodes, requests of clients, timers", () => {
    const coverage = happened(
      { kind: "deliver", node: 0, peer: 1, name: "Vote" },
      { kind: "deliver", node: 2, peer: 1, name: "Vote" },
      { kind: "deliver", node: 0, peer: 3, name: "read" },
      { kind: "deliver", node: 3, peer: 0, name: "reply" },
      { kind: "send", node: 0, peer: 1, name: "Lost" },
      { kind: "timer", node: 1, name: "election" },
    );
    expect(coverage.covered).toEqual(["message Vote", "request read", "timer election"]);
  });

  it("each kind of fault in each phase, and a phase is the moment that was last", () => {
    const coverage = happened(
      { kind: "fault", fault: 0, name: "pause" },
      { kind: "emit", name: "election.won" },
      { kind: "fault", fault: 1, name: "crash" },
      { kind: "faultEnd", fault: 0, name: "pause" },
      { kind: "emit", name: "committed" },
    );
    expect(coverage.covered).toEqual(["emit committed", "emit election.won", "fault crash @ committed", "fault crash @ election.won", "fault pause @ election.won", "fault pause @ start"]);
  });

  it("no fault that found nobody, and an instant one at its instant alone", () => {
    const coverage = happened({ kind: "fault", fault: 0, name: "crash", data: { did: false } }, { kind: "fault", fault: 1, name: "heal" }, { kind: "emit", name: "won" });
    expect([coverage.faults, coverage.covered]).toEqual([{ heal: 1 }, ["emit won", "fault heal @ start"]]);
  });

  it("what the protocol marks, and none of its other lines", () => {
    const coverage = new Coverage(3);
    for (const level of ["info", "sometimes"]) coverage.annotation({ type: "log", event: 0, node: 0, level, text: level, fields: null });
    expect(coverage.covered).toEqual(["sometimes sometimes"]);
  });
});

describe("a cluster's signature", () => {
  const nodes = fc.array(fc.option(fc.record({ role: fc.constantFrom("follower", "leader"), term: fc.nat(4), length: fc.nat(4) }), { nil: undefined }), { minLength: 1, maxLength: 6 });

  it("is the same whichever node is which", () => {
    fc.assert(fc.property(nodes, fc.nat(5), (some, by) => clusterSignature([...some.slice(by), ...some.slice(0, by)]) === clusterSignature(some)));
    fc.assert(fc.property(nodes, (some) => clusterSignature([...some].reverse()) === clusterSignature(some)));
  });

  it("goes by the order of numbers alone", () => {
    const grown = (some: readonly NodeSignature[]): NodeSignature[] => (some as readonly ({ term: number; length: number } | undefined)[]).map((one) => one && { ...one, term: one.term * 7 + 3, length: one.length + 100 });
    fc.assert(fc.property(nodes, (some) => clusterSignature(grown(some)) === clusterSignature(some)));
  });

  it("tells order, roles, and who is down", () => {
    const [low, high] = [{ role: "follower", term: 1 }, { role: "follower", term: 2 }];
    const different = [[low, low], [low, high], [low, { ...high, role: "leader" }], [{ ...low, role: "leader" }, high], [low, undefined], [undefined, undefined], ["up", "up"]];
    expect(new Set(different.map(clusterSignature)).size).toBe(different.length);
    expect(clusterSignature([low, low])).toBe(clusterSignature([high, high]));
  });
});

import { describe, expect, test } from "vitest";
import { describeEvent, describeFault, describeFaultEnd, formatValue, listOf, transcript } from "../../sim/explain/index.ts";
import { Log } from "../../sim/protocol.ts";
import { eventKinds, TraceEvent } from "../../sim/trace/event.ts";

const names = { nodes: ["n1", "n2", "n3", "n4", "n5"], clients: ["c1", "c2"] };
const words = { AppendEntries: (m: { term: number; prevLogIndex: number; prevLogTerm: number }) => `AppendEntries term ${m.term} prev ${m.prevLogIndex}/${m.prevLogTerm}` };

function said(fields: Partial<TraceEvent>): string {
  return describeEvent(Object.assign(new TraceEvent(), fields), names, words);
}

describe("an event is one short line", () => {
  const appendEntries = { type: "AppendEntries", term: 1, prevLogIndex: 1, prevLogTerm: 2, entries: [] };
  test.each<[Partial<TraceEvent>, string]>([
    [{ kind: "boot", node: 0, incarnation: 1 }, "n1 boots"],
    [{ kind: "boot", node: 0, incarnation: 2 }, "n1 boots, for the 2nd time"],
    [{ kind: "boot", node: 0, incarnation: 12 }, "n1 boots, for the 12th time"],
    [{ kind: "crash", node: 2, name: "unsynced" }, "n3 crashes, loses unsynced"],
    [{ kind: "crash", node: 2, reason: "TypeError: log is undefined" }, "n3 crashes: TypeError: log is undefined"],
    [{ kind: "crash", node: 2, name: "unsynced", fault: 0, reason: "amid effects, 1 of 6 applied" }, "n3 crashes amid effects, 1 of 6 applied, loses unsynced"],
    [{ kind: "crash", node: 2, name: "torn", fault: 0, reason: "amid a sync" }, "n3 crashes amid a sync, loses torn"],
    [{ kind: "pause", node: 2 }, "n3 pauses"],
    [{ kind: "resume", node: 2 }, "n3 resumes"],
    [{ kind: "send", node: 0, peer: 1, name: "AppendEntries", data: appendEntries }, "n1→n2 AppendEntries term 1 prev 1/2"],
    [{ kind: "send", node: 0, peer: 1, name: "Gossip", data: { type: "Gossip", from: "n1", entries: { k1: 3 } } }, "n1→n2 Gossip from n1 entries {k1: 3}"],
    [{ kind: "send", node: 5, peer: 0, name: "write", attempt: 1, data: { key: "k3", value: 17 } }, "c1→n1 asks write k3 = 17"],
    [{ kind: "send", node: 6, peer: 0, name: "read", attempt: 2, data: { key: "k3", value: null } }, "c2→n1 asks read k3, attempt 2"],
    [{ kind: "send", node: 6, peer: 1, name: "read", attempt: 3, data: { key: "k3", value: null, hedge: true } }, "c2→n2 asks read k3, attempt 3, to hedge"],
    [{ kind: "send", node: 0, peer: 5, name: "reply", data: { type: "ok", value: 17 } }, "n1→c1 replies ok: 17"],
    [{ kind: "send", node: 0, peer: 5, name: "reply", data: { type: "fail", error: "mismatch" } }, "n1→c1 replies fail: mismatch"],
    [{ kind: "send", node: 0, peer: 5, name: "reply", data: { type: "redirect", to: "n2" } }, "n1→c1 replies: ask n2"],
    [{ kind: "duplicate", node: 0, peer: 1, name: "AppendEntries" }, "n1→n2 AppendEntries doubled"],
    [{ kind: "deliver", node: 1, peer: 0, name: "AppendEntries" }, "n1→n2 AppendEntries arrives"],
    [{ kind: "drop", node: 1, peer: 0, name: "AppendEntries", reason: "cut" }, "n1→n2 AppendEntries lost: cut"],
    [{ kind: "drop", node: 1, peer: 0, name: "AppendEntries", reason: "inbox" }, "n1→n2 AppendEntries shed: the inbox is full"],
    [{ kind: "arrive", node: 1, peer: 0, name: "AppendEntries", queue: 3 }, "n1→n2 AppendEntries waits, 3rd in the inbox"],
    [{ kind: "wait", node: 0, peer: 1, name: "AppendEntries", queue: 2, data: 412_000_000 }, "n1→n2 AppendEntries waits 412ms for the link, 2nd in its queue"],
    [{ kind: "timer", node: 2, name: "election" }, "n3 timer election"],
    [{ kind: "timer", node: 2, name: "retry", key: "k1" }, "n3 timer retry k1"],
    [{ kind: "persist", node: 2, bytes: 120 }, "n3 persists 120B"],
    [{ kind: "synced", node: 2 }, "n3 synced"],
    [{ kind: "write", node: 2, name: "log", data: { term: 1 } }, "n3 writes log: {term: 1}"],
    [{ kind: "emit", node: 2, name: "election.won", data: { term: 2 } }, "n3 emits election.won term 2"],
    [{ kind: "invoke", node: 5, name: "write", key: "k3", data: 17 }, "c1 invokes write k3 = 17"],
    [{ kind: "invoke", node: 5, name: "read", key: "k3" }, "c1 invokes read k3"],
    [{ kind: "invoke", node: 5, name: "cas", key: "k3", data: [17, 18] }, "c1 invokes cas k3 17 → 18"],
    [{ kind: "ok", node: 5, name: "write", key: "k3", data: 17 }, "c1 write k3 = 17 ok"],
    [{ kind: "ok", node: 5, name: "write", key: "k3", data: `#17${".".repeat(2000)}` }, "c1 write k3 = #17…1.96KiB ok"],
    [{ kind: "ok", node: 5, name: "write", key: "k3", data: "#17....." }, "c1 write k3 = #17..... ok"],
    [{ kind: "ok", node: 5, name: "read", key: "k3", data: null }, "c1 read k3 = null ok"],
    [{ kind: "fail", node: 5, name: "cas", key: "k3", data: [17, 18], reason: "mismatch" }, "c1 cas k3 17 → 18 fails: mismatch"],
    [{ kind: "info", node: 5, name: "write", key: "k3", data: 17, reason: "timeout" }, "c1 write k3 = 17 unknown: timeout"],
    [{ kind: "fault", name: "partition", data: { nodes: ["n1"], did: true, groups: [["n1", "n2"], ["n3", "n4", "n5"]] } }, "fault partition: n1 and n2 are cut off from n3, n4 and n5"],
    [{ kind: "faultEnd", name: "isolate", data: { nodes: ["n1"], did: true } }, "fault: the isolation of n1 ends"],
    [{ kind: "diskError", node: 1, name: "sync", reason: "failed" }, "n2 hears that a sync failed"],
    [{ kind: "diskError", node: 1, name: "write", reason: "full" }, "n2 hears that its disk is full"],
    [{ kind: "damage", node: 1, name: "wal", reason: "bitrot", data: { at: "3.term", was: 4, is: 5 } }, "n2's disk rots: wal at 3.term is 5, was 4"],
    [{ kind: "damage", node: 1, name: "", reason: "lost", data: {} }, "n2's disk loses what was written to the saved state"],
    [{ kind: "damage", node: 1, name: "wal", reason: "misdirected", data: { at: 7, to: 2 } }, "n2's disk misdirects what was written to wal at 7: it lands at 2"],
    [{ kind: "recover", node: 1, name: "halt", reason: "bitrot" }, "n2 finds its disk damaged and stays down"],
    [{ kind: "end", reason: "duration" }, "the run ends: duration"],
  ])("%o", (fields, line) => expect(said(fields)).toBe(line));

  test("every kind of event has words, even with nothing in it", () => {
    for (const kind of eventKinds) expect(said({ kind, node: 0, peer: 1 })).not.toMatch(/undefined|object Object/);
  });
});

describe("a fault is one phrase", () => {
  const nodes = names.nodes;
  test.each<[string, object, string]>([
    ["partition", { groups: [["n3", "n2"], ["n1", "n4", "n5"]] }, "n3 and n2 are cut off from n1, n4 and n5"],
    ["partition", { groups: [["n1"], ["n2", "n3", "n4", "n5"]] }, "n1 is cut off from n2, n3, n4 and n5"],
    ["partition", { groups: [["n1", "n2"], ["n3"]] }, "these do not see each other: n1, n2 | n3 | n4 | n5"],
    ["isolate", { nodes: ["n3"] }, "n3 is cut off from everybody"],
    ["block", { nodes: ["n1"], groups: [["n1"], ["n2", "n3"]] }, "nothing from n1 reaches n2 and n3"],
    ["crash", { nodes: ["n3"], lose: "unsynced" }, "n3 crashes, and what was not synced is lost"],
    ["crash", { nodes: ["n3", "n4"], lose: "disk" }, "n3 and n4 crash, and the disk is lost"],
    ["crash", { nodes: ["n3"], lose: "nothing" }, "n3 crashes, and nothing on disk is lost"],
    ["restart", { nodes: ["n3"] }, "n3 restarts"],
    ["pause", { nodes: ["n3"] }, "n3 pauses and does not know it"],
    ["slow", { nodes: ["n3"], by: "40ms" }, "messages from and to n3 take 40ms longer"],
    ["flaky", { nodes: ["n3"], loss: "30%" }, "30% of the messages from and to n3 are lost"],
    ["slow", { nodes: ["n1", "n2"], groups: [["n1"], ["n2"]], link: true, by: { type: "uniform", min: 1e6, max: 5e6 } }, "messages between n1 and n2 take 1ms to 5ms longer"],
    ["slow", { nodes: ["n3"], by: { type: "mix", parts: [{ weight: 0.9, of: { type: "constant", value: 1e6 } }, { weight: 0.1, of: { type: "pareto", scale: 3e6, shape: 1.1 } }] } }, "messages from and to n3 take mix(90% 1ms 10% pareto(3ms 1.1)) longer"],
    ["flaky", { nodes: ["n3"], loss: 0.3 }, "30% of the messages from and to n3 are lost"],
    ["corrupt", { nodes: ["n3"], rate: 0.015 }, "1.5% of the messages from and to n3 are corrupted"],
    ["burst", { nodes: ["n3"], loss: 0.8, good: { type: "exponential", mean: 2e9 }, bad: { type: "constant", value: 1e8 } }, "80% of the messages from and to n3 are lost in bursts, good for exponential(2s) and bad for 100ms"],
    ["clog", { nodes: ["n3", "n4"] }, "messages from and to n3 and n4 are held"],
    ["clog", { nodes: ["n3", "n4"], groups: [["n3"], ["n4"]], link: true }, "messages between n3 and n4 are held"],
    ["bridge", { nodes: ["n3"], groups: [["n1", "n2"], ["n3"], ["n4", "n5"]] }, "n1 and n2 no longer see n4 and n5; n3 sees both"],
    ["bridge", { nodes: ["n2", "n3"], groups: [["n1"], ["n2", "n3"], ["n4"]] }, "n1 no longer sees n4; n2 and n3 see both; n5 sees nobody"],
    ["ring", { nodes: ["n1", "n2", "n3"], groups: [["n1", "n2"], ["n2", "n1", "n3"], ["n3", "n2"]] }, "each sees a majority, no two the same: n1 sees n2; n2 sees n1 and n3; n3 sees n2"],
    ["swizzle", { nodes: ["n2", "n1"], clogs: [{ node: "n2", atNs: 1e9 }, { node: "n1", atNs: 15e8 }], unclogs: [{ node: "n1", atNs: 3e9 }, { node: "n2", atNs: 4e9 }] }, "n2 and n1 are clogged one by one until 1.5s, and go on from 3s in the order n1, n2"],
    ["swizzle", { nodes: ["n2"], clogs: [{ node: "n2", atNs: 1e9 }] }, "n2 is clogged from 1s on"],
    ["skew", { nodes: ["n3"], by: 2e9 }, "the clock of n3 jumps by 2s"],
    ["skew", { nodes: ["n3"], drift: -500_000 }, "the clock of n3 drifts by -500ppm"],
    ["crash", { nodes: ["n3"], lose: "unsynced", amid: "effects" }, "n3 will crash in the middle of its next effects, and what was not synced is lost"],
    ["crash", { nodes: ["n3", "n4"], lose: "torn", amid: "sync" }, "n3 and n4 will crash in the middle of their next sync, and part of what was not synced is lost"],
    ["slowCpu", { nodes: ["n3"], by: 10 }, "n3 takes 10 times as long for a message"],
    ["skew", { nodes: ["n3"], stopped: true }, "the clock of n3 stands still"],
    ["skew", { nodes: ["n3"], by: "2s" }, "the clock of n3 jumps by 2s"],
    ["skew", { nodes: ["n3", "n4"], drift: "500ppm" }, "the clocks of n3 and n4 drift by 500ppm"],
    ["crash", { nodes: [], did: false }, "crash finds nobody to strike"],
    ["crash", { nodes: ["n1"], did: false }, "crash changes nothing for n1"],
    ["crash", { nodes: ["n3"], lose: "torn" }, "n3 crashes, and part of what was not synced is lost"],
    ["diskSlow", { nodes: ["n3"], by: { type: "constant", value: 40_000_000 } }, "syncs of n3 take 40ms longer"],
    ["diskStall", { nodes: ["n3", "n4"] }, "the disks of n3 and n4 hang: nothing is written until it ends"],
    ["diskFull", { nodes: ["n3"] }, "the disk of n3 is full"],
    ["diskError", { nodes: ["n3"], pages: "clean", rate: 1 }, "syncs of n3 fail, and their pages are lost"],
    ["diskError", { nodes: ["n3"], pages: "dirty", rate: 0.3 }, "30% of the syncs of n3 fail, and their pages stay to be written"],
    ["bitrot", { nodes: ["n3"], detected: true }, "what n3 has on disk changes, and a checksum tells at the start"],
    ["lostWrite", { nodes: ["n3"], rate: 1, detected: false }, "syncs of n3 are reported as done and write nothing, and nobody notices"],
    ["misdirected", { nodes: ["n3"], rate: 0.5, detected: false }, "50% of the writes of n3 land in another place, and nobody notices"],
    ["transfer", { nodes: ["n2"], graceful: true }, "transfer strikes n2, graceful true"],
  ])("%s %o", (kind, data, phrase) => expect(describeFault(kind, { did: true, ...data }, nodes)).toBe(phrase));

  test("the end of a fault has its name where it has one", () => {
    expect(describeFaultEnd("partition", { name: "split", nodes: ["n1"] })).toBe("the partition “split” of n1 ends");
  });
});

test("values are cut to their length, and quoted only where they would be misread", () => {
  expect(formatValue(["a b", "c", null, { x: 1 }])).toBe('["a b", c, null, {x: 1}]');
  expect(formatValue("x".repeat(100), 10)).toBe("xxxxxxxxx…");
  expect(formatValue(Log.of([1, 2]))).toBe("[1, 2]");
});

test("a list of names ends in and", () => {
  expect([[], ["n1"], ["n1", "n2"], ["n1", "n2", "n3"]].map(listOf)).toEqual(["nobody", "n1", "n1 and n2", "n1, n2 and n3"]);
});

test("a transcript is a line an event, with its exact time", () => {
  const events = [
    { kind: "invoke", time: 1_000_000_000, node: 5, name: "write", key: "k3", data: 17 },
    { kind: "timer", time: 1_000_000_001, node: 2, name: "election" },
    { kind: "persist", time: 1_000_000_001, node: 2 },
    { kind: "drop", time: 1_204_000_000, node: 1, peer: 0, name: "AppendEntries", reason: "loss" },
    { kind: "end", time: 20_000_000_000, reason: "duration" },
  ].map((fields) => Object.assign(new TraceEvent(), fields));
  expect(transcript(events, { names, without: ["persist"], atMost: 3 })).toBe(
    ["          1s  c1 invokes write k3 = 17", "1.000000001s  n3 timer election", "      1.204s  n1→n2 AppendEntries lost: loss", "              … and 1 more", ""].join("\n"),
  );
});

import { expect, test } from "vitest";
import { momentText, tickText } from "../../viz/model/clocktext.ts";
import { cellText, entryText, termOf, variants } from "../../viz/model/entries.ts";
import { familyOf, Palette, termToken } from "../../viz/model/palette.ts";
import { openSynthetic } from "./open.ts";

test("a log's entry reads like what the client asked", () => {
  expect(entryText({ term: 3, command: { f: "write", key: "k3", value: 17, client: "c1" } })).toBe("k3 = 17");
  expect(entryText({ term: 3, command: { f: "cas", key: "k1", value: [4, 9] } })).toBe("k1: 4 → 9");
  expect(entryText({ term: 3, command: { f: "read", key: "k1", value: null } })).toBe("read k1");
  expect(entryText({ term: 3, command: null })).toBe("no-op");
  expect(entryText({ term: 3, x: 1 })).toBe("{x: 1}");
  expect(entryText(7)).toBe("7");
  expect([termOf({ term: 3 }), termOf({}), termOf(null)]).toEqual([3, -1, -1]);
});

test("a register's cell holds its value, and apart from it whose it is", () => {
  expect(cellText({ value: 17, stamp: 5, node: "n1" })).toEqual({ main: "17", rest: "n1 5", full: "value 17, stamp 5, node n1" });
  expect(cellText("x")).toEqual({ main: "x", rest: "", full: "x" });
});

test("of a row's values the most frequent is the usual one, and others are numbered", () => {
  expect(variants([1, 2, 2, undefined, 3])).toEqual([1, 0, 0, 0, 2]);
  expect(variants([{ a: 1 }, { a: 1 }])).toEqual([0, 0]);
  expect(variants([undefined, undefined])).toEqual([0, 0]);
});

test("moments stand to the microsecond, ticks with as many digits as they need", () => {
  expect(momentText(5_012_345_678)).toBe("5.012345 s");
  expect(momentText(999)).toBe("0.000000 s");
  expect(tickText(3e9, 1e9)).toBe("3 s");
  expect(tickText(4.94e9, 2e7)).toBe("4.94 s");
  expect(tickText(1_234_567_000, 1_000)).toBe("1,234.567 ms");
});

test("a call and its reply are one family, and the commonest has the quietest colour", () => {
  expect(["AppendEntries", "AppendEntriesReply", "PreVoteResponse", "Ack"].map(familyOf)).toEqual(["AppendEntries", "AppendEntries", "PreVote", "Ack"]);
  const { run } = openSynthetic(800);
  const palette = new Palette(run);
  expect(palette.families).toEqual([
    { family: "AppendEntries", color: "--message-0", hasReply: true },
    { family: "RequestVote", color: "--message-1", hasReply: true },
  ]);
  expect(palette.styleOf("RequestVoteReply", 0, 1)).toEqual({ family: "RequestVote", color: "--message-1", isReply: true });
  expect(palette.styleOf("write", 5, 0)).toEqual({ family: "client", color: "--message-client", isReply: false });
});

test("a term after the first election has a hue of its own, unlike its neighbours'", () => {
  expect(termToken(0)).toBe("--ink-3");
  for (let term = 1; term < 40; term += 1) expect(termToken(term)).not.toBe(termToken(term + 1));
});

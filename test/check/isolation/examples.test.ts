import { expect, test } from "vitest";
import { check, type HistoryEvent, isolationLevels } from "../../../sim/check/index.ts";
import { sessions } from "./histories.ts";

/** From the strongest level to the weakest: + holds, - does not. */
function verdicts(history: readonly HistoryEvent[]): string {
  return Object.keys(isolationLevels).map((consistency) => (check(history, { model: "rw-register", consistency }).verdict === "pass" ? "+" : "-")).join("");
}

/**
 * A line a session; sessions know nothing of each other's time but that what stands further right began later. The columns:
 * strictly serializable, serializable, snapshot isolation, prefix, transactional causal, read atomic, read committed.
 */
const examples: readonly (readonly [name: string, lines: readonly string[], verdicts: string])[] = [
  ["one after the other", ["[x1] [y2]", "[x=1] [y=2]"], "+++++++"],
  ["a stale read of another session", ["[x1]", "[y9] [x=0]"], "-++++++"],
  // Berenson et al., “A critique of ANSI SQL isolation levels”, 1995.
  ["write skew (A5B)", ["[x=0 y=0 x1]", "[x=0 y=0 y1]"], "--+++++"],
  ["lost update (P4)", ["[x=0 x1]", "[x=0 x2]"], "---++++"],
  ["read skew (A5A)", ["[x1 y1]", "[x=0 y=1]"], "------+"],
  ["unrepeatable read (P2)", ["[x1]", "[x=0 x=1]"], "------+"],
  ["dirty read (P1)", ["[x1]!", "[x=1]"], "-------"],
  ["dirty write (P0), seen", ["[x1 y1]", "[x2 y2]", "[x=1 y=2]"], "------+"],
  ["intermediate read (G1b)", ["[x1 x2]", "[x=1]"], "-------"],
  ["circular flow of information (G1c)", ["[x1 y=2]", "[y2 x=1]"], "-------"],
  ["a read out of thin air", ["[x=7]"], "-------"],
  ["a read of one's own write", ["[x1 x=1]"], "+++++++"],
  ["a read that does not see one's own write", ["[x1 x=0]"], "-------"],
  // Cerone, Bernardi and Gotsman, “A framework for transactional consistency models with atomic visibility”, CONCUR 2015.
  ["fractured read", ["[x1 y1]", "[x=1 y=0]"], "-------"],
  ["long fork", ["[x1]", "[y1]", "[x=1 y=0]", "[x=0 y=1]"], "----+++"],
  ["causality violation, through another session", ["[x1]", "[x=1 y1]", "[y=1 x=0]"], "-----++"],
  ["a session that does not see its own write", ["[x1] [x=0]"], "------+"],
  // Biswas and Enea, OOPSLA 2019: what a level allows and the next one does not.
  ["reads that go back behind what was seen", ["[x1] [x2 y2]", "[y=2 x=1]"], "-------"],
  ["reads that go forward", ["[x1] [x2 y2]", "[x=1 y=2]"], "------+"],
  ["two that are far apart in one session, one key", ["[x1] [x2] [x=1]"], "------+"],
  ["a read-only transaction's anomaly (Fekete et al., 2004)", ["[x=0 y=0 x1]", "[y2]", "[x=0 y=2]"], "--+++++"],
  ["a long fork that one session sees", ["[x=0 y=0 x1]", "[y2] [x=0 y=2]", "[x=1 y=0]"], "----+++"],
];

test.each(examples)("%s", (_, lines, expected) => {
  expect(verdicts(sessions(...lines))).toBe(expected);
});

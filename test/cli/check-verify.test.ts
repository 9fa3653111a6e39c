import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "../house/source.ts";
import { splitbrain } from "./cli.ts";

const folder = mkdtempSync(join(tmpdir(), "splitbrain-verify-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("check --verify says that a refutation was tried out, and tells it by operations of which none can be left out", async () => {
  const { code, stdout } = await splitbrain(["check", `${ROOT}test/check/porcupine/kv/c10-bad.txt`, "--verify", "--json"], { cwd: ROOT });
  const { verification, explanation } = JSON.parse(stdout) as { verification: object; explanation: { minimal: boolean; operations: { f: string }[] } };
  expect(code).toBe(1);
  expect(verification).toEqual({ outcome: "verified", why: "none of the orders of these 5 operations is legal" });
  expect(explanation.minimal).toBe(true);
  expect(explanation.operations.map(({ f }) => f)).toEqual(["append", "append", "append", "append", "get"]);
});

/** Two that each miss the append of the other. */
const skew = [
  '{"process":0,"client":"c1","type":"invoke","f":"txn","value":[["append","x",1],["r","y",null]],"time":1}',
  '{"process":1,"client":"c2","type":"invoke","f":"txn","value":[["append","y",1],["r","x",null]],"time":2}',
  '{"process":0,"client":"c1","type":"ok","f":"txn","value":[["append","x",1],["r","y",[]]],"time":3}',
  '{"process":1,"client":"c2","type":"ok","f":"txn","value":[["append","y",1],["r","x",[]]],"time":4}',
].join("\n");

test("check --verify replays transactions: the circle of a fail, told by a line a step, and the order of a pass", async () => {
  writeFileSync(join(folder, "skew.jsonl"), skew);
  const check = async (...args: string[]) => splitbrain(["check", join(folder, "skew.jsonl"), "--model", "list-append", "--verify", ...args], { cwd: ROOT });
  const failed = await check();
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain("2 transactions\n  G2-item, in which each must come before the next:\n    T0 → T1  rw  T0 read [] of y, to which T1 appended 1\n    T1 → T0  rw  T1 read [] of x, to which T0 appended 1\n");
  expect(failed.stdout).toContain("verified: each of the 2 steps of the circle is in the history");
  const passed = await check("--consistency", "snapshotIsolation");
  expect(passed.stdout).toContain("verified: 2 transactions commit as the witness puts them, as snapshotIsolation asks");
  const { explanation } = JSON.parse((await check("--json")).stdout) as { explanation: { anomalies: string[]; cycle: { kind: string }[] } };
  expect(explanation.anomalies).toEqual(["G2-item"]);
  expect(explanation.cycle.map(({ kind }) => kind)).toEqual(["rw", "rw"]);
});

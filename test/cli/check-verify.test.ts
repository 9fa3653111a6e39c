import { expect, test } from "vitest";
import { ROOT } from "../house/source.ts";
import { splitbrain } from "./cli.ts";

test("check --verify says that a refutation was tried out, and tells it by operations of which none can be left out", async () => {
  const { code, stdout } = await splitbrain(["check", `${ROOT}test/check/porcupine/kv/c10-bad.txt`, "--verify", "--json"], { cwd: ROOT });
  const { verification, explanation } = JSON.parse(stdout) as { verification: object; explanation: { minimal: boolean; operations: { f: string }[] } };
  expect(code).toBe(1);
  expect(verification).toEqual({ outcome: "verified", why: "none of the orders of these 5 operations is legal" });
  expect(explanation.minimal).toBe(true);
  expect(explanation.operations.map(({ f }) => f)).toEqual(["append", "append", "append", "append", "get"]);
});

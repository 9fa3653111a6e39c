import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, modelOf, type Operation, type Verdict } from "../../sim/check/index.ts";
import { verify } from "../../sim/check/verify.ts";
import { operationsFrom, type Placed, registerHistory } from "./histories.ts";

const kv = modelOf("kv");
const levels = ["causal", "causalConvergence", "causalMemory", "pram"] as const;

for (const consistency of levels) {
  test(`${consistency}: the witness of every pass of 600 histories is replayed`, () => {
    const seen = { verified: 0, wrong: 0, open: 0 };
    fc.assert(
      fc.property(registerHistory(10, true, 3), (operations) => {
        const verdict = check(operations, { consistency });
        if (verdict.verdict !== "pass") return;
        const { outcome, why } = verify(verdict, operations, kv);
        expect([outcome, why].join(": ")).not.toMatch(/^wrong/);
        seen[outcome] += 1;
      }),
      { numRuns: 600 },
    );
    expect(seen.verified).toBeGreaterThan(50);
    // Only a history that is causal, and on whose writes not all agree, has no order to show.
    expect(seen.open).toBeLessThanOrEqual(consistency === "causal" ? seen.verified / 4 : 0);
  });

  test(`${consistency}: a fail that is passed off as a pass has no order that is verified, in 600 histories with drawn orders`, () => {
    fc.assert(
      fc.property(registerHistory(6, true, 2), fc.infiniteStream(fc.nat(1000)), (operations, numbers) => {
        const verdict = check(operations, { consistency });
        if (verdict.verdict !== "fail") return;
        const shuffled = (): number[] => operations.map(({ index }) => ({ index, at: numbers.next().value as number })).sort((a, b) => a.at - b.at).map(({ index }) => index);
        const parts = consistency === "causalMemory" || consistency === "pram" ? [...new Set(operations.map(({ client }) => client))] : [""];
        for (let time = 0; time < 20; time += 1) {
          const claimed: Verdict = { ...verdict, verdict: "pass", witness: parts.map((part) => ({ part, order: shuffled() })) };
          expect(verify(claimed, operations, kv).outcome).not.toBe("verified");
        }
      }),
      { numRuns: 600 },
    );
  });
}

describe("the histories of Bouajjani et al., POPL 2017, figure 3", () => {
  const sessions = (...texts: readonly string[]): Operation[] =>
    operationsFrom(
      texts.flatMap((session, client) =>
        session.split(" ").map((text, at): Placed => {
          const [, f, key, value] = /^([wr])\((\w)\)(\d)$/.exec(text) as unknown as [string, string, string, string];
          const number = value === "0" ? null : Number(value);
          const when = { client: `c${client + 1}`, key, outcome: "ok" as const, from: 10 * at, to: 10 * at + 9 };
          return f === "w" ? { ...when, f: "write", input: number, output: null } : { ...when, f: "read", input: null, output: number };
        }),
      ),
    );

  test("(a), which is CM and not CCv, has an order for each session", () => {
    const operations = sessions("w(x)1 r(x)2", "w(x)2 r(x)1");
    expect(verify(check(operations, { consistency: "causalMemory" }), operations, kv)).toEqual({ outcome: "verified", why: "each of 2 sessions' orders explains what it read" });
    expect(verify(check(operations, { consistency: "causal" }), operations, kv).outcome).toBe("open");
  });

  test("(b), which is CCv and not CM, has one order on which all agree", () => {
    const operations = sessions("w(z)1 w(x)1 w(y)1", "w(x)2 r(z)0 r(y)1 r(x)2");
    expect(verify(check(operations, { consistency: "causalConvergence" }), operations, kv)).toEqual({ outcome: "verified", why: "one order of 7 operations explains what each read of what it knew" });
  });
});

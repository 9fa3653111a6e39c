import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder, splitbrain } from "./cli.ts";

const events = (...calls: readonly (readonly [f: string, input: unknown, output: unknown])[]): string =>
  calls.flatMap(([f, input, output]) => (["invoke", "ok"] as const).map((type) => JSON.stringify({ process: 0, client: "c1", type, f, key: "k", value: type === "ok" ? output : input, time: 0 }))).join("\n");

/** A bank account that is never overdrawn. */
const account = `import { defineModel, type Operation } from "splitbrain";
export default defineModel<number>({
  name: "account",
  initial: 0,
  functions: ["deposit", "withdraw", "balance"],
  next(balance: number, { f, input, output, outcome }: Operation): number[] {
    if (f === "deposit") return [balance + (input as number)];
    if (f === "balance") return outcome === "info" || output === balance ? [balance] : [];
    return balance >= (input as number) ? [balance - (input as number)] : [];
  },
  pure: ({ f }) => f === "balance",
});
`;

const right = events(["deposit", 5, null], ["withdraw", 3, null], ["balance", null, 2]);
const wrong = events(["deposit", 5, null], ["withdraw", 6, null]);

function check(model: string, history = right, ...more: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "my-model.ts"), model);
  writeFileSync(join(cwd, "h.jsonl"), history);
  return splitbrain(["check", "h.jsonl", "--model", "./my-model.ts", ...more], { cwd });
}

describe("splitbrain check --model with a module", () => {
  it("judges by a model of one's own, in TypeScript", async () => {
    const pass = await check(account, right, "--json");
    expect({ code: pass.code, verdict: JSON.parse(pass.stdout) as unknown }).toMatchObject({ code: 0, verdict: { verdict: "pass", model: "account", consistency: "linearizable", operations: 3, algorithm: "search (Wing–Gong–Lowe)" } });
    const fail = await check(account, wrong);
    expect(fail.code).toBe(1);
    expect(fail.stdout).toContain("withdraw of 6 to k by c1 completed");
  });

  it("takes the bare definition, too, and holds it against other levels", async () => {
    const bare = "export const account = { name: 'account', initial: 0, next: (sum, { input, output }) => (input === null ? (output === sum ? [sum] : []) : [sum + input]) };";
    const { code, stdout } = await check(bare, events(["add", 2, null], ["read", null, 2]), "--consistency", "sequential", "--quiet");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "✓ pass  sequential, account, 2 operations\n" });
  });

  it("says with file, line and column what a model throws, what it leaves open without saying so, and what is no model", async () => {
    const throws = await check(account.replace("if (f ===", "if (input === 3) throw new Error('three');\n    if (f ==="));
    expect(throws.code).toBe(2);
    expect(throws.stderr).toMatch(/my-model\.ts:7:\d+: .*the model throws: Error: three/);
    const open = await check("export default { name: 'lossy', initial: 0, next: (value) => [value, value + 1] };");
    expect(open.code).toBe(2);
    expect(open.stderr).toContain("does not say isNondeterministic: true");
    const none = await check("export const x = 1;");
    expect({ code: none.code, said: none.stderr.includes("the module exports no model") }).toEqual({ code: 2, said: true });
    const nameless = await check("export default { initial: 0, next: () => [] };");
    expect({ code: nameless.code, said: nameless.stderr.includes("a model has a name, a text") }).toEqual({ code: 2, said: true });
  });

  it("names what there is where the module is missing, and refuses the machine", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "my-model.ts"), account);
    writeFileSync(join(cwd, "h.jsonl"), right);
    const missing = await splitbrain(["check", "h.jsonl", "--model", "./my-modell.ts"], { cwd });
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("there is no model module ./my-modell.ts, did you mean `./my-model.ts`?");
    const files = await check(`import "node:fs";\n${account}`);
    expect({ code: files.code, said: files.stderr.includes("a model cannot import `node:fs`") }).toEqual({ code: 2, said: true });
  });
});

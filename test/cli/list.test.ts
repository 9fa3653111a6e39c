import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { emptyFolder, splitbrain } from "./cli.ts";

type Listed = readonly { readonly name: string; readonly summary: string }[];

async function list(kind: string): Promise<Listed> {
  const { code, stdout, stderr } = await splitbrain(["list", kind, "--json"], { cwd: emptyFolder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Listed;
}

describe("splitbrain list", () => {
  it.each([
    ["protocols", ["raft", "lww-register"]],
    ["scenarios", ["raft/leader-isolated"]],
    ["faults", ["partition", "isolate", "block", "slow", "flaky", "duplicate", "crash", "restart", "pause", "skew", "heal"]],
    ["models", ["register", "cas-register", "kv"]],
    ["metrics", ["availability", "unavailable.longest", "latency.p99", "messages.perOperation"]],
    ["levels", ["linearizable", "readYourWrites", "monotonicReads"]],
  ])("gives %s as an array of names and summaries with --json", async (kind, expected) => {
    const listed = await list(kind);
    expect(listed.map((one) => one.name)).toEqual(expect.arrayContaining(expected));
    for (const one of listed) {
      expect(Object.keys(one)).toEqual(["name", "summary"]);
      expect(one.summary, one.name).not.toBe("");
    }
  });

  it("names every mutant by its protocol, a slash and its own name", async () => {
    const expected = Object.entries(protocols).flatMap(([protocol, { mutants = {} }]) => Object.keys(mutants).map((mutant) => `${protocol}/${mutant}`));
    expect((await list("mutants")).map((one) => one.name)).toEqual(expected);
    expect(expected).toContain("raft/vote-not-persisted");
  });

  it("names the kinds with their counts where none is asked for", async () => {
    const { code, stdout } = await splitbrain(["list"], { cwd: emptyFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain(`protocols (${Object.keys(protocols).length})`);
    expect(stdout.trimEnd().split("\n").every((line) => line.length <= 80)).toBe(true);
  });
});

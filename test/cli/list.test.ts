import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { legend, type ListedFault } from "../../sim/cli/fault-reference.ts";
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
      expect(Object.keys(one).slice(0, 2)).toEqual(["name", "summary"]);
      if (kind !== "faults") expect(Object.keys(one).length).toBe(2);
      expect(one.summary, one.name).not.toBe("");
    }
  });

  it("prints of each fault what it takes, in which units, and where it comes from", async () => {
    const faults = (await list("faults")) as readonly ListedFault[];
    for (const { name, forms, parameters, source, clients, instant } of faults) {
      expect(forms.every((form) => form.startsWith(`${name}: `)), name).toBe(true);
      expect(parameters.every((one) => one.takes !== "" && (one.summary !== "" || name === "heal")), name).toBe(true);
      expect([name, source.length > 10, typeof clients, typeof instant]).toEqual([name, true, "boolean", "boolean"]);
    }
    const { forms, parameters } = faults.find(({ name }) => name === "burst") as ListedFault;
    expect(forms).toEqual(["burst: { nodes: SEL, loss: SHARE, good: DIST, bad: DIST }", "burst: { link: [SEL, SEL], loss: SHARE, good: DIST, bad: DIST }"]);
    expect(parameters.map(({ name, takes, required }) => `${name} ${takes} ${required}`)).toEqual(["nodes SEL false", "link [SEL, SEL] false", "loss SHARE true", "good DIST true", "bad DIST true"]);
  });

  it.each([[["list", "faults"]], [["list", "faults", "--long"]]])("prints the faults for people with %j: every form, and what its words mean, in 80 columns", async (args) => {
    const { code, stdout } = await splitbrain(args, { cwd: emptyFolder() });
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, " ");
    for (const { forms } of (await list("faults")) as readonly ListedFault[]) for (const form of forms) expect(text).toContain(form);
    for (const word of Object.keys(legend)) expect(text).toContain(` ${word} ${legend[word]?.slice(0, 20)}`);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("has no more to say of anything else", async () => {
    const { code, stderr } = await splitbrain(["list", "mutants", "--long"], { cwd: emptyFolder() });
    expect([code, stderr.split("\n")[0]]).toEqual([2, "error: --long goes with faults; there is no more to say of mutants"]);
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

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commands } from "../../sim/cli/commands/index.ts";
import { notSupportedYet } from "../../sim/cli/parse.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { emptyFolder, splitbrain } from "./cli.ts";

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly env: { readonly [name: string]: unknown };
  readonly jobs: { readonly [name: string]: { readonly strategy?: object; readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly if?: string; readonly with?: { readonly [name: string]: unknown } }[] } };
}

describe("splitbrain new", () => {
  it("writes a protocol of at most sixty lines, a test and a scenario beside it, which runs as it is and passes", async () => {
    const cwd = emptyFolder();
    const made = await splitbrain(["new", "protocol", "my-first"], { cwd });
    expect(made.code).toBe(0);
    expect(made.stdout).toContain("Wrote my-first.ts, my-first.test.ts and my-first.yaml.");
    for (const step of ["splitbrain run my-first.yaml", "npx vitest run my-first.test.ts"]) expect(made.stdout).toContain(step);
    expect(readdirSync(cwd).sort()).toEqual(["my-first.test.ts", "my-first.ts", "my-first.yaml"]);
    expect(readFileSync(join(cwd, "my-first.ts"), "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(60);

    const { code, stdout } = await splitbrain(["run", "my-first.yaml", "--json"], { cwd });
    const result = JSON.parse(stdout) as RunResult;
    expect({ code, verdict: result.verdict, protocol: result.protocol }).toEqual({ code: 0, verdict: "pass", protocol: "./my-first.ts" });
    expect(result.expectations.map((one) => one.name)).toContain("linearizable");
    expect(result.metrics["operations.ok"]).toBeGreaterThan(500);
  });

  it("writes a protocol whose one rule for reads is what makes it linearizable", async () => {
    const cwd = emptyFolder();
    await splitbrain(["new", "protocol", "careless"], { cwd });
    const path = join(cwd, "careless.ts");
    const lines = readFileSync(path, "utf8").split("\n");
    const rule = lines.findIndex((line) => line.includes("remove this line and see who notices"));
    writeFileSync(path, lines.filter((_, index) => index !== rule).join("\n"));
    const { code, stdout } = await splitbrain(["run", "careless.yaml", "--json"], { cwd });
    expect(code).toBe(1);
    const failed = (JSON.parse(stdout) as RunResult).expectations.filter((one) => one.verdict === "fail");
    expect(failed.map((one) => one.name)).toEqual(["linearizable"]);
  });

  it("writes a commented scenario that runs as it is and passes", async () => {
    const cwd = emptyFolder();
    expect((await splitbrain(["new", "scenario"], { cwd })).code).toBe(0);
    expect(readdirSync(cwd)).toEqual(["my-scenario.yaml"]);
    const { code, stdout } = await splitbrain(["run", "my-scenario.yaml", "--json"], { cwd });
    expect({ code, verdict: (JSON.parse(stdout) as RunResult).verdict }).toEqual({ code: 0, verdict: "pass" });
  });

  it("writes a workflow that hunts every night in shards, with commands and options that there are, and keeps what failed", async () => {
    const cwd = emptyFolder();
    const made = await splitbrain(["new", "workflow"], { cwd });
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining("Wrote .github/workflows/hunt.yaml.")]);
    const { on, env, jobs } = parse(readFileSync(join(cwd, ".github/workflows/hunt.yaml"), "utf8")) as Workflow;
    expect(on.schedule.map(({ cron }) => cron.split(" ").length)).toEqual([5]);
    const { matrix } = jobs["hunt"]?.strategy as { readonly matrix: { readonly shard: readonly number[] } };
    expect(matrix.shard).toEqual(Array.from({ length: Number(env["SHARDS"]) }, (_, index) => index + 1));

    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const lines = steps.flatMap(({ run }) => (run?.startsWith("npx splitbrain ") === true ? [run.split(" ").slice(2)] : []));
    expect(lines.map(([name]) => name)).toEqual(["hunt", "merge"]);
    for (const [name, ...words] of lines) {
      const command = commands.find((one) => one.name === name);
      if (command === undefined) expect(notSupportedYet).toHaveProperty(name as string);
      else expect(Object.keys(command.options)).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith("--")).map((word) => word.slice(2))));
    }
    const kept = steps.filter(({ uses, if: when }) => uses?.startsWith("actions/upload-artifact@") === true && when === "failure()");
    expect(kept.map((step) => step.with?.["path"])).toEqual(["hunt/*.failure.*", "report/*.failure.*"]);
    expect(jobs["report"]).toMatchObject({ needs: "hunt", if: "always()" });
  });

  it("overwrites nothing, and then writes nothing at all", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "mine.yaml"), "mine");
    const { code, stdout, stderr } = await splitbrain(["new", "protocol", "mine"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("mine.yaml exists already, and is left as it is");
    expect(readdirSync(cwd)).toEqual(["mine.yaml"]);
    expect(readFileSync(join(cwd, "mine.yaml"), "utf8")).toBe("mine");
  });

  it("writes into the folder of --out, and tells the files as JSON", async () => {
    const cwd = emptyFolder();
    const { stdout } = await splitbrain(["new", "scenario", "later", "--out", "drafts", "--json"], { cwd });
    expect(JSON.parse(stdout)).toEqual({ version: 1, files: ["drafts/later.yaml"] });
    expect(readdirSync(join(cwd, "drafts"))).toEqual(["later.yaml"]);
  });

  it("refuses a name that is no name", async () => {
    const { code, stderr } = await splitbrain(["new", "protocol", "../elsewhere"], { cwd: emptyFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain("'../elsewhere' cannot be the name of a file and a protocol");
  });
});

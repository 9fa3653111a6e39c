import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { readTraceFile } from "../../sim/trace/file.node.ts";
import type { RunResult } from "../../sim/scenario/result.ts";
import { emptyFolder, root, splitbrain } from "./cli.ts";

const storm = `version: 1
name: A storm
protocol: raft
nodes: 3
duration: 6s
workload: { clients: 2, rate: 50/s }
faults:
  - { at: 1s, for: 200ms, isolate: leader } # as ever
  # whatever comes
  - random: { intensity: 50% }
expect: { progress: { within: 2s } }
`;

function folderWith(name: string, text: string): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, name), text);
  return folder;
}

async function runJson(args: readonly string[], cwd: string): Promise<RunResult> {
  const { stdout, stderr } = await splitbrain(["run", ...args, "--json"], { cwd });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as RunResult;
}

it("the drawn schedule is left as a scenario that gives the same digest and verdict", async () => {
  const cwd = folderWith("storm.yaml", storm);
  const first = await runJson(["storm.yaml", "--seed", "5"], cwd);
  expect(first.files.schedule).toBe(".splitbrain/storm-seed5.faults.yaml");
  expect(readdirSync(join(cwd, ".splitbrain")).sort()).toEqual(["storm-seed5.faults.yaml", "storm-seed5.history.jsonl", "storm-seed5.trace"]);

  const again = await runJson([first.files.schedule as string, "--out", "again"], cwd);
  expect([again.digest, again.seed, again.expectations]).toEqual([first.digest, 5, first.expectations]);
  expect(again.schedule).toBeUndefined();
  expect(again.files.schedule).toBeUndefined();
  const written = readFileSync(join(cwd, first.files.schedule as string), "utf8");
  expect((parse(written) as { faults: unknown }).faults).toEqual(first.schedule);
  for (const comment of ["# as ever", "# whatever comes"]) expect(written).toContain(comment);
});

it("the schedule is in the JSON, by its published schema, and in the trace, which can be run again", async () => {
  const cwd = folderWith("storm.yaml", storm);
  const result = await runJson(["storm.yaml"], cwd);
  const validate = new Ajv().compile(JSON.parse(readFileSync(join(root, ".dist/schema/result.json"), "utf8")) as object);
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  expect(result.schedule?.[0]).toEqual({ at: "1s", for: "200ms", isolate: "leader" });
  expect(result.metrics["recovery.timeNs"]).toBeGreaterThan(0);

  const { source } = readTraceFile(join(cwd, result.files.trace as string)).header;
  writeFileSync(join(cwd, "source.yaml"), source);
  expect((await runJson(["source.yaml"], cwd)).digest).toBe(result.digest);
});

it("the report says how many faults of which kinds were drawn, and where they are", async () => {
  const cwd = folderWith("storm.yaml", storm);
  const { code, stdout } = await splitbrain(["run", "storm.yaml", "--seed", "5"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n\d+ faults? drawn: \d+ [a-zA-Z]+/);
  expect(stdout).toMatch(/\n {2}faults +\.splitbrain\/storm-seed5\.faults\.yaml\n/);
  expect(stdout).toMatch(/\n {2}✓ progress +After [\d.]+s, when the last fault had ended, every client was/);
  expect(stdout).toMatch(/\n {2}recovery +every client answered again \d/);
});

it("a module of one's own is found from the folder that the schedule is written to", async () => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, "mine"));
  const protocol = `import { defineProtocol } from "splitbrain";
export default defineProtocol({ name: "echo", boot: () => ({}), onMessage: {}, onRequest: { read: (state, request, ctx) => ctx.reply(request, { type: "ok", value: null }) } });
`;
  writeFileSync(join(cwd, "mine/echo.js"), protocol);
  writeFileSync(join(cwd, "mine/storm.yaml"), storm.replace("raft", "./echo.js"));
  const first = await runJson(["mine/storm.yaml", "--out", "else/where"], cwd);
  expect((parse(readFileSync(join(cwd, first.files.schedule as string), "utf8")) as { protocol: string }).protocol).toBe("../../mine/echo.js");
  expect((await runJson([first.files.schedule as string], cwd)).digest).toBe(first.digest);
});

it("a mistake in it is told, and nothing is written", async () => {
  const cwd = folderWith("storm.yaml", storm.replace("intensity", "kinds: [crsh], intensity"));
  const { code, stderr } = await splitbrain(["run", "storm.yaml"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain("found `crsh`, did you mean `crash`?");
  expect(existsSync(join(cwd, ".splitbrain"))).toBe(false);
});

it("`list faults` has an entry for it", async () => {
  const { stdout } = await splitbrain(["list", "faults", "--json"], { cwd: emptyFolder() });
  const random = (JSON.parse(stdout) as { name: string; summary: string }[]).find(({ name }) => name === "random");
  expect(random?.summary).toMatch(/^A schedule drawn from the seed: each seed switches whole kinds on or off/);
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { emptyFolder, splitbrain } from "./cli.ts";

const scenario = (latency: string): string => `version: 1\nprotocol: raft\nduration: 1s\nnetwork: { latency: ${latency} }\n`;

/** A folder with a scenario and a table beside it, below the one where the program is started. */
function folderWith(table: string): string {
  const folder = emptyFolder();
  mkdirSync(join(folder, "mine"));
  writeFileSync(join(folder, "mine/scenario.yaml"), scenario("empirical(rtt.csv)"));
  writeFileSync(join(folder, "mine/rtt.csv"), table);
  writeFileSync(join(folder, "written.yaml"), scenario("empirical(1ms 2.5ms)"));
  return folder;
}

const digestOf = (stdout: string): string => (JSON.parse(stdout) as { readonly digest: string }).digest;

it("a scenario takes recorded values from a file beside it, and is the run that it would be if they stood there", async () => {
  const cwd = folderWith("latency_ms\n1\n2.5\n");
  const table = await splitbrain(["run", "mine/scenario.yaml", "--json"], { cwd });
  const written = await splitbrain(["run", "written.yaml", "--json"], { cwd });
  expect([table.code, written.code]).toEqual([0, 0]);
  expect(digestOf(table.stdout)).toBe(digestOf(written.stdout));
});

it("a mistake in the file is shown with its line", async () => {
  const { code, stderr, stdout } = await splitbrain(["run", "mine/scenario.yaml"], { cwd: folderWith("latency_ms\n1\nslow,n3\n") });
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("rtt.csv:3:1");
  expect(stderr).toContain("slow,n3");
  expect(stderr).toContain("expected a value such as 1.5ms, found `slow`");
});

it("a file that is not there is missed in the scenario, with exit code 2", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "scenario.yaml"), scenario("empirical(rtt.csv)"));
  const { code, stderr } = await splitbrain(["run", "scenario.yaml"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain("scenario.yaml:4:31");
  expect(stderr).toContain("there is no file `rtt.csv` beside the scenario");
});

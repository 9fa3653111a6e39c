import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { run, scenarios } from "../../sim/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { protocols } from "../../protocols/index.ts";
import { read, ROOT } from "../house/source.ts";

const readme = read("README.md");
const blocks = (language: string): string[] => [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1]!);
const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));

const folder = mkdtempSync(join(tmpdir(), "splitbrain-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every YAML example of the README is a scenario that is accepted as it stands", () => {
  const names = blocks("yaml").map((text) => parseScenario(text, { file: "README.md", protocols: (name) => protocols[name], protocolNames: Object.keys(protocols) }).name);
  expect(names).toEqual(["Reads from a leader that leads no more", "Two halves and a slow disk", "Three zones, and whatever the seed brings"]);
});

test("every command of the README is one that these tests run, or one that installs, starts or tests", () => {
  const others = commands.filter((line) => !line.startsWith("splitbrain "));
  expect(others.map((line) => line.split("#")[0]!.trim())).toEqual(["npm install && npm start", "npm install && npm test"]);
  expect(JSON.parse(read("package.json")) as object).toMatchObject({ scripts: { start: "node .dist/cli.js run raft/leader-isolated" } });
});

// In one folder and in the README's order, because some use what others left. `view` serves until it is ended: the tests
// of the command line open it.
const ran = commands.filter((line) => line.startsWith("splitbrain ") && !line.startsWith("splitbrain view"));
test("the commands of the README do what it says, in its order", { timeout: 180_000 }, () => {
  for (const line of ran) {
    const [command, remark = ""] = line.split("#") as [string, string?];
    const [, ...words] = command.trim().split(/\s+/);
    const result = spawnSync(process.execPath, [join(ROOT, ".dist/cli.js"), ...words], { cwd: folder, encoding: "utf8" });
    const expected = /exits (\d+)/.exec(line)?.[1] ?? "0";
    expect(String(result.status), `${line}\n${result.stdout}${result.stderr}`).toBe(expected);
    expect(remark).toBeDefined();
  }
});

test("the protocol of the README runs as it stands, and is as weak as its library example says", () => {
  const [protocol, library] = blocks("ts") as [string, string, string];
  writeFileSync(join(folder, "hearsay.ts"), protocol);
  const settings = /run\(\{ protocol: hearsay, (.*) \}\)/.exec(library)?.[1];
  const scenario = `{ "version": 1, protocol: ./hearsay.ts, ${settings} }`;
  const result = spawnSync(process.execPath, [join(ROOT, ".dist/cli.js"), "run", "-", "--json"], { cwd: folder, input: scenario, encoding: "utf8" });
  expect(JSON.parse(result.stdout)).toMatchObject({ verdict: "pass", protocol: "./hearsay.ts", expectations: [{ name: "invariants" }, { name: "linearizable", verdict: "pass" }] });
});

test("the property of the README holds, on ten scenarios", { timeout: 180_000 }, () => {
  expect(blocks("ts")[2]).toContain('fc.assert(fc.property(scenarios("raft"), (scenario) => run(scenario).verdict === "pass"));');
  fc.assert(fc.property(scenarios("raft"), (scenario) => run(scenario).verdict === "pass"), { numRuns: 10 });
});

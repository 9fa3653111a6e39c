import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../sim/version.ts";
import { emptyFolder, program, root, splitbrain } from "./cli.ts";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };

/** The packages that a built file imports before it does anything, through its chunks. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  for (const [, name] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;'"]*?["']([^"']+)["'];$/gm)) {
    if (name === undefined) continue;
    if (name.startsWith(".")) for (const inner of packagesOf(join(dirname(file), name), seen)) packages.add(inner);
    else packages.add(name);
  }
  return packages;
}

describe("the command line", () => {
  it("tells the version of package.json", async () => {
    expect(VERSION).toBe(manifest.version);
    const { code, stdout, stderr } = await splitbrain(["--version"], { cwd: emptyFolder() });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("starts without a single package, so that the version is there at once", () => {
    expect([...packagesOf(program)]).toEqual([]);
  });

  it("lists its commands on --help, and names what is not supported yet", async () => {
    const { code, stdout } = await splitbrain(["--help"], { cwd: emptyFolder() });
    expect(code).toBe(0);
    for (const command of ["run <scenario>", "check <history..>", "view [what]", "diff <a> [b]", "list [kind]", "new <kind> [name]"]) expect(stdout).toContain(`splitbrain ${command}`);
    expect(stdout).toContain("Not supported yet: explore, explain, export.");
  });

  it.each(["explore", "explain", "export"])("refuses %s by name with exit code 2", async (command) => {
    const { code, stdout, stderr } = await splitbrain([command, "something", "--runs", "3"], { cwd: emptyFolder() });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(`^error: '${command}' \\(.*\\) is not supported yet\n$`));
  });

  it.each([
    [["rnu", "x"], "there is no command 'rnu', did you mean `run`?"],
    [[], "which command?"],
    [["run"], "something is missing after the command"],
    [["run", "x", "--sede", "3"], "run has no option --sede, did you mean `--seed`?"],
    [["run", "x", "-q"], "run has no option -q"],
    [["run", "x", "y"], "run does not take 'y' as well"],
    [["run", "raft/leader-isolated", "--seed"], "--seed needs a value"],
    [["run", "raft/leader-isolated", "--seed", "-1"], "--seed takes a whole number from 0 to 9007199254740991, not '-1'"],
    [["run", "raft/leader-isolated", "--seed", "1.5"], "--seed takes a whole number from 0 to 9007199254740991, not '1.5'"],
    [["run", "raft/leader-isolated", "--seed", "9007199254740993"], "--seed takes a whole number from 0 to 9007199254740991, not '9007199254740993'"],
    [["run", "raft/leader-isolated", "--seed", "1", "--seed", "2"], "--seed is given 2 times"],
    [["run", "raft/leader-isolated", "--set", "seed"], "--set takes path=value, not 'seed'"],
    [["run", "raft/leader-isolated", "--log-level", "wran"], "--log-level cannot be 'wran', did you mean `warn`?"],
    [["run", "raft/leader-isolatde"], "there is no scenario 'raft/leader-isolatde', neither as a file nor among the bundled ones, did you mean `raft/leader-isolated`?"],
    [["run", "leader-isolated"], "did you mean `raft/leader-isolated`?"],
    [["list", "mutant5"], "there is no kind 'mutant5' to list, did you mean `mutants`?"],
    [["new", "protocl"], "kind cannot be 'protocl', did you mean `protocol`?"],
  ])("says what is wrong with %j and exits 2", async (args, message) => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await splitbrain(args, { cwd });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("puts a usage error into one JSON document with --json", async () => {
    const { code, stdout, stderr } = await splitbrain(["run", "x", "--sede", "3", "--json"], { cwd: emptyFolder() });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    const { version, errors } = JSON.parse(stdout) as { version: number; errors: { message: string }[] };
    expect(version).toBe(1);
    expect(errors[0]?.message).toContain("run has no option --sede");
  });

  it("prints a completion script that knows the commands", async () => {
    const script = await splitbrain(["completion"], { cwd: emptyFolder(), env: { SHELL: "/bin/bash" } });
    expect(script.code).toBe(0);
    expect(script.stdout).toContain("splitbrain --get-yargs-completions");
    const completions = await splitbrain(["--get-yargs-completions", "splitbrain", "r"], { cwd: emptyFolder(), env: { SHELL: "/bin/bash" } });
    expect(completions.stdout.split("\n")).toContain("run");
  });
});

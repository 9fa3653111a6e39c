import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alignRows, paintFor, width, wrap } from "../../sim/cli/terminal.ts";
import { emptyFolder, outcomeOf, plainEnvironment, printed, program, startProgram } from "./cli.ts";

/** What a person sees: `script` gives the program a terminal of its own. */
function onTerminal(command: string, cwd: string, env: { readonly [name: string]: string } = {}): string {
  const { stdout } = spawnSync("script", ["-qec", `"${process.execPath}" "${program}" ${command}`, "/dev/null"], { cwd, env: plainEnvironment({ TERM: "xterm", ...env }), encoding: "utf8" });
  return stdout;
}

describe("colour", () => {
  it("is there on a terminal only, and NO_COLOR, TERM=dumb and --no-color each take it away", () => {
    const hasColour = (isTerminal: boolean, environment: { readonly [name: string]: string }, isForbidden: boolean): boolean => paintFor(isTerminal, environment, isForbidden).isColoured;
    expect(hasColour(true, {}, false)).toBe(true);
    expect(hasColour(false, {}, false)).toBe(false);
    expect(hasColour(true, { NO_COLOR: "1" }, false)).toBe(false);
    expect(hasColour(true, { NO_COLOR: "" }, false)).toBe(true);
    expect(hasColour(true, { TERM: "dumb" }, false)).toBe(false);
    expect(hasColour(true, {}, true)).toBe(false);
  });

  it("appears in the report on a terminal, unless NO_COLOR or --no-color says otherwise", () => {
    const cwd = emptyFolder();
    expect(onTerminal("list protocols", cwd)).toContain("\u001b[1mraft\u001b[22m");
    expect(onTerminal("list protocols", cwd, { NO_COLOR: "1" })).not.toContain("\u001b");
    expect(onTerminal("list protocols --no-color", cwd)).not.toContain("\u001b");
  });
});

describe("progress", () => {
  it("is shown on a terminal by a run that takes longer than a second, and gone when Ctrl-C ends it", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "long.yaml"), "version: 1\nprotocol: raft\nnodes: 3\nduration: 24h\nworkload: { clients: 1, rate: 50/s, operations: { read: 1 } }\n");
    const child = startProgram("script", ["-qec", `"${process.execPath}" "${program}" run long.yaml`, "/dev/null"], cwd, { TERM: "xterm" });
    const ended = outcomeOf(child);
    const line = /\d+% {2}[\dhms.]+ of 24h {2}[\d,]+ events\/s {2}[\d,]+ operations/;
    await printed(child, "stdout", line);
    child.stdin?.write("\u0003"); // What the terminal makes of Ctrl-C.
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(line);
    const cleared = stdout.lastIndexOf("\r\u001b[2K");
    expect(stdout.slice(cleared)).not.toMatch(line);
    expect(stdout.slice(cleared)).toContain("INTERRUPTED at ");
  });
});

describe("columns", () => {
  it("are aligned by what is seen, colours left out", () => {
    expect(alignRows([["\u001b[1ma\u001b[22m", "x"], ["bcd", "y"]])).toEqual(["\u001b[1ma\u001b[22m    x", "bcd  y"]);
    expect(width("\u001b[31m✗ é\u001b[39m")).toBe(3);
  });

  it("wrap at spaces, with an indent on every line but the first", () => {
    expect(wrap("one two three four", 8, "  ")).toBe("one two\n  three\n  four");
    expect(wrap("averylongword b", 5)).toBe("averylongword\nb");
  });
});

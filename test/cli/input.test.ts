import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyFolder, splitbrain } from "./cli.ts";

const whole = `version: 1
protocol: raft
nodes: 3
duration: 2s
network: { latency: 1ms }
workload: { clients: 1, rate: 10/s, operations: { read: 1 } }
`;

/** The same with a line of its own. */
const withLine = (line: string): string => `${whole}${line}\n`;

const withProtocol = (name: string): string => whole.replace("protocol: raft", `protocol: ${name}`);

/** Runs a scenario that must be refused: exit code 2, nothing on standard output, no stack trace, and nothing written. */
async function refused(scenario: string, files: { readonly [name: string]: string } = {}): Promise<{ readonly stderr: string }> {
  const cwd = emptyFolder();
  for (const [name, text] of Object.entries({ "scenario.yaml": scenario, ...files })) writeFileSync(join(cwd, name), text);
  const { code, stdout, stderr } = await splitbrain(["run", "scenario.yaml"], { cwd });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(/./) as string });
  expect(readdirSync(cwd).sort()).toEqual(["scenario.yaml", ...Object.keys(files)].sort());
  return { stderr };
}

/** The line of a message, the source line below it, and the caret under what is wrong. */
function pointsTo(stderr: string, place: string, excerpt: string, marked: string): void {
  const lines = stderr.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`${place}:`));
  expect(at, stderr).toBeGreaterThanOrEqual(0);
  expect(lines[at + 1]).toContain(excerpt);
  const start = (lines[at + 1] as string).indexOf(marked);
  expect((lines[at + 2] as string).indexOf("^"), stderr).toBe(start);
}

describe("bad input", () => {
  it("points to an unknown key and names the nearest", async () => {
    const { stderr } = await refused(withLine("invariant: true"));
    pointsTo(stderr, "scenario.yaml:7:1", "invariant: true", "invariant");
  });

  it.each([
    ["a wrong unit", "clocks: { offset: 20sec }", "scenario.yaml:7:21", "sec"],
    ["a negative time", "faults: [{ at: -1s, isolate: n1 }]", "scenario.yaml:7:16", "-1s"],
    ["a partition of a node that does not exist", "faults: [{ at: 1s, partition: [[n1, n7], rest] }]", "scenario.yaml:7:37", "n7"],
    ["a distribution cut at a comma", "disk: { sync: lognormal(1ms, 5ms) }", "scenario.yaml:7:15", "lognormal(1ms"],
    ["what is not supported yet", "alerts: { many: 5us }", "scenario.yaml:7:1", "alerts"],
  ])("points to %s with line, column and caret", async (_, line, place, marked) => {
    const { stderr } = await refused(withLine(line));
    pointsTo(stderr, place, line, marked);
  });

  it("tells every mistake in one go, as JSON too", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "scenario.yaml"), `${whole.replace("duration: 2s", "duration: 2 sec")}seeds: 3\nclocks: { drift: 5 }\n`);
    const { code, stdout, stderr } = await splitbrain(["run", "scenario.yaml", "--json"], { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    const { version, errors } = JSON.parse(stdout) as { version: number; errors: readonly { file: string; line: number; column: number; message: string }[] };
    expect(version).toBe(1);
    expect(errors.map(({ file, line, column }) => [file, line, column])).toEqual([["scenario.yaml", 4, 12], ["scenario.yaml", 7, 1], ["scenario.yaml", 8, 18]]);
    expect(errors.every(({ message }) => message.length > 10)).toBe(true);
    expect(readdirSync(cwd)).toEqual(["scenario.yaml"]);
  });

  it("calls an override by its own name", async () => {
    const { code, stderr } = await splitbrain(["run", "raft/steady", "--set", "network.los=1%"], { cwd: emptyFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain("--set network.los=1%");
    expect(stderr).toContain("did you mean `loss`?");
  });

  it("names standard input as -", async () => {
    const { code, stderr } = await splitbrain(["run", "-"], { cwd: emptyFolder(), input: withLine("sed: 3") });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^-:7:1:/);
  });
});

/** A protocol whose read handler is given. */
const moduleWith = (read: string, before = ""): string => `import { defineProtocol } from "splitbrain";
${before}
export default defineProtocol<{ reads: number }>({
  name: "mine",
  model: "kv",
  boot: () => ({ reads: 0 }),
  onMessage: {},
  onRequest: {
    read(state, request, ctx) {
      ${read}
    },
  },
});
`;

describe("a protocol module", () => {
  it("runs as TypeScript, imports of its own included", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "scenario.yaml"), withProtocol("./mine.ts"));
    writeFileSync(join(cwd, "mine.ts"), moduleWith('state.reads += step; ctx.reply(request, { type: "ok", value: null });', 'import { step } from "./step.ts";'));
    writeFileSync(join(cwd, "step.ts"), "export const step: number = 1;\n");
    const { code, stdout } = await splitbrain(["run", "scenario.yaml", "--json"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ protocol: "./mine.ts", verdict: "pass" });
  });

  it("runs as JavaScript, with one export under any name, and from the folder of its scenario", async () => {
    const cwd = emptyFolder();
    const text = moduleWith('ctx.reply(request, { type: "ok", value: null });').replace("<{ reads: number }>", "").replace("export default", "export const mine =");
    writeFileSync(join(cwd, "mine.mjs"), text);
    writeFileSync(join(cwd, "scenario.yaml"), withProtocol("./mine.mjs"));
    const { code, stderr } = await splitbrain(["run", join(cwd, "scenario.yaml"), "--quiet"], { cwd: emptyFolder() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("is missed at the place where the scenario names it, with the nearest file", async () => {
    const { stderr } = await refused(withProtocol("./mime.ts"), { "mine.ts": moduleWith("") });
    pointsTo(stderr, "scenario.yaml:2:11", "protocol: ./mime.ts", "./mime.ts");
    expect(stderr).toContain("did you mean `./mine.ts`?");
  });

  it("is missed together with the scenario's other mistakes", async () => {
    const { stderr } = await refused(`${withProtocol("./nowhere.ts")}seeds: 3\n`);
    expect(stderr).toContain("scenario.yaml:2:11: ");
    expect(stderr).toContain("scenario.yaml:7:1: ");
    expect(stderr.match(/nowhere\.ts`/g)).toHaveLength(1);
  });

  it("does not parse: the message of a compiler", async () => {
    const { stderr } = await refused(withProtocol("./mine.ts"), { "mine.ts": "export default {\n  name: 'mine'\n  boot: 3,\n};\n" });
    pointsTo(stderr, "mine.ts:3:3", "  boot: 3,", "boot");
  });

  it("throws while it is loaded: where and what", async () => {
    const { stderr } = await refused(withProtocol("./mine.ts"), { "mine.ts": moduleWith("", 'const limit: number = 3;\nif (limit > 2) throw new RangeError("too many");') });
    pointsTo(stderr, "mine.ts:3:22", "throw new RangeError", "new RangeError");
    expect(stderr).toContain("RangeError: too many");
  });

  it("reads the machine's clock while it is loaded: the call, and the cure", async () => {
    const { stderr } = await refused(withProtocol("./mine.ts"), { "mine.ts": moduleWith("", "const started: number = Date.now();") });
    pointsTo(stderr, "mine.ts:2:30", "const started", "now()");
    expect(stderr).toContain("use ctx.now");
  });

  it.each([
    ["Date.now", "state.reads = Date.now();", "now()", "use ctx.now"],
    ["Math.random", "state.reads = Math.random();", "random()", "ctx.pick"],
    ["new Date()", "state.reads = new Date().getTime();", "new Date()", "use ctx.now"],
    ["setTimeout", "setTimeout(() => state.reads++, 3);", "setTimeout(", "ctx.setTimer"],
  ])("calls %s in a run: the call, and the cure", async (what, read, marked, cure) => {
    const { stderr } = await refused(withProtocol("./mine.ts"), { "mine.ts": moduleWith(read) });
    const column = `      ${read}`.indexOf(marked) + 1;
    pointsTo(stderr, `mine.ts:10:${column}`, read, marked);
    expect(stderr).toContain(`a protocol cannot call \`${what}\``);
    expect(stderr).toContain(cure);
  });

  it("imports a part of Node: the import, and why not", async () => {
    const { stderr } = await refused(withProtocol("./mine.ts"), { "mine.ts": moduleWith("", 'import { readFileSync } from "node:fs"; readFileSync;') });
    pointsTo(stderr, "mine.ts:2:30", 'from "node:fs"', '"node:fs"');
    expect(stderr).toContain("a protocol cannot import `node:fs`");
  });

  it.each([
    ["exports no protocol", "export const limit = 3;\n", "the module exports no protocol"],
    ["exports two", "export const a = { name: 'a', onMessage: {} };\nexport const b = { name: 'b', onMessage: {} };\n", "the module exports several protocols: a, b"],
    ["has no boot", "export default { name: 'a', onMessage: {}, onRequest: {} };\n", "the protocol has no `boot`"],
    ["misspells a part", "export default { name: 'a', boot: () => ({}), onMesage: {}, onRequest: {} };\n", "the protocol has no `onMessage`; it has `onMesage`"],
    ["has a handler that is none", "export default { name: 'a', boot: () => ({}), onMessage: {}, onRequest: { read: 3 } };\n", "the protocol's `onRequest` is not what it must be"],
  ])("%s: which part is wrong", async (_, text, message) => {
    const { stderr } = await refused(withProtocol("./mine.ts"), { "mine.ts": text });
    expect(stderr).toMatch(/^mine\.ts:1:1: /);
    expect(stderr).toContain(message);
  });

  it("throws in a run: a violation and exit code 1, and no error of ours", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "scenario.yaml"), withProtocol("./mine.ts"));
    writeFileSync(join(cwd, "mine.ts"), moduleWith('throw new Error("no such key");'));
    const { code, stdout, stderr } = await splitbrain(["run", "scenario.yaml"], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("no such key");
  });
});

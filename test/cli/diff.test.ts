import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { protocols } from "../../protocols/index.ts";
import { parseScenario } from "../../sim/scenario/parse.ts";
import { Run } from "../../sim/scenario/run.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import { TraceEvent } from "../../sim/trace/event.ts";
import { readTraceFile } from "../../sim/trace/file.node.ts";
import { concatBytes } from "../../sim/trace/value.ts";
import { emptyFolder, outcomeOf, printed, splitbrain, start } from "./cli.ts";

const small = `version: 1
name: Small and quick
protocol: raft
nodes: 3
duration: 2s
network: { latency: 1ms..3ms }
workload: { clients: 1, rate: 50/s, operations: { read: 50, write: 50 }, from: 500ms }
`;

interface SideJson {
  readonly name: string;
  readonly seed: number;
  readonly digest: string;
  readonly events: number;
  readonly trace: string;
  readonly view: string;
  readonly text: string | null;
  readonly here: TraceEvent | null;
  readonly causes: readonly { readonly event: number; readonly common: boolean }[];
}

interface DiffJson {
  readonly version: number;
  readonly equal: boolean;
  readonly event: number | null;
  readonly timeNs: number | null;
  readonly kind?: string;
  readonly what?: string;
  readonly given: readonly { readonly what: string; readonly a: unknown; readonly b: unknown }[];
  readonly settings: readonly { readonly field: string; readonly a: unknown; readonly b: unknown }[];
  readonly a: SideJson;
  readonly b: SideJson;
}

function folderWith(files: { readonly [name: string]: string | Uint8Array } = { "small.yaml": small }): string {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

async function diffJson(args: readonly string[], cwd: string, input?: string): Promise<DiffJson & { readonly code: number | null }> {
  const { code, stdout, stderr } = await splitbrain(["diff", ...args, "--json"], { cwd, ...(input !== undefined && { input }) });
  expect(stderr).toBe("");
  return { ...(JSON.parse(stdout) as DiffJson), code };
}

function eventsOf(path: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  readTraceFile(path).forEach({ event: (event) => void events.push({ ...event }) });
  return events;
}

/** The trace of a scenario, as it is made here. */
function traceOf(text: string, { interruptAfter = Infinity, program = undefined as string | undefined, change = (_: TraceEvent): void => {} } = {}): Uint8Array {
  const pieces: Uint8Array[] = [];
  const run = new Run(parseScenario(text, { file: "small.yaml", protocols: (name) => protocols[name], protocolNames: Object.keys(protocols) }), { write: (bytes) => void pieces.push(bytes) });
  if (interruptAfter === Infinity) while (run.advance(1000));
  else run.advance(interruptAfter), run.interrupt();
  run.finish();
  if (program === undefined) return concatBytes(pieces);
  const folder = emptyFolder();
  writeFileSync(join(folder, "whole.trace"), concatBytes(pieces));
  const { header, footer } = readTraceFile(join(folder, "whole.trace"));
  const rewritten: Uint8Array[] = [];
  const encoder = new TraceEncoder({ ...header, program }, (bytes) => void rewritten.push(bytes));
  for (const event of eventsOf(join(folder, "whole.trace"))) change(event), encoder.event(event);
  encoder.finish(footer.result, true);
  return concatBytes(rewritten);
}

describe("splitbrain diff", () => {
  it("compares two seeds: says where they part, what it is about, what led to it and how to look, and exits 1", async () => {
    const cwd = folderWith();
    const { code, stdout, stderr } = await splitbrain(["diff", "small.yaml", "--seed", "1", "--seed", "2"], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^The runs differ from event 3 on, at [\d.]+ms; the 3 before it are the same\n/);
    for (const part of ["What differs first is when a timer fires", "the seeds differ", "What led to it", "in both", "The replay at that point"]) expect(stdout).toContain(part);
    expect(stdout).toMatch(/\n {2}seed +1 +\| +2\n/);
    for (const trace of ["diff-a-small-seed1.trace", "diff-b-small-seed2.trace"]) expect(stdout).toContain(`splitbrain view .splitbrain/${trace} --at 3\n`.trimEnd());
    expect(readdirSync(join(cwd, ".splitbrain")).sort()).toEqual(["diff-a-small-seed1.trace", "diff-b-small-seed2.trace"]);
  });

  it("finds the event that reading both traces from the start finds, with all of it on both sides in --json", async () => {
    const cwd = folderWith();
    const found = await diffJson(["small.yaml", "--set-b", "network.loss=2%"], cwd);
    const [a, b] = [eventsOf(join(cwd, found.a.trace)), eventsOf(join(cwd, found.b.trace))];
    const first = a.findIndex((event, id) => JSON.stringify(event) !== JSON.stringify(b[id]));
    expect(first).toBeGreaterThan(3);
    expect(found).toMatchObject({ version: 1, code: 1, equal: false, event: first, kind: "chance", what: "whether a message arrives", given: [], settings: [{ field: "network.loss", a: null, b: "2%" }] });
    expect([found.a.here, found.b.here]).toEqual([a[first], b[first]]);
    expect(found.timeNs).toBe(Math.min(a[first]?.time as number, b[first]?.time as number));
    expect(found.a.events).toBe(a.length);
    for (const [side, events] of [[found.a, a], [found.b, b]] as const) {
      for (const [index, { event }] of side.causes.entries()) if (index > 0) expect(event).toBe(events[side.causes[index - 1]?.event as number]?.cause);
      expect(side.causes.map(({ common }) => common)).toEqual(side.causes.map((_, index) => index > 0));
    }
  });

  it("names endpoints as each side does: where the first starts its third node, the second's client c3 asks for something", async () => {
    const text = small.replace("clients: 1", "clients: 3");
    const cwd = folderWith({ "three.yaml": text, "two.yaml": text.replace("nodes: 3", "nodes: 2") });
    const { stdout } = await splitbrain(["diff", "three.yaml", "two.yaml", "--seed", "2", "--set", "workload.from=0s"], { cwd });
    expect(stdout).toMatch(/\n {2}b +#2 .* c3 invokes /);
    expect(stdout).toMatch(/\n {2}node +n3 +\| +c3\n/);
  });

  it("compares the original with a mutant: Figure 8's leader counts replicas of an old term's entry", async () => {
    const found = await diffJson(["raft/figure-8", "--mutant", "commit-old-term"], emptyFolder());
    expect(found).toMatchObject({ equal: false, kind: "effects", what: "what a handler does", given: [{ what: "mutant", a: null, b: "commit-old-term" }], settings: [] });
    expect(found.b.here).toMatchObject({ kind: "emit", name: "entry.committed" });
    // Both runs are the same up to the reply after which the mutant commits.
    expect(found.b.causes[1]).toMatchObject({ common: true, text: expect.stringContaining("AppendEntriesReply arrives") as string });
  });

  it("says that runs are equal, with their digest and number of events, exits 0 and leaves nothing behind", async () => {
    const cwd = folderWith();
    const { code, stdout } = await splitbrain(["diff", "small.yaml"], { cwd });
    const { digest, events } = JSON.parse((await splitbrain(["run", "small.yaml", "--json", "--out", "run"], { cwd })).stdout) as { digest: string; events: number };
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^The runs are equal: ${events.toLocaleString("en")} events, digest ${digest}\n`));
    expect(existsSync(join(cwd, ".splitbrain"))).toBe(false);
    expect(await diffJson(["small.yaml"], cwd)).toMatchObject({ version: 1, code: 0, equal: true, event: null, timeNs: null, a: { digest, events }, b: { digest, events } });
  });

  it("compares two versions of a scenario, where only what does not reach the run may differ", async () => {
    const cwd = folderWith({ "old.yaml": small, "same.yaml": small.replace("Small", "Little"), "new.yaml": small.replace("nodes: 3", "nodes: [n1, n2, n3, n4]") });
    expect(await diffJson(["old.yaml", "same.yaml"], cwd)).toMatchObject({ equal: true, given: [{ what: "scenario", a: "Small and quick", b: "Little and quick" }] });
    const found = await diffJson(["old.yaml", "new.yaml"], cwd);
    expect(found).toMatchObject({ equal: false, event: 3, given: [{ what: "nodes", a: ["n1", "n2", "n3"], b: ["n1", "n2", "n3", "n4"] }], b: { text: "n4 boots" } });
  });

  it("runs the scenario of a trace again, with its seed and mutant, and finds that nothing has changed", async () => {
    const cwd = folderWith();
    await splitbrain(["run", "small.yaml", "--seed", "7", "--mutant", "double-vote", "--set", "network.loss=1%", "--out", "out"], { cwd });
    const [trace] = readdirSync(join(cwd, "out")).filter((name) => name.endsWith(".trace"));
    expect(await diffJson([`out/${trace}`], cwd)).toMatchObject({ code: 0, equal: true, a: { seed: 7, mutant: "double-vote" }, b: { seed: 7, mutant: "double-vote" }, given: [], settings: [] });
    expect(await diffJson([`out/${trace}`, "--seed", "8"], cwd)).toMatchObject({ code: 1, given: [{ what: "seed", a: 7, b: 8 }] });
    // A scenario beside a trace takes the trace's seed; here the mutant and the loss are what differs.
    expect(await diffJson([`out/${trace}`, "small.yaml"], cwd)).toMatchObject({ code: 1, a: { seed: 7 }, b: { seed: 7 }, given: [{ what: "mutant" }], settings: [{ field: "network.loss" }] });
    expect(await diffJson(["small.yaml", `out/${trace}`, "--mutant", "double-vote", "--set", "network.loss=1%"], cwd)).toMatchObject({ code: 0, a: { seed: 7, mutant: "double-vote" }, equal: true });
  });

  it("shows drift between versions of the program: the trace of an older one, whose events came otherwise", async () => {
    const older = traceOf(small, { program: "0.0.9", change: (event) => void (event.kind === "persist" && event.id > 100 && (event.bytes += 1)) });
    const cwd = folderWith({ "older.trace": older });
    const found = await diffJson(["older.trace"], cwd);
    expect(found).toMatchObject({ equal: false, kind: "effects", given: [{ what: "program", a: "0.0.9" }], fields: [{ field: "bytes" }] });
    expect(found.event).toBeGreaterThan(100);
  });

  it("says that a run was interrupted, and that it is the same as far as it goes", async () => {
    const cwd = folderWith({ "whole.trace": traceOf(small), "part.trace": traceOf(small, { interruptAfter: 700 }) });
    const { code, stdout } = await splitbrain(["diff", "part.trace", "whole.trace"], { cwd });
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, " ")).toMatch(/What differs first is where the run ends a was interrupted at [\d.]+m?s, and b goes on\. Up to there, the [\d,]+ events before it, the runs are the same\./);
    expect(stdout).toContain("· interrupted");
    const shorter = await diffJson(["whole.trace", "whole.trace"], cwd);
    expect(shorter.equal).toBe(true);
  });

  it("finds a protocol that remembers its last run, though nothing was given differently", async () => {
    const forgetful = `import { defineProtocol } from "splitbrain";
let asked = 0;
export default defineProtocol<{ last: number }>({
  name: "forgetful", model: "kv", boot: () => ({ last: 0 }), onMessage: {},
  onRequest: { read(state, request, ctx) { state.last = asked += 1; ctx.emit("asked", { asked }); ctx.reply(request, { type: "ok", value: null }); } },
});
`;
    const cwd = folderWith({ "forgetful.ts": forgetful, "scenario.yaml": "version: 1\nprotocol: ./forgetful.ts\nnodes: 1\nduration: 1s\nworkload: { clients: 1, rate: 50/s, operations: { read: 1 } }\n" });
    const { code, stdout } = await splitbrain(["diff", "scenario.yaml"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("What was given differently\n  Nothing:");
    expect(stdout).toContain("data.asked");
  });

  it("reads a scenario for both sides from standard input", async () => {
    expect(await diffJson(["-", "--set-b", "seed=2"], emptyFolder(), small)).toMatchObject({ code: 1, a: { seed: 1 }, b: { seed: 2 } });
    expect(await diffJson(["-", "-"], emptyFolder(), small)).toMatchObject({ code: 0, equal: true });
  });

  it("says it in one line with --quiet, and shows as many causes and events as are asked for", async () => {
    const cwd = folderWith();
    const { stdout } = await splitbrain(["diff", "small.yaml", "--seed", "1", "--seed", "2", "--quiet"], { cwd });
    expect(stdout).toMatch(/^The runs differ from event 3 on, .*\n$/);
    const found = await diffJson(["small.yaml", "--seed", "1", "--seed", "2", "--causes", "0", "--context", "1"], cwd);
    expect(found.a).toMatchObject({ causes: [{ event: 3 }], context: [{ event: 2, common: true }, { event: 3, common: false }] });
  });

  it("names the very command that opens the replay there", async () => {
    const cwd = folderWith();
    const { a } = await diffJson(["small.yaml", "--seed", "1", "--seed", "2"], cwd);
    const [, ...words] = a.view.split(" ");
    const child = start([...words, "--port", "0"], { cwd });
    expect(await printed(child, "stdout", /http:\S+/)).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#e=3\n/);
    const ended = outcomeOf(child);
    child.kill("SIGINT");
    expect((await ended).code).toBe(0);
  });

  it("leaves a trace that it compares as it was, also where it has the name of what is run for it", async () => {
    const cwd = folderWith();
    await diffJson(["small.yaml", "--seed", "1", "--seed", "2"], cwd);
    const path = join(cwd, ".splitbrain/diff-b-small-seed2.trace");
    const before = readFileSync(path);
    expect(await diffJson([".splitbrain/diff-b-small-seed2.trace", "small.yaml", "--set", "network.loss=5%"], cwd)).toMatchObject({ equal: false });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(cwd, ".splitbrain"))).toContain("diff-b-again-small-seed2.trace");
  });

  const trace = traceOf(small);
  it.each<[readonly string[], string]>([
    [["nowhere.trace", "small.trace"], "there is no trace nowhere.trace"],
    [["small.trace", "raft/leader-isolatde"], "did you mean `raft/leader-isolated`?"],
    [["small.yaml", "--mutant", "commit-old-trem"], "did you mean `commit-old-term`?"],
    [["small.yaml", "--seed", "1", "--seed", "2", "--seed", "3"], "--seed is given 3 times"],
    [["small.yaml", "--seed", "one"], "--seed takes a whole number from 0 to 9007199254740991, not 'one'"],
    [["small.trace", "--seed", "1", "--seed", "2"], "--seed is given 2 times"],
    [["small.trace", "small.trace", "--seed", "1"], "--seed has no meaning here: both sides are traces"],
    [["small.trace", "--set-a", "network.loss=1%"], "--set-a has no meaning here: a is a trace"],
    [["small.yaml", "--set-b", "network"], "--set-b takes path=value, not 'network'"],
    [["small.yaml", "--set-b", "network.lss=1%"], "did you mean `loss`?"],
    [["cut.trace", "small.yaml"], "cut.trace is cut short"],
  ])("refuses %j with exit code 2, and writes nothing", async (args, message) => {
    const files = { "small.yaml": small, "small.trace": trace, "cut.trace": trace.subarray(0, trace.length - 50) };
    const cwd = folderWith(files);
    const { code, stdout, stderr } = await splitbrain(["diff", ...args], { cwd });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(readdirSync(cwd).sort()).toEqual(Object.keys(files).sort());
  });

  it("says which block is damaged, where it must read it", async () => {
    const bytes = trace.slice();
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 255;
    const cwd = folderWith({ "small.yaml": small, "damaged.trace": bytes });
    const { code, stderr } = await splitbrain(["diff", "damaged.trace", "small.yaml", "--set", "network.loss=3%"], { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/damaged\.trace is damaged: block 0 /) as string });
  });
});

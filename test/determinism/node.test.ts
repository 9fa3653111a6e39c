import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Args } from "../../sim/cli/command.ts";
import { runCommand } from "../../sim/cli/commands/run.ts";
import { openTerminal, type Terminal } from "../../sim/cli/terminal.ts";
import { run, Run, type RunOutcome } from "../../sim/scenario/run.ts";
import { compareRuns } from "../../sim/trace/compare.ts";
import { readTrace } from "../../sim/trace/decode.ts";
import { TraceEncoder } from "../../sim/trace/encode.ts";
import type { TraceHeader } from "../../sim/trace/event.ts";
import { EventLookup } from "../../sim/trace/lookup.ts";
import { traceKinds } from "../../sim/trace/schema.ts";
import { concatBytes } from "../../sim/trace/value.ts";
import { World } from "../../sim/world/world.ts";
import { bundleDigests } from "./bundle.ts";
import { differing, numberFor, sampleTexts } from "./sample.ts";
import { parse, scenarioTexts } from "./scenarios.ts";

const texts = sampleTexts(100);
let outcomes: RunOutcome[] = [];
let digests: string[] = [];

/** The plainest way, in which the others are compared: one after the other, at a stretch, with nothing recorded. */
beforeAll(() => {
  outcomes = texts.map((text) => run(parse(text)));
  digests = outcomes.map(({ result }) => result.digest);
});

test("the generator gives 100 scenarios, in all of which something happens", () => {
  expect(new Set(texts).size).toBe(100);
  expect(new Set(digests).size).toBe(100);
  expect(Math.min(...outcomes.map(({ result }) => result.events))).toBeGreaterThan(1);
});

test("run again, in the opposite order and after all the others, each has the same digest, result and history", () => {
  const again = [...texts].reverse().map((text) => run(parse(text))).reverse();
  expect(differing(texts, digests, again.map(({ result }) => result.digest))).toEqual([]);
  expect(again).toEqual(outcomes);
});

/** Runs a part of it, ends it there, and gives its trace. */
function interrupted(text: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  const stopped = new Run(parse(text), { write: (chunk) => void pieces.push(chunk) });
  stopped.advance(1 + numberFor(text, 1500));
  stopped.interrupt();
  stopped.finish();
  return concatBytes(pieces);
}

test("interrupted anywhere, then run again, recorded, watched and in slices of any size, each has the same digest, and was the same as far as it went", () => {
  const found = texts.map((text, index) => {
    const stopped = new EventLookup(readTrace(interrupted(text)));
    const pieces: Uint8Array[] = [];
    const watched = { event: () => {}, annotation: () => {} };
    const sliced = new Run(parse(text), { write: (chunk) => void pieces.push(chunk), sinks: [watched, watched] });
    while (sliced.advance(1 + numberFor(text, 997)));
    const { digest } = sliced.finish().result;
    const comparison = compareRuns(stopped, new EventLookup(readTrace(concatBytes(pieces))));
    // Where they part the first one lets go of what its clients wait for, and ends.
    const parted = comparison.type === "event" ? comparison.a : undefined;
    const isPrefix = comparison.type === "equal" || parted?.kind === "end" || parted?.reason === "end of run";
    expect(isPrefix, `scenario ${index}: ${text}`).toBe(true);
    return digest;
  });
  expect(differing(texts, digests, found)).toEqual([]);
});

const header: TraceHeader = { version: 1, program: "", protocol: "", seed: 0, scenario: "", source: "", nodes: [], clients: [], durationNs: 0, kinds: traceKinds };

/** The digest of a world that runs on to its end. */
function digestAtEnd(world: World, encoder: TraceEncoder): string {
  world.runUntil(world.config.duration);
  world.finish("duration");
  return encoder.digest();
}

test("copied anywhere, the world and its copy, or the copy's copy, go on to the same digest, whichever goes first", () => {
  const found = texts.map((text, index) => {
    const scenario = parse(text);
    const encoder = new TraceEncoder(header);
    const world = new World(scenario.world, scenario.protocol, { sinks: [encoder] });
    world.runUntil(scenario.world.duration, numberFor(text, 1500));
    let copied = encoder.copy();
    let copy = world.copy({ sinks: [copied] });
    const first = numberFor(text, 2) === 0 ? digestAtEnd(world, encoder) : undefined;
    if (index % 2 === 0) {
      copy.runUntil(scenario.world.duration, 50);
      copied = copied.copy();
      copy = copy.copy({ sinks: [copied] });
    }
    const second = digestAtEnd(copy, copied);
    const original = first ?? digestAtEnd(world, encoder);
    return second === original ? second : `${original}, and of the copy ${second}`;
  });
  expect(differing(texts, digests, found)).toEqual([]);
});

/** The same with another name, other words and expectations, and without invariants. */
function renamed(text: string): string {
  const scenario = JSON.parse(text) as { readonly expect?: object };
  return JSON.stringify({ ...scenario, name: "another", description: "of the same", expect: { invariants: "off", availability: ">= 0%" } });
}

test("with other names and expectations, without invariants, and taking turns with three others, each has the same digest", () => {
  const found: string[] = [];
  for (let from = 0; from < texts.length; from += 4) {
    const together = texts.slice(from, from + 4).map((text) => new Run(parse(renamed(text))));
    while (together.map((one, index) => one.advance(20 + 30 * index)).includes(true));
    found.push(...together.map((one) => one.finish().result.digest));
  }
  expect(differing(texts, digests, found)).toEqual([]);
});

const folder = mkdtempSync(join(tmpdir(), "splitbrain-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const waysToPrint: readonly { readonly [option: string]: unknown }[] = [
  {}, { json: true }, { quiet: true }, { json: true, quiet: true }, { "log-level": "debug" }, { "log-level": "none", json: true }, { quiet: true, "log-level": "info" }, { "no-color": true },
];

test("run by the command line, with any of --json, --quiet, --log-level and --no-color, each has the same digest", async () => {
  const found: string[] = [];
  for (const [index, text] of texts.entries()) {
    const scenario = join(folder, "generated.yaml");
    writeFileSync(scenario, text);
    let printed = "";
    const terminal: Terminal = { ...openTerminal(true), print: (line) => void (printed += `${line}\n`), say: () => {} };
    await runCommand.run(new Args({ scenario, out: join(folder, "out"), ...waysToPrint[index % waysToPrint.length] }), terminal);
    found.push(/digest"?:? +"?([0-9a-f]{16})\b/.exec(printed)?.[1] ?? printed);
  }
  expect(differing(texts, digests, found)).toEqual([]);
});

test("in a worker thread, and recorded there, each has the same digest", async () => {
  const script = await bundleDigests("node", `const { workerData, parentPort } = require("node:worker_threads"); parentPort.postMessage(digestsOf(workerData, true));`);
  const found = await new Promise<string[]>((resolve, reject) => {
    const worker = new Worker(script, { eval: true, workerData: texts });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  expect(differing(texts, digests, found)).toEqual([]);
});

test("another seed gives another digest", () => {
  fc.assert(
    fc.property(scenarioTexts, fc.nat(), fc.nat(), (text, a, b) => {
      fc.pre(a !== b);
      expect(run(parse(text, a)).result.digest).not.toBe(run(parse(text, b)).result.digest);
    }),
    { numRuns: 20, seed: 20261 },
  );
});

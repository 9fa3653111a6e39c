/** `npm run bench`: ratios measured in one run. Absolute figures say something about this machine, now, alone. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { busyness, campaignRows } from "./campaign.ts";
import { printGuided } from "./guided.ts";
import { holdModel, holdTable } from "./hold.ts";
import { growth, memoryPerEvent, printGrowth } from "./memory.ts";
import { pingPongs } from "./pingpong.ts";
import { printShrink } from "./shrink.ts";
import { modes, modeWords, runOnce, steadyRaft, steadyScenario, type Mode } from "./steady.ts";

const figure = (value: number): string => Math.round(value).toLocaleString("en-GB");
const ratio = (value: number): string => value.toFixed(2);
const row = (...cells: readonly string[]): void => console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(48) : cell.padStart(14))).join(""));

function printHold(): void {
  console.log("Hold model: pop one event, push another (ours over the others; above 1 ours is faster)\n");
  console.log(holdTable(holdModel()));
}

function printSteady(): void {
  console.log("\nSteady five-node Raft, 10 s at 500 operations a second (goal: 0.40 of bare with history, digest and invariants, 0.25 with the trace)\n");
  row("", "events/s", "commits/s", "of bare");
  for (const { mode, eventsPerSecond, commitsPerSecond, ofBare } of steadyRaft()) row(modeWords[mode], figure(eventsPerSecond), figure(commitsPerSecond), ratio(ofBare));
}

function printPingPong(): void {
  const { worldPerSecond, queuePerSecond, ratio: ofQueue } = pingPongs();
  console.log("\nFive nodes that ping and acknowledge, all hooks of the faults present and none active (goal: 0.50 of the bare queue)\n");
  row("", "messages/s", "of the queue");
  row("the queue alone", figure(queuePerSecond), ratio(1));
  row("the world, nobody watching", figure(worldPerSecond), ratio(ofQueue));
}

function printPending(): void {
  console.log("\nMemory of a pending event, bytes\n");
  row("", "queue alone", "with message");
  for (const { pending, queueBytes, messageBytes } of memoryPerEvent()) row(`${figure(pending)} pending`, figure(queueBytes), figure(messageBytes));
}

function printGrown(): void {
  const rows = growth(fileURLToPath(import.meta.url));
  console.log("\nMemory of a run without trace and history, digest and metrics kept (goal: four million events take what one does)\n");
  row("", "peak, MiB", "in use, MiB");
  for (const { protocol, events, peakMiB, liveMiB } of rows) row(`${protocol === "raft" ? "raft, whose log grows" : "a protocol that keeps no log"}, ${figure(events)} events`, ratio(peakMiB), ratio(liveMiB));
}

function printMemory(): void {
  console.log("\nPeak memory of a process that does one such run of 40 s\n");
  row("", "peak, MiB", "trace, MiB");
  for (const mode of modes) {
    const { peak, bytes } = JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--memory", mode], { encoding: "utf8" })) as { peak: number; bytes: number };
    row(modeWords[mode], ratio(peak / 1024), mode === "trace" ? ratio(bytes / 2 ** 20) : "");
  }
}

async function printCampaign(rounds = 5): Promise<void> {
  console.log(`\nA hunt in raft/random-faults (${busyness()})\n`);
  row("", "ratio", "goal");
  await campaignRows(rounds, ({ what, value, goal }) => row(what, ratio(value), goal));
}

/** In a process of its own: one run, the trace going to a file as the command line writes it. */
function measureMemory(mode: Mode): void {
  const folder = mkdtempSync(join(tmpdir(), "splitbrain-bench-"));
  const path = join(folder, "run.trace");
  const file = openSync(path, "w");
  runOnce(steadyScenario(40), mode, (bytes) => void writeSync(file, bytes));
  closeSync(file);
  const bytes = statSync(path).size;
  rmSync(folder, { recursive: true });
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS, bytes }));
}

function seedsOf(text = "1,1001,2001"): number[] {
  return text.split(",").map(Number);
}

const memoryMode = process.argv[2] === "--memory" ? (process.argv[3] as Mode) : undefined;
if (memoryMode !== undefined) measureMemory(memoryMode);
else if (process.argv[2] === "guided") await printGuided(Number(process.argv[3] ?? 200), seedsOf(process.argv[4]), process.argv.slice(5));
else if (process.argv[2] === "shrink") await printShrink(seedsOf(process.argv[3]), process.argv.slice(4).filter((word) => word !== "--texts"), process.argv.includes("--texts"));
else if (process.argv[2] === "campaign") await printCampaign(process.argv[3] === undefined ? undefined : Number(process.argv[3]));
else if (process.argv[2] === "--growth") printGrowth(process.argv[3] as string, Number(process.argv[4]));
else {
  printHold();
  printPingPong();
  printSteady();
  printPending();
  printMemory();
  printGrown();
  await printCampaign();
}

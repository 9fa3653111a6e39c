/** `npm run bench`: ratios measured in one run. Absolute figures say something about this machine, now, alone. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { elleRows, printElleRow } from "./check-elle.ts";
import { checkRows } from "./check.ts";
import { printTransactions } from "./check-txn.ts";
import { busyness, campaignRows } from "./campaign.ts";
import { printGuided } from "./guided.ts";
import { holdModel, holdTable } from "./hold.ts";
import { growth, memoryPerEvent, printGrowth } from "./memory.ts";
import { exchangeWords, pingPongs } from "./pingpong.ts";
import type { TransactionModel } from "../../sim/check/transactions/transaction.ts";
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
  console.log("\nFive nodes that ping and acknowledge, all hooks of the faults present and none active (goal: 0.50 of the bare queue)\n");
  row("", "messages/s", "of the queue");
  for (const { exchange, perSecond, ofQueue } of pingPongs()) row(exchangeWords[exchange], figure(perSecond), ratio(ofQueue));
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

function printElle(transactions: number): void {
  console.log("\nTransactions judged by their dependency graph, 20 clients at a time (goal: 1,000,000 over lists in under 60 s and 4,096 MiB)\n");
  row("", "made, s", "and judged, s", "of it CPU, s", "peak, MiB", "verdict");
  for (const { model, consistency, transactions: count, madeSeconds, judgedSeconds, cpuSeconds, peakMiB, verdict } of elleRows(fileURLToPath(import.meta.url), transactions)) {
    row(`${model}, ${consistency}, ${figure(count)}`, ratio(madeSeconds), ratio(judgedSeconds), ratio(cpuSeconds), figure(peakMiB), verdict);
  }
}

function printMemory(): void {
  console.log("\nPeak memory of a process that does one such run of 40 s\n");
  row("", "peak, MiB", "trace, MiB");
  for (const mode of modes) {
    const { peak, bytes } = JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--memory", mode], { encoding: "utf8" })) as { peak: number; bytes: number };
    row(modeWords[mode], ratio(peak / 1024), mode === "trace" ? ratio(bytes / 2 ** 20) : "");
  }
}

function printCheck(): void {
  console.log("\nVerdicts on real histories (goals: 10 clients and 1,000 operations in 5 ms; 50 clients in 100 ms, every key of the wrong one decided)\n");
  row("", "operations", "verdict", "keys wrong", "explored", "search alone", "Porcupine", "check, ms", "all keys, ms");
  for (const { name, operations, verdict, keys, failed, explored, searched, steps, checkMs, decideMs } of checkRows(fileURLToPath(new URL("../..", import.meta.url)))) {
    row(name, figure(operations), verdict, `${failed} of ${keys}`, figure(explored), searched === -1 ? "no end" : figure(searched), steps === undefined ? "" : figure(steps), ratio(checkMs), ratio(decideMs));
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
else if (process.argv[2] === "elle") printElle(Number(process.argv[3] ?? 1_000_000));
else if (process.argv[2] === "--elle") printElleRow(process.argv[3] as TransactionModel, process.argv[4] as string, Number(process.argv[5]));
else if (process.argv[2] === "ping") printPingPong();
else if (process.argv[2] === "check") printCheck();
else if (process.argv[2] === "txn") printTransactions(Number(process.argv[3] ?? 100_000), row);
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
  printCheck();
  await printCampaign();
}

/** What verdicts on real histories cost: configurations, which do not depend on the machine, and the processor time on this one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decide, partsOf } from "../../sim/check/decide.ts";
import { check, type Model, models, operationsOf, readHistory, type Operation } from "../../sim/check/index.ts";
import { Search } from "../../sim/check/search.ts";
import { type Simulation, simulate } from "../check/simulated.ts";
import { median } from "./median.ts";

/** Ten clients on one register: a thousand operations, about ten of them open at a time. */
const tenClients: Simulation = { seed: 1, operations: 1000, rate: 200, clients: 10, latency: 0.025, trouble: [0, 0], effect: 0, cas: 0.2, guess: 0.5 };

const ROUNDS = 25;

/** Steps that Porcupine takes (calls of its model), measured once with a counter in them; undefined where it does not end. */
const porcupineSteps: { readonly [file: string]: number } = { "c01-ok": 58, "c01-bad": 37, "c10-ok": 1127, "c10-bad": 972, "c50-ok": 741_945 };

export interface CheckRow {
  readonly name: string;
  readonly operations: number;
  readonly verdict: string;
  /** Of all keys, and how many of them fail. */
  readonly keys: number;
  readonly failed: number;
  readonly explored: number;
  /** By the general search alone, without the fast way; -1 where its budget ended. */
  readonly searched: number;
  readonly checkMs: number;
  readonly decideMs: number;
  readonly steps: number | undefined;
}

const SEARCH_BUDGET = 200_000;

function rowOfFile(name: string, text: string): CheckRow {
  const recording = readHistory(text);
  return rowOf(name, operationsOf(recording.history, recording.lines), models[recording.model!]!);
}

function rowOf(name: string, operations: readonly Operation[], model: Model): CheckRow {
  const parts = partsOf(operations, model);
  const { failed, explored } = decide(parts, model, SEARCH_BUDGET, true);
  const { verdict } = check(operations, { model });
  return {
    name,
    operations: operations.length,
    verdict,
    keys: parts.size,
    failed: failed.length,
    explored,
    searched: bySearchAlone([...parts.values()], model),
    checkMs: timeOf(() => check(operations, { model })),
    decideMs: timeOf(() => decide(partsOf(operations, model), model, SEARCH_BUDGET, true)),
    steps: porcupineSteps[name],
  };
}

function bySearchAlone(parts: readonly (readonly Operation[])[], model: Model): number {
  const { fast: _, ...slow } = model;
  const searches = parts.map((part) => new Search(part, slow));
  const outcomes = searches.map((search) => search.run(SEARCH_BUDGET));
  return outcomes.includes("more") ? -1 : searches.reduce((sum, { explored }) => sum + explored, 0);
}

/** Milliseconds of processor time, because others may be using the machine. */
function timeOf(act: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const began = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  });
  return median(times);
}

/** `root`: of the checkout. */
export function checkRows(root: string): CheckRow[] {
  const folder = join(root, "test/check/porcupine");
  const { verdicts } = JSON.parse(readFileSync(join(folder, "verdicts.json"), "utf8")) as { readonly verdicts: { readonly [file: string]: boolean } };
  const rows = Object.keys(verdicts).map((file) => rowOfFile(file.replace(/^.*\/|\.\w+$/g, ""), readFileSync(join(folder, file), "utf8")));
  const [etcd, others] = [rows.filter(({ name }) => name.startsWith("etcd")), rows.filter(({ name }) => !name.startsWith("etcd"))];
  const sum = (of: (row: CheckRow) => number): number => etcd.reduce((total, row) => total + of(row), 0);
  const total: CheckRow = {
    ...{ name: `etcd, ${etcd.length} logs in all`, operations: sum((row) => row.operations), verdict: "", keys: sum((row) => row.keys), failed: sum((row) => row.failed) },
    ...{ explored: sum((row) => row.explored), searched: etcd.some(({ searched }) => searched === -1) ? -1 : sum((row) => row.searched) },
    ...{ checkMs: sum((row) => row.checkMs), decideMs: sum((row) => row.decideMs), steps: undefined },
  };
  const simulated = [rowOf("10 clients, values written once", simulate(tenClients), models["kv"]!), rowOf("10 clients, ten values over and over", simulate({ ...tenClients, values: 10 }), models["kv"]!)];
  return [...others, total, ...simulated];
}

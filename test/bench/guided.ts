/**
 * `npm run bench -- guided [runs] [first seeds] [searches or mutants…]`: in how many runs three searches find each known
 * mistake: seed after seed with faults at times alone (timed), seed after seed (plain), and by what runs have come by (guided).
 * A search that finds nothing in `runs` counts as that many, so means and medians are below what they would be.
 */
import { protocols } from "../../protocols/index.ts";
import { serialExecutor, type Executor } from "../../sim/campaign/executor.ts";
import { guidedBy } from "../../sim/campaign/guided.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan, Outcome } from "../../sim/campaign/job.ts";
import { schedulesOf } from "../../sim/campaign/schedules.ts";
import { plainly } from "../../sim/campaign/steering.ts";
import type { Mutant } from "../../sim/protocol.ts";
import { median } from "./median.ts";

const searches = ["timed", "plain", "guided"] as const;
type Search = (typeof searches)[number];

/** What every search finds in so few runs tells nothing of any: such mutants share one line. */
const EASY = 3;

/** A short storm, with the options without which the mistake shows nothing. */
export function planFor(protocol: string, mutant: string, search: Search = "plain"): CampaignPlan {
  const { needs } = protocols[protocol]?.mutants?.[mutant] as Mutant;
  const text = `version: 1
protocol: ${protocol}
${needs === undefined ? "" : `options: ${JSON.stringify(needs)}\n`}nodes: 5
duration: 8s
network: { latency: lognormal(1ms 8ms), loss: 0.5%, duplicate: 0.5% }
clocks: { offset: -20ms..20ms, drift: -50ppm..50ppm }
disk: { sync: lognormal(1ms 10ms), write: 20us }
workload: { clients: 3, rate: 40/s, keys: { count: 2 }, operations: { read: 40, write: 40, cas: 20 }, from: 500ms, until: 7s }
faults: [{ random: { intensity: 40%${search === "timed" ? ", moments: false" : ""} } }]
expect: { ${protocol === "raft" ? "linearizable: true, " : ""}progress: { within: 1500ms }, converged: { within: 1s } }
`;
  return { text, file: `${protocol}/${mutant}`, mutant, overrides: [], mostEvents: 2_000_000 };
}

/** Outcomes by search's plan, seed and settings: what two searches have in common is run once. */
type Known = Map<string, Outcome | undefined>;

function remembering(executor: Executor, plan: CampaignPlan, known: Known): Executor {
  return {
    ...executor,
    async run(job) {
      const key = JSON.stringify([plan.text, job.seed, job.overrides]);
      const outcome = known.has(key) ? known.get(key) : await executor.run(job);
      known.set(key, outcome);
      return outcome === undefined ? undefined : { ...outcome, index: job.index };
    },
  };
}

/** Runs to the first failure; Infinity where there was none. */
async function runsToFailure(plan: CampaignPlan, search: Search, firstSeed: number, runs: number, known: Known): Promise<number> {
  const steering = search === "guided" ? guidedBy(firstSeed, schedulesOf(plan, protocols)) : plainly(firstSeed);
  const executor = remembering(serialExecutor(plan, { protocols }), plan, known);
  const report = await hunt(executor, { firstSeed, runs, keepGoing: false, isOver: () => false, steering });
  return report.failures.length > 0 ? report.runs : Infinity;
}

/** Runs to the first failure of each search from each first seed. */
type Row = { readonly [Of in Search]?: readonly number[] };

async function rowOf(protocol: string, mutant: string, chosen: readonly Search[], runs: number, firstSeeds: readonly number[]): Promise<Row> {
  const row: { [Of in Search]?: number[] } = {};
  const known: Known = new Map();
  for (const search of chosen) {
    const counts: number[] = [];
    for (const firstSeed of firstSeeds) counts.push(await runsToFailure(planFor(protocol, mutant, search), search, firstSeed, runs, known));
    row[search] = counts;
  }
  return row;
}

export async function printGuided(runs: number, firstSeeds: readonly number[], words: readonly string[]): Promise<void> {
  const isSearch = (word: string): word is Search => (searches as readonly string[]).includes(word);
  const [named, only] = [words.filter(isSearch), words.filter((word) => !isSearch(word))];
  const chosen = named.length > 0 ? named : searches;
  const all = Object.entries(protocols).flatMap(([protocol, { mutants }]) => Object.keys(mutants ?? {}).map((mutant) => ({ protocol, mutant })));
  const shown = (counts: readonly number[]): string => counts.map((count) => (Number.isFinite(count) ? String(count) : `>${runs}`).padStart(6)).join("");
  const rows: Row[] = [];
  const easy: string[] = [];
  console.log(`Runs to the first failure, from the seeds ${firstSeeds.join(", ")}, ${runs} at most\n`);
  for (const { protocol, mutant } of all.filter(({ mutant: name }) => only.length === 0 || only.includes(name))) {
    const row = await rowOf(protocol, mutant, chosen, runs, firstSeeds);
    rows.push(row);
    if (Object.values(row).flat().every((count) => count <= EASY)) easy.push(mutant);
    else for (const [search, counts] of Object.entries(row)) console.log(`${`${protocol}/${mutant}`.padEnd(44)}${search.padEnd(8)}${shown(counts)}   median ${shown([median(counts)]).trim()}, worst ${shown([Math.max(...counts)]).trim()}`);
  }
  if (easy.length > 0) console.log(`\nWithin ${EASY} runs by every search: ${easy.length} (${easy.join(", ")})`);
  printSums(rows, chosen, firstSeeds.length, runs);
}

/** Each search over all mutants, and from each first seed: how far the sums are apart is what chance alone does. */
function printSums(rows: readonly Row[], chosen: readonly Search[], firstSeeds: number, runs: number): void {
  const bounded = (count: number): number => Math.min(count, runs);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  console.log("");
  for (const search of chosen) {
    const found = rows.flatMap((row) => row[search] ?? []);
    const counts = found.map(bounded);
    const missed = found.filter((count) => !Number.isFinite(count)).length;
    const sums = Array.from({ length: firstSeeds }, (_, at) => sum(rows.map((row) => bounded(row[search]?.[at] ?? 0))));
    console.log(`${search.padEnd(8)} mean ${(sum(counts) / Math.max(1, counts.length)).toFixed(1)}, median ${median(counts)}, worst ${Math.max(...counts)}, not found ${missed} of ${counts.length}; sums by first seed ${sums.join(" ")}`);
  }
}

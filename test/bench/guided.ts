/**
 * `npm run bench -- guided [runs] [first seeds] [mutants…]`: in how many runs three searches find each known mistake: seed after
 * seed with faults at times alone (timed), seed after seed (plain), and by what runs have come by (guided).
 * A search that finds nothing in `runs` counts as that many, so means and medians are below what they would be.
 */
import { protocols } from "../../protocols/index.ts";
import { serialExecutor } from "../../sim/campaign/executor.ts";
import { guidedBy } from "../../sim/campaign/guided.ts";
import { hunt } from "../../sim/campaign/hunt.ts";
import type { CampaignPlan } from "../../sim/campaign/job.ts";
import { schedulesOf } from "../../sim/campaign/schedules.ts";
import { plainly } from "../../sim/campaign/steering.ts";
import type { Mutant } from "../../sim/protocol.ts";
import { median } from "./median.ts";

const searches = ["timed", "plain", "guided"] as const;
type Search = (typeof searches)[number];

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

/** Runs to the first failure; Infinity where there was none. */
async function runsToFailure(plan: CampaignPlan, search: Search, firstSeed: number, runs: number): Promise<number> {
  const steering = search === "guided" ? guidedBy(firstSeed, schedulesOf(plan, protocols)) : plainly(firstSeed);
  const report = await hunt(serialExecutor(plan, { protocols }), { firstSeed, runs, keepGoing: false, isOver: () => false, steering });
  return report.failures.length > 0 ? report.runs : Infinity;
}

export async function printGuided(runs: number, firstSeeds: readonly number[], only: readonly string[]): Promise<void> {
  const all = Object.entries(protocols).flatMap(([protocol, { mutants }]) => Object.keys(mutants ?? {}).map((mutant) => ({ protocol, mutant })));
  const shown = (counts: readonly number[]): string => counts.map((count) => (Number.isFinite(count) ? String(count) : `>${runs}`).padStart(6)).join("");
  const bounded = (counts: readonly number[]): number[] => counts.map((count) => Math.min(count, runs));
  const found: { readonly [Of in Search]: number[] } = { timed: [], plain: [], guided: [] };
  console.log(`Runs to the first failure, from the seeds ${firstSeeds.join(", ")}, ${runs} at most\n`);
  for (const { protocol, mutant } of all.filter(({ mutant: name }) => only.length === 0 || only.includes(name))) {
    for (const search of searches) {
      const counts: number[] = [];
      for (const firstSeed of firstSeeds) counts.push(await runsToFailure(planFor(protocol, mutant, search), search, firstSeed, runs));
      found[search].push(...counts);
      console.log(`${`${protocol}/${mutant}`.padEnd(44)}${search.padEnd(8)}${shown(counts)}   median ${median(bounded(counts))}, worst ${shown([Math.max(...counts)]).trim()}`);
    }
  }
  for (const search of searches) {
    const counts = bounded(found[search]);
    const mean = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
    const missed = found[search].filter((count) => !Number.isFinite(count)).length;
    console.log(`${search.padEnd(8)} mean ${mean.toFixed(1)}, median ${median(counts)}, worst ${Math.max(...counts)}, not found ${missed} of ${counts.length}`);
  }
}

/** The same campaign once for each of a protocol's mutants. */
import { asOverrides, audited, notTried, unmetNeeds, type AuditedMutant } from "../campaign/audit.ts";
import { scenarioOf } from "../campaign/run-job.ts";
import { sharingWorkers } from "../campaign/workers/pool.ts";
import type { Mutant } from "../protocol.ts";
import { runCampaign } from "./hunt-campaign.ts";
import type { HuntSettings } from "./hunt-options.ts";
import type { PlannedHunt } from "./hunt-plan.ts";
import { slugOf } from "./scenario-source.ts";
import type { Terminal } from "./terminal.ts";

export interface Audit {
  readonly mutants: readonly AuditedMutant[];
  readonly isInterrupted: boolean;
}

/** The mutants of the scenario's protocol, by their bare names. */
export function mutantsOf({ scenario, registry }: PlannedHunt): [name: string, mutant: Mutant][] {
  return Object.entries((registry[scenario.protocolName]?.mutants ?? {}) as { readonly [name: string]: Mutant });
}

/**
 * Hunts each of them to its first failure, within the settings. `options`: `as needed` gives each what it needs to show;
 * `as they are` leaves those out that the scenario's own options leave nothing of. Ctrl-C ends it with what there is.
 */
export function auditMutants(planned: PlannedHunt, settings: HuntSettings, options: "as needed" | "as they are", terminal: Terminal): Promise<Audit> {
  return sharingWorkers(() => oneAfterTheOther(planned, settings, options, terminal));
}

async function oneAfterTheOther(planned: PlannedHunt, settings: HuntSettings, options: "as needed" | "as they are", terminal: Terminal): Promise<Audit> {
  const all = mutantsOf(planned);
  const rows: AuditedMutant[] = [];
  for (const [index, [bare, mutant]] of all.entries()) {
    const name = `${planned.scenario.protocolName}/${bare}`;
    const unmet = unmetNeeds(mutant, planned.scenario.world.options as { readonly [option: string]: unknown });
    if (options === "as they are" && Object.keys(unmet).length > 0) {
      rows.push(notTried(name, mutant, unmet));
      continue;
    }
    const own = planOf(planned, bare, unmet);
    const { report, elapsedMs, ended } = await runCampaign(own, { ...settings, keepGoing: false }, labelled(terminal, `${index + 1} of ${all.length}: ${bare}`));
    if (ended === "interrupted") return { mutants: rows, isInterrupted: true };
    rows.push(audited(name, mutant, own.scenario.expect, report, elapsedMs));
  }
  return { mutants: rows, isInterrupted: false };
}

/** The plan with a mutant in place, whatever the scenario itself says of one. */
function planOf(planned: PlannedHunt, mutant: string, needs: NonNullable<Mutant["needs"]>): PlannedHunt {
  const plan = { ...planned.plan, mutant, overrides: [...planned.plan.overrides, ...asOverrides(needs)] };
  const scenario = scenarioOf(plan, { index: 0, seed: planned.firstSeed }, planned.registry);
  const slug = `${planned.loaded.slug ?? slugOf(planned.scenario.name)}-${slugOf(mutant)}`;
  return { ...planned, plan, scenario, slug };
}

/** Whose runs they are stands before how they are going. */
function labelled(terminal: Terminal, label: string): Terminal {
  return { ...terminal, progress: (text) => terminal.progress(text === "" ? "" : `  mutant ${label} ${text}`) };
}

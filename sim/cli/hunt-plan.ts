/** From a scenario on the command line to the plan of a hunt: the same scenario under random faults. */
import type { YAMLMap } from "yaml";
import { isMap, isSeq } from "yaml";
import { protocols } from "../../protocols/index.ts";
import type { CampaignPlan } from "../campaign/job.ts";
import { scenarioOf, type Registry } from "../campaign/run-job.ts";
import { InputError } from "../scenario/diagnostics.ts";
import { ScenarioDocument } from "../scenario/document.ts";
import { applyOverrides, type Override } from "../scenario/overrides.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { embedTables } from "../scenario/tables.ts";
import { UsageError } from "./exit.ts";
import { loadSource, type LoadedScenario } from "./load-scenario.ts";
import { readBeside, readScenario, slugOf } from "./scenario-source.ts";

export interface PlannedHunt {
  readonly plan: CampaignPlan;
  readonly firstSeed: number;
  /** The scenario under the first seed. */
  readonly scenario: Scenario;
  readonly loaded: LoadedScenario;
  readonly registry: Registry;
  /** Expectations of the scenario that are not asked under random faults. */
  readonly leftOut: readonly string[];
  /** For the names of files. */
  readonly slug: string;
}

export interface HuntTarget {
  readonly seed: number | undefined;
  readonly mutant: string | undefined;
  readonly overrides: readonly Override[];
  readonly budget: number | undefined;
  readonly mostEvents: number;
}

/** Throws an InputError with every mistake in the scenario, or a UsageError where there is none, or no room for random faults in it. */
export async function planHunt(name: string, target: HuntTarget): Promise<PlannedHunt> {
  const source = readScenario(name);
  const loaded = await loadSource(source, target);
  const { scenario, module } = loaded;
  // Of an experiment, its first cell is hunted in.
  const document = new ScenarioDocument(scenario.experiment?.text ?? source.text, source.file);
  applyOverrides(document, target.overrides);
  embedTables(document, (file) => readBeside(source, file));
  const leftOut = scenario.random === undefined ? putUnderRandomFaults(document, scenario) : [];
  const registry: Registry = module === undefined ? protocols : { ...protocols, [scenario.protocolName]: module.protocol };
  const plan: CampaignPlan = {
    text: document.text,
    file: source.file,
    mutant: target.mutant,
    overrides: [],
    mostEvents: target.mostEvents,
    budget: target.budget,
    module: module?.bundled,
  };
  const firstSeed = scenario.world.seed;
  const mutant = scenario.mutant === undefined ? "" : `-${slugOf(scenario.mutant)}`;
  const slug = `${loaded.slug ?? slugOf(scenario.name)}${mutant}`;
  return { plan, firstSeed, scenario: firstScenario(plan, firstSeed, registry), loaded, registry, leftOut, slug };
}

/**
 * Adds a random schedule to the scenario's faults. What it expects of metrics was said of its own faults, and under others
 * fails without telling anything: that is taken out. Returns the names of what was.
 */
function putUnderRandomFaults(document: ScenarioDocument, { expect }: Scenario): string[] {
  const leftOut = expect.flatMap((one) => (one.type === "metric" ? [one.metric] : []));
  const expectations = document.resolve(valueOf(document, "expect"));
  if (isMap(expectations)) for (const metric of leftOut) expectations.delete(metric);
  const faults = document.resolve(valueOf(document, "faults"));
  const count = isSeq(faults) ? faults.items.length : 0;
  applyOverrides(document, [{ path: `faults.${count}`, value: "{ random: {} }" }]);
  return leftOut;
}

function valueOf(document: ScenarioDocument, key: string): unknown {
  return isMap(document.root) ? (document.root as YAMLMap).get(key, true) : undefined;
}

/** The user's file is right; if the plan's is not, then because of what was added to it. */
function firstScenario(plan: CampaignPlan, seed: number, registry: Registry): Scenario {
  try {
    return scenarioOf(plan, { index: 0, seed }, registry);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first] = error.diagnostics;
    throw new UsageError(`there is no room for random faults in ${plan.file}: ${first?.message ?? ""}`, first?.hint);
  }
}

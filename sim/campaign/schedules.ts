/** The random schedule of a campaign's scenario, as a search may change it. */
import { InputError } from "../scenario/diagnostics.ts";
import { ScenarioDocument } from "../scenario/document.ts";
import { applyOverrides } from "../scenario/overrides.ts";
import type { DrawnFault } from "../scenario/random/schedule.ts";
import type { CampaignPlan, Job } from "./job.ts";
import { scenarioOf, type Registry } from "./run-job.ts";

/** The faults of a job's scenario that were drawn, and the whole list with others in their place. */
export interface Schedule {
  readonly drawn: readonly DrawnFault[];
  with(drawn: readonly DrawnFault[]): readonly object[];
}

/** As many schedules are remembered as a search goes by. */
const MOST_KEPT = 128;

/**
 * Finds the schedule of a job of the plan: a pure function of the job. Undefined where the scenario has no random schedule,
 * or several, of which nobody could say whose a fault is.
 */
export function schedulesOf(plan: CampaignPlan, registry: Registry): (job: Job) => Schedule | undefined {
  const place = placeOf(plan);
  const known = new Map<number, Schedule | undefined>();
  return (job) => {
    if (place === undefined) return undefined;
    if (!known.has(job.index)) {
      if (known.size >= MOST_KEPT) known.delete(known.keys().next().value as number);
      known.set(job.index, scheduleOf(plan, job, registry, place));
    }
    return known.get(job.index);
  };
}

/** How many faults of the file's own stand before the random one, and behind it. */
interface Place {
  readonly before: number;
  readonly behind: number;
}

function placeOf(plan: CampaignPlan): Place | undefined {
  const document = new ScenarioDocument(plan.text, plan.file);
  applyOverrides(document, plan.overrides);
  const { faults } = document.yaml.toJS() as { readonly faults?: unknown };
  if (!Array.isArray(faults)) return undefined;
  const isRandom = (fault: unknown): boolean => typeof fault === "object" && fault !== null && Object.hasOwn(fault, "random");
  const [place, second] = [...faults.keys()].filter((at) => isRandom(faults[at]));
  return place === undefined || second !== undefined ? undefined : { before: place, behind: faults.length - place - 1 };
}

function scheduleOf(plan: CampaignPlan, job: Job, registry: Registry, { before, behind }: Place): Schedule | undefined {
  const given = listIn(job) ?? listDrawn(plan, job, registry);
  if (given === undefined) return undefined;
  const end = given.length - behind;
  return { drawn: given.slice(before, end) as DrawnFault[], with: (drawn) => [...given.slice(0, before), ...drawn, ...given.slice(end)] };
}

/** The list that the job itself brings. */
function listIn({ overrides = [] }: Job): readonly object[] | undefined {
  const own = overrides.find(({ path }) => path === "faults");
  return own === undefined ? undefined : (JSON.parse(own.value) as object[]);
}

function listDrawn(plan: CampaignPlan, job: Job, registry: Registry): readonly object[] | undefined {
  try {
    return scenarioOf(plan, job, registry).random?.schedule;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

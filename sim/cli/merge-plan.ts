/** From the journal of a shard back to the plan of its hunt, on a machine that may have neither the scenario nor its module. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { protocols } from "../../protocols/index.ts";
import type { CampaignPlan, PlannedModule } from "../campaign/job.ts";
import { journalHeader } from "../campaign/journal.ts";
import type { MergedShards } from "../campaign/merge.ts";
import { scenarioOf, type Registry } from "../campaign/run-job.ts";
import { ScenarioDocument } from "../scenario/document.ts";
import type { PlannedHunt } from "./hunt-plan.ts";
import type { ProtocolModule } from "./module.node.ts";
import { writeWhole } from "./output.ts";

/** What the shards were planned by. */
export async function planOfShards({ header, campaign }: MergedShards): Promise<PlannedHunt> {
  const { module, folder, slug, leftOut } = campaign;
  const plan: CampaignPlan = { ...header.plan, module };
  const opened = module === undefined ? undefined : await open(module);
  const registry: Registry = module === undefined || opened === undefined ? protocols : { ...protocols, [module.name]: opened.protocol };
  const scenario = scenarioOf(plan, { index: 0, seed: header.firstSeed }, registry);
  return { plan, firstSeed: header.firstSeed, scenario, loaded: { scenario, module: opened, slug, folder: resolve(folder) }, registry, leftOut, slug };
}

async function open(module: PlannedModule): Promise<ProtocolModule> {
  const { openProtocolModule } = await import("./module.node.ts");
  return openProtocolModule(module);
}

/**
 * The same plan for scenarios that are to be written to a folder. A failure's scenario names its module's file: where that is
 * not here, or is another by now, the module is written beside it.
 */
export async function planForFiles(planned: PlannedHunt, folder: string): Promise<PlannedHunt> {
  const { plan, loaded, registry, slug } = planned;
  const { module } = plan;
  if (module === undefined || (await isHere(module, loaded.folder, planned))) return planned;
  const file = `${slug}.protocol.mjs`;
  writeWhole(resolve(folder, file), asModule(module), "the protocol's module");
  const name = `./${file}`;
  const document = new ScenarioDocument(plan.text, plan.file);
  document.yaml.set("protocol", name);
  const renamed: CampaignPlan = { ...plan, text: document.yaml.toString({ lineWidth: 0 }), module: { ...module, name } };
  return { ...planned, plan: renamed, loaded: { ...loaded, folder: resolve(folder) }, registry: { ...registry, [name]: registry[module.name] as Registry[string] } };
}

async function isHere(module: PlannedModule, folder: string, { plan, firstSeed }: PlannedHunt): Promise<boolean> {
  if (!existsSync(resolve(folder, module.name))) return false;
  const { loadProtocolModule } = await import("./module.node.ts");
  const complain = (message: string): { readonly file: string; readonly line: number; readonly column: number; readonly message: string } => ({ file: plan.file, line: 1, column: 1, message });
  const here = await loadProtocolModule({ name: module.name, folder, complain }).catch(() => undefined);
  const digestOf = (one: PlannedModule): unknown => journalHeader("", { ...plan, module: one }, firstSeed).plan.module?.digest;
  return here !== undefined && digestOf(here.bundled) === digestOf(module);
}

/** A bundle is the body of a function of `module`, `exports` and `require`; a file that others import has its protocol as its export. */
function asModule({ text, file }: PlannedModule): string {
  return `// Bundled from ${file} by \`splitbrain hunt\`.
import * as splitbrain from "splitbrain";
const module = { exports: {} };
(function (module, exports, require) {
${text}
})(module, module.exports, () => splitbrain);
const made = module.exports;
export default made.default ?? [made, ...Object.values(made)].find((one) => one?.onMessage !== undefined || one?.onRequest !== undefined);
`;
}

/** What `splitbrain list` lists: everything that has a name, with a sentence about it. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { protocols } from "../../protocols/index.ts";
import { formats, isolationLevels, levels, models, transactionModels } from "../check/index.ts";
import { metrics } from "../metrics/index.ts";
import type { Mutant } from "../protocol.ts";
import type { Listed } from "./commands/list.ts";
import { listFaults } from "./fault-reference.ts";
import { packagePath } from "./package.ts";
import { bundledScenarios } from "./scenario-source.ts";

/** The things of each kind, in the order in which they are shown. */
export const catalogue = {
  protocols: (): Listed[] => Object.entries(protocols).map(([name, protocol]) => ({ name, summary: protocol.summary ?? "" })),
  scenarios: (): Listed[] => bundledScenarios().map((name) => ({ name, summary: summaryOfScenario(name) })),
  faults: (): Listed[] => listFaults(),
  mutants: (): Listed[] => Object.entries(protocols).flatMap(([protocol, { mutants = {} }]) => mutantsOf(protocol, mutants)),
  models: (): Listed[] => Object.entries({ ...models, ...transactionModels }).map(([name, model]) => ({ name, summary: model.summary })),
  metrics: (): Listed[] => Object.entries(metrics).map(([name, metric]) => ({ name, summary: metric.summary })),
  levels: (): Listed[] => Object.entries({ ...levels, ...isolationLevels }).map(([name, level]) => ({ name, summary: level.summary })),
  formats: (): Listed[] => Object.entries(formats).map(([name, format]) => ({ name, summary: format.summary })),
};

function mutantsOf(protocol: string, mutants: { readonly [name: string]: Mutant }): Listed[] {
  return Object.entries(mutants).map(([name, { summary }]) => ({ name: `${protocol}/${name}`, summary }));
}

function summaryOfScenario(name: string): string {
  const contents = parse(readFileSync(packagePath("scenarios", `${name}.yaml`), "utf8")) as { readonly description?: string; readonly name?: string };
  return (contents.description ?? contents.name ?? "").replace(/\s+/g, " ").trim();
}

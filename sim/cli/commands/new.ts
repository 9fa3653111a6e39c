/** `splitbrain new`: a small working file to start from. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { exitCodes, UsageError } from "../exit.ts";

const kinds = ["protocol", "scenario", "workflow"] as const;
type Kind = (typeof kinds)[number];

interface NewFile {
  readonly name: string;
  readonly text: string;
}

export const newCommand: Command = {
  name: "new",
  usage: "new <kind> [name]",
  summary: "A small working file to start from",
  positionals: {
    kind: { type: "string", choices: kinds, describe: "What to begin" },
    name: { type: "string", describe: "Its name, and that of its files" },
  },
  options: { out: { ...options.out, describe: "The folder for the new files", defaultDescription: "the current folder" }, json: options.json, quiet: options.quiet },
  examples: [["$0 new protocol ring-election", "A protocol in TypeScript, a scenario that runs it, and a test of it under many"], ["$0 new workflow", "A hunt every night, as a workflow of GitHub Actions"]],

  async run(args, terminal) {
    const kind = args.text("kind") as Kind;
    const name = checkedName(args.text("name") ?? usualNames[kind]);
    const folder = args.text("out") ?? ".";
    const files = await filesOf(kind, name);
    const paths = await writeNewFiles(folder, files);
    if (args.flag("json")) terminal.print(JSON.stringify({ version: 1, files: paths }, null, 2));
    else if (!args.flag("quiet")) terminal.print(nextSteps(kind, paths));
    return exitCodes.pass;
  },
};

const usualNames: { readonly [K in Kind]: string } = { protocol: "my-protocol", scenario: "my-scenario", workflow: "hunt" };

async function filesOf(kind: Kind, name: string): Promise<NewFile[]> {
  const fill = (template: string): string => template.replaceAll("NAME", name);
  if (kind === "workflow") {
    const { workflowPath, workflowTemplate } = await import("../new-workflow.ts");
    return [{ name: fill(workflowPath), text: fill(workflowTemplate) }];
  }
  const { protocolScenarioTemplate, protocolTemplate, protocolTestTemplate, scenarioTemplate } = await import("../new-protocol.ts");
  if (kind === "scenario") return [{ name: `${name}.yaml`, text: fill(scenarioTemplate) }];
  return [{ name: `${name}.ts`, text: fill(protocolTemplate) }, { name: `${name}.test.ts`, text: fill(protocolTestTemplate) }, { name: `${name}.yaml`, text: fill(protocolScenarioTemplate) }];
}

function checkedName(name: string): string {
  const bare = name.replace(/\.(ts|yaml|yml)$/, "");
  if (/^[a-z][a-z0-9-]*$/i.test(bare)) return bare;
  throw new UsageError(`'${name}' cannot be the name of a file and a protocol`, "Use letters, digits and dashes, a letter first; --out names another folder.");
}

/** Writes all of the files or none; what exists already is left as it is, and refused. */
async function writeNewFiles(folder: string, files: readonly NewFile[]): Promise<string[]> {
  const { existsSync, mkdirSync, writeFileSync } = await import("node:fs");
  const { dirname, join } = await import("node:path");
  const paths = files.map((file) => join(folder, file.name));
  for (const path of paths) if (existsSync(path)) throw new UsageError(`${path} exists already, and is left as it is`, "Give another name: splitbrain new KIND NAME");
  try {
    for (const path of paths) mkdirSync(dirname(path), { recursive: true });
    files.forEach((file, index) => writeFileSync(paths[index] as string, file.text, { flag: "wx" }));
  } catch (error) {
    throw new UsageError(`${folder} cannot be written to: ${(error as Error).message}`);
  }
  return paths;
}

function nextSteps(kind: Kind, paths: readonly string[]): string {
  if (kind === "workflow") return [`Wrote ${paths.join(" and ")}.`, "", "Its first lines say what is hunted in, and how long. It needs `splitbrain` among the repository's own dependencies:", "", "  npm install --save-dev splitbrain"].join("\n");
  const scenario = paths[paths.length - 1] as string;
  const steps = [`Wrote ${kind === "protocol" ? paths.slice(0, -1).join(", ") + " and " : ""}${scenario}.`, "", `  splitbrain run ${scenario}`, `  splitbrain view ${scenario}`];
  if (kind === "protocol") steps.push(`  npx vitest run ${paths[1]}`);
  if (kind === "protocol") steps.push("", "Change a rule, run it again, and see which expectation notices.");
  return steps.join("\n");
}

/** `splitbrain list`: what can be named in a scenario and on the command line. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { exitCodes, UsageError } from "../exit.ts";
import { alignRows, wrap, type Terminal } from "../terminal.ts";

export interface Listed {
  readonly name: string;
  readonly summary: string;
}

const kinds = ["protocols", "scenarios", "faults", "mutants", "models", "metrics", "levels", "formats"] as const;

export const listCommand: Command = {
  name: "list",
  usage: "list [kind]",
  summary: `What there is: ${kinds.join(", ")}`,
  positionals: { kind: { type: "string", describe: kinds.join(", ") } },
  options: { long: { type: "boolean", describe: "Everything that is known of each fault: parameters, units, source" }, json: options.json, quiet: { ...options.quiet, hidden: true } },
  examples: [
    ["$0 list mutants", "The small named mistakes that protocols can be run with"],
    ["$0 list faults --long", "The reference of what may go wrong"],
  ],

  async run(args, terminal) {
    const { catalogue } = await import("../catalogue.ts");
    const kind = args.text("kind");
    if (kind === undefined) {
      const counted = kinds.map((name) => ({ name, count: catalogue[name]().length, summary: meanings[name] }));
      if (args.flag("json")) terminal.print(JSON.stringify(counted.map(({ name, summary }) => ({ name, summary })), null, 2));
      else printTable(counted.map(({ name, count, summary }) => ({ name: `${name} (${count})`, summary })), terminal);
      return exitCodes.pass;
    }
    const known = kinds.find((name) => name === kind || name === `${kind}s`);
    if (known === undefined) {
      const { didYouMean } = await import("../../scenario/diagnostics.ts");
      throw new UsageError(`there is no kind '${kind}' to list${didYouMean(kind, kinds)}`, `The kinds are ${kinds.join(", ")}.`);
    }
    if (args.flag("long") && known !== "faults") throw new UsageError(`--long goes with faults; there is no more to say of ${known}`, "splitbrain list faults --long");
    if (args.flag("json")) terminal.print(JSON.stringify(catalogue[known](), null, 2));
    else if (known === "faults") (await import("../fault-reference.ts")).printFaults(terminal, args.flag("long"));
    else printTable(catalogue[known](), terminal);
    return exitCodes.pass;
  },
};

const meanings: { readonly [Kind in (typeof kinds)[number]]: string } = {
  protocols: "what a scenario's `protocol` may name, besides a module of your own",
  scenarios: "the bundled ones, to be run by their bare name",
  faults: "what may go wrong, as a scenario's `faults` say it",
  mutants: "small named mistakes, for `run --mutant` and `options: { mutant: … }`",
  models: "what a history may mean, for `check --model`",
  metrics: "what a report shows and an expectation may compare",
  levels: "what consistency may be asked for, in `expect` and by `check --consistency`",
  formats: "files of histories that `check` reads, by their content or `--format`",
};

function printTable(rows: readonly Listed[], terminal: Terminal): void {
  const widest = Math.max(0, ...rows.map((row) => row.name.length));
  const room = Math.max(30, terminal.columns - widest - 2);
  const lines = alignRows(rows.map(({ name, summary }) => [terminal.paint.bold(name), wrap(summary, room, " ".repeat(widest + 2))]));
  terminal.print(lines.join("\n"));
}

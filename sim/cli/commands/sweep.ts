/** `splitbrain sweep`: an experiment, a matrix of settings under many seeds each, with tables and plots. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";

const text = { type: "string", requiresArg: true } as const;

export const sweepCommand: Command = {
  name: "sweep",
  usage: "sweep <scenario>",
  summary: "An experiment: a matrix of settings, many seeds each, tables and plots",
  positionals: { scenario: { type: "string", describe: "A path, the bare name of a bundled scenario, or - for standard input" } },
  options: {
    runs: { ...text, describe: "How many seeds each cell is run under", defaultDescription: "what the experiment says, else 100" },
    workers: { ...text, describe: "How many processes run at a time", defaultDescription: "one a core" },
    resume: { type: "boolean", describe: "Carry on the same experiment from its journal, whatever it was ended by" },
    seed: { ...options.seed, describe: "The first of the seeds, in place of the scenario's; the others follow it" },
    mutant: options.mutant,
    set: options.set,
    budget: { ...text, describe: "How many configurations each consistency check may explore before its verdict is unknown" },
    "run-events": { ...text, describe: "A run is given up after so many events", defaultDescription: "20,000,000" },
    "run-timeout": { ...text, describe: "A run is given up where its protocol does not come back for so long", defaultDescription: "30s" },
    "run-memory": { ...text, describe: "A run is given up where its worker needs more", defaultDescription: "1GiB" },
    out: options.out,
    json: options.json,
    quiet: { ...options.quiet, describe: "Only the summary line, and no progress" },
  },
  examples: [
    ["$0 sweep experiments/election-timeout --runs 100", "How much randomness an election timeout needs"],
    ["$0 sweep raft/steady --runs 50", "One cell: how much one scenario's figures vary"],
  ],

  async run(args, terminal) {
    const { sweepExitCode, sweepScenario } = await import("../sweep-scenario.ts");
    return sweepExitCode(await sweepScenario(args.text("scenario") as string, args, terminal));
  },
};

/** `splitbrain run`: one run, with its report, verdict and trace. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { exitCodeOf, exitCodes } from "../exit.ts";

export const runCommand: Command = {
  name: "run",
  usage: "run <scenario>",
  summary: "One run: report, verdict, trace",
  positionals: { scenario: { type: "string", describe: "A path, the bare name of a bundled scenario, or - for standard input" } },
  options: {
    seed: options.seed,
    mutant: options.mutant,
    set: options.set,
    out: options.out,
    json: options.json,
    quiet: options.quiet,
    "log-level": options.logLevel,
  },
  examples: [
    ["$0 run raft/leader-isolated", "The flagship"],
    ["$0 run raft/leader-isolated --seed 7 --set network.loss=1%", "The same with other luck and a worse network"],
  ],

  async run(args, terminal) {
    const { runScenario } = await import("../run-scenario.ts");
    const outcome = await runScenario(args.text("scenario") as string, args, terminal);
    const { result } = outcome;
    if (args.flag("json")) terminal.print(JSON.stringify(result, null, 2));
    else {
      const { formatReport, formatVerdictLine } = await import("../report.ts");
      const { programName } = await import("../program.ts");
      const { paint, columns } = terminal;
      terminal.print(args.flag("quiet") ? formatVerdictLine(outcome, paint) : formatReport(outcome, { paint, columns, program: programName() }));
    }
    return result.interrupted === true ? exitCodes.interrupted : exitCodeOf(result.verdict);
  },
};

/** `splitbrain diff`: where two runs first differ, and what led to it on each side. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { exitCodes } from "../exit.ts";

const text = { type: "string", requiresArg: true } as const;

export const diffCommand: Command = {
  name: "diff",
  usage: "diff <a> [b]",
  summary: "Where two runs first differ, and what caused it on each side",
  positionals: {
    a: { type: "string", describe: "A trace, or a scenario to run" },
    b: { type: "string", describe: "What to compare it with; without it, the same scenario: a trace's own, run again by this program" },
  },
  options: {
    seed: { ...text, describe: "Given once: of what is run on either side; given twice: first a's, then b's. Beside a trace, a scenario takes the trace's seed unless this says another" },
    mutant: { ...text, describe: "Given once: b's, so that the original is compared with it; given twice: first a's, then b's" },
    set: { ...text, describe: "path=value: override a setting of what is run on either side; may be repeated" },
    "set-a": { ...text, describe: "path=value: the same for a alone" },
    "set-b": { ...text, describe: "path=value: the same for b alone" },
    causes: { ...text, describe: "How many causes are told, from the first difference back", defaultDescription: "6" },
    context: { ...text, describe: "How many events are shown before the first difference, and how many from there", defaultDescription: "3" },
    out: { ...options.out, describe: "The folder for the traces of what is run" },
    json: options.json,
    quiet: { ...options.quiet, describe: "Only one line, and no progress" },
  },
  examples: [
    ["$0 diff a.trace b.trace", "Two traces"],
    ["$0 diff raft/leader-isolated --seed 1 --seed 2", "Two seeds"],
    ["$0 diff raft/figure-8 --mutant commit-old-term", "The original and a mutant"],
    ["$0 diff raft/steady --set-b network.loss=1%", "Two settings"],
    ["$0 diff old.yaml new.yaml", "Two versions of a scenario"],
    ["$0 diff run.trace", "A trace and its scenario, run again: has the program changed?"],
    ["$0 diff my-scenario.yaml", "The same twice: is it deterministic?"],
  ],

  async run(args, terminal) {
    const limits = { causes: args.whole("causes", 0, 10_000), context: args.whole("context", 0, 10_000) };
    const { sidesOf } = await import("../diff-sides.ts");
    const { openSides } = await import("../diff-runs.ts");
    const sides = await openSides(sidesOf(args), args, terminal);
    if (sides === "interrupted") return exitCodes.interrupted;
    let equal = false;
    try {
      const { compare, formatComparison, jsonOf } = await import("../diff-report.ts");
      const { programName } = await import("../program.ts");
      const compared = compare(sides.a, sides.b, limits);
      equal = compared.difference === undefined;
      const style = { paint: terminal.paint, columns: terminal.columns, program: programName() };
      if (args.flag("json")) terminal.print(JSON.stringify(jsonOf(compared, style), null, 2));
      else terminal.print(formatComparison(compared, { ...style, isQuiet: args.flag("quiet") }));
      return equal ? exitCodes.pass : exitCodes.fail;
    } finally {
      // Of equal runs there is nothing to look at: what was run for this leaves no traces then.
      sides.close(equal);
    }
  },
};


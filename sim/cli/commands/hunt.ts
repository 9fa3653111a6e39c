/** `splitbrain hunt`: many runs under random faults, until one fails. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { UsageError } from "../exit.ts";
import { reporters, searches, USUAL_SEARCH } from "../hunt-choices.ts";

const text = { type: "string", requiresArg: true } as const;


export const huntCommand: Command = {
  name: "hunt",
  usage: "hunt [scenario]",
  summary: "Many runs under random faults, until one fails",
  positionals: { scenario: { type: "string", describe: "A path, the bare name of a bundled scenario, or - for standard input. With --mutant all it may be left out: then each protocol's own random-faults" } },
  options: {
    runs: { ...text, describe: "How many runs, one a seed", defaultDescription: "1000 or what a minute allows; with --time no limit" },
    time: { ...text, describe: "How long, interruptions left out: 10m" },
    workers: { ...text, describe: "How many processes run at a time", defaultDescription: "one a core" },
    "keep-going": { type: "boolean", describe: "Not only to the first failure: all that are distinct" },
    resume: { type: "boolean", describe: "Carry on the same campaign from its journal, whatever it was ended by" },
    search: { ...text, choices: searches, describe: "Where it goes: seed after seed, or guided by what runs came by", defaultDescription: USUAL_SEARCH },
    guided: { type: "boolean", describe: "As --search guided" },
    seed: { ...options.seed, describe: "The first run's seed, in place of the scenario's; the others follow it" },
    mutant: { ...text, describe: "Hunt in the protocol with one of its mutants in place; all: in each of them to its first failure, for the table of what catches which (--runs and --time are each one's). Exits 1 where one is missed, 0 where all are caught" },
    audit: { type: "boolean", describe: "After a campaign without a failure, the same runs of each mutant: which of them it would have found. The exit code is the campaign's own" },
    set: options.set,
    shard: { ...text, describe: "Only this part of so many: 3/64; `splitbrain merge` gives the report of all of them" },
    queue: { ...text, describe: "The redis through which any number of `splitbrain worker` do the runs: redis://host:6379" },
    budget: { ...text, describe: "How many configurations each consistency check may explore before its verdict is unknown" },
    "run-events": { ...text, describe: "A run is given up after so many events", defaultDescription: "20,000,000" },
    "run-timeout": { ...text, describe: "A run is given up where its protocol does not come back for so long", defaultDescription: "30s" },
    "run-memory": { ...text, describe: "A run is given up where its worker needs more", defaultDescription: "1GiB" },
    reporter: { ...text, choices: reporters, describe: "What standard output is for", defaultDescription: "text" },
    out: options.out,
    json: { ...options.json, describe: "One JSON document on standard output, as --reporter json" },
    quiet: { ...options.quiet, describe: "Only the summary line, and no progress" },
  },
  examples: [
    ["$0 hunt raft/random-faults --time 10m", "As many seeds as ten minutes allow"],
    ["$0 hunt raft/random-faults --runs 10000 --shard 3/64", "One of 64 parts, each on a machine of its own"],
    ["$0 hunt raft/random-faults --time 8h --queue redis://build-7:6379", "On all machines whose workers look there for runs"],
    ["$0 hunt raft/random-faults --mutant vote-not-persisted", "How long does this mistake go unnoticed?"],
    ["$0 hunt raft/random-faults --mutant all --runs 200", "What catches each known mistake, and when"],
    ["$0 hunt raft/random-faults --runs 500 --audit", "What 500 clean runs would have found"],
  ],

  async run(args, terminal) {
    const [scenario, isAll] = [args.text("scenario"), args.text("mutant") === "all"];
    if (scenario === undefined && !isAll) throw new UsageError("which scenario?", "`splitbrain list scenarios` names the bundled ones; only --mutant all does without.");
    const { huntSettings } = await import("../hunt-options.ts");
    const { huntScenario } = await import("../hunt-scenario.ts");
    if (scenario !== undefined && !isAll) return huntScenario(scenario, args, huntSettings(args), terminal);
    const { huntMutants } = await import("../hunt-all.ts");
    return huntMutants(scenario, args, huntSettings(args), terminal);
  },
};

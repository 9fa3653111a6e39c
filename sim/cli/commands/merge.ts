/** `splitbrain merge`: what the shards of a hunt come to together. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { reporters } from "../hunt-choices.ts";

export const mergeCommand: Command = {
  name: "merge",
  usage: "merge <journals..>",
  summary: "The report of a hunt that was done in shards",
  positionals: { journals: { type: "string", array: true, describe: "What `hunt --shard` has written, or folders in which it lies, in any order" } },
  options: {
    reporter: { type: "string", requiresArg: true, choices: reporters, describe: "What standard output is for", defaultDescription: "text" },
    out: options.out,
    json: { ...options.json, describe: "One JSON document on standard output, as --reporter json" },
    quiet: { ...options.quiet, describe: "Only the summary line, and no progress" },
  },
  examples: [
    ["$0 merge .splitbrain", "All shards whose journals lie in this folder, or in folders below it"],
    ["$0 merge a.shard1of2.hunt.jsonl b.shard2of2.hunt.jsonl --reporter junit", "Two shards, for a service that reads JUnit's XML"],
  ],

  async run(args, terminal) {
    const { mergeJournals } = await import("../merge-shards.ts");
    return mergeJournals(args, terminal);
  },
};

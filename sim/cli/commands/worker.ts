/** `splitbrain worker`: does runs of campaigns that others have put into a queue. */
import type { Command } from "../command.ts";
import { UsageError } from "../exit.ts";

const text = { type: "string", requiresArg: true } as const;

export const workerCommand: Command = {
  name: "worker",
  usage: "worker",
  summary: "Does runs of every hunt that goes through a redis",
  options: {
    queue: { ...text, describe: "The redis that `hunt --queue` puts its runs into: redis://host:6379" },
    workers: { ...text, describe: "How many processes run at a time", defaultDescription: "one a core" },
    quiet: { type: "boolean", describe: "Only the summary line" },
  },
  examples: [
    ["$0 worker --queue redis://localhost:6379", "Until Ctrl-C, which lets the runs that are under way finish"],
    ["$0 worker --queue redis://:secret@build-7:6379/1 --workers 4", "With a password, in database 1, four runs at a time"],
  ],

  async run(args, terminal) {
    const { queueOf } = await import("../hunt-options.ts");
    const url = queueOf(args);
    if (url === undefined) throw new UsageError("worker needs --queue", "It is the redis that `splitbrain hunt --queue redis://…` was given.");
    const { workAt } = await import("../work.ts");
    return workAt(url, args, terminal);
  },
};

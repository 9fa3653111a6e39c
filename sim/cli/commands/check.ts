/** `splitbrain check`: a consistency verdict on recorded histories, ours or anybody's. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { exitCodeOf, exitCodes, UsageError } from "../exit.ts";

const text = { type: "string", requiresArg: true } as const;

export const checkCommand: Command = {
  name: "check",
  usage: "check <history..>",
  summary: "A consistency verdict on recorded histories, ours or anybody's",
  positionals: { history: { type: "string", array: true, describe: "Files, or folders of them; - for standard input" } },
  options: {
    model: { ...text, describe: "What the operations mean: one of `splitbrain list models`, or a module of your own", defaultDescription: "what the history says, else kv" },
    consistency: { ...text, describe: "What is asked of the history; `splitbrain list levels`", defaultDescription: "linearizable, of transactions strictSerializable" },
    format: { ...text, describe: "The files' format, where their content is not to decide; `splitbrain list formats`" },
    budget: { ...text, describe: "How many configurations may be explored before the verdict is unknown" },
    "no-lattice": { type: "boolean", describe: "Leave out the strongest levels that hold and the weakest that do not" },
    verify: { type: "boolean", describe: "Replay each witness and each refutation by an independent verifier" },
    html: { ...text, describe: "A file for a picture of the history: who did what when, a legal order, what refutes it" },
    json: options.json,
    quiet: { ...options.quiet, describe: "Only a line for each history" },
  },
  examples: [["$0 check .splitbrain/leader-isolated-seed1.history.jsonl", "A history of our own"], ["$0 check etcd.log --html etcd.html", "And a picture of it"]],

  async run(args, terminal) {
    const { judgeHistories } = await import("../judge-histories.ts");
    const judged = await judgeHistories(args.texts("history"), {
      model: args.text("model"),
      consistency: args.text("consistency"),
      format: args.text("format"),
      lattice: !args.flag("no-lattice"),
      budget: args.whole("budget", 1, Number.MAX_SAFE_INTEGER),
      verify: args.flag("verify"),
    }, terminal.progress);
    const picture = args.text("html");
    const [only, another] = judged.histories;
    if (picture !== undefined && another !== undefined) throw new UsageError("--html takes one history, because one picture shows one");
    if (picture !== undefined && only !== undefined) (await import("../history-page.ts")).writeHistoryPage(picture, only);
    const { formatJudged, jsonOf } = await import("../judge-report.ts");
    if (args.flag("json")) terminal.print(JSON.stringify(jsonOf(judged), null, 2));
    else terminal.print(formatJudged(judged, { paint: terminal.paint, columns: terminal.columns, isQuiet: args.flag("quiet") }));
    // A verdict that does not stand up is a mistake of ours, whatever it said.
    return judged.histories.some(({ verification }) => verification?.outcome === "wrong") ? exitCodes.internal : exitCodeOf(judged.verdict);
  },
};

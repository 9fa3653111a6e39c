/** `splitbrain view`: the replay in the browser. */
import type { Command } from "../command.ts";
import { options } from "../command.ts";
import { exitCodes, UsageError } from "../exit.ts";
import type { Args } from "../command.ts";
import type { Terminal } from "../terminal.ts";

export const viewCommand: Command = {
  name: "view",
  usage: "view [what]",
  summary: "The replay in the browser",
  positionals: { what: { type: "string", describe: "A trace, or a scenario to run first; without it, the newest trace of --out" } },
  options: {
    at: { type: "string", requiresArg: true, describe: "Open it at an event, by its number, or at a virtual time: 412, 7.3s" },
    port: { type: "string", requiresArg: true, describe: "The port on the loopback interface", defaultDescription: "the first free one from 4173" },
    open: { type: "boolean", describe: "Open the browser, also where it is not clear that there is one" },
    "no-open": { type: "boolean", describe: "Only print the address" },
    seed: options.seed,
    mutant: options.mutant,
    set: options.set,
    out: options.out,
    json: { ...options.json, describe: "The address as a JSON document" },
    quiet: options.quiet,
    "log-level": options.logLevel,
  },
  examples: [
    ["$0 view raft/leader-isolated", "Run a scenario and open its replay"],
    ["$0 view run.trace --at 7.3s", "Open a trace at a moment"],
  ],

  async run(args, terminal) {
    const { onInterrupt } = await import("../interrupt.ts");
    const ended = new Promise<void>((resolve) => onInterrupt(resolve));
    const port = args.whole("port", 0, 65535);
    const { addressAt, momentOf } = await import("../moment.ts");
    const moment = momentOf(args.text("at"));
    const { existsSync } = await import("node:fs");
    const { packagePath } = await import("../package.ts");
    const viewer = packagePath(".dist", "viewer");
    if (!existsSync(viewer)) throw new UsageError("the viewer has not been built", "In a checkout, `npm install` builds it.");
    // The port first: where it cannot be had, no run may have overwritten anything.
    const { serve } = await import("../serve.ts");
    let trace: string | undefined;
    const server = await serve({ viewer, trace: () => trace, port });
    try {
      const found = await traceOf(args, terminal);
      if (found === "interrupted") return exitCodes.pass;
      trace = found;
      const url = `${server.url}${moment === undefined || trace === undefined ? "" : addressAt(moment, trace)}`;
      announce(url, trace, args, terminal);
      if (mayOpen(args, terminal)) await openBrowser(url, terminal);
      await ended;
      return exitCodes.pass;
    } finally {
      await server.close();
    }
  },
};

/** The trace to show: the one that is named, that of the scenario that is named, or the newest of the output folder. */
async function traceOf(args: Args, terminal: Terminal): Promise<string | "interrupted" | undefined> {
  const { checkTrace, isTraceFile, newestTrace } = await import("../trace-file.ts");
  const what = args.text("what");
  const trace = what === undefined ? newestTrace(args.text("out") ?? ".splitbrain") : what;
  if (trace === undefined) return undefined;
  if (what !== undefined && !isTraceFile(what)) {
    const { runScenario } = await import("../run-scenario.ts");
    const outcome = await runScenario(what, args, terminal);
    const { result } = outcome;
    if (!args.flag("json") && !args.flag("quiet")) {
      const { formatVerdictLine } = await import("../report.ts");
      terminal.print(formatVerdictLine(outcome, terminal.paint));
    }
    return result.interrupted === true ? "interrupted" : result.files.trace;
  }
  checkTrace(trace);
  return trace;
}

function announce(url: string, trace: string | undefined, args: Args, terminal: Terminal): void {
  if (args.flag("json")) return terminal.print(JSON.stringify({ version: 1, url, trace: trace ?? null }));
  if (args.flag("quiet")) return terminal.print(url);
  terminal.print(`${trace === undefined ? "There is no trace yet; the viewer can run the bundled scenarios itself." : `Showing ${trace}`}`);
  terminal.print(`\n  ${terminal.paint.bold(url)}\n\nCtrl-C ends it.`);
}

/** A browser is opened for a person: on a terminal, with a screen to show it on. */
function mayOpen(args: Args, terminal: Terminal): boolean {
  if (args.flag("no-open")) return false;
  if (args.flag("open")) return true;
  const hasDisplay = process.platform !== "linux" || Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
  return terminal.isWatched && process.stdout.isTTY === true && hasDisplay && !process.env["CI"] && !process.env["SSH_CONNECTION"];
}

async function openBrowser(url: string, terminal: Terminal): Promise<void> {
  const { spawn } = await import("node:child_process");
  const openers: { readonly [platform: string]: readonly string[] } = { darwin: ["open", url], win32: ["cmd", "/c", "start", "", url] };
  const [program, ...rest] = openers[process.platform] ?? ["xdg-open", url];
  const child = spawn(program as string, rest, { stdio: "ignore", detached: true });
  child.on("error", () => terminal.say(`No browser could be opened: open ${url} yourself.`));
  child.unref();
}

/** The command line, read with yargs and checked strictly: what is not known is refused, with the nearest name. */
import yargs from "yargs";
import type { Argv } from "yargs";
import { didYouMean, oneOf } from "../scenario/diagnostics.ts";
import { VERSION } from "../version.ts";
import { Args, options, STANDARD_INPUT, type Command } from "./command.ts";
import { exitCodes, UsageError } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** Commands of the contract that no code serves yet, and what each will do. */
export const notSupportedYet: { readonly [name: string]: string } = {
  explore: "every schedule of a small configuration",
  explain: "what happened and why, as a post-mortem",
  export: "a trace for other tools",
};

/** Reads the command line and runs its command. Returns the exit code; throws a UsageError where it is wrong. */
export async function parseCommandLine(argv: readonly string[], commands: readonly Command[], terminal: Terminal): Promise<number> {
  checkCommandName(argv, commands);
  // The command is run when yargs is done: while one runs inside of it, yargs composes its help, which nobody reads.
  let chosen: (() => Promise<number>) | undefined;
  const parser = configure(yargs(argv.map((word) => (word === "-" ? STANDARD_INPUT : word))), terminal);
  for (const command of commands) {
    const choose = (values: { readonly [name: string]: unknown }): void => {
      checkArguments(values, command);
      chosen = () => command.run(new Args(values), terminal);
    };
    parser.command(command.usage, command.summary, (y) => describe(y, command), choose);
  }
  await parser.parseAsync();
  return chosen === undefined ? exitCodes.pass : chosen();
}

function configure(parser: Argv, terminal: Terminal): Argv {
  return parser
    .scriptName("splitbrain")
    .usage("$0 <command>\n\nA deterministic bench for consensus and consistency protocols.")
    .version(VERSION)
    .help()
    .alias("help", "h")
    .completion("completion", "Print a completion script for the shell")
    .parserConfiguration({ "boolean-negation": false, "camel-case-expansion": false, "dot-notation": false, "greedy-arrays": false, "parse-numbers": false, "parse-positional-numbers": false })
    .option("no-color", { ...options.noColor, global: true })
    .wrap(terminal.columns)
    .epilogue(`Not supported yet: ${Object.keys(notSupportedYet).join(", ")}.`)
    .exitProcess(false)
    .fail((message, error) => {
      throw message ? inOurWords(message) : error;
    });
}

function describe(parser: Argv, command: Command): Argv {
  for (const [name, positional] of Object.entries(command.positionals ?? {})) parser.positional(name, positional);
  for (const example of command.examples ?? []) parser.example(example[0], example[1]);
  return parser.options(command.options).epilogue("");
}

/** The first word must be a command; yargs would only say so after it had looked at everything else. */
function checkCommandName(argv: readonly string[], commands: readonly Command[]): void {
  if (argv.some((word) => ["--help", "-h", "--version", "--get-yargs-completions"].includes(word))) return;
  const name = argv.find((word) => !word.startsWith("-"));
  if (name === undefined) throw new UsageError("which command?", "`splitbrain --help` lists them; `splitbrain run raft/leader-isolated` is a good first one.");
  if (notSupportedYet[name] !== undefined) throw new UsageError(`'${name}' (${notSupportedYet[name]}) is not supported yet`);
  const names = [...commands.map((command) => command.name), "completion"];
  if (names.includes(name)) return;
  throw new UsageError(`there is no command '${name}'${didYouMean(name, names)}`, `The commands are ${oneOf(names, "and")}.`);
}

/** What yargs has made of the words after the command: nothing unknown, nothing left over. */
function checkArguments(values: { readonly [name: string]: unknown }, command: Command): void {
  const known = [...Object.keys(command.options), "no-color", "help", "version"];
  const expected = new Set([...known, ...Object.keys(command.positionals ?? {}), "_", "$0", "h"]);
  for (const name of Object.keys(values)) {
    if (expected.has(name)) continue;
    const given = name.length === 1 ? `-${name}` : `--${name}`;
    const suggestion = didYouMean(given, known.map((option) => `--${option}`));
    throw new UsageError(`${command.name} has no option ${given}${suggestion}`, `\`splitbrain ${command.name} --help\` lists its options.`);
  }
  const surplus = (values["_"] as readonly unknown[]).slice(1);
  if (surplus.length > 0) throw new UsageError(`${command.name} does not take '${String(surplus[0])}' as well`, `Its form is: splitbrain ${command.usage}`);
}

/** What yargs finds wrong of itself, as a sentence that names the option or what is missing. */
function inOurWords(message: string): UsageError {
  const choice = /Argument: (\S+), Given: "(.*)", Choices: (.*)/.exec(message);
  if (choice !== null) {
    const [, name, given, list] = choice as unknown as [string, string, string, string];
    const choices = list.split(", ").map((text) => text.replaceAll('"', ""));
    const option = name === "kind" ? name : `--${name}`;
    return new UsageError(`${option} cannot be '${given}'${didYouMean(given, choices)}`, `It may be ${oneOf(choices)}.`);
  }
  const valueless = /Not enough arguments following: (\S+)/.exec(message);
  if (valueless !== null) return new UsageError(`--${valueless[1] as string} needs a value`);
  if (message.startsWith("Not enough non-option arguments")) return new UsageError("something is missing after the command", "`--help` after it says what it takes.");
  return new UsageError(message);
}

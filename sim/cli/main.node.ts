#!/usr/bin/env node
/** The program `splitbrain`: finds the command, runs it, and turns whatever goes wrong into a message and an exit code. */
import { VERSION } from "../version.ts";
import { exitCodes } from "./exit.ts";
import { catchInterrupts } from "./interrupt.ts";
import { openTerminal } from "./terminal.ts";

const argv = process.argv.slice(2);
const terminal = openTerminal(argv.includes("--no-color"));

async function fail(error: unknown): Promise<number> {
  const { reportFailure } = await import("./failure.ts");
  return reportFailure(error, { argv, isJson: argv.includes("--json"), terminal });
}

// Whatever escapes a promise is our mistake; it must not look like a crash of Node.
process.on("uncaughtException", (error) => {
  fail(error).then(
    (code) => process.exit(code),
    () => process.exit(exitCodes.internal),
  );
});

catchInterrupts();

async function main(): Promise<number> {
  // Scripts ask for the version at every start: it need not wait for what reads command lines.
  if (argv.length === 1 && argv[0] === "--version") {
    terminal.print(VERSION);
    return exitCodes.pass;
  }
  const [{ commands }, { parseCommandLine }] = await Promise.all([import("./commands/index.ts"), import("./parse.ts")]);
  return parseCommandLine(argv, commands, terminal);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = await fail(error);
}

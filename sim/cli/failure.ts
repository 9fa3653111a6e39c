/** What a command that did not come to its end leaves on the screen. */
import { arch, platform } from "node:os";
import { formatDiagnostics, InputError, type Diagnostic } from "../scenario/diagnostics.ts";
import { VERSION } from "../version.ts";
import { exitCodes, UsageError } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

export interface FailureContext {
  readonly argv: readonly string[];
  readonly isJson: boolean;
  readonly terminal: Terminal;
}

/** Reports an error and returns its exit code: 2 where the input or the usage was wrong, 70 where we were. */
export function reportFailure(error: unknown, { argv, isJson, terminal }: FailureContext): number {
  if (error instanceof InputError) return reportInput(error.diagnostics, isJson, terminal);
  if (isUsersMistake(error)) return reportUsage(error, isJson, terminal);
  const paint = terminal.sayPaint;
  const words = ["splitbrain", ...argv].map((word) => (/^[\w./=:-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.say(`${paint.red(paint.bold("internal error"))}: this is a mistake of ours; please report it, with what follows.

  splitbrain  ${VERSION}
  node        ${process.version} on ${platform()} ${arch()}
  command     ${words}

${stack}`);
  return exitCodes.internal;
}

function reportInput(diagnostics: readonly Diagnostic[], isJson: boolean, terminal: Terminal): number {
  if (isJson) terminal.print(JSON.stringify({ version: 1, errors: diagnostics }, null, 2));
  else terminal.say(formatDiagnostics(diagnostics, { color: terminal.sayPaint.isColoured }));
  return exitCodes.usage;
}

function reportUsage(error: Error, isJson: boolean, terminal: Terminal): number {
  const hint = error instanceof UsageError ? error.hint : undefined;
  if (isJson) {
    terminal.print(JSON.stringify({ version: 1, errors: [{ message: hint === undefined ? error.message : `${error.message}; ${hint}` }] }, null, 2));
  } else {
    const paint = terminal.sayPaint;
    terminal.say(`${paint.red(paint.bold("error"))}: ${error.message}`);
    if (hint !== undefined) terminal.say(`  ${hint}`);
  }
  return exitCodes.usage;
}

/** The command line, or a file that it names, is wrong. What yargs throws of itself, on a choice that is none, is a YError. */
function isUsersMistake(error: unknown): error is Error {
  return error instanceof Error && ["UsageError", "YError", "TraceError", "TraceFileError"].includes(error.name);
}

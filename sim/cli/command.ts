/** What a command is: a file in `commands/` each, which loads what it needs when it is run, and not before. */
import type { Options, PositionalOptions } from "yargs";
import { UsageError } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

export interface Command {
  readonly name: string;
  /** In yargs' terms: `run <scenario>`. */
  readonly usage: string;
  readonly summary: string;
  readonly positionals?: { readonly [name: string]: PositionalOptions };
  readonly options: { readonly [name: string]: Options };
  readonly examples?: readonly (readonly [command: string, meaning: string])[];
  /** Does it, and tells the exit code. */
  run(args: Args, terminal: Terminal): Promise<number>;
}

/** Stands for `-` on its way through yargs, which would make an empty text of it. */
export const STANDARD_INPUT = "\u0000standard input";

const textOf = (value: unknown): string => (value === STANDARD_INPUT ? "-" : String(value));

/** What was given on the command line, by name. */
export class Args {
  readonly #values: { readonly [name: string]: unknown };

  constructor(values: { readonly [name: string]: unknown }) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  isGiven(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (Array.isArray(value)) throw new UsageError(`--${name} is given ${value.length} times`, "Give it once.");
    return value === undefined ? undefined : textOf(value);
  }

  /** All values of something that may be given many times. */
  texts(name: string): string[] {
    const value = this.#values[name];
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
  }

  /** A whole number from `min` to `max`. Throws a UsageError on anything else. */
  whole(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^[0-9]+$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not '${text}'`);
  }
}

export const logLevels = ["none", "error", "warn", "info", "debug"] as const;

const text = { type: "string", requiresArg: true } as const;

/** The options that several commands share. */
export const options = {
  seed: { ...text, describe: "The seed of every chance in the run, in place of the scenario's" },
  out: { ...text, describe: "The folder for what is written", defaultDescription: ".splitbrain" },
  json: { type: "boolean", describe: "One JSON document on standard output, and nothing else" },
  quiet: { type: "boolean", describe: "Only the verdict, and no progress" },
  noColor: { type: "boolean", describe: "No colour, also on a terminal" },
  logLevel: { ...text, choices: logLevels, describe: "Which of the protocol's own log lines are shown on standard error", defaultDescription: "warn" },
  mutant: { ...text, describe: "Run the protocol with one of its mutants in place" },
  set: { ...text, describe: "path=value: override a setting of the scenario; may be repeated" },
} as const satisfies { [name: string]: Options };

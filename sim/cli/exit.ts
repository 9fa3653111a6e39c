/** Exit codes, the same for every command. */
import type { VerdictKind } from "../check/verdict.ts";

export const exitCodes = { pass: 0, fail: 1, usage: 2, unknown: 3, internal: 70, interrupted: 130 } as const;

export function exitCodeOf(verdict: VerdictKind): number {
  return exitCodes[verdict];
}

/** The command line, or what it stands in, is wrong: told in one sentence, with what to do about it, and exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

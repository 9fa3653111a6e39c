/** Thrown where a protocol reaches for the machine's clock, randomness or I/O during a run. */
export class ForbiddenError extends Error {
  /** What was called: `Date.now`. */
  readonly what: string;
  /** What to do instead. */
  readonly cure: string;

  constructor(what: string, cure: string) {
    super(`${what} is banned during a run: ${cure}`);
    this.name = "ForbiddenError";
    this.what = what;
    this.cure = cure;
  }
}

export function isForbidden(error: unknown): error is ForbiddenError {
  return error instanceof ForbiddenError;
}

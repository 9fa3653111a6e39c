/** What a protocol's handler threw: for people, and for the run. */

/** All that it says, for people: a violation's message, which is no part of the digest. */
export function thrownInWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Errors that an engine makes of itself: `undefined` is no function, the stack is full. */
const made: readonly ErrorConstructor[] = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];

/**
 * What a run's events say of it, and so its digest. An engine's own errors read otherwise in each engine, and in each of its
 * versions: of those only the name is told. An `Error` of the protocol's own has the words that the protocol gave it.
 */
export function thrownInRun(error: unknown): string {
  return made.some((kind) => error instanceof kind) ? (error as Error).name : thrownInWords(error);
}

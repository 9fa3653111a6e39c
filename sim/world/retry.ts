/** When an operation may be asked again. */
import type { RetryConfig } from "./config.ts";

/**
 * Exponential backoff with jitter: `draw` in [0, 1) decides over the jittered share, so that a jitter of 1 is the “full
 * jitter” of Brooker 2015, “Exponential backoff and jitter”, AWS Architecture Blog. Nanoseconds.
 */
export function backoff(retry: RetryConfig, pauses: number, draw: number): number {
  const full = Math.min(retry.max, retry.backoff * (1 << Math.min(pauses, 30)));
  return Math.round(full * (1 - retry.jitter * draw));
}

/** Tokens are counted in millionths, so that ten times 10 % are a whole one. */
const TOKEN = 1_000_000;
/** As many requests may be saved up for. */
const MOST_TOKENS = 10;

/**
 * A client's retry budget: each operation adds a share of a token, each request beyond its first takes a whole one, and
 * without one none is sent. So retries cannot multiply the load of a cluster that is down to more than the budget says
 * (Beyer, Jones, Petoff, Murphy 2016, “Site Reliability Engineering”, ch. 21, per-client retry budget; as a token bucket
 * in gRFC A6, “gRPC retry design”, retry throttling). It begins with one token.
 */
export class RetryBudget {
  readonly #share: number | undefined;
  #tokens = TOKEN;

  /** `share`: retries for each operation; undefined: no limit. */
  constructor(share: number | undefined) {
    this.#share = share === undefined ? undefined : Math.round(share * TOKEN);
  }

  /** An operation begins. */
  earn(): void {
    if (this.#share !== undefined) this.#tokens = Math.min(MOST_TOKENS * TOKEN, this.#tokens + this.#share);
  }

  /** Takes a token; false where there is none. */
  spend(): boolean {
    if (this.#share === undefined) return true;
    if (this.#tokens < TOKEN) return false;
    this.#tokens -= TOKEN;
    return true;
  }

  copy(): RetryBudget {
    const copy = new RetryBudget(this.#share === undefined ? undefined : this.#share / TOKEN);
    copy.#tokens = this.#tokens;
    return copy;
  }
}

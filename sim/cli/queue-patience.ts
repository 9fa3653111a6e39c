/** For so long a redis that was lost may be away, in milliseconds: it is started anew, or a network mends. */
export const PATIENCE_MS = 120_000;

/** What nodes and messages have to put up with all the time, as arbitraries. The gentlest comes first, and is left out: it is the default. */
import fc from "fast-check";

/** `network`, `clocks`, `disk` and `cpu`, as a scenario's parts; those that are as usual are missing. */
export interface Surroundings {
  readonly network?: object | undefined;
  readonly clocks?: object | undefined;
  readonly disk?: object | undefined;
  readonly cpu?: object | undefined;
}

/** The parts that may be drawn. */
export const surroundingParts = ["network", "clocks", "disk", "cpu"] as const;

export type SurroundingPart = (typeof surroundingParts)[number];

/** One of these texts; undefined first. */
const oneOf = (...texts: readonly string[]): fc.Arbitrary<string | undefined> => fc.constantFrom(undefined, ...texts);

/** Up to so many percent, in tenths; as often none. */
const share = (mostPercent: number): fc.Arbitrary<string | undefined> =>
  fc.option(fc.integer({ min: 1, max: 10 * mostPercent }), { nil: undefined, freq: 2 }).map((tenths) => (tenths === undefined ? undefined : `${tenths / 10}%`));

/** A record without what is undefined; undefined where nothing is left. */
function part(fields: { readonly [name: string]: fc.Arbitrary<unknown> }): fc.Arbitrary<object | undefined> {
  return fc.record(fields).map((record) => {
    const given = Object.entries(record).filter(([, value]) => value !== undefined);
    return given.length === 0 ? undefined : Object.fromEntries(given);
  });
}

const parts: { readonly [Part in SurroundingPart]: fc.Arbitrary<object | undefined> } = {
  network: part({
    latency: oneOf("1ms", "1ms..10ms", "lognormal(2ms 30ms)", "mix(95% lognormal(1ms 5ms) 5% exponential(50ms))"),
    loss: share(5),
    duplicate: share(5),
    fifo: fc.constantFrom(undefined, true),
  }).map(withoutContradiction),
  clocks: part({ offset: oneOf("-20ms..20ms", "-500ms..500ms"), drift: oneOf("-50ppm..50ppm", "-500ppm..500ppm") }),
  disk: part({ sync: oneOf("100us", "lognormal(1ms 10ms)", "5ms..40ms"), write: oneOf("20us", "1ms") }),
  cpu: part({ perMessage: oneOf("20us", "100us..300us") }),
};

/** A connection delivers everything once. */
function withoutContradiction(network: object | undefined): object | undefined {
  if (network === undefined || !("fifo" in network && "duplicate" in network)) return network;
  const { duplicate: _, ...rest } = network;
  return rest;
}

/** Those of the parts that are to be drawn. All at once may be as usual, so that a failure that needs none of it soon shows that. */
export function surroundings(drawn: readonly SurroundingPart[]): fc.Arbitrary<Surroundings> {
  const record = fc.record(Object.fromEntries(drawn.map((name) => [name, fc.option(parts[name], { nil: undefined, freq: 2 })])));
  return fc.option(record, { nil: {}, freq: 4 });
}

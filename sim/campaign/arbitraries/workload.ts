/** What clients do, as an arbitrary: few of them and few operations first. */
import fc from "fast-check";

/** `workload` of a scenario; undefined where the protocol serves nothing. `served`: its operations. */
export function workload(served: readonly string[], hasLeader: boolean): fc.Arbitrary<object | undefined> {
  if (served.length === 0) return fc.constant(undefined);
  const pace = fc.oneof(
    fc.integer({ min: 1, max: 16 }).map((count) => ({ rate: `${5 * count}/s` })),
    fc.constantFrom("100ms", "1ms..50ms").map((think) => ({ think })),
  );
  const targets = ["any", "sticky", "nearest", ...(hasLeader ? ["leader"] : [])];
  // The quicker a client asks again, the more often an operation is under way twice.
  const retries = [{ after: "50ms", backoff: "1ms" }, { after: "20ms", backoff: "1ms", jitter: "100%" }];
  const record = fc.record({
    clients: fc.integer({ min: 1, max: 4 }),
    pace,
    keys: fc.integer({ min: 1, max: 3 }),
    operations: fc.constantFrom(undefined, ...mixesOf(served)),
    target: fc.constantFrom(undefined, ...targets),
    retry: fc.constantFrom(undefined, ...retries),
  });
  return record.map(({ clients, pace: { ...paced }, keys, ...others }) => {
    const given = Object.entries(others).filter(([, value]) => value !== undefined);
    return { clients, ...paced, keys: { count: keys }, ...Object.fromEntries(given) };
  });
}

/** All alike, and each one mostly. */
function mixesOf(served: readonly string[]): object[] {
  if (served.length === 1) return [];
  const alike = Object.fromEntries(served.map((f) => [f, 1]));
  return [alike, ...served.map((f) => ({ ...alike, [f]: 2 * served.length }))];
}

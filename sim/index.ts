/**
 * The library: a protocol of one's own, one run as a value, a verdict on a history, and scenarios for a property of one's own.
 * It reaches nothing of the machine, so that it works in a test and in a browser's bundle alike.
 */
import type { Arbitrary } from "fast-check";
import { protocols } from "../protocols/index.ts";
import { scenarios as scenariosFor, type DrawnScenario, type ScenariosOptions } from "./campaign/arbitraries/scenarios.ts";
import type { AnyProtocol } from "./protocol.ts";
import { didYouMean } from "./scenario/diagnostics.ts";

export { scenarioText, type DrawnScenario, type ScenariosOptions } from "./campaign/arbitraries/scenarios.ts";
export * from "./library.ts";

/**
 * Scenarios for a protocol, or for a built-in one by its name, as a fast-check arbitrary. Throws a RangeError where the
 * options allow none, or where there is no such protocol.
 *
 *     fc.assert(fc.property(scenarios(protocol), (scenario) => run(scenario).verdict === "pass"));
 */
export function scenarios(protocol: AnyProtocol | string, options: ScenariosOptions = {}): Arbitrary<DrawnScenario> {
  if (typeof protocol !== "string") return scenariosFor(protocol, options);
  const known: AnyProtocol | undefined = Object.hasOwn(protocols, protocol) ? (protocols as { readonly [name: string]: AnyProtocol })[protocol] : undefined;
  if (known === undefined) throw new RangeError(`there is no protocol '${protocol}'${didYouMean(protocol, Object.keys(protocols))}`);
  return scenariosFor(known, options);
}

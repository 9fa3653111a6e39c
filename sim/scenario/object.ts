/** A scenario as a value: what the YAML would say, with the protocol by its name or itself. */
import type { AnyProtocol } from "../protocol.ts";

export interface ScenarioObject {
  readonly protocol: string | AnyProtocol;
  readonly [key: string]: unknown;
}

/** An object as YAML, of which JSON is a part; a protocol that it holds itself goes by its name. */
export function textOfObject(scenario: ScenarioObject): { readonly text: string; readonly named: { readonly [name: string]: AnyProtocol } } {
  const { protocol } = scenario;
  if (typeof protocol === "string") return { text: toText(scenario), named: {} };
  return { text: toText({ ...scenario, protocol: protocol.name }), named: { [protocol.name]: protocol } };
}

function toText(scenario: object): string {
  return JSON.stringify({ version: 1, ...scenario }, null, 2);
}

/** Which of a protocol's rules and handlers a run calls, and which of them no run of a campaign has called. */
import type { AnyProtocol } from "../protocol.ts";

type Rule = (...args: readonly unknown[]) => unknown;

/**
 * The protocol, with each rule heard when it is called first. What stands in its place until then takes itself away, so that
 * all further calls are the rule's own and cost nothing.
 */
export function watchRules(protocol: AnyProtocol, heard: (rule: string) => void): AnyProtocol {
  const table: { [name: string]: unknown } = { ...protocol.rules };
  for (const [name, rule] of Object.entries(table)) {
    if (typeof rule !== "function") continue;
    table[name] = (...args: readonly unknown[]): unknown => {
      heard(name);
      table[name] = rule;
      return (rule as Rule).apply(table, args as unknown[]);
    };
  }
  return { ...protocol, rules: table };
}

/** Every rule and handler that a protocol has, as coverage names them: `rule mayCommit`, `message RequestVote`, `timer election`, `request read`. */
export function rulesOf({ rules = {}, onMessage = {}, onTimer = {}, onRequest = {} }: AnyProtocol): string[] {
  const named = (what: string, table: object): string[] => Object.entries(table).flatMap(([name, rule]) => (typeof rule === "function" ? [`${what} ${name}`] : []));
  return [...named("rule", rules as object), ...named("message", onMessage), ...named("timer", onTimer), ...named("request", onRequest)];
}

/** A name and a sentence for a failing scenario. */
import type { Failure } from "../job.ts";
import { faultsOf, type Fields, type ScenarioData } from "./data.ts";
import type { Observation } from "./observe.ts";

const small = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function counted(count: number, noun: string): string {
  return `${small[count] ?? count} ${noun}${count === 1 ? "" : "s"}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What goes wrong, with how much. */
export function described(data: ScenarioData, { name, message }: Failure, seen: Observation | undefined, operations: number): ScenarioData {
  const mutant = (data["options"] as Fields | undefined)?.["mutant"];
  const protocol = String(data["protocol"]).split("/").at(-1) as string;
  const what = mutant === undefined ? protocol : `${protocol} with the mistake ${String(mutant)}`;
  const faults = faultsOf(data).length;
  const parts = [...(faults > 0 ? [counted(faults, "fault")] : []), ...(operations > 0 ? [counted(operations, "operation")] : [])];
  const enough = parts.length === 0 ? "nothing has to happen" : `${parts.join(" and ")} ${faults + operations === 1 ? "suffices" : "suffice"}`;
  const said = (seen?.message ?? message).replace(/\s+/g, " ").trim().replace(/\.$/, "");
  const description = `${capital(enough)} to break “${name}” in ${what}: ${said}.`;
  return { ...data, name: `${what}: ${name}`, description };
}

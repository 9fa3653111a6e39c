/** A client's operation in a few words, with what came of it. */
import type { Operation } from "../check/index.ts";
import { formatValue } from "./value.ts";

/** `write k3 17`, `read k3 → 17`, `cas k3 [17, 20]`, `dequeue → 4`, `r x → [1, 2], append y 3`; without the key where there is but one. */
export function operationText({ f, key, input, output, outcome }: Pick<Operation, "f" | "key" | "input" | "output" | "outcome">, withKey = true): string {
  if (f === "txn") return stepsText((outcome === "ok" ? output : input) ?? input, outcome === "ok");
  const given = input === null || input === undefined ? "" : ` ${formatValue(input)}`;
  const name = `${f}${withKey && key !== "" ? ` ${key}` : ""}${given}`;
  // Completions of most changes repeat what was given, or say nothing.
  const isTelling = outcome === "ok" && (given === "" || (output !== null && output !== undefined && JSON.stringify(output) !== JSON.stringify(input)));
  return isTelling ? `${name} → ${formatValue(output ?? null)}` : name;
}

/** The steps of a transaction. */
function stepsText(steps: unknown, isDone: boolean): string {
  if (!Array.isArray(steps)) return formatValue(steps);
  const texts = (steps as readonly (readonly unknown[])[]).map(([f, key, value]) => (f === "r" ? `r ${formatValue(key)}${isDone ? ` → ${formatValue(value)}` : ""}` : `${String(f)} ${formatValue(key)} ${formatValue(value)}`));
  return texts.join(", ");
}

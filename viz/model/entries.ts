/** Plain data in a few characters, for cells; and which cells of a row differ. */
import { formatValue } from "../../sim/explain/value.ts";

type PlainRecord = { readonly [key: string]: unknown };

function isRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The term of a log's entry, or -1. */
export function termOf(entry: unknown): number {
  return isRecord(entry) && typeof entry["term"] === "number" ? entry["term"] : -1;
}

/** What a log's entry says, without its term: `k3 = 17`, `read k3`, `no-op`. */
export function entryText(entry: unknown): string {
  if (!isRecord(entry)) return formatValue(entry, 40);
  const { term: _, ...rest } = entry;
  const command = "command" in rest ? rest["command"] : rest;
  if (command === null) return "no-op";
  return isRecord(command) ? commandText(command) : formatValue(command, 40);
}

/** A command that looks like a client's operation reads like one. */
function commandText(command: PlainRecord): string {
  const { f, key, value } = command;
  if (typeof f !== "string") return formatValue(command, 40);
  const where = typeof key === "string" ? key : "";
  if (f === "write") return `${where} = ${formatValue(value, 24)}`;
  if (f === "cas" && Array.isArray(value)) return `${where}: ${formatValue(value[0], 12)} → ${formatValue(value[1], 12)}`;
  return value === null || value === undefined ? `${f} ${where}`.trim() : `${f} ${where} ${formatValue(value, 20)}`.trim();
}

/** A record's value in a cell: `17` for `{ value: 17, node: "n1" }`; what stands beside it apart, and with its names in full. */
export function cellText(value: unknown): { main: string; rest: string; full: string } {
  if (!isRecord(value) || !("value" in value)) return { main: formatValue(value, 40), rest: "", full: formatValue(value, 400) };
  const { value: main, ...rest } = value;
  const beside = Object.entries(rest).reverse();
  return {
    main: formatValue(main, 24),
    rest: beside.map(([, field]) => formatValue(field, 24)).join(" "),
    full: Object.entries(value).map(([name, field]) => `${name} ${formatValue(field, 60)}`).join(", "),
  };
}

/**
 * For each of a row's values, a number: equal values have equal ones. The most frequent has 0, and so has whatever has
 * no value at all; of equally frequent ones, the first.
 */
export function variants(values: readonly unknown[]): number[] {
  const texts = values.map((value) => (value === undefined ? undefined : JSON.stringify(value)));
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]).map(([text]) => text);
  return texts.map((text) => (text === undefined ? 0 : ranked.indexOf(text)));
}

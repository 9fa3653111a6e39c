/** Plain data in a few characters. */
import { formatBytes } from "./units.ts";

/** A value as people write it: `17`, `blue`, `[1, 2]`, `{a: 1}`; cut with `…` beyond `atMost` characters. */
export function formatValue(value: unknown, atMost = 60): string {
  const text = written(value);
  return text.length <= atMost ? text : `${text.slice(0, atMost - 1)}…`;
}

function written(value: unknown): string {
  if (typeof value === "string") return writtenText(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  const { toJSON } = value as { readonly toJSON?: () => unknown };
  if (typeof toJSON === "function") return written(toJSON.call(value));
  return `{${Object.entries(value).map(([name, field]) => `${name}: ${written(field)}`).join(", ")}}`;
}

/** Values of a size are padded with dots (`values: { size: 1KiB }`), which nobody reads: `#17…1,021B`. */
function writtenText(text: string): string {
  const [, start] = /^(#\d+)\.{8,}$/.exec(text) ?? [];
  if (start !== undefined) return `${start}…${formatBytes(text.length)}`;
  return /^[^\s"',:[\]{}]+$/.test(text) ? text : JSON.stringify(text);
}

/** The fields of a record, each as `name value`, those left out that are named. */
export function formatFields(record: unknown, without: readonly string[] = []): string {
  if (typeof record !== "object" || record === null) return record === null || record === undefined ? "" : formatValue(record);
  const fields = Object.entries(record).filter(([name]) => !without.includes(name));
  return fields.map(([name, value]) => `${name} ${formatValue(value, 40)}`).join(" ");
}

/** `n1`, `n1 and n2`, `n1, n2 and n3`. */
export function listOf(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? "nobody";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

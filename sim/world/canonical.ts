/** Plain data as JSON with the keys of every record in order, so that equal data is equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (isRecord(item) ? sorted(item) : item)) ?? "null";
}

function isRecord(item: unknown): item is { [key: string]: unknown } {
  return typeof item === "object" && item !== null && !Array.isArray(item);
}

function sorted(record: { [key: string]: unknown }): { [key: string]: unknown } {
  const copy: { [key: string]: unknown } = {};
  for (const key of Object.keys(record).sort()) copy[key] = record[key];
  return copy;
}

/** A scenario as plain data, to be made smaller: read from its text, and written as a text that is the same for the same data. */
import { Document, isMap, isSeq, type Node } from "yaml";
import { ScenarioDocument } from "../../scenario/document.ts";
import { formatDuration, parseDuration, QuantityError } from "../../scenario/quantities.ts";

export type Fields = { readonly [key: string]: unknown };

/** What a scenario file holds. What it leaves out has its default. */
export interface ScenarioData extends Fields {
  readonly faults?: readonly Fields[];
  readonly workload?: WorkloadData;
}

export interface WorkloadData extends Fields {
  readonly script?: readonly Fields[];
}

/** The keys in the order in which a person writes them; others follow. */
const order = ["version", "name", "description", "protocol", "options", "nodes", "seed", "duration", "network", "clocks", "disk", "cpu", "workload", "faults", "expect", "stop"];

/** Throws an InputError where the text is no YAML. */
export function readData(text: string): ScenarioData {
  return fromJson(text) ?? (new ScenarioDocument(text, "-").yaml.toJS() as ScenarioData);
}

/** As attempts have it. Undefined where it is YAML in braces, or any other. */
function fromJson(text: string): ScenarioData | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as ScenarioData;
  } catch {
    return undefined;
  }
}

/** A fault and an operation a line; without comments. */
export function writeData(data: ScenarioData): string {
  const known = order.filter((key) => data[key] !== undefined);
  const others = Object.keys(data).filter((key) => !order.includes(key) && data[key] !== undefined);
  const sorted = Object.fromEntries([...known, ...others].map((key) => [key, data[key]]));
  const document = new Document(sorted, { version: "1.2", aliasDuplicateObjects: false });
  if (isMap(document.contents)) {
    for (const { key, value } of document.contents.items) arrange(String(key), value as Node, data);
  }
  return document.toString({ lineWidth: 0 });
}

function arrange(key: string, value: Node, { workload }: ScenarioData): void {
  if (key === "faults" && isSeq(value)) return inLines(value);
  const isLong = key === "workload" && (workload?.script?.length ?? 0) > 0;
  if (!isLong) return inBraces(value);
  if (!isMap(value)) return;
  for (const part of value.items) {
    if (String(part.key) === "script" && isSeq(part.value)) inLines(part.value);
    else inBraces(part.value);
  }
}

function inLines(list: { items: unknown[]; flow?: boolean }): void {
  if (list.items.length === 0) list.flow = true;
  for (const item of list.items) inBraces(item);
}

function inBraces(value: unknown): void {
  if (isMap(value) || isSeq(value)) value.flow = true;
}

/** Without some of the keys. */
export function without<Of extends Fields>(fields: Of, ...keys: readonly string[]): Of {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key))) as Of;
}

/** With a part changed; an empty one is left out. */
export function withPart(data: ScenarioData, key: string, part: Fields): ScenarioData {
  return Object.keys(part).length === 0 ? without(data, key) : { ...data, [key]: part };
}

export const faultsOf = (data: ScenarioData): readonly Fields[] => data.faults ?? [];

export const withFaults = (data: ScenarioData, faults: readonly Fields[]): ScenarioData => (faults.length === 0 ? without(data, "faults") : { ...data, faults });

/** The operations, where they are given one by one. */
export const scriptOf = (data: ScenarioData): readonly Fields[] | undefined => data.workload?.script;

export const withScript = (data: ScenarioData, script: readonly Fields[]): ScenarioData => ({ ...data, workload: { ...data.workload, script } });

/** Nanoseconds; undefined where it is no single time. */
export function timeOf(value: unknown): number | undefined {
  if (value === 0) return 0;
  if (typeof value !== "string") return undefined;
  try {
    return parseDuration(value.trim());
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return undefined;
  }
}

export const timeText = (ns: number): string => formatDuration(ns);

/** Every name in it, `n2` or `c1`, by what stands for it now. Undefined: the value is to be left out of its list. */
export function renamed(value: unknown, nameOf: (name: string) => string | undefined): unknown {
  if (typeof value === "string") return nameOf(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => renamed(item, nameOf)).filter((item) => item !== undefined);
    return items.length === 0 && value.length > 0 ? undefined : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, renamed(item, nameOf)]);
  return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
}

/** What a protocol must have, checked on a module of somebody's own, where no compiler may have looked. */

import { closest } from "../scenario/diagnostics.ts";

export interface PartMistake {
  readonly message: string;
  readonly hint: string;
}

type Check = (value: unknown) => boolean;

const isFunction: Check = (value) => typeof value === "function";
const isRecord: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTable: Check = (value) => isRecord(value) && Object.values(value as object).every(isFunction);
const isTextList: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");
const isInvariant: Check = (value) => {
  if (!isRecord(value)) return false;
  const { name, begin, onChange, onReply } = value as { [part: string]: unknown };
  return typeof name === "string" && isFunction(begin) && [onChange, onReply].every((part) => part === undefined || isFunction(part));
};

interface Part {
  readonly name: string;
  readonly isRequired: boolean;
  readonly check: Check;
  /** What it must be. */
  readonly must: string;
}

const part = (name: string, isRequired: boolean, check: Check, must: string): Part => ({ name, isRequired, check, must });

const parts: readonly Part[] = [
  part("name", true, (value) => typeof value === "string" && value !== "", "a text"),
  part("boot", true, isFunction, "a function that gives a node its fresh state: boot(ctx) { return { … } }"),
  part("onMessage", true, isTable, "a table of handlers by message type: onMessage: { Ping: onPing }"),
  part("onRequest", true, isTable, "a table of handlers by operation: onRequest: { read: onRead, write: onWrite }"),
  part("onTimer", false, isTable, "a table of handlers by timer name"),
  part("onStart", false, isFunction, "a function"),
  part("onSynced", false, isFunction, "a function"),
  part("inspect", false, isFunction, "a function of the state"),
  part("replicated", false, isFunction, "a function of the state"),
  part("signature", false, isFunction, "a function of the state"),
  part("durable", false, isTextList, "a list of fields of the state"),
  part("model", false, (value) => typeof value === "string", "the name of a model, such as \"kv\""),
  part("options", false, isRecord, "a table of shapes by option"),
  part("rules", false, isRecord, "a table of functions"),
  part("client", false, isRecord, "an object"),
  part("events", false, isRecord, "a table of meanings by event"),
  part("words", false, isTable, "a table of functions by message type"),
  part("mutants", false, isRecord, "a table of mutants by name"),
  part("invariants", false, (value) => Array.isArray(value) && value.every(isInvariant), "a list of { name, summary, begin, onChange }"),
];

/** Everything that keeps a value from being a protocol. */
export function missingParts(value: unknown): PartMistake[] {
  if (!isRecord(value)) {
    const article = value === null || value === undefined ? String(value) : `a ${Array.isArray(value) ? "list" : typeof value}`;
    return [{ message: `the module's export is ${article}, not a protocol`, hint: "Export one: export default defineProtocol({ name, boot, onMessage, onRequest, … })" }];
  }
  const given = value as { readonly [name: string]: unknown };
  return parts.flatMap(({ name, isRequired, check, must }) => {
    if (given[name] === undefined) return isRequired ? [{ message: `the protocol has no \`${name}\`${misspelt(name, given)}`, hint: `It must be ${must}.` }] : [];
    return check(given[name]) ? [] : [{ message: `the protocol's \`${name}\` is not what it must be`, hint: `It must be ${must}.` }];
  });
}

/** What there is instead, under a name that is no part and nearly this one. */
function misspelt(name: string, given: object): string {
  const strangers = Object.keys(given).filter((key) => !parts.some((one) => one.name === key));
  const found = closest(name, strangers);
  return found === undefined ? "" : `; it has \`${found}\``;
}

/** One event of a history as a JSON object: what its fields may be. */
import type { HistoryEvent, OperationType } from "../history.ts";
import type { Placed } from "./json-places.ts";
import type { Names } from "./names.ts";

const TYPES: readonly unknown[] = ["invoke", "ok", "fail", "info"];

/** A mistake in an object, and where in its text, from 0. */
export interface Misplaced {
  readonly at: number;
  readonly message: string;
}

/**
 * Reads an event. `process`, `type` and `f` must be there; without a `client` each process is a session, without a `key`
 * there is one object, without a `time` the history has none. Fields that it does not know are left alone.
 */
export function eventOf(value: unknown, names: Names): HistoryEvent | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { process, client, type, f, key, value: argument, time, error, event } = value as { readonly [field: string]: unknown };
  if (!isCount(process) || !TYPES.includes(type) || typeof f !== "string" || f === "") return undefined;
  if (client !== undefined && typeof client !== "string") return undefined;
  if (key !== undefined && key !== null && typeof key !== "string" && typeof key !== "number") return undefined;
  if (time !== undefined && !isCount(time)) return undefined;
  if (error !== undefined && error !== null && typeof error !== "string") return undefined;
  if (event !== undefined && !isCount(event)) return undefined;
  return {
    process,
    client: names.share(client ?? String(process)),
    type: type as OperationType,
    f: names.share(f),
    key: key === undefined || key === null ? "" : names.share(String(key)),
    value: argument === undefined ? null : argument,
    time: time ?? 0,
    ...(typeof error === "string" ? { error } : {}),
    ...(event === undefined ? {} : { event }),
  };
}

/** What {@link eventOf} did not like. */
export function misplacedIn(value: unknown, places: Placed): Misplaced[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ at: places.at, message: "expected an object: one operation event" }];
  }
  const fields = value as { readonly [field: string]: unknown };
  const mistakes: Misplaced[] = [];
  const expect = (field: string, fits: boolean, expected: string): void => {
    if (fits) return;
    const place = places.members[field];
    mistakes.push(place === undefined ? { at: places.at, message: `"${field}" is missing: expected ${expected}` } : { at: place.at, message: `"${field}": expected ${expected}` });
  };
  const { process, client, type, f, key, time, error, event } = fields;
  expect("process", isCount(process), "a whole number from 0");
  expect("client", client === undefined || typeof client === "string", "a text");
  expect("type", TYPES.includes(type), "invoke, ok, fail or info");
  expect("f", typeof f === "string" && f !== "", "the name of an operation");
  expect("key", key === undefined || key === null || typeof key === "string" || typeof key === "number", "a text");
  expect("time", time === undefined || isCount(time), "nanoseconds, a whole number from 0");
  expect("error", error === undefined || error === null || typeof error === "string", "a text");
  expect("event", event === undefined || isCount(event), "a whole number from 0");
  return mistakes;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

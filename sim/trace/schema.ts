/**
 * How each field of an event is written, and which fields a kind has. A trace's header lists its kinds with their fields
 * by name, and a reader goes by that list and not by its own.
 */
import { type EventField, type EventKind, eventKinds, eventSchema, type TraceHeader } from "./event.ts";

/**
 * How a field's value becomes bytes:
 * - `count`: a varint; `id`: a varint of the value plus one, -1 being none;
 * - `clock`: signed, against the event's time; `message`: signed, against the last message id in the block;
 * - `name`: a number in the block's dictionary of texts; `value`: plain data.
 */
export type FieldForm = "count" | "id" | "clock" | "message" | "name" | "value";

/**
 * The fields, each with its form. A field that is not here is a `value`, which tells its own length, so that
 * a program that does not know it can pass over it. A field that is added later must therefore be a `value`.
 */
const fields: readonly (readonly [field: EventField, form: FieldForm])[] = [
  ["node", "id"],
  ["incarnation", "count"],
  ["nodeTime", "clock"],
  ["operation", "id"],
  ["attempt", "count"],
  ["process", "id"],
  ["message", "message"],
  ["peer", "id"],
  ["bytes", "count"],
  ["fault", "id"],
  ["name", "name"],
  ["key", "name"],
  ["reason", "name"],
  ["of", "id"],
  ["data", "value"],
  // Added since: values.
  ["queue", "value"],
];

/** A field's place in the table above, from 0; the encoder and the readers go by it. -1 where it is not there. */
export function fieldCode(field: string): number {
  return fields.findIndex(([name]) => name === field);
}

/** The form of a field, by its name. */
export function fieldForm(field: string): FieldForm {
  return fields[fieldCode(field)]?.[1] ?? "value";
}

/** The kinds and their fields as this program knows them, for a trace's header. */
export const traceKinds: TraceHeader["kinds"] = eventKinds.map((kind: EventKind) => ({ kind, fields: eventSchema[kind].fields }));

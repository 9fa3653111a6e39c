/**
 * Events as bytes. A block of events can be read alone: time, message ids and the dictionaries of texts begin anew with
 * it. An event is: its kind's number, the time since the event before, how many events ago its cause was (0: none), and
 * the kind's fields in order, each in its form (see schema.ts). These bytes are what the run's digest is taken over.
 */
import { clearEvent, type EventKind, eventKinds, eventSchema, type TraceEvent, type TraceHeader, UNMEASURED } from "./event.ts";
import { fieldCode } from "./schema.ts";
import { type ByteReader, ByteWriter, LONGEST_VARINT, MalformedError, putVarint, putZigzag } from "./bytes.ts";
import { NameReader, Names, readValue, writeValue } from "./value.ts";

/** Room for the numbers of any event. */
const MOST_NUMBER_BYTES = 16 * LONGEST_VARINT;

/** What is written for a kind: its number, and its fields as a set of bits, by their codes. */
interface KindPlan {
  readonly code: number;
  readonly fields: number;
}

const plans = new Map<EventKind, KindPlan>(eventKinds.map((kind, code) => [kind, { code, fields: fieldSet(kind) }]));

function fieldSet(kind: EventKind): number {
  const codes = eventSchema[kind].fields.map(fieldCode);
  if (codes.some((code, index) => index > 0 && code <= (codes[index - 1] as number))) throw new Error(`the fields of ${kind} do not stand in the schema's order`);
  return codes.reduce((set, code) => set | (1 << code), 0);
}

export class EventWriter {
  readonly out = new ByteWriter();
  #texts = new Names();
  #keys = new Names();
  #time = 0;
  #message = 0;
  /** Where the place is that was left for the size of the data. */
  #sizeAt = 0;

  /**
   * Appends an event, and measures its data where nobody has. Throws a TypeError where its data is not plain, and a RangeError where a number of it is not whole
   * or time goes back; nothing has been written then.
   */
  write(e: TraceEvent): void {
    const { length } = this.out;
    const texts = this.#texts.size;
    const keys = this.#keys.size;
    try {
      this.#write(e);
    } catch (error) {
      this.out.length = length;
      this.#texts.cut(texts);
      this.#keys.cut(keys);
      throw error;
    }
    this.#time = e.time;
    if (e.message >= 0) this.#message = e.message;
  }

  /**
   * All kinds have their fields in the order of the schema, so each field has its one place here. To encode a run
   * is a seventh faster so than by lists of codes. The codes are figures, because bundlers make variables of constants.
   */
  #write(e: TraceEvent): void {
    const out = this.out;
    const { code, fields } = plans.get(e.kind) as KindPlan;
    out.reserve(MOST_NUMBER_BYTES);
    const bytes = out.bytes;
    bytes[out.length] = code;
    let at = putVarint(bytes, out.length + 1, e.time - this.#time);
    at = putVarint(bytes, at, e.cause < 0 ? 0 : e.id - e.cause);
    if (fields & (1 << 0)) at = putVarint(bytes, at, e.node + 1);
    if (fields & (1 << 1)) at = putVarint(bytes, at, e.incarnation);
    if (fields & (1 << 2)) at = putZigzag(bytes, at, e.nodeTime - e.time);
    if (fields & (1 << 3)) at = putVarint(bytes, at, e.operation + 1);
    if (fields & (1 << 4)) at = putVarint(bytes, at, e.attempt);
    if (fields & (1 << 5)) at = putVarint(bytes, at, e.process + 1);
    if (fields & (1 << 6)) at = putZigzag(bytes, at, e.message - this.#message);
    if (fields & (1 << 7)) at = putVarint(bytes, at, e.peer + 1);
    if (fields & (1 << 8)) at = e.bytes === UNMEASURED ? this.#leavePlace(at) : putVarint(bytes, at, e.bytes);
    if (fields & (1 << 9)) at = putVarint(bytes, at, e.fault + 1);
    out.length = at;
    if (fields & (1 << 10)) this.#texts.write(e.name, out);
    if (fields & (1 << 11)) this.#texts.write(e.key, out);
    if (fields & (1 << 12)) this.#texts.write(e.reason, out);
    if (fields & (1 << 13)) out.varint(e.of + 1);
    if (fields & (1 << 14)) this.#writeData(e, out);
    if (fields & (1 << 15)) writeValue(e.queue, out, this.#keys);
    if (e.bytes === UNMEASURED) throw new RangeError(`a ${e.kind} has no data by which it could be measured`);
  }

  /** The data's size comes before the data, and is known after it. Most take one byte. */
  #leavePlace(at: number): number {
    this.#sizeAt = at;
    return at + 1;
  }

  #writeData(e: TraceEvent, out: ByteWriter): void {
    const keys = this.#keys;
    const begin = out.length - keys.surplus;
    writeValue(e.data, out, keys);
    if (e.bytes !== UNMEASURED) return;
    e.bytes = out.length - keys.surplus - begin;
    out.fillIn(this.#sizeAt, e.bytes);
  }

  /** Begins a block. */
  clear(): void {
    this.out.clear();
    this.#texts.cut();
    this.#keys.cut();
    this.#time = 0;
    this.#message = 0;
  }

  /** A writer that goes on from here, with nothing of what was written. */
  fork(): EventWriter {
    const copy = new EventWriter();
    copy.#texts = this.#texts.copy();
    copy.#keys = this.#keys.copy();
    copy.#time = this.#time;
    copy.#message = this.#message;
    return copy;
  }
}

/** The kinds of a trace's header, ready for reading. Fields that this program does not know will be passed over. */
export function readingPlans(kinds: TraceHeader["kinds"]): readonly ReadingPlan[] {
  return kinds.map(({ kind, fields }) => ({ kind: kind as EventKind, fields: fields.map(fieldCode) }));
}

export interface ReadingPlan {
  /** May be a kind that this program does not know: nobody here listens for it. */
  readonly kind: EventKind;
  readonly fields: readonly number[];
}

/** Reads the events of one block. Throws a MalformedError on bytes that no {@link EventWriter} wrote. */
export class EventReader {
  readonly #plans: readonly ReadingPlan[];
  readonly #from: ByteReader;
  #texts = new NameReader();
  #keys = new NameReader();
  #id: number;
  #time = 0;
  #message = 0;

  constructor(plans: readonly ReadingPlan[], from: ByteReader, firstId: number) {
    this.#plans = plans;
    this.#from = from;
    this.#id = firstId;
  }

  /** Reads the next event into one that is reused. */
  read(into: TraceEvent): void {
    const from = this.#from;
    const code = from.byte();
    const plan = this.#plans[code];
    if (plan === undefined) throw new MalformedError(`${code} is no kind of event`);
    clearEvent(into);
    into.id = this.#id++;
    into.kind = plan.kind;
    into.time = this.#time += from.varint();
    const ago = from.varint();
    into.cause = ago === 0 ? -1 : into.id - ago;
    for (let index = 0; index < plan.fields.length; index += 1) this.#field(plan.fields[index] as number, into, from);
    if (into.message >= 0) this.#message = into.message;
  }

  #field(field: number, e: TraceEvent, from: ByteReader): void {
    switch (field) {
      case 0: return void (e.node = from.varint() - 1);
      case 1: return void (e.incarnation = from.varint());
      case 2: return void (e.nodeTime = e.time + from.zigzag());
      case 3: return void (e.operation = from.varint() - 1);
      case 4: return void (e.attempt = from.varint());
      case 5: return void (e.process = from.varint() - 1);
      case 6: return void (e.message = this.#message + from.zigzag());
      case 7: return void (e.peer = from.varint() - 1);
      case 8: return void (e.bytes = from.varint());
      case 9: return void (e.fault = from.varint() - 1);
      case 10: return void (e.name = this.#texts.read(from));
      case 11: return void (e.key = this.#texts.read(from));
      case 12: return void (e.reason = this.#texts.read(from));
      case 13: return void (e.of = from.varint() - 1);
      case 14: return void (e.data = readValue(from, this.#keys));
      case 15: return void (e.queue = requireNumber(readValue(from, this.#keys)));
      default: readValue(from, this.#keys);
    }
  }
}

function requireNumber(value: unknown): number {
  if (typeof value !== "number") throw new MalformedError("a number was expected");
  return value;
}

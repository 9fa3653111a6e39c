/**
 * Annotations as bytes. They stand in a part of a block of their own, so that the bytes of its events, and with them the
 * digest, are the same whether or not somebody annotates. Each begins with how many events of the block came between it
 * and the annotation before, its type, and how far back the event is that it speaks of.
 */
import type { Annotation, Change, FieldChange, Violation } from "./event.ts";
import { type ByteReader, ByteWriter, MalformedError, NameReader, Names, readValue, setField, writeValue } from "./value.ts";

const CHANGE = 0;
const LOG = 1;
const VIOLATION = 2;

const FIELD_GONE = 0;
const FIELD_SET = 1;
const FIELD_RECORD = 2;
const FIELD_LOG = 3;

export class AnnotationWriter {
  readonly out = new ByteWriter();
  #names = new Names();
  #position = 0;

  /**
   * Appends an annotation that came after the `position`th event of the block, whose id is `lastEvent`. Throws a
   * TypeError where it is not plain data; nothing has been written then.
   */
  write(a: Annotation, position: number, lastEvent: number): void {
    const { length } = this.out;
    const names = this.#names.size;
    try {
      this.#write(a, position, lastEvent);
    } catch (error) {
      this.out.length = length;
      this.#names.cut(names);
      throw error;
    }
    this.#position = position;
  }

  #write(a: Annotation, position: number, lastEvent: number): void {
    const out = this.out;
    out.varint(position - this.#position);
    out.byte(a.type === "change" ? CHANGE : a.type === "log" ? LOG : VIOLATION);
    out.zigzag(lastEvent - a.event);
    if (a.type === "violation") return writeValue(a.violation, out, this.#names);
    out.varint(a.node + 1);
    if (a.type === "change") return this.#change(a.change);
    this.#names.write(a.level, out);
    out.string(a.text);
    writeValue(a.fields, out, this.#names);
  }

  #change(change: Change): void {
    const fields = Object.keys(change);
    this.out.varint(fields.length);
    for (const field of fields) {
      this.#names.write(field, this.out);
      this.#fieldChange(change[field] as FieldChange);
    }
  }

  #fieldChange(how: FieldChange): void {
    const out = this.out;
    if (how.type === "set") {
      out.byte(how.value === undefined ? FIELD_GONE : FIELD_SET);
      if (how.value !== undefined) writeValue(how.value, out, this.#names);
    } else if (how.type === "record") {
      out.byte(FIELD_RECORD);
      writeValue(how.set, out, this.#names);
      out.varint(how.gone.length);
      for (const key of how.gone) this.#names.write(key, out);
    } else {
      out.byte(FIELD_LOG);
      out.varint(how.from);
      writeValue(how.entries, out, this.#names);
    }
  }

  /** Begins a block. */
  clear(): void {
    this.out.clear();
    this.#names.cut();
    this.#position = 0;
  }
}

/** Reads the annotations of one block, in step with its events. */
export class AnnotationReader {
  readonly #from: ByteReader;
  #names = new NameReader();
  /** After how many events of the block the next annotation comes; Infinity where none does. */
  next = Infinity;

  constructor(from: ByteReader) {
    this.#from = from;
    this.#advance(0);
  }

  #advance(position: number): void {
    this.next = this.#from.isAtEnd ? Infinity : position + this.#from.varint();
  }

  /** The next annotation; `lastEvent` is the id of the event that came before it. */
  read(lastEvent: number): Annotation {
    const from = this.#from;
    const type = from.byte();
    const event = lastEvent - from.zigzag();
    const annotation = this.#read(type, event);
    this.#advance(this.next);
    return annotation;
  }

  #read(type: number, event: number): Annotation {
    const from = this.#from;
    if (type === VIOLATION) return { type: "violation", event, violation: readValue(from, this.#names) as Violation };
    const node = from.varint() - 1;
    if (type === CHANGE) return { type: "change", event, node, change: this.#change() };
    if (type !== LOG) throw new MalformedError(`${type} is no type of annotation`);
    const level = this.#names.read(from);
    const text = from.string();
    return { type: "log", event, node, level, text, fields: readValue(from, this.#names) };
  }

  #change(): Change {
    const change: { [field: string]: FieldChange } = {};
    const fields = this.#from.varint();
    for (let index = 0; index < fields; index += 1) setField(change, this.#names.read(this.#from), this.#fieldChange());
    return change;
  }

  #fieldChange(): FieldChange {
    const from = this.#from;
    switch (from.byte()) {
      case FIELD_GONE: return { type: "set", value: undefined };
      case FIELD_SET: return { type: "set", value: readValue(from, this.#names) };
      case FIELD_RECORD: {
        const set = readValue(from, this.#names) as { [key: string]: unknown };
        return { type: "record", set, gone: this.#gone() };
      }
      case FIELD_LOG: return { type: "log", from: from.varint(), entries: readValue(from, this.#names) as unknown[] };
      default: throw new MalformedError("this is no change of a field");
    }
  }

  #gone(): string[] {
    const keys: string[] = [];
    const count = this.#from.varint();
    for (let index = 0; index < count; index += 1) keys.push(this.#names.read(this.#from));
    return keys;
  }
}

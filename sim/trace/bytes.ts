/** Bytes being written and read: varints, doubles, UTF-8. Integers are exact over all of JavaScript's safe ones. */

const FIRST_CAPACITY = 1024;
/** The most bytes that a varint takes, signed or not. */
export const LONGEST_VARINT = 9;
/** Beyond this many bytes a native decoder is worth its call. */
const SHORT_TEXT = 48;

const textDecoder = new TextDecoder();

/** A buffer that grows. `bytes` is replaced when it does, so do not keep it; what is written is `bytes[0 … length)`. */
export class ByteWriter {
  bytes = new Uint8Array(FIRST_CAPACITY);
  length = 0;
  #view = new DataView(this.bytes.buffer);

  /** Makes room for at least `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. Throws a RangeError on any other. */
  varint(value: number): void {
    this.reserve(LONGEST_VARINT);
    this.length = putVarint(this.bytes, this.length, value);
  }

  /** A whole number of either sign: the sign in the lowest bit, then as a varint. Throws a RangeError on any other. */
  zigzag(value: number): void {
    this.reserve(LONGEST_VARINT);
    this.length = putZigzag(this.bytes, this.length, value);
  }

  /** Eight bytes, little-endian. */
  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Four bytes, little-endian. */
  uint32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  /** The length in bytes as a varint, then UTF-8. */
  string(text: string): void {
    const size = text.length;
    if (size < 128) {
      this.reserve(size + 1);
      if (this.ascii(text, this.length + 1)) {
        this.bytes[this.length] = size;
        this.length += size + 1;
        return;
      }
    }
    this.varint(utf8Length(text));
    this.utf8(text);
  }

  /** Writes text at a position, for which there must be room, without moving the end; false if it is not all ASCII. */
  ascii(text: string, position: number): boolean {
    const bytes = this.bytes;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return false;
      bytes[position + index] = unit;
    }
    return true;
  }

  /**
   * UTF-8 without its length. A surrogate that stands alone is written as the three bytes of its code unit, as WTF-8
   * does, so that every JavaScript string comes back as it was.
   */
  utf8(text: string): void {
    this.reserve(text.length * 3);
    const bytes = this.bytes;
    let at = this.length;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.codePointAt(index) as number;
      if (code < 0x80) {
        bytes[at++] = code;
        continue;
      }
      if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
      } else {
        if (code < 0x10000) {
          bytes[at++] = 0xe0 | (code >> 12);
        } else {
          bytes[at++] = 0xf0 | (code >> 18);
          bytes[at++] = 0x80 | ((code >> 12) & 63);
          index += 1; // The second half of a surrogate pair.
        }
        bytes[at++] = 0x80 | ((code >> 6) & 63);
      }
      bytes[at++] = 0x80 | (code & 63);
    }
    this.length = at;
  }

  /** Writes a varint where one byte was left for it; what follows makes way if it takes more. */
  fillIn(position: number, value: number): void {
    if (value < 128) {
      this.bytes[position] = value;
      return;
    }
    const end = this.length;
    this.varint(value);
    const varint = this.bytes.slice(end, this.length);
    this.bytes.copyWithin(position + varint.length, position + 1, end);
    this.bytes.set(varint, position);
    this.length -= 1;
  }

  raw(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.reserve(end - start);
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** A copy of what has been written. */
  slice(start = 0, end = this.length): Uint8Array {
    return this.bytes.slice(start, end);
  }

  /** Begins anew and keeps the room. */
  clear(): void {
    this.length = 0;
  }
}

/** Writes a varint where there is room, see {@link ByteWriter.varint}, and returns the position after it. */
export function putVarint(bytes: Uint8Array, position: number, value: number): number {
  let at = position;
  let rest = value;
  if (rest >>> 0 !== rest) {
    if (!Number.isSafeInteger(rest) || rest < 0) throw new RangeError(`${value} is not a whole number from 0 to 2^53 - 1`);
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
  }
  for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
  bytes[at] = rest;
  return at + 1;
}

/** Writes a signed varint where there is room, see {@link ByteWriter.zigzag}, and returns the position after it. */
export function putZigzag(bytes: Uint8Array, position: number, value: number): number {
  const isSmall = (value | 0) === value && value < 0x40000000 && value >= -0x40000000;
  if (isSmall) return putVarint(bytes, position, (value << 1) ^ (value >> 31));
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number within 2^53`);
  // Doubling could leave the safe integers, so the lowest byte, with the sign, is cut off first.
  const magnitude = value < 0 ? -1 - value : value;
  bytes[position] = ((magnitude % 64) << 1) | (value < 0 ? 1 : 0) | 128;
  return putVarint(bytes, position + 1, Math.floor(magnitude / 64));
}

/** How many bytes a text takes in UTF-8. */
export function utf8Length(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    if (isSurrogatePair(unit, text, index)) index += 1; // Two units of three bytes each would be six; a pair takes four.
  }
  return size;
}

function isSurrogatePair(unit: number, text: string, index: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(index + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}

/** Bytes that nothing here ever wrote. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

/** Reads what a {@link ByteWriter} wrote, from `at` up to `end`. Throws a {@link MalformedError} on anything else. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  byte(): number {
    if (this.at >= this.end) throw tooShort();
    return this.bytes[this.at++] as number;
  }

  varint(): number {
    const bytes = this.bytes;
    let value = 0;
    let scale = 1;
    for (;;) {
      if (this.at >= this.end) throw tooShort();
      const byte = bytes[this.at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
      if (scale > Number.MAX_SAFE_INTEGER) throw new MalformedError("a number is too long");
    }
    if (value > Number.MAX_SAFE_INTEGER) throw new MalformedError("a number is beyond 2^53");
    return value;
  }

  zigzag(): number {
    const first = this.byte();
    const rest = first < 128 ? 0 : this.varint();
    const magnitude = ((first & 127) >> 1) + rest * 64;
    if (magnitude > Number.MAX_SAFE_INTEGER) throw new MalformedError("a number is beyond 2^53");
    return (first & 1) === 1 ? -1 - magnitude : magnitude;
  }

  double(): number {
    const at = this.#take(8);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset).getFloat64(at, true);
  }

  uint32(): number {
    const at = this.#take(4);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset).getUint32(at, true);
  }

  string(): string {
    return this.utf8(this.varint());
  }

  /** A text of `size` bytes. */
  utf8(size: number): string {
    const start = this.#take(size);
    const end = start + size;
    let text = "";
    if (size <= SHORT_TEXT) {
      for (let at = start; at < end; at += 1) {
        const byte = this.bytes[at] as number;
        if (byte > 127) return readWtf8(this.bytes, start, end);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    for (let at = start; at < end; at += 1) if ((this.bytes[at] as number) > 127) return readWtf8(this.bytes, start, end);
    return textDecoder.decode(this.bytes.subarray(start, end));
  }

  /** The next `size` bytes, as a view of the same memory. */
  raw(size: number): Uint8Array {
    const at = this.#take(size);
    return this.bytes.subarray(at, at + size);
  }

  #take(size: number): number {
    const at = this.at;
    if (at + size > this.end) throw tooShort();
    this.at = at + size;
    return at;
  }
}

function tooShort(): MalformedError {
  return new MalformedError("the bytes end too early");
}

function readWtf8(bytes: Uint8Array, start: number, end: number): string {
  const codes: number[] = [];
  let text = "";
  for (let at = start; at < end; ) {
    const first = bytes[at] as number;
    const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let code = size === 1 ? first : first & (0xff >> (size + 1));
    for (let next = 1; next < size; next += 1) code = (code << 6) | ((bytes[at + next] as number) & 63);
    if (at + size > end || code > 0x10ffff) throw new MalformedError("a text is not UTF-8");
    codes.push(code);
    if (codes.length === 1024) text += String.fromCodePoint(...codes.splice(0));
    at += size;
  }
  return text + String.fromCodePoint(...codes);
}

/** Pieces of bytes as one. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const piece of pieces) size += piece.length;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

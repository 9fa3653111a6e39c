/**
 * The digest of a run: 64 bits over a stream of bytes. It is MurmurHash3's x86 construction (Austin Appleby, public
 * domain) with two lanes of 32 bits in place of four, because 32-bit multiplications are what JavaScript does fast and
 * alike everywhere. It tells runs apart; it does not withstand somebody who looks for a collision.
 *
 * The stream is read as pairs of little-endian 32-bit words; the last pair is filled up with zeros, and the number of
 * bytes is mixed in at the end. How the stream was cut into calls of `update` makes no difference. For a given state,
 * each step maps different pairs to different states, so that streams of equal length which differ within one pair
 * never have the same digest.
 */

const LANE_A = 0x53504c49; // "SPLI"
const LANE_B = 0x5442524e; // "TBRN"

export class Digest {
  #a = LANE_A;
  #b = LANE_B;
  /** Bytes that do not make a pair yet, as its two words. */
  #word0 = 0;
  #word1 = 0;
  #length = 0;

  update(bytes: Uint8Array, start = 0, end = bytes.length): void {
    let at = start;
    while (at < end && (this.#length & 7) !== 0) this.#byte(bytes[at++] as number);
    const whole = at + ((end - at) & ~7);
    if (whole > at) this.#pairs(new DataView(bytes.buffer, bytes.byteOffset), at, whole);
    at = whole;
    while (at < end) this.#byte(bytes[at++] as number);
  }

  #pairs(view: DataView, start: number, end: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let at = start; at < end; at += 8) {
      a = mixA(a, b, view.getInt32(at, true));
      b = mixB(a, b, view.getInt32(at + 4, true));
    }
    this.#a = a;
    this.#b = b;
    this.#length += end - start;
  }

  #byte(value: number): void {
    const place = this.#length & 7;
    if (place < 4) this.#word0 |= value << (place * 8);
    else this.#word1 |= value << ((place - 4) * 8);
    this.#length += 1;
    if (place === 7) this.#closePair();
  }

  #closePair(): void {
    this.#a = mixA(this.#a, this.#b, this.#word0);
    this.#b = mixB(this.#a, this.#b, this.#word1);
    this.#word0 = 0;
    this.#word1 = 0;
  }

  /** The digest of all bytes so far, as 16 hexadecimal digits. The stream may go on. */
  hex(): string {
    const [high, low] = this.words();
    return hex32(high) + hex32(low);
  }

  /** The digest of all bytes so far, as two unsigned 32-bit numbers. The stream may go on. */
  words(): [high: number, low: number] {
    let a = this.#a;
    let b = this.#b;
    if ((this.#length & 7) !== 0) {
      a = mixA(a, b, this.#word0);
      b = mixB(a, b, this.#word1);
    }
    a ^= this.#length | 0;
    b ^= Math.floor(this.#length / 0x1_0000_0000) | 0;
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = avalanche(a);
    b = avalanche(b);
    a = (a + b) | 0;
    b = (b + a) | 0;
    return [a >>> 0, b >>> 0];
  }

  copy(): Digest {
    const copy = new Digest();
    copy.#a = this.#a;
    copy.#b = this.#b;
    copy.#word0 = this.#word0;
    copy.#word1 = this.#word1;
    copy.#length = this.#length;
    return copy;
  }
}

/** The digest of these bytes alone. */
export function digestOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const digest = new Digest();
  digest.update(bytes, start, end);
  return digest.hex();
}

// The constants stand where they are used: bundlers turn those of a module into variables, which costs a factor of three.

function mixA(a: number, b: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = a ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  const turned = (((mixed << 19) | (mixed >>> 13)) + b) | 0;
  return (Math.imul(turned, 5) + 0x561ccd1b) | 0;
}

function mixB(a: number, b: number, word: number): number {
  const scrambled = Math.imul(word, 0x1b873593);
  const mixed = b ^ Math.imul((scrambled << 17) | (scrambled >>> 15), 0xcc9e2d51);
  const turned = (((mixed << 13) | (mixed >>> 19)) + a) | 0;
  return (Math.imul(turned, 5) + 0x0bcaa747) | 0;
}

/** MurmurHash3's finalizer: every bit of the input reaches every bit of the output. */
function avalanche(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hex32(word: number): string {
  return word.toString(16).padStart(8, "0");
}

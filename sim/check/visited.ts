/**
 * The configurations that a search has visited, compared exactly: a hash only says where to look, so that a collision
 * can never make a wrong verdict. Configurations are packed one after the other into blocks of 32-bit words.
 *
 * A configuration is what has been done (required operations, state) and which open operations were used for it. One is
 * covered by a visited one that has done the same with no other open operation: whatever completes the former completes
 * the latter, because open operations need never happen.
 */

const BLOCK_WORDS = 1 << 13;
/** Two hashes, the link, state, state before, first operation not done, lengths. */
const HEADER_WORDS = 7;
/** Of configurations that have done the same, so many are looked at, latest first; beyond, only an equal one is found. */
const LOOKED_AT = 16;

/** What has been done; `from` is the first operation that has not, so that the words before its own say nothing. */
export interface Done {
  readonly hash: number;
  readonly state: number;
  readonly before: number;
  readonly from: number;
  readonly words: Int32Array;
  readonly end: number;
}

/** Which open operations were used: words up to `end`. */
export interface Used {
  readonly hash: number;
  readonly words: Int32Array;
  readonly end: number;
}

export class Visited {
  size = 0;
  readonly #blocks: Int32Array[] = [];
  #used = BLOCK_WORDS;
  /** Addresses, plus one, of all configurations, and of the latest of those that have done the same. */
  #all = new Int32Array(1 << 8);
  #latest = new Int32Array(1 << 8);
  #latestSize = 0;

  /** Memory held, in bytes. */
  get bytes(): number {
    return 4 * (this.#blocks.length * BLOCK_WORDS + this.#all.length + this.#latest.length);
  }

  /** Adds a configuration; false where a visited one covers it. */
  add(done: Done, used: Used): boolean {
    const doneWords = Math.max(0, done.end - (done.from >>> 5));
    // One that fills a block by itself is not remembered, which costs time and nothing else.
    if (HEADER_WORDS + doneWords + used.end > BLOCK_WORDS) return true;
    if (2 * this.size >= this.#all.length) this.#all = this.#grown(this.#all, true);
    if (2 * this.#latestSize >= this.#latest.length) this.#latest = this.#grown(this.#latest, false);

    const slot = this.#slotOf(done, used, doneWords);
    if (this.#all[slot] !== 0) return false;
    const place = this.#placeOf(done, doneWords);
    const latest = this.#latest[place]!;
    let looked = 0;
    for (let entry = latest; entry !== 0 && looked < LOOKED_AT; looked++) {
      const block = this.#blockOf(entry);
      const at = (entry - 1) % BLOCK_WORDS;
      if (usedNoOther(block, at, doneWords, used)) return false;
      entry = block[at + 2]!;
    }
    const entry = this.#write(done, used, doneWords, latest);
    this.#all[slot] = entry;
    this.#latest[place] = entry;
    if (latest === 0) this.#latestSize++;
    this.size++;
    return true;
  }

  /** Where an equal configuration is, or the empty slot where it belongs. */
  #slotOf(done: Done, used: Used, doneWords: number): number {
    const mask = this.#all.length - 1;
    let slot = spread(done.hash ^ used.hash) & mask;
    for (; this.#all[slot] !== 0; slot = (slot + 1) & mask) {
      const block = this.#blockOf(this.#all[slot]!);
      const at = (this.#all[slot]! - 1) % BLOCK_WORDS;
      if (block[at + 1] === used.hash && hasDone(block, at, done, doneWords) && usedSame(block, at, doneWords, used)) return slot;
    }
    return slot;
  }

  /** Where the latest that has done the same is, or the empty place where it belongs. */
  #placeOf(done: Done, doneWords: number): number {
    const mask = this.#latest.length - 1;
    let place = spread(done.hash) & mask;
    for (; this.#latest[place] !== 0; place = (place + 1) & mask) {
      if (hasDone(this.#blockOf(this.#latest[place]!), (this.#latest[place]! - 1) % BLOCK_WORDS, done, doneWords)) return place;
    }
    return place;
  }

  #blockOf(entry: number): Int32Array {
    return this.#blocks[Math.floor((entry - 1) / BLOCK_WORDS)]!;
  }

  #write(done: Done, used: Used, doneWords: number, link: number): number {
    if (this.#used + HEADER_WORDS + doneWords + used.end > BLOCK_WORDS) {
      this.#blocks.push(new Int32Array(BLOCK_WORDS));
      this.#used = 0;
    }
    const block = this.#blocks[this.#blocks.length - 1]!;
    const at = this.#used;
    block[at] = done.hash;
    block[at + 1] = used.hash;
    block[at + 2] = link;
    block[at + 3] = done.state;
    block[at + 4] = done.before;
    block[at + 5] = done.from;
    block[at + 6] = doneWords * 0x10000 + used.end;
    let to = at + HEADER_WORDS;
    const first = done.from >>> 5;
    for (let word = 0; word < doneWords; word++) block[to++] = done.words[first + word]!;
    for (let word = 0; word < used.end; word++) block[to++] = used.words[word]!;
    this.#used = to;
    return (this.#blocks.length - 1) * BLOCK_WORDS + at + 1;
  }

  #grown(old: Int32Array, withUsed: boolean): Int32Array<ArrayBuffer> {
    const slots = new Int32Array(2 * old.length);
    const mask = slots.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      const block = this.#blockOf(entry);
      const at = (entry - 1) % BLOCK_WORDS;
      let slot = spread(withUsed ? block[at]! ^ block[at + 1]! : block[at]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    return slots;
  }
}

/** Whether what is written at `at` has done the same. */
function hasDone(block: Int32Array, at: number, done: Done, doneWords: number): boolean {
  if (block[at] !== done.hash || block[at + 3] !== done.state || block[at + 4] !== done.before || block[at + 5] !== done.from) return false;
  if (block[at + 6]! >>> 16 !== doneWords) return false;
  const first = done.from >>> 5;
  const words = at + HEADER_WORDS;
  for (let word = 0; word < doneWords; word++) if (block[words + word] !== done.words[first + word]) return false;
  return true;
}

/** Whether what is written at `at` has used the same open operations. */
function usedSame(block: Int32Array, at: number, doneWords: number, used: Used): boolean {
  if ((block[at + 6]! & 0xffff) !== used.end) return false;
  const words = at + HEADER_WORDS + doneWords;
  for (let word = 0; word < used.end; word++) if (block[words + word] !== used.words[word]) return false;
  return true;
}

/** Whether what is written at `at` has used no open operation that is not used here. */
function usedNoOther(block: Int32Array, at: number, doneWords: number, used: Used): boolean {
  const written = block[at + 6]! & 0xffff;
  const words = at + HEADER_WORDS + doneWords;
  for (let word = 0; word < written; word++) {
    const here = word < used.end ? used.words[word]! : 0;
    if ((block[words + word]! & ~here) !== 0) return false;
  }
  return true;
}

function spread(hash: number): number {
  const mixed = Math.imul(hash, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

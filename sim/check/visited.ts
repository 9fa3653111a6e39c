/**
 * The configurations that a search has visited, compared exactly: a hash only says where to look, so that a collision
 * can never make a wrong verdict. Configurations are packed one after the other into blocks of 32-bit words.
 *
 * A configuration is: the set of required operations done, the set of open operations used, and the state. One is covered
 * by a visited one that has done the same and is in the same state, having used no other open operation: whatever
 * completes the former completes the latter, because open operations need never happen.
 */

const BLOCK_WORDS = 1 << 13;
const HEADER_WORDS = 5;

export class Visited {
  size = 0;
  #blocks: Int32Array[] = [];
  #used = BLOCK_WORDS;
  #slots = new Int32Array(1 << 8);

  /** Memory held, in bytes. */
  get bytes(): number {
    return 4 * (this.#blocks.length * BLOCK_WORDS + this.#slots.length);
  }

  /**
   * Adds a configuration; false where a visited one covers it. `from` is the first operation that is not done, so that
   * the words before its own say nothing; `done` counts up to word `doneEnd`, `open` up to word `openEnd`.
   */
  add(hash: number, state: number, before: number, from: number, done: Int32Array, doneEnd: number, open: Int32Array, openEnd: number): boolean {
    if (2 * this.size >= this.#slots.length) this.#grow();
    const first = from >>> 5;
    const doneWords = Math.max(0, doneEnd - first);
    // One that fills a block by itself is not remembered, which costs time and nothing else.
    if (HEADER_WORDS + doneWords + openEnd > BLOCK_WORDS) return true;
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const address = this.#slots[slot]! - 1;
      const block = this.#blocks[Math.floor(address / BLOCK_WORDS)]!;
      const at = address % BLOCK_WORDS;
      if (block[at] !== hash || block[at + 1] !== state || block[at + 2] !== before || block[at + 3] !== from) continue;
      if (covers(block, at, done, first, doneWords, open, openEnd)) return false;
    }
    this.#slots[slot] = 1 + this.#write(hash, state, before, from, done, first, doneWords, open, openEnd);
    this.size++;
    return true;
  }

  #write(hash: number, state: number, before: number, from: number, done: Int32Array, first: number, doneWords: number, open: Int32Array, openEnd: number): number {
    if (this.#used + HEADER_WORDS + doneWords + openEnd > BLOCK_WORDS) {
      this.#blocks.push(new Int32Array(BLOCK_WORDS));
      this.#used = 0;
    }
    const block = this.#blocks[this.#blocks.length - 1]!;
    const at = this.#used;
    block[at] = hash;
    block[at + 1] = state;
    block[at + 2] = before;
    block[at + 3] = from;
    block[at + 4] = doneWords * 0x10000 + openEnd;
    let to = at + HEADER_WORDS;
    for (let word = 0; word < doneWords; word++) block[to++] = done[first + word]!;
    for (let word = 0; word < openEnd; word++) block[to++] = open[word]!;
    this.#used = to;
    return (this.#blocks.length - 1) * BLOCK_WORDS + at;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    const mask = this.#slots.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      const address = entry - 1;
      let slot = spread(this.#blocks[Math.floor(address / BLOCK_WORDS)]![address % BLOCK_WORDS]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
    }
  }
}

/** Whether the configuration written at `at` has done the same and used no open operation that is not used here. */
function covers(block: Int32Array, at: number, done: Int32Array, first: number, doneWords: number, open: Int32Array, openEnd: number): boolean {
  const lengths = block[at + 4]!;
  if (lengths >>> 16 !== doneWords) return false;
  let from = at + HEADER_WORDS;
  for (let word = 0; word < doneWords; word++) if (block[from++] !== done[first + word]) return false;
  const openWords = lengths & 0xffff;
  for (let word = 0; word < openWords; word++) {
    const used = word < openEnd ? open[word]! : 0;
    if ((block[from++]! & ~used) !== 0) return false;
  }
  return true;
}

function spread(hash: number): number {
  const mixed = Math.imul(hash, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

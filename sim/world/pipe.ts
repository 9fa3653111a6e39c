const NS_PER_S = 1_000_000_000;

/** What would take longer than this, 13 days, finds even an unlimited queue full: its time would leave the safe integers. */
const LONGEST_WAIT_NS = 2 ** 50;

interface Waiting {
  /** When its transmission begins, rounded up. */
  readonly begins: number;
  readonly bytes: number;
}

/**
 * The limit of one direction of a link: so many bytes a second, one message behind the other, and so many bytes that may
 * wait for their turn. What finds the link idle never waits, however large it is. Nothing but time empties the queue: it
 * belongs to the link, not to the sender.
 *
 * A message of b bytes takes b / bandwidth, which is seldom a whole number of nanoseconds. When the link falls idle is
 * kept as a fraction, so that nothing is rounded but the moment at which a message has left, upwards.
 */
export class Pipe {
  /** Nanoseconds a byte, as a fraction in lowest terms. */
  readonly #over: number;
  readonly #under: number;
  /** Bytes that may wait beside what is transmitted. */
  readonly #room: number;
  /** Idle from `#until + #rest / #under` on. Virtual nanoseconds. */
  #until = 0;
  #rest = 0;
  /** Those that wait are at `#first` and behind it; those before it have begun. */
  #waiting: Waiting[] = [];
  #first = 0;
  #waitingBytes = 0;
  /** Of the message that entered last: how long it waits before it is transmitted, in nanoseconds. */
  waitNs = 0;

  /** `bandwidth`: bytes a second, to a whole bit. `queue`: bytes; undefined: no limit. */
  constructor(bandwidth: number, queue: number | undefined) {
    const bits = Math.max(1, Math.round(bandwidth * 8));
    const common = commonDivisor(8 * NS_PER_S, bits);
    this.#over = (8 * NS_PER_S) / common;
    this.#under = bits / common;
    this.#room = queue ?? Infinity;
  }

  /** How many wait, the message that entered last included. */
  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /** How long a message waits and is transmitted, in nanoseconds; -1 where it finds the queue full. */
  enter(now: number, bytes: number): number {
    this.#forget(now);
    this.waitNs = 0;
    const isIdle = this.#until < now || (this.#until === now && this.#rest === 0);
    if (!isIdle && this.#waitingBytes + bytes > this.#room) return -1;
    if (Math.max(0, this.#until - now) + (bytes * this.#over) / this.#under > LONGEST_WAIT_NS) return -1;

    if (isIdle) {
      this.#until = now;
      this.#rest = 0;
    } else {
      const begins = this.#leaves();
      this.waitNs = begins - now;
      this.#waiting.push({ begins, bytes });
      this.#waitingBytes += bytes;
    }
    this.#occupy(bytes);
    return this.#leaves() - now;
  }

  copy(bandwidth: number, queue: number | undefined): Pipe {
    const copy = new Pipe(bandwidth, queue);
    copy.#until = this.#until;
    copy.#rest = this.#rest;
    copy.#waiting = this.#waiting.slice(this.#first);
    copy.#waitingBytes = this.#waitingBytes;
    return copy;
  }

  #occupy(bytes: number): void {
    const total = this.#rest + bytes * this.#over;
    if (total <= Number.MAX_SAFE_INTEGER) {
      // The floor of the rounded quotient of safe integers is the floor of the exact one.
      const whole = Math.floor(total / this.#under);
      this.#until += whole;
      this.#rest = total - whole * this.#under;
      return;
    }
    const exact = BigInt(this.#rest) + BigInt(bytes) * BigInt(this.#over);
    this.#until += Number(exact / BigInt(this.#under));
    this.#rest = Number(exact % BigInt(this.#under));
  }

  /** When what was accepted last has left, rounded up. */
  #leaves(): number {
    return this.#rest === 0 ? this.#until : this.#until + 1;
  }

  /** What is transmitted by now waits no longer. */
  #forget(now: number): void {
    const waiting = this.#waiting;
    while (this.#first < waiting.length && (waiting[this.#first] as Waiting).begins <= now) {
      this.#waitingBytes -= (waiting[this.#first] as Waiting).bytes;
      this.#first += 1;
    }
    // Moved up seldom: a long queue would be moved as often as a message leaves it.
    if (this.#first < 64 || 2 * this.#first < waiting.length) return;
    this.#waiting = waiting.slice(this.#first);
    this.#first = 0;
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

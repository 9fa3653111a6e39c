/** Draws of a random schedule, as texts that a person would write in a scenario. */
import type { Stream } from "../../kernel/stream.ts";
import { ms } from "../../kernel/time.ts";
import { formatDuration } from "../quantities.ts";

export class Dice {
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** True with this chance. */
  chance(share: number): boolean {
    return this.#stream.next() < share;
  }

  /** From `min` up to, and without, `max`. */
  between(min: number, max: number): number {
    return min + this.#stream.next() * (max - min);
  }

  /** From min to max, both included. */
  whole(min: number, max: number): number {
    return this.#stream.between(min, max);
  }

  pick<Item>(list: readonly Item[]): Item {
    return list[this.#stream.below(list.length)] as Item;
  }

  /** One of them by its weight. */
  weigh<Item>(list: readonly { readonly item: Item; readonly weight: number }[]): Item {
    let left = this.#stream.next() * list.reduce((sum, { weight }) => sum + weight, 0);
    const found = list.find(({ weight }) => (left -= weight) < 0);
    return (found ?? (list.at(-1) as (typeof list)[number])).item;
  }

  shuffle<Item>(list: readonly Item[]): Item[] {
    const shuffled = list.slice();
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = this.#stream.below(last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other] as Item, shuffled[last] as Item];
    }
    return shuffled;
  }

  /** So many of them, in the list's order. */
  some<Item>(list: readonly Item[], count: number): Item[] {
    const chosen = new Set(this.shuffle(list.map((_, position) => position)).slice(0, count));
    return list.filter((_, position) => chosen.has(position));
  }

  /** A whole number of milliseconds: `230ms`. */
  time(minMs: number, maxMs: number): string {
    return formatDuration(ms(this.whole(minMs, maxMs)));
  }

  /** A whole number of percent: `37%`. */
  share(min: number, max: number): string {
    return `${this.whole(min, max)}%`;
  }
}

import type { Stream } from "../kernel/stream.ts";

/** A list in an order that is drawn, each as likely. The number of draws depends on its length alone. */
export function shuffled<T>(list: readonly T[], stream: Stream): T[] {
  const order = list.slice();
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = stream.below(last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/**
 * Delta debugging (Zeller, Hildebrandt 2002, “Simplifying and isolating failure-inducing input”, IEEE TSE 28(2)), by
 * complements alone: parts are taken out, larger ones first.
 */

/**
 * Takes items out as long as the rest passes the test. In the end no single one can be taken out, if the test is always
 * answered. `parts`: the whole is not cut into more of them, where single items are too many to be tried one by one.
 */
export async function fewest<Item>(all: readonly Item[], passes: (rest: readonly Item[]) => Promise<boolean>, parts = Infinity): Promise<readonly Item[]> {
  if (all.length === 0) return all;
  if (await passes([])) return [];
  let items = all;
  for (let size = Math.ceil(items.length / 2); ; size = Math.ceil(size / 2)) {
    const before = items.length;
    for (let from = 0; from < items.length; ) {
      const rest = [...items.slice(0, from), ...items.slice(from + size)];
      if (rest.length > 0 && (await passes(rest))) items = rest;
      else from += size;
    }
    const isFinest = size === 1 || Math.ceil(size / 2) < items.length / parts;
    if (isFinest && items.length === before) return items;
    if (isFinest) size *= 2; // Once more: what could not be taken out may be dispensable now.
  }
}

/** Plain data as a tree that can be opened. */
import { formatValue } from "../../sim/explain/value.ts";
import { h } from "../dom.ts";

/** A branch that is longer begins closed. */
const OPEN_UP_TO = 12;
const SHOWN_UP_TO = 200;

export function tree(value: unknown, isOpen = true): HTMLElement {
  const entries = entriesOf(value);
  if (entries === undefined) return leaf(value);
  if (entries.length === 0) return h("span", { class: "tree-empty" }, Array.isArray(value) ? "empty list" : "nothing");
  const list = h("dl", { class: "tree" });
  for (const [name, inner] of entries.slice(0, SHOWN_UP_TO)) {
    const branch = entriesOf(inner);
    const isBranch = branch !== undefined && branch.length > 0 && formatValue(inner, 200).length > 40;
    list.append(h("dt", {}, name), h("dd", {}, isBranch ? folded(inner, isOpen && branch.length <= OPEN_UP_TO) : leaf(inner)));
  }
  if (entries.length > SHOWN_UP_TO) list.append(h("dt", {}, "…"), h("dd", { class: "tree-empty" }, `${entries.length - SHOWN_UP_TO} more`));
  return list;
}

function folded(value: unknown, isOpen: boolean): HTMLElement {
  return h("details", { open: isOpen }, h("summary", {}, formatValue(value, 44)), tree(value, false));
}

function leaf(value: unknown): HTMLElement {
  const kind = value === null ? "null" : typeof value;
  return h("span", { class: `leaf is-${kind}` }, formatValue(value, 400));
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([name, inner]) => [name, inner]);
}

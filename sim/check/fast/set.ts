/**
 * Sets to which each element is added once. Without reads of all elements, each is there from its addition to its removal and stands alone:
 * the later it is added, the better, and the earlier it is removed. With such reads, and where nothing is removed, they fix who was added
 * before whom.
 */
import type { Operation } from "../history.ts";
import { valueText } from "../models/model.ts";
import { inOnePass } from "../witness.ts";
import { type Element, elementsOf } from "./elements.ts";
import { Precedence } from "./precedence.ts";
import { FAIL, type FastOutcome, type FastWay, UNDECIDED } from "./way.ts";

export const setWay: FastWay = {
  name: "times of unambiguous elements",
  judge(part) {
    const elements = elementsOf(part);
    if (elements === undefined) return UNDECIDED;
    const reads = part.filter(({ f, outcome }) => f === "read" && outcome !== "info");
    return reads.length === 0 ? judgeAlone([...elements.values()]) : judgeReads(elements, reads);
  },
};

function judgeAlone(elements: readonly Element[]): FastOutcome {
  const orders: (readonly Operation[])[] = [];
  let isOpen = false;
  for (const element of elements) {
    const order = orderOf(element);
    if (order !== undefined) orders.push(order);
    else if (!element.isOpen) return FAIL;
    else isOpen = true;
  }
  return isOpen ? UNDECIDED : { verdict: "pass", order: () => inOnePass(orders) };
}

/** One element's operations; undefined where there is no order. An open addition that nobody needs never happens. */
function orderOf({ add, remove, present, absent }: Element): readonly Operation[] | undefined {
  const isUnseen = remove === undefined && present.length === 0;
  if (add === undefined || (isUnseen && add.outcome === "info")) return isUnseen ? [...absent].sort((a, b) => a.invoked - b.invoked) : undefined;
  const added = present.reduce((least, { returned }) => Math.min(least, returned), Math.min(add.returned, remove?.returned ?? Infinity));
  const seen = present.reduce((most, { invoked }) => Math.max(most, invoked), added);
  const removed = remove === undefined ? Infinity : Math.max(seen, remove.invoked);
  if (added < add.invoked || (remove !== undefined && removed > remove.returned)) return undefined;
  if (absent.some(({ invoked, returned }) => invoked >= added && (returned <= removed || removed === Infinity))) return undefined;
  const steps = [
    ...absent.map((operation) => (operation.invoked < added ? { operation, at: operation.invoked, phase: 0 } : { operation, at: Math.max(operation.invoked, removed), phase: 4 })),
    { operation: add, at: added, phase: 1 },
    ...present.map((operation) => ({ operation, at: Math.max(operation.invoked, added), phase: 2 })),
    ...(remove === undefined ? [] : [{ operation: remove, at: removed, phase: 3 }]),
  ];
  return steps.sort((a, b) => a.at - b.at || a.phase - b.phase || a.operation.invoked - b.operation.invoked).map(({ operation }) => operation);
}

function judgeReads(elements: ReadonlyMap<string, Element>, reads: readonly Operation[]): FastOutcome {
  if ([...elements.values()].some(({ remove, isOpen }) => remove !== undefined || isOpen)) return UNDECIDED;
  const precedence = new Precedence();
  const additions = new Map<string, number>();
  const seen = new Set(reads.flatMap(({ output }) => (output as readonly unknown[]).map(valueText)));
  for (const [text, { add, present }] of elements) if (add !== undefined && (add.outcome !== "info" || seen.has(text) || present.length > 0)) additions.set(text, precedence.add(add));
  for (const [text, { present, absent }] of elements) {
    const addition = additions.get(text);
    if (addition === undefined && present.length > 0) return FAIL;
    for (const operation of present) precedence.before(addition!, precedence.add(operation));
    for (const operation of absent) {
      const look = precedence.add(operation);
      if (addition !== undefined) precedence.before(look, addition);
    }
  }
  if (!placeReads(precedence, reads, additions)) return FAIL;
  const order = precedence.order();
  return order === undefined ? FAIL : { verdict: "pass", order: () => order };
}

/** Each read comes after all that it showed and before all that it did not; false where two reads showed each what the other did not. */
function placeReads(precedence: Precedence, reads: readonly Operation[], additions: ReadonlyMap<string, number>): boolean {
  // Those that showed the same come as they were invoked, which delays none.
  const sets = reads.map((read) => ({ read, shown: new Set((read.output as readonly unknown[]).map(valueText)) })).sort((a, b) => a.shown.size - b.shown.size || a.read.invoked - b.read.invoked);
  const placed = new Set<string>();
  let last = precedence.add();
  for (const { read, shown } of sets) {
    const look = precedence.add(read);
    precedence.before(last, look);
    let known = 0;
    for (const text of shown) {
      const addition = additions.get(text);
      if (addition === undefined) return false;
      if (placed.has(text)) known++;
      else {
        precedence.before(last, addition);
        precedence.before(addition, look);
      }
    }
    if (known !== placed.size) return false;
    for (const text of shown) placed.add(text);
    last = look;
  }
  for (const [text, addition] of additions) if (!placed.has(text)) precedence.before(last, addition);
  return true;
}

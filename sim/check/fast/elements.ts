/** What was done with each element of a set. */
import type { Operation } from "../history.ts";
import { valueText } from "../models/model.ts";

export interface Element {
  /** Undefined where nobody added it. */
  readonly add: Operation | undefined;
  readonly remove: Operation | undefined;
  /** What found it there, and what did not; an addition and a removal that changed nothing are among them. */
  readonly present: readonly Operation[];
  readonly absent: readonly Operation[];
  /** Whether a removal never returned, which may have taken it out. */
  readonly isOpen: boolean;
}

/** By text of the element. Undefined where one may have been added twice, or nothing says whether a removal changed anything. */
export function elementsOf(part: readonly Operation[]): Map<string, Element> | undefined {
  const elements = new Map<string, Drafted>();
  for (const operation of part) {
    if (operation.f === "read") continue;
    const text = valueText(operation.input);
    const element = elements.get(text) ?? { add: undefined, remove: undefined, present: [], absent: [], isOpen: false };
    elements.set(text, element);
    if (!note(element, operation)) return undefined;
  }
  return elements;
}

interface Drafted {
  add: Operation | undefined;
  remove: Operation | undefined;
  readonly present: Operation[];
  readonly absent: Operation[];
  isOpen: boolean;
}

/** False where it leaves open who added or removed the element. */
function note(element: Drafted, operation: Operation): boolean {
  const { f, output, outcome } = operation;
  const isKnown = outcome !== "info";
  if (f === "contains") {
    if (isKnown) (output === true ? element.present : element.absent).push(operation);
    return true;
  }
  if (isKnown && output === false) return (f === "add" ? element.present : element.absent).push(operation) > 0;
  if (f === "add") {
    if (element.add !== undefined) return false;
    element.add = operation;
    return true;
  }
  if (!isKnown) return (element.isOpen = true);
  if (output !== true || element.remove !== undefined) return false;
  element.remove = operation;
  return true;
}

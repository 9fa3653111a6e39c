import { setWay } from "../fast/set.ts";
import { refuteSet } from "../refute-set.ts";
import { valueText } from "./model.ts";
import { type Call, plainModel } from "./plain.ts";

/** The texts of the elements, in their order. */
type Elements = readonly string[];

/** A set, empty at first. `add` and `remove` may return whether they changed it; `read` returns all elements, in any order. */
export const set = plainModel<Elements>({
  name: "set",
  summary: "a set (one for each key), empty at first: add, remove, contains, read",
  initial: [],
  changes: {
    add(elements, call) {
      const element = valueText(call.input);
      const isNew = !elements.includes(element);
      if (!agrees(call, isNew)) return undefined;
      return isNew ? [...elements, element].sort() : elements;
    },
    remove(elements, call) {
      const element = valueText(call.input);
      const wasThere = elements.includes(element);
      if (!agrees(call, wasThere)) return undefined;
      return wasThere ? elements.filter((other) => other !== element) : elements;
    },
  },
  fast: setWay,
  refute: refuteSet,
  looks: {
    contains: (elements, call) => agrees(call, elements.includes(valueText(call.input))),
    read: (elements, { output }) => valueText([...elements]) === valueText([...new Set((output as readonly unknown[]).map(valueText))].sort()),
  },
  elements: ({ f, input, output }) => (f === "read" ? (output as readonly unknown[]) : [input]),
  misfit: ({ f, output, known }) => {
    if (!known) return undefined;
    if (f === "read" && !Array.isArray(output)) return "read returns the list of all elements";
    return f === "contains" && typeof output !== "boolean" ? "contains returns true or false" : undefined;
  },
});

/** Completions that say nothing, or repeat the element, leave open whether anything changed. */
function agrees({ known, output }: Call, value: boolean): boolean {
  return !known || typeof output !== "boolean" || output === value;
}

/** A map of keys to texts, empty at first: `get`, `put`, and `append`, which adds at the end. */
import { appendWay } from "../fast/append.ts";
import type { Operation } from "../history.ts";
import { refuteAppend } from "../refute-append.ts";
import type { Model, Needs, Specification, Ties } from "./model.ts";

/** A text that no get returned and none began with: whatever follows but a put, no get can be met. */
const OTHER = Symbol("other");

type State = string | typeof OTHER;

interface Act {
  readonly f: "get" | "put" | "append";
  /** What was written or returned; {@link OTHER}: something that no get shows. */
  readonly text: State;
}

export const kvAppend: Model = {
  name: "kv-append",
  summary: "a map of keys to texts, empty at first: get, put, append",
  functions: ["get", "put", "append"],
  part: (operation) => operation.key,
  misfit(operation) {
    if (operation.outcome === "mismatch") return `only a cas can fail by a mismatch, not a ${operation.f}`;
    if (operation.f !== "get" && typeof operation.input !== "string") return `${operation.f} takes a text`;
    if (operation.f === "get" && operation.outcome === "ok" && typeof operation.output !== "string") return "get returns a text";
    return undefined;
  },
  specify,
  fast: appendWay,
  refute: refuteAppend,
  ties,
};

/** A get whose text has a piece in it, or begins with what was put, leaves with whoever wrote that. */
function ties(part: readonly Operation[]): Ties {
  const writes = part.filter(({ f }) => f !== "get");
  const shows = (text: string, { f, input }: Operation): boolean => (f === "put" ? text.startsWith(input as string) : text.includes(input as string));
  const name = ({ f, input }: Operation): string => `${f} ${input as string}`;
  return {
    makes: (operation) => (operation.f === "get" ? [] : [name(operation)]),
    needs: ({ f, output, outcome }) => (f === "get" && outcome === "ok" ? writes.filter((write) => shows(output as string, write)).map(name) : []),
  };
}

function specify(part: readonly Operation[]): Specification<State, Act> {
  const returned = part.filter((operation) => operation.f === "get" && operation.outcome === "ok").map((operation) => operation.output as string);
  const longest = longestOf(returned);
  const beginning = (text: string): State => (longest.some((whole) => whole.startsWith(text)) ? text : OTHER);

  return {
    initial: beginning(""),
    act(operation) {
      const open = operation.outcome === "info";
      if (operation.f === "get") return open ? undefined : { f: "get", text: operation.output as string };
      const input = operation.input as string;
      const text = operation.f === "put" ? beginning(input) : longest.some((whole) => whole.includes(input)) ? input : OTHER;
      // An open write that no get shows can only do harm, so it need never happen.
      return open && text === OTHER ? undefined : { f: operation.f as "put" | "append", text };
    },
    step(state, act) {
      if (act.f === "get") return state === act.text ? state : undefined;
      if (act.f === "put") return act.text;
      return state === OTHER || act.text === OTHER ? OTHER : beginning(state + act.text);
    },
    stateText: (state) => (state === OTHER ? "other" : `=${state}`),
    actText: (act) => (act.text === OTHER ? act.f : `${act.f}=${act.text}`),
    pure: (act) => act.f === "get",
    need: (act) => (act.f === "get" && act.text !== OTHER ? act.text : undefined),
    gives: (act, needs) => (act.f === "put" ? beginningWith(needs, act.text) : []),
    reaches: (state, needs) => beginningWith(needs, state),
    constant: (act) => act.f === "put",
  };
}

function beginningWith(needs: Needs, text: State): string[] {
  return text === OTHER ? [] : [...needs.keys()].filter((need) => need.startsWith(text));
}

/** The texts that no other text begins with. */
function longestOf(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts)].sort();
  return distinct.filter((text, position) => !(distinct[position + 1]?.startsWith(text) ?? false));
}

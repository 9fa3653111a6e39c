/** `faults`: what goes wrong. */
import type { AnyProtocol } from "../../protocol.ts";
import { faults } from "../../world/faults/index.ts";
import type { FaultKind, FileShape } from "../shape.ts";
import { random } from "./random.ts";

/** What an item may name: the world's faults, and what is made of them. */
export const faultKinds: { readonly [kind: string]: FaultKind } = { ...faults, random };

export function faultItem(protocol: AnyProtocol | undefined): FileShape {
  const events = protocol?.events === undefined ? undefined : Object.keys(protocol.events);
  return {
    type: "fault",
    summary: "One fault: when, how long, what, and whom it strikes.",
    kinds: faultKinds,
    common: {
      at: { type: "durationRange", summary: "When it begins; drawn from a range." },
      every: { type: "durationRange", min: 1, summary: "The time between the beginnings of a series, drawn anew each time." },
      between: { type: "window", summary: "Within what a series keeps, and a fault that waits for an event: events outside of it do not count. Default: the whole run." },
      when: { type: "event", ...(events === undefined ? {} : { of: events }), summary: "The protocol's event that it waits for." },
      nth: { type: "integer", min: 1, summary: "Which occurrence of the event. Default: 1." },
      after: { type: "durationRange", summary: "How long after the event. Default: at once." },
      for: { type: "durationRange", min: 1, summary: "How long it lasts. Default: to the end, or until a `heal`." },
      name: { type: "text", summary: "What reports call it." },
    },
  };
}

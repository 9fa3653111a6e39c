/** Last-writer-wins without one of its rules. */
import { seconds } from "../../sim/protocol.ts";
import { isNewer } from "./rules.ts";
import type { Registers, Rules, State } from "./state.ts";

interface LwwMutant {
  readonly summary: string;
  readonly rules?: Partial<Rules>;
  readonly durable?: readonly (keyof State & string)[];
}

export const mutants: { readonly [name: string]: LwwMutant } = {
  "keeps-older": {
    summary: "Of two registers the older one stays.",
    rules: { isNewer: (a, b) => b === undefined || isNewer(b, a) },
  },
  "last-heard-wins": {
    summary: "Whatever comes replaces what is held, however old it is.",
    rules: { isNewer: () => true },
  },
  "gossips-only-news": {
    summary: "A node tells only what was written within the last second: what a partition kept apart stays apart.",
    rules: {
      news(registers, ctx) {
        const recent: Registers = {};
        for (const key in registers) if (registers[key]!.stamp > ctx.now - seconds(1)) recent[key] = registers[key]!;
        return recent;
      },
    },
  },
  "tells-one-peer-only": {
    summary: "A node always tells the same one of the others: what nobody tells the rest, the rest never learns.",
    rules: { confidants: (ctx) => ctx.peers.slice(0, 1) },
  },
  "ties-not-broken": {
    summary: "Of two registers with the same stamp each node keeps the one that came first: nodes disagree for ever.",
    rules: { isNewer: (a, b) => b === undefined || a.stamp > b.stamp },
  },
  "registers-not-persisted": {
    summary: "Registers are not saved: what nobody else has heard of yet is gone with a crash.",
    durable: [],
  },
  "stamps-on-receipt": {
    summary: "A register that comes by gossip is stamped anew by its receiver: old values win over new ones, round and round.",
    rules: { received: (register, ctx) => Object.freeze({ ...register, stamp: ctx.now, node: ctx.self }) },
  },
  "reply-before-persist": {
    summary: "A write is answered before it is on disk: a crash takes it back.",
    rules: {
      acknowledge(answer, ctx) {
        answer();
        ctx.persist();
      },
    },
  },
};

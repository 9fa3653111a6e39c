/** What a node keeps: a map of registers, each with the stamp of the write that it holds. */
import { ms } from "../../sim/protocol.ts";
import type { Ctx, NodeId, OptionShapes, Value } from "../../sim/protocol.ts";

/** A value, and when and where it was written, by the clock of that node, which may be wrong. */
export interface Register {
  readonly value: Value;
  /** Nanoseconds on the writer's clock. */
  readonly stamp: number;
  /** The node that took the write; it decides between equal stamps. */
  readonly node: NodeId;
}

export type Registers = Record<string, Register>;

export interface State {
  registers: Registers;
}

/** Who holds more than whom, and who heard of the newest write. */
export function signature({ registers }: State): Value {
  let newest = 0;
  let total = 0;
  const keys = Object.keys(registers);
  for (const key of keys) {
    const { stamp } = registers[key]!;
    newest = Math.max(newest, stamp);
    total += stamp / keys.length;
  }
  return { keys: keys.length, newest, total: Math.floor(total) };
}

/** Everything that a node holds, from time to time, to some others. */
export interface Gossip {
  readonly type: "Gossip";
  readonly registers: Readonly<Registers>;
}

export interface Options {
  /** Nanoseconds. */
  readonly gossipPeriod: readonly [number, number];
  readonly fanout: number;
}

export const options: OptionShapes<Options> = {
  gossipPeriod: {
    type: "durationRange",
    min: ms(1),
    max: ms(500),
    default: [ms(200), ms(200)],
    summary: "How often a node tells others what it holds.",
  },
  fanout: { type: "integer", min: 1, max: 1_000, default: 8, summary: "How many others it tells each time, at most." },
};

/** The rules that mutants replace. */
export interface Rules {
  isNewer(a: Register, b: Register | undefined): boolean;
  /** What a node tells, of what it holds. */
  news(registers: Registers, ctx: GossipCtx): Registers;
  /** Whom it tells. */
  confidants(ctx: GossipCtx): readonly NodeId[];
  /** What is kept of a register that came by gossip. */
  received(register: Register, ctx: GossipCtx): Register;
  acknowledge(answer: () => void, ctx: GossipCtx): void;
}

export type GossipCtx = Ctx<Gossip, "gossip", Options, Rules>;

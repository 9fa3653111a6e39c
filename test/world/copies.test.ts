import { expect, test } from "vitest";
import { sampler } from "../../sim/kernel/distribution.ts";
import { Streams } from "../../sim/kernel/stream.ts";
import { ms } from "../../sim/kernel/time.ts";
import type { AnyProtocol } from "../../sim/protocol.ts";
import { build, fault, note, puppet, Recording, sel, uniform, type Act } from "./build.ts";

const latency = uniform(ms(1), ms(2));
const send: Act = (_, ctx) => ctx.send("n2", note("x"));
/** A note every 10 ms, of which those from 55 ms on arrive twice. */
const notes: AnyProtocol = puppet({ n1: Array.from({ length: 12 }, (_, n) => [ms(10 * n), send] as const) });
const overrides = { nodes: 2, network: { latency }, faults: [fault("duplicate", { nodes: sel("n1"), rate: 1 }, { at: ms(55) })] };

/** When the second copies arrived, by their sending. */
function copiesOf(seen: Recording): [sentAt: number, took: number][] {
  const sentAt = new Map(seen.of("duplicate").map(({ message, time }) => [message, time]));
  return seen.of("deliver").flatMap(({ message, time }) => (sentAt.has(message) ? [[sentAt.get(message) as number, time - (sentAt.get(message) as number)] as [number, number]] : []));
}

/** The latency of each message's copy is the next of one stream, whether or not there is a copy. */
function expected(): [number, number][] {
  const stream = new Streams(1).get("network/n1→n2/duplicate/latency");
  const draw = sampler(latency);
  return Array.from({ length: 12 }, (_, n): [number, number] => [ms(10 * n), draw(stream)]).filter(([sentAt]) => sentAt >= ms(55));
}

test("a copy takes as long as if the earlier messages had had theirs, which nobody drew", () => {
  const { world, seen } = build(notes, overrides);
  world.runUntil(ms(1000));
  expect(copiesOf(seen)).toEqual(expected());
});

test("so it does in a copy of the world that was made before there was any", () => {
  const { world } = build(notes, overrides);
  world.runUntil(ms(35));
  const seen = new Recording();
  world.copy({ sinks: [seen] }).runUntil(ms(1000));
  expect(copiesOf(seen)).toEqual(expected());
});

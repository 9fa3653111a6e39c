import { ms } from "../../kernel/time.ts";
import type { Selector } from "../config.ts";
import { selectNodes } from "../select.ts";
import { shuffled } from "../shuffle.ts";
import type { World } from "../world.ts";
import type { ActiveFault, FaultDefinition, Struck } from "./fault.ts";

/** When one of the struck nodes is clogged, or unclogged: at a virtual time in nanoseconds. */
interface Step {
  readonly node: string;
  readonly atNs: number;
}

/** The fault's own part of its event: what happens to whom, and when. `unclogs` is missing where only a `heal` ends it. */
interface Steps {
  readonly clogs: readonly Step[];
  readonly unclogs?: readonly Step[];
}

/** Without `for` the clogging takes so long: “a few seconds” in the original. */
const CLOGGING_NS = ms(2000);

/**
 * The struck nodes are clogged one by one, in an order that is drawn, over the first third of `for`, and unclogged one by
 * one in another order over the last third: the first at its beginning, the last at its end. Messages of the past arrive
 * while others are still held, so nodes see each other's histories in orders that no simpler fault brings about. Without
 * `for` the clogging takes two seconds, and all are unclogged by a `heal`.
 */
export const swizzle: FaultDefinition = {
  kind: "swizzle",
  summary: "Nodes are clogged one by one over the first third of `for`, and unclogged in another order over the last.",
  source: "Swizzle-clogging, in FoundationDB's “Simulation and Testing” and Zhou et al., SIGMOD 2021, §4.",
  params: { type: "selector", summary: "Whom it strikes: `all`, `random(3)`. With `for`; without it, until a `heal`." },
  choose(world, fault) {
    const nodes = selectNodes(world, fault.params.value as Selector, fault.stream).map((node) => node.index);
    const order = shuffled(nodes, fault.stream);
    const back = shuffled(nodes, fault.stream);
    // A draw may give the same order again, of two nodes every second time: the first one is let go last then.
    const isSame = back.every((node, at) => node === order[at]);
    const another = isSame ? [...back.slice(1), ...back.slice(0, 1)] : back;
    return { nodes: order, did: nodes.length > 0 && world.nodes.length > 1, data: stepsOf(world, fault, order, another) };
  },
  begin(world, fault, struck) {
    const { clogs, unclogs = [] } = struck.data as unknown as Steps;
    [...clogs, ...unclogs].forEach(({ atNs }, step) => {
      // The first is clogged as the fault begins, and the last is freed as it ends.
      if (atNs === world.now) swizzle.step?.(world, fault, struck, step);
      else if (step < 2 * clogs.length - 1) world.scheduleAt(atNs, { type: "faultStep", fault: fault.id, step });
    });
  },
  step(world, fault, struck, step) {
    const { clogs, unclogs = [] } = struck.data as unknown as Steps;
    const clogged = clogs[step];
    if (clogged !== undefined) return clogNode(world, fault, world.nodeNamed(clogged.node));
    const freed = unclogs[step - clogs.length];
    if (freed !== undefined) world.unclog(holderOf(fault, world.nodeNamed(freed.node)));
  },
  end(world, fault, struck: Struck) {
    for (const node of struck.nodes) world.unclog(holderOf(fault, node));
  },
};

function stepsOf(world: World, { lasts }: ActiveFault, order: readonly number[], back: readonly number[]): Steps & { readonly [part: string]: unknown } {
  const third = lasts < 0 ? CLOGGING_NS : Math.floor(lasts / 3);
  const gap = Math.floor(third / Math.max(1, order.length));
  const clogs = order.map((node, at) => ({ node: world.nameOf(node), atNs: world.now + at * gap }));
  if (lasts < 0) return { clogs };
  const end = world.now + lasts;
  return { clogs, unclogs: back.map((node, at) => ({ node: world.nameOf(node), atNs: end - (back.length - 1 - at) * gap })) };
}

function clogNode(world: World, fault: ActiveFault, node: number): void {
  for (const { index: other } of world.nodes) {
    if (other === node) continue;
    world.clogs.clog(holderOf(fault, node), node, other);
    world.clogs.clog(holderOf(fault, node), other, node);
  }
}

const holderOf = (fault: ActiveFault, node: number): string => `swizzle ${fault.id} ${node}`;

/** How each kind of fault is drawn for a random schedule, in the words of a scenario file: a small function a kind. */
import { faults } from "../../world/faults/index.ts";
import type { Dice } from "./dice.ts";
import { anyVictims, ends, sides, victim, victims, type Scene } from "./victims.ts";

/** What stands under the kind's key, and beside it. */
export interface DrawnParams {
  readonly value: unknown;
  readonly beside?: { readonly [name: string]: unknown };
}

export interface DrawableKind {
  draw(dice: Dice, scene: Scene): DrawnParams;
  /** Of a fault that takes nodes out for good, for `heal: quorum`: that one, for these nodes. */
  lasting?(nodes: readonly string[]): DrawnParams;
  /** What the scenario must have for it, where it has not: a sentence's end. */
  lacks?(scene: Scene): string | undefined;
  /** True where it is drawn only if `kinds` names it, because few protocols survive it. */
  isOnlyNamed?(scene: Scene): boolean;
}

const two = ({ nodes }: Scene): string | undefined => (nodes.length < 2 ? "two nodes or more" : undefined);
const three = ({ nodes }: Scene): string | undefined => (nodes.length < 3 ? "three nodes or more" : undefined);
const named = (): boolean => true;

/** Links of some nodes, or one link. */
function links(dice: Dice, scene: Scene): { readonly nodes: unknown } | { readonly link: unknown } {
  if (dice.chance(0.3)) return { link: ends(dice, scene) };
  return { nodes: dice.chance(0.25) ? "all" : victims(dice, scene) };
}

/** `lose: disk` is never drawn: no protocol keeps what all its disks forget. */
function crash(dice: Dice, scene: Scene): DrawnParams {
  const { lose, amid } = faults["crash"]?.beside ?? {};
  const losses = lose?.type === "choice" ? ["unsynced", "unsynced", "nothing", "torn"].filter((one) => lose.of.includes(one)) : ["unsynced"];
  const beside: { [name: string]: string } = { lose: dice.pick(losses) };
  if (amid?.type === "choice" && dice.chance(0.3)) beside["amid"] = dice.pick(amid.of);
  return { value: anyVictims(dice, scene), beside };
}

function bridge(dice: Dice, { nodes }: Scene): DrawnParams {
  const shuffled = dice.shuffle(nodes);
  const [middle, ...others] = shuffled as [string, ...string[]];
  const half = dice.whole(1, others.length - 1);
  return { value: [others.slice(0, half), middle, others.slice(half)] };
}

function slowness(dice: Dice): string {
  if (dice.chance(0.5)) return dice.time(5, 200);
  return dice.pick(["10ms..100ms", "lognormal(20ms 300ms)", "exponential(50ms)"]);
}

/** A jump that stays, or a rate: a few hundred ppm, which clocks have, or far more, which a broken one has. */
function skew(dice: Dice, scene: Scene): DrawnParams {
  const nodes = victims(dice, scene);
  const sign = dice.pick(["", "-"]);
  const { params } = faults["skew"] ?? {};
  const mayStop = params?.type === "fields" && Object.hasOwn(params.fields, "stopped");
  if (mayStop && dice.chance(0.2)) return { value: { nodes, stopped: true } };
  if (dice.chance(0.5)) return { value: { nodes, by: `${sign}${dice.time(10, 2000)}` } };
  return { value: { nodes, drift: `${sign}${dice.pick([200, 1_000, 10_000, 100_000])}ppm` } };
}

const all: { readonly [kind: string]: DrawableKind } = {
  partition: { lacks: two, draw: (dice, scene) => ({ value: sides(dice, scene) }), lasting: (nodes) => ({ value: [nodes, "rest"] }) },
  isolate: { lacks: two, draw: (dice, scene) => ({ value: victims(dice, scene) }), lasting: (nodes) => ({ value: nodes }) },
  block: {
    lacks: two,
    draw(dice, scene) {
      if (dice.chance(0.4)) return { value: { from: victim(dice, scene), to: "rest" } };
      if (dice.chance(0.4)) return { value: { from: "rest", to: victim(dice, scene) } };
      const [from, to] = ends(dice, scene);
      return { value: { from, to } };
    },
  },
  bridge: { lacks: three, draw: bridge },
  ring: { lacks: three, draw: () => ({ value: "all" }) },
  slow: { lacks: two, draw: (dice, scene) => ({ value: { ...links(dice, scene), by: slowness(dice) } }) },
  flaky: { lacks: two, draw: (dice, scene) => ({ value: { ...links(dice, scene), loss: dice.share(10, 90) } }) },
  duplicate: { lacks: two, draw: (dice, scene) => ({ value: { ...links(dice, scene), rate: dice.share(10, 80) } }) },
  corrupt: {
    lacks: two,
    isOnlyNamed: ({ hasChecksum }) => !hasChecksum,
    draw: (dice, scene) => ({ value: { ...links(dice, scene), rate: dice.share(5, 50) } }),
  },
  burst: {
    lacks: two,
    draw: (dice, scene) => ({ value: { ...links(dice, scene), loss: dice.share(50, 100), good: dice.time(20, 400), bad: dice.time(20, 300) } }),
  },
  clog: { lacks: two, draw: (dice, scene) => ({ value: dice.chance(0.4) ? { link: ends(dice, scene) } : victims(dice, scene) }) },
  swizzle: { lacks: two, draw: (dice, scene) => ({ value: dice.chance(0.5) ? "all" : victims(dice, scene) }) },
  crash: { draw: crash, lasting: (nodes) => ({ value: nodes, beside: { lose: "unsynced" } }) },
  restart: { draw: (dice, scene) => ({ value: anyVictims(dice, scene) }) },
  pause: { draw: (dice, scene) => ({ value: anyVictims(dice, scene) }), lasting: (nodes) => ({ value: nodes }) },
  slowCpu: {
    lacks: ({ hasServiceTime }) => (hasServiceTime ? undefined : "a service time, `cpu: { perMessage: 1ms }`"),
    draw: (dice, scene) => ({ value: { nodes: victims(dice, scene), by: dice.pick([2, 5, 10, 30]) } }),
  },
  skew: { draw: skew },
  diskSlow: { draw: (dice, scene) => ({ value: { nodes: anyVictims(dice, scene), by: slowness(dice) } }) },
  diskStall: { draw: (dice, scene) => ({ value: anyVictims(dice, scene) }), lasting: (nodes) => ({ value: nodes }) },
  diskFull: { draw: (dice, scene) => ({ value: victims(dice, scene) }), lasting: (nodes) => ({ value: nodes }) },
  diskError: {
    draw: (dice, scene) => ({ value: victims(dice, scene), beside: { pages: dice.pick(["clean", "dirty"]), rate: dice.chance(0.5) ? "100%" : dice.share(5, 80) } }),
  },
  bitrot: { isOnlyNamed: named, draw: (dice, scene) => ({ value: victim(dice, scene), beside: { detected: dice.chance(0.5) } }) },
  lostWrite: { isOnlyNamed: named, draw: (dice, scene) => ({ value: victim(dice, scene), beside: { rate: dice.share(20, 100) } }) },
  misdirected: { isOnlyNamed: named, draw: (dice, scene) => ({ value: victim(dice, scene), beside: { rate: dice.share(5, 50) } }) },
};

/** By kind, those that the world can bring. A kind that is missing here is never drawn. */
export const drawable: { readonly [kind: string]: DrawableKind } = Object.fromEntries(Object.entries(all).filter(([kind]) => Object.hasOwn(faults, kind)));

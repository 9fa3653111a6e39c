/** Whom a drawn fault strikes: nodes by name, or by selectors such as `leader`, which find their victim when it hurts. */
import type { Dice } from "./dice.ts";

/** What a schedule is drawn for, as far as draws go by it. */
export interface Scene {
  readonly nodes: readonly string[];
  /** Zones that nodes stand in; none unless the scenario names some. */
  readonly zones: readonly string[];
  /** The protocol's events, for faults to wait for; none where it declares none. */
  readonly events: readonly string[];
  /** The protocol elects leaders. */
  readonly hasLeader: boolean;
  /** Messages cost service time. */
  readonly hasServiceTime: boolean;
  /** What is corrupted is noticed and dropped. */
  readonly hasChecksum: boolean;
}

/** A node's name, a selector's word, or a list of those, as the file has it. */
export type SelectorText = string | readonly string[];

export const majorityOf = (nodes: readonly string[]): number => Math.floor(nodes.length / 2) + 1;

/** One node. */
export function victim(dice: Dice, { nodes, hasLeader }: Scene): string {
  if (hasLeader && dice.chance(0.35)) return dice.pick(["leader", "leader", "follower"]);
  return dice.chance(0.25) ? "random" : dice.pick(nodes);
}

/** One node, mostly, or several, at most a minority. */
export function victims(dice: Dice, scene: Scene): SelectorText {
  const most = scene.nodes.length - majorityOf(scene.nodes);
  if (most < 2 || dice.chance(0.6)) return victim(dice, scene);
  if (scene.zones.length > 1 && dice.chance(0.3)) return `zone(${dice.pick(scene.zones)})`;
  if (dice.chance(0.3)) return "minority";
  if (scene.hasLeader && dice.chance(0.3)) return ["leader", "follower"];
  return dice.some(scene.nodes, dice.whole(2, most));
}

/** As {@link victims}, or more than a protocol can stand for long: a majority, or all. */
export function anyVictims(dice: Dice, scene: Scene): SelectorText {
  if (scene.nodes.length < 2 || !dice.chance(0.15)) return victims(dice, scene);
  return dice.pick(["majority", "all"]);
}

/** Two sides that do not see each other. */
export function sides(dice: Dice, { nodes, zones, hasLeader }: Scene): readonly SelectorText[] {
  if (hasLeader && dice.chance(0.3)) return dice.pick([[["leader"], "rest"], [["leader", "follower"], "rest"]]);
  if (zones.length > 1 && dice.chance(0.3)) return [[`zone(${dice.pick(zones)})`], "rest"];
  if (nodes.length > 2 && dice.chance(0.2)) return ["minority", "rest"];
  return [dice.some(nodes, dice.whole(1, nodes.length - 1)), "rest"];
}

/** Two ends of a link, which are not the same. */
export function ends(dice: Dice, { nodes, hasLeader }: Scene): readonly [string, string] {
  if (hasLeader && dice.chance(0.35)) return dice.pick([["leader", "follower"], ["follower", "leader"]] as const);
  const [from, to] = dice.shuffle(nodes) as [string, string];
  return [from, to];
}

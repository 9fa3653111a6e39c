import type { Stream } from "../kernel/stream.ts";
import type { Selector } from "./config.ts";
import type { Node } from "./node.ts";
import type { World } from "./world.ts";

/** Whom a selector means now: endpoints by number, none twice. `taken` are passed over where the selector leaves a choice. */
export function select(world: World, selector: Selector, stream: Stream, taken: readonly number[] = []): number[] {
  const free = (node: Node): boolean => !taken.includes(node.index);
  switch (selector.type) {
    case "node":
      return [world.endpoint(selector.node)];
    case "list":
      return selector.of.reduce<number[]>((found, one) => [...found, ...select(world, one, stream, [...taken, ...found]).filter((index) => !found.includes(index))], []);
    case "all":
      return indexes(world.nodes);
    case "rest":
      return indexes(world.nodes.filter(free));
    case "leader":
      return indexes(leaders(world));
    case "followers":
      return indexes(followers(world));
    case "follower":
      return indexes(choose(followers(world).filter(free), 1, stream));
    case "minority":
      return indexes(choose(world.nodes.filter(free), Math.floor((world.nodes.length - 1) / 2), stream));
    case "majority":
      return indexes(choose(world.nodes.filter(free), Math.floor(world.nodes.length / 2) + 1, stream));
    case "random":
      return indexes(choose(world.nodes.filter((node) => node.isUp && free(node)), selector.count, stream));
  }
}

/** As {@link select}, nodes only. */
export function selectNodes(world: World, selector: Selector, stream: Stream): Node[] {
  return select(world, selector, stream)
    .filter((index) => !world.isClient(index))
    .map((index) => world.node(index));
}

/**
 * The groups of a partition; a node that is named twice belongs to the first. Undefined where a group's selector finds
 * nobody; `rest` may be empty.
 */
export function selectGroups(world: World, selectors: readonly Selector[], stream: Stream): number[][] | undefined {
  const taken: number[] = [];
  const groups: number[][] = selectors.map(() => []);
  // `rest` means the nodes in no other group, wherever it stands in the list: it is resolved last.
  const order = selectors.map((_, index) => index).sort((a, b) => Number(selectors[a]?.type === "rest") - Number(selectors[b]?.type === "rest") || a - b);
  for (const index of order) {
    const selector = selectors[index] as Selector;
    const members = select(world, selector, stream, taken);
    if (members.length === 0 && selector.type !== "rest") return undefined;
    groups[index] = members.filter((member) => !taken.includes(member));
    taken.push(...(groups[index] as number[]));
  }
  return groups;
}

/** The running, unpaused node that shows itself as leader with the highest term; the first of several. */
function leaders(world: World): Node[] {
  let best: Node | undefined;
  for (const node of world.nodes) {
    if (!node.isRunning || node.role !== "leader") continue;
    if (best === undefined || node.term > best.term) best = node;
  }
  return best === undefined ? [] : [best];
}

function followers(world: World): Node[] {
  return world.nodes.filter((node) => node.isUp && node.role === "follower");
}

/** `count` of a list, each as likely, in the list's order. The number of draws depends on the list's length alone. */
function choose(nodes: readonly Node[], count: number, stream: Stream): Node[] {
  const shuffled = nodes.slice();
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = stream.below(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as Node, shuffled[last] as Node];
  }
  const chosen = shuffled.slice(0, count);
  return nodes.filter((node) => chosen.includes(node));
}

const indexes = (nodes: readonly Node[]): number[] => nodes.map((node) => node.index);

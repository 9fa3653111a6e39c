import type { Stream } from "../kernel/stream.ts";
import type { Selector } from "./config.ts";
import { isWithin } from "./link.ts";
import type { Node } from "./node.ts";
import type { World } from "./world.ts";

/**
 * Whom a selector means now: endpoints by number, none twice; nobody where a part of a list finds nobody. `taken` are
 * passed over where the selector leaves a choice.
 */
export function select(world: World, selector: Selector, stream: Stream, taken: readonly number[] = []): number[] {
  const free = (node: Node): boolean => !taken.includes(node.index);
  switch (selector.type) {
    case "node":
      return [world.endpoint(selector.node)];
    case "list":
      return selectGroups(world, [selector], stream, taken)?.[0] ?? [];
    case "all":
      return indexes(world.nodes);
    case "rest":
      return indexes(world.nodes.filter(free));
    case "zone":
      return inZone(world, selector.zone);
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

/** The endpoints of a zone, or of a region and its zones. */
function inZone({ config }: World, zone: string): number[] {
  return config.zones.flatMap((of, endpoint) => (isWithin(of, zone) ? [endpoint] : []));
}

/** As {@link select}, nodes only. */
export function selectNodes(world: World, selector: Selector, stream: Stream): Node[] {
  return select(world, selector, stream)
    .filter((index) => !world.isClient(index))
    .map((index) => world.node(index));
}

/**
 * Groups of endpoints, of which each belongs to the first that names it. `rest` means the nodes in no other group,
 * wherever it stands, so it comes last; it may be empty. Undefined where any other selector finds nobody.
 */
export function selectGroups(world: World, selectors: readonly Selector[], stream: Stream, passedOver: readonly number[] = []): number[][] | undefined {
  const groups: number[][] = selectors.map(() => []);
  const parts = selectors.flatMap((selector, group) => partsOf(selector).map((part) => ({ part, group: groups[group] as number[] })));
  const inOrder = [...parts.filter(({ part }) => part.type !== "rest"), ...parts.filter(({ part }) => part.type === "rest")];
  for (const { part, group } of inOrder) {
    const found = select(world, part, stream, [...passedOver, ...groups.flat()]);
    if (found.length === 0 && part.type !== "rest") return undefined;
    const grouped = groups.flat();
    group.push(...found.filter((one) => !grouped.includes(one)));
  }
  return groups;
}

const partsOf = (selector: Selector): readonly Selector[] => (selector.type === "list" ? selector.of.flatMap(partsOf) : [selector]);

/**
 * The two sides of some links, which may share nodes; undefined where one finds nobody. `rest` means the nodes that are
 * not on the other side, and where one of the nodes is to be chosen, those of the first side are passed over.
 */
export function selectSides(world: World, [first, second]: readonly [Selector, Selector], stream: Stream): [number[], number[]] | undefined {
  const isRest = first.type === "rest";
  const one = select(world, isRest ? second : first, stream);
  const isWhole = !isRest && (second.type === "minority" || second.type === "majority");
  const other = select(world, isRest ? first : second, stream, isWhole ? [] : one);
  if (one.length === 0 || other.length === 0) return undefined;
  return isRest ? [other, one] : [one, other];
}

/** The running, unpaused node that shows itself as leader with the highest term; the first of several. */
function leaders(world: World): Node[] {
  let best: Node | undefined;
  let highest = -Infinity;
  for (const node of world.nodes) {
    if (!node.isRunning) continue;
    const { role, term } = node.standing();
    if (role !== "leader" || term <= highest) continue;
    best = node;
    highest = term;
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

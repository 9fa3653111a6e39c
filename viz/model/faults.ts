/** Which links a fault cuts, read from what its event says that it struck. */

/** What the event of a fault that begins carries. Nodes come by name or by number. */
export interface FaultData {
  readonly name?: string | undefined;
  readonly nodes?: readonly (string | number)[] | undefined;
  readonly groups?: readonly (readonly (string | number)[])[] | undefined;
  readonly did?: boolean | undefined;
}

type Link = readonly [from: number, to: number];

/** Endpoints by number; names that the run does not have are left out. */
export function numbersOf(names: readonly (string | number)[] | undefined, endpoints: readonly string[]): number[] {
  const numbers = (names ?? []).map((name) => (typeof name === "number" ? name : endpoints.indexOf(name)));
  return numbers.filter((number) => number >= 0 && number < endpoints.length);
}

/** The groups of a fault that separates: those that it names, and each node that it forgets, alone. */
export function groupsOf(kind: string, data: FaultData, endpoints: readonly string[], nodes: number): number[][] {
  if (kind === "isolate") return numbersOf(data.nodes, endpoints).map((node) => [node]);
  if (kind !== "partition" && kind !== "block" && kind !== "bridge" && kind !== "ring") return [];
  const named = (data.groups ?? []).map((group) => numbersOf(group, endpoints));
  if (kind === "block" || kind === "ring") return named;

  const grouped = new Set(named.flat());
  const forgotten = Array.from({ length: nodes }, (_, node) => node).filter((node) => !grouped.has(node));
  const alone = forgotten.map((node) => [node]);
  // Which group of a bridge stands between the others is told by its place.
  return kind === "bridge" ? [...named, ...alone] : [...named.filter((group) => group.length > 0), ...alone];
}

/** The directed links that a fault cuts. */
export function cutsOf(kind: string, groups: readonly (readonly number[])[], nodes: number): Link[] {
  if (kind === "block") return between(groups[0] ?? [], groups[1] ?? []);
  if (kind === "isolate") return isolated(groups.flat(), nodes);
  if (kind === "ring") return unseen(groups);
  if (kind === "bridge") return bridged(groups);
  if (kind !== "partition") return [];
  return groups.flatMap((group) => groups.flatMap((other) => (group === other ? [] : between(group, other))));
}

function between(from: readonly number[], to: readonly number[]): Link[] {
  return from.flatMap((a) => to.filter((b) => b !== a).map((b): Link => [a, b]));
}

/** Each group of a ring is what one node sees, itself first; the others are those that stand in the ring too. */
function unseen(groups: readonly (readonly number[])[]): Link[] {
  const ring = groups.flatMap(([node]) => node ?? []);
  return groups.flatMap(([node = -1, ...seen]) => between([node], ring.filter((other) => !seen.includes(other))));
}

/** The groups of a bridge: one half, who stands between, the other half; and then those that see nobody. */
function bridged([near = [], middle = [], far = [], ...alone]: readonly (readonly number[])[]): Link[] {
  const sides = [near, far, ...alone];
  const apart = sides.flatMap((side) => sides.flatMap((other) => (side === other ? [] : between(side, other))));
  const lonely = alone.flat();
  return [...apart, ...between(middle, lonely), ...between(lonely, middle)];
}

/** Struck nodes see no other node; clients still see them unless they are struck too. */
function isolated(struck: readonly number[], nodes: number): Link[] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  const links = struck.flatMap((alone) => [...between([alone], all), ...between(all, [alone])]);
  const clients = struck.filter((endpoint) => endpoint >= nodes);
  return [...links, ...between(clients, struck), ...between(struck, clients)];
}

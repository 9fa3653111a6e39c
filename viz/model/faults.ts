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
  if (kind !== "partition" && kind !== "block") return [];
  const named = (data.groups ?? []).map((group) => numbersOf(group, endpoints));
  if (kind === "block") return named;

  const grouped = new Set(named.flat());
  const forgotten = Array.from({ length: nodes }, (_, node) => node).filter((node) => !grouped.has(node));
  return [...named.filter((group) => group.length > 0), ...forgotten.map((node) => [node])];
}

/** The directed links that a fault cuts. */
export function cutsOf(kind: string, groups: readonly (readonly number[])[], nodes: number): Link[] {
  if (kind === "block") return between(groups[0] ?? [], groups[1] ?? []);
  if (kind === "isolate") return isolated(groups.flat(), nodes);
  if (kind !== "partition") return [];
  return groups.flatMap((group) => groups.flatMap((other) => (group === other ? [] : between(group, other))));
}

function between(from: readonly number[], to: readonly number[]): Link[] {
  return from.flatMap((a) => to.filter((b) => b !== a).map((b): Link => [a, b]));
}

/** Struck nodes see no other node; clients still see them unless they are struck too. */
function isolated(struck: readonly number[], nodes: number): Link[] {
  const all = Array.from({ length: nodes }, (_, node) => node);
  const links = struck.flatMap((alone) => [...between([alone], all), ...between(all, [alone])]);
  const clients = struck.filter((endpoint) => endpoint >= nodes);
  return [...links, ...between(clients, struck), ...between(struck, clients)];
}

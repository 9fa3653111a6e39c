/** Faults of links as phrases. */
import type { FaultData } from "./fault.ts";
import { formatDistribution, formatShare } from "./quantity.ts";
import { formatTime } from "./units.ts";
import { listOf } from "./value.ts";

/** The phrase of a fault that cuts links or worsens them; undefined for all others. `nodes`: the names of all nodes. */
export function linkPhrase(kind: string, data: FaultData, nodes: readonly string[]): string | undefined {
  const { groups } = data;
  switch (kind) {
    case "partition":
      return groups === undefined ? undefined : partitionPhrase(groups, nodes);
    case "block":
      return groups === undefined ? undefined : blockPhrase(groups);
    case "bridge":
      return groups === undefined ? undefined : bridgePhrase(groups, nodes);
    case "ring":
      return groups === undefined ? undefined : ringPhrase(groups);
    case "slow":
      return `messages ${where(data)} take ${data["by"] === undefined ? "longer" : `${formatDistribution(data["by"])} longer`}`;
    case "flaky":
      return `${share(data, "loss")} of the messages ${where(data)} are lost`;
    case "duplicate":
      return `${share(data, "rate")} of the messages ${where(data)} arrive twice`;
    case "corrupt":
      return `${share(data, "rate")} of the messages ${where(data)} are corrupted`;
    case "burst":
      return burstPhrase(data);
    case "clog":
      return `messages ${where(data)} are held`;
    case "swizzle":
      return swizzlePhrase(data);
    default:
      return undefined;
  }
}

/** All links of some nodes, or those between two sides. */
function where({ nodes = [], groups, link }: FaultData): string {
  if (link === undefined || groups === undefined) return `from and to ${listOf(nodes)}`;
  return `between ${listOf(groups[0] ?? [])} and ${listOf(groups[1] ?? [])}`;
}

const share = (data: FaultData, name: string): string => (data[name] === undefined ? "some" : formatShare(data[name]));

function partitionPhrase(groups: readonly (readonly string[])[], nodes: readonly string[]): string {
  const sides = [...groups.filter((group) => group.length > 0), ...forgottenBy(groups, nodes)];
  if (sides.length !== 2) return `these do not see each other: ${sides.map((side) => side.join(", ")).join(" | ")}`;
  const [near, far] = sides as [readonly string[], readonly string[]];
  return `${listOf(near)} ${near.length === 1 ? "is" : "are"} cut off from ${listOf(far)}`;
}

/** The nodes in no group, each by itself. */
function forgottenBy(groups: readonly (readonly string[])[], nodes: readonly string[]): string[][] {
  return nodes.filter((node) => !groups.some((group) => group.includes(node))).map((node) => [node]);
}

function blockPhrase([from = [], to = []]: readonly (readonly string[])[]): string {
  return `nothing from ${listOf(from)} reaches ${listOf(to)}`;
}

function bridgePhrase(groups: readonly (readonly string[])[], nodes: readonly string[]): string {
  const [near = [], middle = [], far = []] = groups;
  const alone = forgottenBy(groups, nodes).flat();
  const rest = alone.length === 0 ? "" : `; ${listOf(alone)} ${alone.length === 1 ? "sees" : "see"} nobody`;
  const isOne = near.length === 1;
  return `${listOf(near)} no longer ${isOne ? "sees" : "see"} ${listOf(far)}; ${listOf(middle)} ${middle.length === 1 ? "sees" : "see"} both${rest}`;
}

/** Each group begins with the one that sees it. */
function ringPhrase(groups: readonly (readonly string[])[]): string {
  const seen = groups.map(([node = "", ...others]) => `${node} sees ${listOf(others)}`);
  return `each sees a majority, no two the same: ${seen.join("; ")}`;
}

function burstPhrase(data: FaultData): string {
  const turns = data["good"] === undefined ? "" : `, good for ${formatDistribution(data["good"])} and bad for ${formatDistribution(data["bad"])}`;
  return `${share(data, "loss")} of the messages ${where(data)} are lost in bursts${turns}`;
}

interface Step {
  readonly node: string;
  readonly atNs: number;
}

function swizzlePhrase(data: FaultData): string {
  const [clogs, unclogs] = [data["clogs"], data["unclogs"]] as (readonly Step[] | undefined)[];
  if (clogs === undefined) return `the messages of ${listOf(data.nodes ?? [])} are held, of one node after the other`;
  const [first] = clogs;
  const inTurn =
    first !== undefined && clogs.length === 1
      ? `${first.node} is clogged from ${formatTime(first.atNs)} on`
      : `${listOf(clogs.map(({ node }) => node))} are clogged one by one until ${formatTime(clogs.at(-1)?.atNs ?? 0)}`;
  if (unclogs === undefined) return inTurn;
  if (clogs.length === 1) return `${inTurn}, until ${formatTime(unclogs[0]?.atNs ?? 0)}`;
  return `${inTurn}, and go on from ${formatTime(unclogs[0]?.atNs ?? 0)} in the order ${unclogs.map(({ node }) => node).join(", ")}`;
}

import type { Shape } from "../../protocol.ts";
import type { Selector } from "../config.ts";
import { select, selectSides } from "../select.ts";
import type { World } from "../world.ts";
import { NOBODY, type ActiveFault, type Struck } from "./fault.ts";

export const linkFields = {
  nodes: { type: "selector", summary: "All links of these nodes with others." },
  link: { type: "link", summary: "The links between two sides." },
} as const satisfies { readonly [name: string]: Shape };

/** The shape of a fault that worsens links: all those of some nodes, or one link in both directions; and by how much. */
export function linkShape(measure: { readonly [name: string]: Shape }): Shape {
  const names = Object.keys(measure);
  return {
    type: "fields",
    fields: { ...linkFields, ...measure },
    required: names,
    oneOf: [["nodes", "link"]],
  };
}

/** Whom a fault of links strikes: its two sides are its groups. */
export function chooseLinks(world: World, fault: ActiveFault): Struck {
  const { nodes, link } = fault.params.value as { nodes?: Selector; link?: readonly [Selector, Selector] };
  const sides = link === undefined ? fromAll(world, nodes as Selector, fault) : selectSides(world, link, fault.stream);
  if (sides === undefined) return NOBODY;

  const [near, far] = sides;
  const did = near.some((a) => far.some((b) => a !== b));
  return { nodes: link === undefined ? near : [...new Set([...near, ...far])], groups: sides, did };
}

function fromAll(world: World, nodes: Selector, fault: ActiveFault): [number[], number[]] | undefined {
  const near = select(world, nodes, fault.stream);
  return near.length === 0 ? undefined : [near, world.nodes.map((node) => node.index)];
}

/** Calls `act` for each direction of each link between the two sides, once. */
export function eachDirection(struck: Struck, act: (from: number, to: number) => void): void {
  const [near = [], far = []] = struck.groups ?? [];
  const done = new Set<string>();
  const once = (from: number, to: number): void => {
    if (from === to || done.has(`${from} ${to}`)) return;
    done.add(`${from} ${to}`);
    act(from, to);
  };
  for (const a of near) {
    for (const b of far) {
      once(a, b);
      once(b, a);
    }
  }
}

import type { Selector } from "../config.ts";
import type { ActiveFault, FaultDefinition } from "./fault.ts";
import { chooseLinks, eachDirection, linkFields } from "./links.ts";

/**
 * Nothing arrives over the struck links, in both directions, until the fault ends; then all that was held arrives at
 * once, in its order. Nothing is lost by it: nodes hear nothing for a while, and then the past. What is held meets cuts
 * and nodes that are down when it goes on, as if it came then. Of a struck node all links to other nodes are clogged;
 * clients reach it unless they are struck too.
 */
export const clog: FaultDefinition = {
  kind: "clog",
  summary: "Messages between these nodes and the others are held, and all arrive at once, in their order, when it ends.",
  source: "Zhou et al., “FoundationDB: a distributed unbundled transactional key value store”, SIGMOD 2021, §4.",
  params: {
    type: "either",
    scalar: { type: "selector", summary: "All links of these nodes with others." },
    map: { type: "fields", fields: { link: linkFields.link }, required: ["link"] },
  },
  strikesClients: true,
  choose(world, fault) {
    const value = fault.params.value as Selector | { readonly link: readonly [Selector, Selector] };
    return chooseLinks(world, { ...fault, params: { value: "link" in value ? value : { nodes: value } } });
  },
  begin(world, fault, struck) {
    eachDirection(struck, (from, to) => world.clogs.clog(holderOf(fault), from, to));
  },
  end(world, fault) {
    world.unclog(holderOf(fault));
  },
};

const holderOf = (fault: ActiveFault): string => `clog ${fault.id}`;

/** The scenario file, described once: the validator, the defaults and the JSON Schema all come from here. */
import { seconds } from "../../kernel/time.ts";
import type { AnyProtocol } from "../../protocol.ts";
import type { FieldsShape, FileShape } from "../shape.ts";
import { cost } from "./cost.ts";
import { expect } from "./expect.ts";
import { experiment, stop } from "./experiment.ts";
import { faultItem } from "./faults.ts";
import { clocks, cpu, disk } from "./machine.ts";
import { network } from "./network.ts";
import { sometimes } from "./sometimes.ts";
import { workload } from "./workload.ts";

export { CONVERGED_WITHIN, isLevel, levels, PROGRESS_WITHIN } from "./expect.ts";
export { faultKinds } from "./faults.ts";

/** Beyond this a scenario is a slip of the finger, and would exhaust the machine before the run began. */
const MOST_NODES = 1_000;

/** The options of a protocol, with its mutants. */
export function optionsShape(protocol: AnyProtocol): FieldsShape {
  const own = (protocol.options ?? {}) as { readonly [name: string]: FileShape };
  const mutants = Object.keys(protocol.mutants ?? {});
  return {
    type: "fields",
    noun: "option",
    summary: `The options of ${protocol.name}.`,
    fields: { ...own, mutant: { type: "mutant", of: mutants, summary: "A small named mistake, to be put in place of the right rule." } },
  };
}

/** The whole file, for one protocol, or for any where it is not known. */
export function scenarioShape(protocol: AnyProtocol | undefined, protocolNames: readonly string[]): FieldsShape {
  return {
    type: "fields",
    required: ["version", "protocol"],
    fields: {
      version: { type: "version", summary: "The version of this format." },
      name: { type: "text", summary: "In one line. Default: the file's name." },
      description: { type: "text", default: "", summary: "What it shows, in a sentence or two." },
      protocol: { type: "protocol", names: protocolNames, summary: "A built-in protocol, or a module of one's own: ./my-protocol.ts" },
      options: protocol === undefined ? { type: "anything", summary: "The protocol's own options." } : optionsShape(protocol),
      nodes: { type: "nodes", default: 3, max: MOST_NODES, summary: "How many (n1, n2, …), a list of names, or how many in each zone: { eu: 3, us: 2 } (eu-1, …), { eu: { a: 2, b: 1 } } (eu-a-1, …)." },
      seed: { type: "integer", min: 0, default: 1, summary: "What all chance is drawn from." },
      duration: { type: "duration", min: 1, default: seconds(10), summary: "Of virtual time." },
      network,
      clocks,
      disk,
      cpu,
      workload: workload(protocol),
      cost,
      faults: { type: "list", of: faultItem(protocol), summary: "What goes wrong, in any order." },
      expect: expect(protocol),
      sometimes: sometimes(protocol),
      stop: stop(protocol),
      experiment: experiment(protocol),
    },
  };
}

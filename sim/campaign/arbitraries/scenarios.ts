/**
 * Scenarios as a fast-check arbitrary, for a property of one's own:
 *
 *     fc.assert(fc.property(scenarios(raft), (scenario) => run(scenario).verdict === "pass"));
 *
 * Every value is a scenario without mistakes, in which everything that goes wrong is over before the clients are. It shrinks
 * to fewer faults, a shorter run, usual surroundings, fewer nodes, clients and operations, and prints as the scenario file
 * that `splitbrain run` fails on in the same way. fast-check's seed and path give it again.
 */
import fc from "fast-check";
import { ms } from "../../kernel/time.ts";
import type { AnyProtocol } from "../../protocol.ts";
import { didYouMean } from "../../scenario/diagnostics.ts";
import type { ScenarioObject } from "../../scenario/object.ts";
import { formatDuration } from "../../scenario/quantities.ts";
import { drawable } from "../../scenario/random/kinds.ts";
import type { Scene } from "../../scenario/random/victims.ts";
import { writeData } from "../shrink/data.ts";
import { faultItem, rawFaults, usualKinds, type RawFault } from "./faults.ts";
import { settings, type Choices } from "./settings.ts";
import { surroundingParts, surroundings, type Surroundings } from "./surroundings.ts";
import { timesFor, type Times } from "./times.ts";
import { workload } from "./workload.ts";

/** What scenarios are drawn from; what is left out is drawn freely. */
export interface ScenariosOptions {
  /** How large a cluster may be. Default: 1 to 5 nodes, odd numbers more often. */
  readonly nodes?: readonly number[];
  /** Kinds of fault, as `splitbrain list faults` names them; none: `[]`. Default: all that a protocol can be asked to survive. */
  readonly faults?: readonly string[];
  /** How many faults there are at most. Default: 8. */
  readonly mostFaults?: number;
  /** How long a run takes, in virtual time: `4s`, `2s..10s`. Default: about one to four seconds, and what `expect` needs. */
  readonly duration?: string;
  /** Values of the protocol's options, as a scenario would say them: `{ preVote: [false, true], mutant: ["double-vote"] }`. */
  readonly options?: Choices;
  /** What must hold, as a scenario's `expect` says it. Default: what the protocol promises, beside its invariants. */
  readonly expect?: { readonly [name: string]: unknown };
  /** Parts of the scenario as they are to be, in place of drawn ones: `{ network: { latency: "1ms" }, workload: { clients: 2 } }`. */
  readonly fixed?: { readonly [part in (typeof surroundingParts)[number] | "workload"]?: object };
}

/** A drawn scenario: what {@link ScenariosOptions} allow, as the YAML would say it. */
export interface DrawnScenario extends ScenarioObject {
  readonly version: 1;
  readonly nodes: number;
  readonly seed: number;
  readonly duration: string;
  readonly options?: object;
  readonly workload?: object;
  readonly faults?: readonly object[];
  readonly expect: { readonly [name: string]: unknown };
}

/** Shrunk from the last to the first: sizes from one on. */
const SIZES = [1, 2, 3, 3, 3, 4, 5, 5, 5];
const MOST_FAULTS = 8;
const MOST_SEED = 2 ** 31 - 1;

/** Everything that is drawn, before any of it depends on another. In this order it is shrunk: what makes runs shorter goes first. */
interface Raw {
  readonly faults: readonly RawFault[];
  readonly trouble: number;
  readonly around: Surroundings;
  readonly nodes: number;
  readonly load: object | undefined;
  readonly options: object;
  readonly seed: number;
}

/** Scenarios for a protocol. Throws a RangeError where the options allow none. */
export function scenarios(protocol: AnyProtocol, options: ScenariosOptions = {}): fc.Arbitrary<DrawnScenario> {
  const expect = options.expect ?? protocol.promises ?? {};
  const times = timesFor(expect, options.duration);
  const sizes = sizesOf(options);
  const events = Object.keys(protocol.events ?? {});
  const scene = sceneOf(protocol, Math.max(...sizes), { cpu: options.fixed?.cpu ?? {} });
  const kinds = kindsOf(options, scene);
  const fixed = options.fixed ?? {};
  const [least, longest] = times.trouble.map((time) => Math.floor(time / 100)) as [number, number];
  const raw: fc.Arbitrary<Raw> = fc.record({
    faults: rawFaults(kinds, events, times.trouble[1], options.mostFaults ?? MOST_FAULTS),
    trouble: fc.integer({ min: least, max: longest }).map((tenths) => 100 * tenths),
    around: surroundings(surroundingParts.filter((part) => fixed[part] === undefined)),
    nodes: fc.constantFrom(...sizes),
    load: fixed.workload === undefined ? workload(Object.keys(protocol.onRequest), scene.hasLeader) : fc.constant(fixed.workload),
    options: settings(protocol, options.options ?? {}, !kinds.some((kind) => drawable[kind]?.isOnlyNamed?.(scene) === true)),
    // Another seed is another run altogether, and none is smaller than another.
    seed: fc.noShrink(fc.nat({ max: MOST_SEED })),
  });
  return raw.map((one) => scenarioOf(protocol, one, { ...one.around, ...fixed }, times, expect));
}

function sizesOf({ nodes = SIZES }: ScenariosOptions): number[] {
  if (nodes.length === 0 || nodes.some((size) => !Number.isSafeInteger(size) || size < 1)) throw new RangeError(`a cluster has one node or more, not ${JSON.stringify(nodes)}`);
  return nodes.slice().sort((a, b) => a - b);
}

function kindsOf({ faults }: ScenariosOptions, scene: Scene): readonly string[] {
  const names = Object.keys(drawable);
  for (const kind of faults ?? []) {
    if (!names.includes(kind)) throw new RangeError(`there is no kind of fault '${kind}' to draw${didYouMean(kind, names)}`);
  }
  return faults ?? usualKinds(scene);
}

function scenarioOf(protocol: AnyProtocol, raw: Raw, around: Surroundings, { calm, quiet }: Times, expect: DrawnScenario["expect"]): DrawnScenario {
  const { faults, trouble, nodes, options, seed, load } = raw;
  const scene = sceneOf(protocol, nodes, around);
  const items = faults.map((fault) => faultItem(fault, scene, trouble)).filter((item) => item !== undefined);
  const scenario: DrawnScenario = {
    version: 1,
    protocol,
    ...(Object.keys(options).length > 0 && { options }),
    nodes,
    seed,
    duration: formatDuration(ms(trouble + calm + quiet)),
    ...Object.fromEntries(Object.entries(around).filter(([, part]) => part !== undefined)),
    ...(load !== undefined && { workload: load }),
    ...(items.length > 0 && { faults: items }),
    expect,
  };
  // Where fast-check prints a value, it asks this of it.
  return Object.defineProperty(scenario, fc.toStringMethod, { value: () => `\n${scenarioText(scenario)}` });
}

/** A scenario's object as the text of a scenario file, which `splitbrain run` reads. A protocol that it holds goes by its name. */
export function scenarioText(scenario: ScenarioObject): string {
  const { protocol } = scenario;
  return writeData({ version: 1, ...scenario, protocol: typeof protocol === "string" ? protocol : protocol.name });
}

function sceneOf(protocol: AnyProtocol, nodes: number, { cpu }: Surroundings): Scene {
  return {
    nodes: Array.from({ length: nodes }, (_, index) => `n${index + 1}`),
    zones: [],
    events: Object.keys(protocol.events ?? {}),
    hasLeader: Object.hasOwn(protocol.events ?? {}, "election.won"),
    hasServiceTime: cpu !== undefined,
    hasChecksum: true,
  };
}

/**
 * The language in which the file is described, once, for the validator, the defaults and the JSON Schema alike: the
 * shapes of `sim/protocol.ts`, and a few that only the file itself needs.
 */
import type { Distribution } from "../kernel/distribution.ts";
import type { MetricUnit } from "../metrics/metric.ts";
import type { Shape } from "../protocol.ts";

export type FileShape = Exclude<Shape, { readonly type: "fields" | "distribution" | "either" }> | FieldsShape | DistributionShape | OwnShape;

/** The shapes that have a type's name. */
export type ShapeOf<Type extends FileShape["type"]> = OfType<FileShape, Type>;
type OfType<Each, Type> = Each extends { readonly type: infer Types } ? (Type extends Types ? Each : never) : never;

export interface DistributionShape {
  readonly type: "distribution";
  readonly default?: Distribution;
  readonly summary?: string;
}

/** A map with these keys and no others. `oneOf`: of each group of keys, exactly one stands. */
export interface FieldsShape {
  readonly type: "fields";
  readonly fields: { readonly [name: string]: FileShape };
  readonly required?: readonly string[];
  readonly oneOf?: readonly (readonly string[])[];
  readonly summary?: string;
  /** What a key is called in messages; `key` unless said otherwise. */
  readonly noun?: string;
  /** Further keys by a rule, for those that cannot be listed; and the rule as a pattern, or several, for the JSON Schema. */
  readonly others?: { readonly shapeOf: (name: string) => FileShape | undefined; readonly pattern: string; readonly shape: FileShape; readonly more?: { readonly [pattern: string]: FileShape } };
  /** Keys that are right in another company, with whose. */
  readonly elsewhere?: { readonly [name: string]: string };
}

/** A kind of fault as a file may name it: one of the world's, or one that is made of those. */
export interface FaultKind {
  readonly summary: string;
  /** The incident or paper that it comes from. */
  readonly source?: string;
  /** What may stand under the kind's key. */
  readonly params: Shape | FileShape;
  /** What may stand beside the kind's key. */
  readonly beside?: { readonly [name: string]: Shape };
  /** It takes effect in an instant: `for` makes no sense. */
  readonly instant?: boolean;
  /** Its selectors may name clients. */
  readonly strikesClients?: boolean;
  /** Of the keys that every fault may have, those that go with it, of which none is needed. Unless said otherwise all do, and one time is. */
  readonly company?: readonly string[];
}

/** What only the file itself needs. */
type OwnShape = { readonly summary?: string } & (
  | { readonly type: "version" }
  /** A boolean, or one of these words. */
  | { readonly type: "switch"; readonly words: readonly string[]; readonly default?: boolean }
  /** A protocol's name or a module's path. */
  | { readonly type: "protocol"; readonly names: readonly string[] }
  /** `200/s`, held as a number a second; a list of stages; `100/s..1000/s`, held as `[from, to]`. */
  | { readonly type: "rate" | "rates" | "rateRamp" }
  /** A distribution in bytes. */
  | { readonly type: "sizeDistribution" }
  /** `-50ppm..50ppm`, held as `[min, max]` in parts per billion. */
  | { readonly type: "driftRange"; readonly default?: readonly [number, number] }
  /** `[10s, 18s]`, held as `[from, until]` in nanoseconds. */
  | { readonly type: "window" }
  | { readonly type: "keyDistribution" }
  /** `{ read: 50, write: 50 }`, held in the file's order; of these operations, where they are known. */
  | { readonly type: "weights"; readonly of?: readonly string[] }
  /** A protocol's event, by name; of these, where they are known. `noun`: what messages call it. */
  | { readonly type: "event"; readonly of?: readonly string[]; readonly noun?: string }
  /** `">= 95%"` */
  | { readonly type: "comparison"; readonly unit: MetricUnit }
  /** `1Gbps`, `10MiB/s`, held in bytes a second. */
  | { readonly type: "bandwidth" }
  /** `64KiB`, held in bytes. */
  | { readonly type: "size" }
  /** One side of a link exception: a name of a node or client, `all`, `zone(eu)`, or a list of those. */
  | { readonly type: "ends" }
  /** `5`, a list of names, or numbers by zone; held as the list of names. */
  | { readonly type: "nodes"; readonly default: number; readonly max: number }
  | { readonly type: "mutant"; readonly of: readonly string[] }
  /** What stands here depends on what kind of YAML it is. */
  | { readonly type: "either"; readonly scalar: FileShape; readonly map: FileShape }
  | { readonly type: "list"; readonly of: FileShape }
  /** One, or a list of them; held as the list. */
  | { readonly type: "oneOrMany"; readonly of: FileShape }
  /** A metric's name; of an operation's latency only where the protocol serves it, as far as that is known. */
  | { readonly type: "metric"; readonly served?: readonly string[] }
  /** What an experiment varies: values by the path of a setting. */
  | { readonly type: "vary" }
  /** One item of `faults`. */
  | { readonly type: "fault"; readonly common: { readonly [name: string]: FileShape }; readonly kinds: { readonly [kind: string]: FaultKind } }
  /** Not looked at: the options of a protocol that is not known. */
  | { readonly type: "anything" }
);

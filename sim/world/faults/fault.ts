import type { Stream } from "../../kernel/stream.ts";
import type { Shape } from "../../protocol.ts";
import type { World } from "../world.ts";

/** The parameters of a fault as the scenario gave them: the kind's own value, and the keys beside it. */
export interface FaultParams {
  readonly value: any;
  readonly [beside: string]: any;
}

/** One occurrence of a fault, from its beginning to its end. All undoing goes by its id, so it holds no closures. */
export interface ActiveFault {
  /** Its number in the run, from 0: every occurrence of a series has one of its own. */
  readonly id: number;
  readonly kind: string;
  readonly params: FaultParams;
  /** Draws for this fault alone; named for the fault's text, so that adding or removing others leaves it as it was. */
  readonly stream: Stream;
  /** Where further streams of it are rooted, one a link. */
  readonly streamName: string;
  /** Nanoseconds from its beginning to its end; -1 where it does not end by itself. */
  readonly lasts: number;
}

/** Whom a fault strikes, chosen when it begins. */
export interface Struck {
  /** Endpoints, by number. */
  readonly nodes: readonly number[];
  /** False where it finds nobody, or nothing to change. */
  readonly did: boolean;
  /** Of a fault of links: the groups or sides that it stands between. */
  readonly groups?: readonly (readonly number[])[];
  /** What else its event says of what will happen, as plain data. */
  readonly data?: { readonly [part: string]: unknown };
}

/** A kind of fault: one file each, found in the registry by its kind. */
export interface FaultDefinition {
  readonly kind: string;
  /** What it models, in a sentence. */
  readonly summary: string;
  /** The incident or paper that it comes from. */
  readonly source: string;
  /** What may stand under the kind's key, as `{ value }`. */
  readonly params: Shape;
  /** What may stand beside the kind's key. */
  readonly beside?: { readonly [name: string]: Shape };
  /** Its selectors may name clients. Others strike nodes alone. */
  readonly strikesClients?: boolean;
  /** It takes effect in an instant: `for` makes no sense. */
  readonly instant?: boolean;
  /** Without `for` it ends when it has begun. Others last to the end of the run then, or until a `heal`. */
  readonly endsAtOnce?: boolean;
  /** It only lies in wait when it begins, and strikes each node later: its `for` counts from then. */
  readonly liesInWait?: (params: FaultParams) => boolean;
  /** Chooses whom it strikes; draws, and changes nothing. */
  choose(world: World, fault: ActiveFault): Struck;
  begin(world: World, fault: ActiveFault, struck: Struck): void;
  /** What happens between the two, where it schedules `faultStep`s; not called any more once it has ended. */
  step?(world: World, fault: ActiveFault, struck: Struck, step: number): void;
  /** Undoes what this occurrence did, and nothing else. */
  end(world: World, fault: ActiveFault, struck: Struck): void;
}

export const NOBODY: Struck = { nodes: [], did: false };

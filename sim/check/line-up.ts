/** One part's operations lined up for a search: numbered, with their acts, and those that never returned by what they need. */
import type { Operation } from "./history.ts";
import { Machine } from "./machine.ts";
import type { Model } from "./models/model.ts";

export class LineUp {
  readonly machine: Machine;
  /** By number: the operation. The required ones come first, by the time they returned, then the open ones as invoked. */
  readonly operations: readonly Operation[];
  /** How many are required. */
  readonly required: number;
  /** By number. */
  readonly acts: Int32Array;
  readonly invoked: Int32Array;
  /** By number, of required ones. */
  readonly returned: Int32Array;
  /** By act: its open operations, in the order of invocation. */
  readonly openOf: readonly (readonly number[])[];
  /** The acts of open operations that have no need; and those that have one, by need. */
  readonly openFree: readonly number[];
  readonly openNeeding: readonly (readonly number[])[];

  /** What the specification leaves out is left out, and what is open and pure. */
  constructor(part: readonly Operation[], model: Model) {
    const machine = new Machine(part, model.specify(part));
    this.machine = machine;
    const kept = part.map((operation, position) => ({ operation, act: machine.actOf[position]! })).filter(({ act }) => act !== -1);
    const required = kept.filter(({ operation }) => operation.outcome !== "info").sort((a, b) => a.operation.returned - b.operation.returned);
    const open = kept.filter(({ operation, act }) => operation.outcome === "info" && machine.pure[act] === 0);
    const ordered = [...required, ...open.sort((a, b) => a.operation.invoked - b.operation.invoked)];
    this.operations = ordered.map(({ operation }) => operation);
    this.required = required.length;
    this.acts = Int32Array.from(ordered, ({ act }) => act);
    this.invoked = Int32Array.from(ordered, ({ operation }) => operation.invoked);
    this.returned = Int32Array.from(required, ({ operation }) => operation.returned);

    const openOf: number[][] = Array.from({ length: machine.acts }, () => []);
    for (let number = this.required; number < ordered.length; number++) openOf[this.acts[number]!]!.push(number);
    this.openOf = openOf;
    const openActs = [...new Set(this.acts.subarray(this.required))];
    this.openFree = openActs.filter((act) => machine.needOf[act] === -1);
    const openNeeding: number[][] = Array.from({ length: machine.needs }, () => []);
    for (const act of openActs) openNeeding[machine.needOf[act]!]?.push(act);
    this.openNeeding = openNeeding;
  }
}

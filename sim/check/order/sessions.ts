/**
 * The order of sessions: in a session, A comes before B if A completed before B was invoked. Operations of a session may
 * be open together, so that its order is partial; it is kept as chains, in which each comes before the next, and as what
 * lies before an operation in the session's other chains.
 */
import type { Operation } from "../history.ts";

export class SessionOrder {
  /** By number, as invoked. */
  readonly operations: readonly Operation[];
  readonly chains: number;
  /** By number of an operation: its chain, and how many of the chain come before it. */
  readonly chainOf: Int32Array;
  readonly placeOf: Int32Array;
  /** By number: what comes right before it, in its own chain first. */
  readonly before: readonly (readonly number[])[];
  /** By session: its chains. */
  readonly sessions: readonly (readonly number[])[];
  /** By chain: its operations, in order. */
  readonly members: readonly (readonly number[])[];

  constructor(operations: readonly Operation[]) {
    const ordered = [...operations].sort((a, b) => a.invoked - b.invoked);
    const members: number[][] = [];
    const sessions = new Map<string, number[]>();
    this.operations = ordered;
    this.chainOf = new Int32Array(ordered.length);
    this.placeOf = new Int32Array(ordered.length);
    const before: number[][] = [];
    ordered.forEach((operation, number) => {
      const session = sessions.get(operation.client) ?? [];
      sessions.set(operation.client, session);
      const lasts = session.map((chain) => lastReturned(members[chain]!, ordered, operation.invoked));
      // It goes on with a chain that is over, so that there are no more chains than operations open together.
      const free = session.find((chain, at) => lasts[at] === members[chain]!.at(-1));
      const chain = free ?? members.push([]) - 1;
      if (free === undefined) session.push(chain);
      const previous = members[chain]!.at(-1);
      before.push([...(previous === undefined ? [] : [previous]), ...lasts.filter((last): last is number => last !== undefined && last !== previous)]);
      this.chainOf[number] = chain;
      this.placeOf[number] = members[chain]!.push(number) - 1;
    });
    this.chains = members.length;
    this.before = before;
    this.sessions = [...sessions.values()];
    this.members = members;
  }

  get size(): number {
    return this.operations.length;
  }

  /** Operations of a session after which nothing comes in it. There are several where they were open together. */
  lastOf(session: readonly number[]): number[] {
    const lasts = session.map((chain) => this.members[chain]!.at(-1)!);
    return lasts.filter((last) => !lasts.some((other) => this.operations[last]!.returned < this.operations[other]!.invoked));
  }
}

/** The last of a chain that had completed by then. */
function lastReturned(chain: readonly number[], operations: readonly Operation[], by: number): number | undefined {
  for (let at = chain.length - 1; at >= 0; at--) if (operations[chain[at]!]!.returned < by) return chain[at];
  return undefined;
}

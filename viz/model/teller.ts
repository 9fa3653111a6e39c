/** Folds a run into its story: roles and terms, faults, troubles. */
import type { RunResult } from "../../sim/scenario/result.ts";
import type { Change, FieldChange, TraceEvent, TraceFooter, TraceHeader, Violation } from "../../sim/trace/event.ts";
import type { Columns } from "./columns.ts";
import { codeOf } from "./columns.ts";
import { cutsOf, groupsOf, numbersOf, type FaultData } from "./faults.ts";
import { NEVER } from "./intervals.ts";
import type { FaultSpan, NodeStatus, Span, Story, Trouble } from "./story.ts";

/** A node as it is now, and since when. */
interface Now {
  from: number;
  status: NodeStatus;
  role: string;
  term: number;
}

export class StoryTeller {
  readonly #header: TraceHeader;
  readonly #now: Now[];
  readonly #spans: Span[][];
  readonly #faults: FaultSpan[] = [];
  readonly #open = new Map<number, number>();
  readonly #violations: Violation[] = [];
  readonly #stops: number[] = [];
  readonly #sent = new Map<string, number>();
  readonly #fields = new Map<string, "scalar" | "record" | "log">();
  #events = 0;

  constructor(header: TraceHeader) {
    this.#header = header;
    this.#now = header.nodes.map(() => ({ from: 0, status: "down", role: "", term: -1 }));
    this.#spans = header.nodes.map(() => []);
  }

  event(event: TraceEvent, row: number): void {
    this.#events = row + 1;
    if (event.kind === "send") this.#sent.set(event.name, (this.#sent.get(event.name) ?? 0) + 1);
    else if (event.kind === "boot") this.#start(event, row);
    else if (event.kind === "crash") this.#stop(event, row);
    else if (event.kind === "pause") this.#become(event.node, row, { status: "paused" });
    else if (event.kind === "resume") this.#become(event.node, row, { status: "up" });
    else if (event.kind === "fault") this.#beginFault(event, row);
    else if (event.kind === "faultEnd") this.#endFault(event, row);
  }

  change(event: number, node: number, change: Change): void {
    for (const field in change) this.#fields.set(field, shapeOf(change[field] as FieldChange, this.#fields.get(field)));
    const role = change["role"];
    const term = change["term"] ?? change["currentTerm"];
    const become: Partial<Now> = {};
    if (role?.type === "set") become.role = typeof role.value === "string" ? role.value : "";
    if (term?.type === "set") become.term = typeof term.value === "number" ? term.value : -1;
    if (role !== undefined || term !== undefined) this.#become(node, event, become);
  }

  violation(violation: Violation): void {
    this.#violations.push(violation);
  }

  story(footer: Pick<TraceFooter, "digest" | "complete" | "result">, columns: Columns, flights: { start: Int32Array; end: Int32Array }): Story {
    const result = isRunResult(footer.result) ? footer.result : undefined;
    this.#now.forEach((_, node) => this.#close(node, this.#events));
    return {
      header: this.#header,
      digest: footer.digest,
      complete: footer.complete,
      result,
      spans: this.#spans,
      faults: this.#faults,
      troubles: troublesOf(this.#violations, result, this.#events),
      elections: electionsOf(this.#spans),
      stops: this.#stops,
      messageTypes: [...this.#sent].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
      fields: [...this.#fields].map(([name, shape]) => ({ name, shape })),
      typicalFlightNs: typicalFlight(columns, flights),
    };
  }

  #start(event: TraceEvent, row: number): void {
    if (row > this.#header.nodes.length) this.#stops.push(row);
    this.#become(event.node, row, { status: "up" });
  }

  #stop(event: TraceEvent, row: number): void {
    this.#stops.push(row);
    this.#become(event.node, row, { status: "down" });
  }

  #become(node: number, row: number, become: Partial<Now>): void {
    const now = this.#now[node];
    if (now === undefined) return;
    const next = { ...now, ...become };
    if (next.status === now.status && next.role === now.role && next.term === now.term) return;
    this.#close(node, row);
    this.#now[node] = { ...next, from: row };
  }

  #close(node: number, until: number): void {
    const { from, status, role, term } = this.#now[node] as Now;
    if (until > from) this.#spans[node]?.push({ node, from, until, status, role, term });
  }

  #beginFault(event: TraceEvent, row: number): void {
    const data = (event.data ?? {}) as FaultData;
    const endpoints = [...this.#header.nodes, ...this.#header.clients];
    const groups = groupsOf(event.name, data, endpoints, this.#header.nodes.length);
    this.#open.set(event.fault, this.#faults.length);
    this.#faults.push({
      fault: event.fault,
      kind: event.name,
      name: data.name ?? event.name,
      begin: row,
      end: NEVER,
      did: data.did !== false,
      nodes: numbersOf(data.nodes, endpoints),
      groups,
      cuts: data.did === false ? [] : cutsOf(event.name, groups, this.#header.nodes.length),
    });
  }

  #endFault(event: TraceEvent, row: number): void {
    const index = this.#open.get(event.fault);
    if (index === undefined) return;
    this.#open.delete(event.fault);
    this.#faults[index] = { ...(this.#faults[index] as FaultSpan), end: row };
  }
}

function shapeOf(change: FieldChange, before: "scalar" | "record" | "log" | undefined): "scalar" | "record" | "log" {
  if (change.type === "log" || before === "log") return "log";
  if (change.type === "record" || before === "record") return "record";
  const value = change.value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? "record" : "scalar";
}

/** Where a node leads that did not lead just before. What it showed when it went down says nothing. */
function electionsOf(spans: readonly (readonly Span[])[]): number[] {
  const leads = (span: Span | undefined): boolean => span?.role === "leader" && span.status !== "down";
  const won = spans.flatMap((of) => of.filter((span, at) => leads(span) && (!leads(of[at - 1]) || of[at - 1]?.term !== span.term)));
  return won.map((span) => span.from).sort((a, b) => a - b);
}

/** Broken invariants, and what refutes an expectation where an event is known for it; in order of events. */
function troublesOf(violations: readonly Violation[], result: RunResult | undefined, events: number): Trouble[] {
  const expectations = result?.expectations ?? [];
  // `invariants: false` passes when one breaks.
  const asked = expectations.some((expectation) => expectation.name === "invariants" && expectation.verdict === "pass");
  const broken = violations.map(({ event, invariant, message, nodes }): Trouble => ({ type: "violation", event, title: invariant, message, nodes, expected: asked }));
  const refuted = expectations
    .filter((expectation) => expectation.event !== undefined && expectation.event >= 0)
    // Where an invariant's violation is marked already, the expectation that asks for it adds no second mark.
    .filter((expectation) => !broken.some((trouble) => trouble.event === expectation.event))
    .map(({ event, name, detail, verdict }): Trouble => ({ type: "expectation", event: event as number, title: name, message: detail, nodes: [], expected: verdict === "pass" }));
  return [...broken, ...refuted].filter((trouble) => trouble.event < events).sort((a, b) => a.event - b.event);
}

/** The median time under way, of a sample of messages that arrived. */
function typicalFlight(columns: Columns, flights: { start: Int32Array; end: Int32Array }): number {
  const step = Math.max(1, Math.floor(flights.start.length / 2000));
  const took: number[] = [];
  for (let flight = 0; flight < flights.start.length; flight += step) {
    const end = flights.end[flight] as number;
    if (end === NEVER || columns.kind[end] !== codeOf.deliver) continue;
    took.push((columns.time[end] as number) - (columns.time[flights.start[flight] as number] as number));
  }
  took.sort((a, b) => a - b);
  return took[took.length >> 1] ?? 1_000_000;
}

function isRunResult(result: unknown): result is RunResult {
  return typeof result === "object" && result !== null && Array.isArray((result as RunResult).expectations);
}

/** Looks closely at one run: when it failed, what its clients asked, and whom its faults struck. */
import { parseScenario } from "../../scenario/parse.ts";
import { Run } from "../../scenario/run.ts";
import type { TraceEvent, TraceSink } from "../../trace/event.ts";
import type { Failure } from "../job.ts";
import type { Registry } from "../run-job.ts";
import { faultsOf, readData, withFaults } from "./data.ts";
import { isSameFailure } from "./search.ts";
import { failuresOf } from "../failures.ts";

export interface Observation {
  /** When the failure showed; the run's end where it has no moment of its own. Virtual nanoseconds. */
  readonly failedNs: number;
  readonly message: string;
  readonly nodes: readonly string[];
  readonly operations: readonly ObservedOperation[];
  /** By the fault's place in the scenario: each time that it struck. */
  readonly faults: readonly (readonly ObservedFault[])[];
  /** Messages that were lost, and those that took far longer than most. */
  readonly disturbed: number;
}

export interface ObservedOperation {
  readonly atNs: number;
  readonly client: string;
  readonly f: string;
  readonly key: string;
  /** The node that was asked first. */
  readonly to: string;
}

export interface ObservedFault {
  readonly fromNs: number;
  /** Undefined where it lasted to the end. */
  untilNs: number | undefined;
  readonly nodes: readonly string[];
  readonly groups: readonly (readonly string[])[] | undefined;
}

class Observer implements TraceSink {
  readonly takesAnnotations = false;
  readonly operations = new Map<number, ObservedOperation>();
  readonly faults: ObservedFault[][];
  readonly #names: readonly string[];
  readonly #underway = new Map<number, ObservedFault>();
  /** When each message that is under way was sent. */
  readonly #sent = new Map<number, number>();
  readonly #took: number[] = [];
  #lost = 0;

  /** `names`: of the nodes and then the clients. */
  constructor(names: readonly string[], faults: number) {
    this.#names = names;
    this.faults = Array.from({ length: faults }, () => []);
  }

  get disturbed(): number {
    const usual = this.#took.slice().sort((a, b) => a - b)[this.#took.length >> 1] ?? 0;
    return this.#lost + this.#took.filter((time) => time > LATE * usual).length;
  }

  event(event: TraceEvent): void {
    this.#follow(event);
    const name = (endpoint: number): string => this.#names[endpoint] as string;
    if (event.kind === "invoke") {
      this.operations.set(event.operation, { atNs: event.time, client: name(event.node), f: event.name, key: event.key, to: "" });
    } else if (event.kind === "send" && event.attempt === 1 && event.operation >= 0) {
      const operation = this.operations.get(event.operation);
      if (operation?.to === "" && operation.client === name(event.node)) this.operations.set(event.operation, { ...operation, to: name(event.peer) });
    } else if (event.kind === "fault") {
      const { name: position, nodes, groups } = event.data as { name: string; nodes: string[]; groups?: string[][] };
      const fault: ObservedFault = { fromNs: event.time, untilNs: undefined, nodes, groups };
      this.faults[Number(position)]?.push(fault);
      this.#underway.set(event.fault, fault);
    } else if (event.kind === "faultEnd") {
      const fault = this.#underway.get(event.fault);
      if (fault !== undefined) fault.untilNs = event.time;
    }
  }

  #follow({ kind, message, time }: TraceEvent): void {
    if (kind === "send") this.#sent.set(message, time);
    else if (kind === "drop") this.#lost += 1;
    else if (kind === "deliver") this.#took.push(time - (this.#sent.get(message) ?? time));
  }
}

/** So many times as long as most. */
const LATE = 4;

/** A run that has not ended by then is looked at as far as it is. */
const MOST_STEPS = 5_000_000;

/** Undefined where the run does not fail in this way. */
export function observe(text: string, target: Failure, protocols: Registry): Observation | undefined {
  const data = readData(text);
  // Names change nothing of what happens, and tell whose each fault of the trace is.
  const numbered = withFaults(data, faultsOf(data).map((fault, position) => ({ ...fault, name: String(position) })));
  const scenario = parseScenario(JSON.stringify(numbered), {
    file: "-",
    protocols: (name) => (Object.hasOwn(protocols, name) ? protocols[name] : undefined),
    protocolNames: Object.keys(protocols),
  });
  const { nodes, workload } = scenario.world;
  const clients = Array.from({ length: workload.clients }, (_, index) => `c${index + 1}`);
  const observer = new Observer([...nodes, ...clients], faultsOf(data).length);
  const run = new Run(scenario, { sinks: [observer], history: false });
  run.advance(MOST_STEPS);
  const { result } = run.finish();
  const failure = failuresOf(result).find((one) => isSameFailure(one, target));
  if (failure === undefined) return undefined;
  const violation = result.violations.find(({ invariant }) => invariant === failure.name);
  const expectation = result.expectations.find(({ name }) => name === failure.name);
  const failedNs = violation?.atNs ?? expectation?.atNs ?? result.virtualTimeNs;
  return { failedNs, message: failure.message, nodes, operations: [...observer.operations.values()], faults: observer.faults, disturbed: observer.disturbed };
}

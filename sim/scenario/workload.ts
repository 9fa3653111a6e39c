/** What clients do, with what the file leaves out filled in from the rest of it. */
import { seconds } from "../kernel/time.ts";
import type { AnyProtocol } from "../protocol.ts";
import type { NetworkConfig, RetryConfig, WorkloadConfig } from "../world/config.ts";
import { CONVERGED_WITHIN, PROGRESS_WITHIN } from "./format/index.ts";
import type { RetryFile, ScenarioFile, WorkloadFile } from "./file.ts";
import { checkLoop } from "./loop.ts";
import { plainLink } from "./network.ts";
import { formatDuration } from "./quantities.ts";
import type { Reader } from "./reader.ts";
import { checkScript, scriptConfig } from "./script.ts";

/** Operations a second where neither `rate` nor `think` is given. */
const USUAL_RATE = 100;

/** How long a converged cluster may take, where convergence is asked about. */
export function convergedWithin(file: ScenarioFile): number | undefined {
  const converged = file.expect?.["converged"];
  if (converged === undefined) return undefined;
  return typeof converged === "object" && "within" in converged ? converged.within : CONVERGED_WITHIN;
}

/** How long clients may take to get on, where progress is asked about. */
export function progressWithin(file: ScenarioFile): number | undefined {
  const progress = file.expect?.["progress"];
  if (progress === undefined) return undefined;
  return typeof progress === "object" && "within" in progress ? progress.within : PROGRESS_WITHIN;
}

/** Client operations begin before this. Undefined where the file is wrong about it. */
export function workloadUntil(file: ScenarioFile, reader: Reader): number | undefined {
  if (reader.at("workload.until") !== undefined) return file.workload?.until;
  return file.duration === undefined ? undefined : file.duration - (convergedWithin(file) ?? 0);
}

/** How many clients there are; none where the protocol serves nothing and the file asks for nothing. */
export function clientsOf(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): number | undefined {
  const isAsked = reader.at("workload.clients") !== undefined;
  return !isAsked && Object.keys(protocol.onRequest).length === 0 ? 0 : file.workload?.clients;
}

/** Notes what contradicts itself in a workload. */
export function checkWorkload(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): void {
  checkLoop(file, workloadUntil(file, reader), reader);
  const clients = clientsOf(file, protocol, reader);
  checkScript(file, clients, workloadUntil(file, reader), reader);
  if (clients === 0) return;
  if (clients !== undefined && Object.keys(protocol.onRequest).length === 0) {
    reader.report(reader.spotOf("workload.clients"), `the protocol ${protocol.name} serves no operations: it can have no clients`);
  }
  const until = workloadUntil(file, reader);
  const from = file.workload?.from;
  if (until !== undefined && file.duration !== undefined && until > file.duration) {
    const why = `the workload would end at ${formatDuration(until)}, after the run, which ends at ${formatDuration(file.duration)}`;
    reader.report(reader.spotOf("workload.until"), why);
  }
  // Where `converged` leaves no time at all, that is the mistake, and checkSettled reports it.
  if (until === undefined || from === undefined || from < until || until <= 0) return;
  const why = `the workload would begin at ${formatDuration(from)} and end at ${formatDuration(until)}`;
  reader.report(reader.spotOf("workload.from", "workload.until"), why);
}

export function workloadConfig(file: ScenarioFile, protocol: AnyProtocol, reader: Reader, network: NetworkConfig): WorkloadConfig {
  const workload = file.workload as Required<WorkloadFile>;
  const isClosed = reader.at("workload.think") !== undefined;
  const script = scriptConfig(file, protocol);
  return {
    clients: clientsOf(file, protocol, reader) as number,
    ...(script !== undefined ? { script } : isClosed ? { think: workload.think } : openLoop(workload)),
    keys: { count: workload.keys.count as number, distribution: workload.keys.distribution ?? { type: "uniform" } },
    ...(reader.at("workload.values") !== undefined && { values: workload.values as WorkloadConfig["values"] }),
    operations: workload.operations ?? usualOperations(protocol),
    from: workload.from,
    until: workloadUntil(file, reader) as number,
    timeout: workload.timeout,
    retry: retryConfig(workload.retry),
    ...(reader.at("workload.hedge") !== undefined && { hedge: workload.hedge as WorkloadConfig["hedge"] }),
    target: workload.target ?? protocol.client?.target ?? "any",
    network: { ...plainLink(network.latency), ...workload.network },
  };
}

/** Only what the file says: a rate alone is what most scenarios have. */
function openLoop({ rate, bursts, arrivals }: Partial<Pick<WorkloadFile, "rate" | "bursts" | "arrivals">>): Pick<WorkloadConfig, "rate" | "bursts" | "arrivals"> {
  return {
    rate: rate ?? USUAL_RATE,
    ...(bursts !== undefined && { bursts: { every: bursts.every as number, lasts: bursts.for as number, rate: bursts.rate as number } }),
    ...(arrivals !== undefined && { arrivals }),
  };
}

/** Half reads, half writes; or all that the protocol serves alike. */
function usualOperations(protocol: AnyProtocol): { f: string; weight: number }[] {
  const served = Object.keys(protocol.onRequest);
  const usual = served.includes("read") && served.includes("write") ? ["read", "write"] : served;
  return usual.map((f) => ({ f, weight: 50 }));
}

function retryConfig(retry: boolean | RetryFile): RetryConfig {
  const given = typeof retry === "object" ? retry : {};
  const usual = { after: seconds(0.2), backoff: seconds(0.01), max: seconds(0.5), jitter: 0.5 };
  return { enabled: retry !== false, ...usual, ...given };
}

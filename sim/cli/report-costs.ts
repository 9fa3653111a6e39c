/** The parts of a run's report about costs: what each fault cost its clients, and the bill by the scenario's prices. */
import { formatDuration, formatMoney, NOTHING } from "../explain/index.ts";
import type { CostLine } from "../metrics/index.ts";
import type { FaultResult, RunResult } from "../scenario/result.ts";
import type { ReportStyle } from "./report.ts";
import { alignRows, width, type Paint } from "./terminal.ts";

const MOST_FAULTS = 8;
const MOST_NAME = 32;

/** The lines of a table; none where no fault struck anybody. */
export function faultCostLines({ faults }: RunResult, { paint }: ReportStyle): string[] {
  const struck = faults.filter(({ did, fault }) => did && fault !== "heal");
  if (struck.length === 0) return [];
  const shown = dearest(struck).map(faultRow);
  const [head = "", ...rows] = alignRows([["  ", "fault", "noticed after", "unavailable", "over after"], ...shown], 2);
  const left = struck.length - shown.length;
  return [paint.dim(head), ...rows, ...(left > 0 ? [paint.dim(`  … and ${left} that cost less, all in --json`)] : [])];
}

/** Those that cost most, in order of time. */
function dearest(faults: readonly FaultResult[]): FaultResult[] {
  if (faults.length <= MOST_FAULTS) return [...faults];
  const byCost = [...faults].sort((a, b) => (b.unavailableNs ?? 0) - (a.unavailableNs ?? 0) || a.fromNs - b.fromNs);
  return byCost.slice(0, MOST_FAULTS).sort((a, b) => a.fromNs - b.fromNs);
}

function faultRow({ name, fromNs, detectionNs, unavailableNs, recoveryNs }: FaultResult): string[] {
  const called = width(name) <= MOST_NAME ? name : `${[...name].slice(0, MOST_NAME - 1).join("").trimEnd()}…`;
  const isOngoing = unavailableNs !== null && recoveryNs === null;
  return [`  ${formatDuration(fromNs)}`, called, durationOr(detectionNs), durationOr(unavailableNs), isOngoing ? "not over" : durationOr(recoveryNs)];
}

function durationOr(ns: number | null): string {
  return ns === null ? NOTHING : formatDuration(ns);
}

/** The bill, its total first; none where the scenario gives no prices. */
export function billLines({ cost, virtualTimeNs }: RunResult, { paint }: ReportStyle): string[] {
  if (cost === undefined) return [];
  const money = (amount: number | null): string => (amount === null ? NOTHING : formatMoney(amount, cost.currency));
  const rows = [
    ["  a million operations", paint.bold(money(cost.perMillionOperations)), `this run of ${formatDuration(virtualTimeNs)}: ${money(cost.total)}`],
    ...cost.items.map((line) => [`    ${words[line.item]}`, money(line.perMillionOperations), detailOf(line, cost.currency, paint)]),
  ];
  return alignRows(rows);
}

const words: { readonly [Item in CostLine["item"]]: string } = {
  nodes: "nodes",
  requests: "requests",
  syncs: "syncs",
  written: "bytes written",
  crossZone: "traffic across zones",
  crossRegion: "traffic across regions",
};

/** `0.0833 node hours at $0.096` */
function detailOf({ quantity, unit, price }: CostLine, currency: string, paint: Paint): string {
  return paint.dim(`${formatMoney(quantity)} ${unit} at ${formatMoney(price, currency)}`);
}

/** What random schedules must not contradict. */
import type { AnyProtocol } from "../../protocol.ts";
import type { FaultItem } from "../collections.ts";
import type { ScenarioFile } from "../file.ts";
import { formatDuration, quote } from "../quantities.ts";
import type { Reader } from "../reader.ts";
import { progressWithin } from "../workload.ts";
import { paramsOf, randomItems, sceneOf } from "./item.ts";
import { drawable } from "./kinds.ts";
import { lastingOf } from "./schedule.ts";
import type { Scene } from "./victims.ts";
import { windowOf } from "./window.ts";

/** A window shorter than this has no room for trouble: nanoseconds. */
const LEAST_WINDOW = 100_000_000;

/** Notes random schedules that contradict the rest of the file. */
export function checkRandom(file: ScenarioFile, protocol: AnyProtocol, reader: Reader): void {
  const items = randomItems(file);
  for (const [position, item] of items) {
    const path = `faults.${position}`;
    checkKinds(sceneOf(file, protocol, reader.zones), item, path, reader);
    checkWindow(file, item, path, reader);
    if (paramsOf(item).heal === "quorum") checkQuorum(file, item, path, reader);
  }
  const [, second] = items.filter(([, item]) => paramsOf(item).heal === "quorum");
  if (second === undefined) return;
  reader.report(reader.spotOf(`faults.${second[0]}.random.heal`), "a second schedule with `heal: quorum`: nobody says that the two majorities are the same");
}

function checkKinds(scene: Scene, item: FaultItem, path: string, reader: Reader): void {
  const { kinds, intensity } = paramsOf(item);
  if (kinds?.length === 0) reader.report(reader.spotOf(`${path}.random.kinds`), "an empty list leaves nothing to draw from");
  if (intensity === 0) reader.report(reader.spotOf(`${path}.random.intensity`), "with an intensity of 0% nothing is drawn");
  for (const [position, kind] of (kinds ?? []).entries()) {
    if (kind === undefined) continue;
    const at = reader.spotOf(`${path}.random.kinds.${position}`);
    if (kinds?.indexOf(kind) !== position) reader.report(at, `${quote(kind)} stands twice`);
    const lack = scene.nodes.length === 0 ? undefined : drawable[kind]?.lacks?.(scene);
    if (lack !== undefined) reader.report(at, `${quote(kind)} needs ${lack}`);
  }
}

/** The window must have room, and must be in the run. */
function checkWindow(file: ScenarioFile, item: FaultItem, path: string, reader: Reader): void {
  const { between, at, for: lasts } = item.common;
  const other = at !== undefined ? "at" : lasts !== undefined ? "for" : undefined;
  if (between !== undefined && other !== undefined) {
    return reader.report(reader.keyAt(`${path}.${other}`) ?? reader.spotOf(path), `\`between\` and \`${other}\` exclude each other`);
  }
  const window = windowOf(file, item, reader);
  if (window === undefined || file.duration === undefined || window.from[1] >= file.duration) return;
  const [from, until] = [window.from[1], window.until[0]];
  // A run that has no time even for what must follow is a mistake of another kind, which is noted where that stands.
  if (until < from && between === undefined && at === undefined) return;
  const where = reader.spotOf(`${path}.between`, `${path}.for`, `${path}.at`, path);
  if (until - from < LEAST_WINDOW) {
    const left = until <= from ? "no time" : `only ${formatDuration(until - from)}`;
    const why = `this schedule has ${left}, from ${formatDuration(from)} to ${formatDuration(Math.max(0, until))}`;
    const hasOwnEnd = between !== undefined || lasts !== undefined || reader.at("workload.until") !== undefined;
    return reader.report(where, why, roomFor(from + LEAST_WINDOW - until, file, hasOwnEnd));
  }
  if (window.until[1] <= file.duration || between !== undefined) return; // A window beyond the run has been noted.
  reader.report(where, `this schedule would end at ${formatDuration(window.until[1])}; the run ends at ${formatDuration(file.duration)}`);
}

/** What would let it have its time, where that is known: the calm phase is as long as `progress` says, or a share of the whole. */
function roomFor(missing: number, file: ScenarioFile, hasOwnEnd: boolean): string {
  const least = `it needs ${formatDuration(LEAST_WINDOW)} or more`;
  if (hasOwnEnd || progressWithin(file) === undefined) return least;
  return `${least} before the last phase: \`duration: ${formatDuration((file.duration as number) + missing)}\` would suffice`;
}

function checkQuorum(file: ScenarioFile, item: FaultItem, path: string, reader: Reader): void {
  const at = reader.spotOf(`${path}.random.heal`);
  const nodes = file.nodes?.length ?? Infinity;
  if (nodes < 3) reader.report(at, `a majority of ${nodes === 1 ? "1 node" : `${nodes} nodes`} is all of them: nothing could stay broken`);
  const kinds = paramsOf(item).kinds?.filter((kind) => kind !== undefined);
  if (kinds !== undefined && kinds.length > 0 && lastingOf(kinds).length === 0) {
    const cure = `kinds that do: ${lastingOf(Object.keys(drawable)).join(", ")}`;
    reader.report(at, "`heal: quorum` needs a kind that takes a node out for good", cure);
  }
  if (file.expect?.["converged"] === undefined || file.expect["converged"] === false) return;
  const cure = "`progress` asks only that clients are served";
  reader.report(reader.spotOf("expect.converged"), "`converged` asks all running nodes to agree; with `heal: quorum` some stay broken", cure);
}

/** A scripted workload: what the file says of each operation, checked, and in ready units. */
import type { AnyProtocol } from "../protocol.ts";
import type { ScriptedOperation } from "../world/config.ts";
import { didYouMean } from "./diagnostics.ts";
import type { ScenarioFile, ScriptedFile } from "./file.ts";
import { MOST_SCRIPTED } from "./format/script.ts";
import { formatDuration, quote } from "./quantities.ts";
import type { Reader } from "./reader.ts";

/** What a script takes the place of. */
const drawn = ["rate", "think", "bursts", "arrivals", "keys", "operations"];

/** Notes a script that contradicts the rest of the file. `until`: when the workload ends; undefined where that is not known. */
export function checkScript(file: ScenarioFile, clients: number | undefined, until: number | undefined, reader: Reader): void {
  const script = file.workload?.script;
  if (script === undefined) return;
  for (const name of drawn) {
    const key = reader.keyAt(`workload.${name}`);
    if (key !== undefined) reader.report(key, `\`${name}\` and \`script\` exclude each other`, "a script says itself which operations there are, and when");
  }
  if (script.length > MOST_SCRIPTED) reader.report(reader.spotOf("workload.script"), `${script.length} operations are too many for a script: at most ${MOST_SCRIPTED}`);
  for (const [position, operation] of script.entries()) {
    if (operation === undefined) continue;
    const path = `workload.script.${position}`;
    checkTime(operation, file.workload?.from ?? 0, until, path, reader);
    checkClient(operation, clients, path, reader);
    checkNode(operation, file.nodes, path, reader);
  }
}

function checkTime({ at }: ScriptedFile, from: number, until: number | undefined, path: string, reader: Reader): void {
  if (at === undefined || until === undefined) return;
  const spot = reader.spotOf(`${path}.at`);
  if (at < from) reader.report(spot, `this is before the workload, which begins at ${formatDuration(from)}`);
  if (at >= until) reader.report(spot, `this operation would begin at ${formatDuration(at)}; the workload ends at ${formatDuration(until)}`);
}

function checkClient({ client }: ScriptedFile, clients: number | undefined, path: string, reader: Reader): void {
  if (client === undefined || clients === undefined || indexOf(client) < clients) return;
  const cure = clients === 0 ? "the workload has no clients" : `clients: c1 to c${clients}`;
  reader.report(reader.spotOf(`${path}.client`), `there is no client ${quote(client)}`, cure);
}

function checkNode({ to }: ScriptedFile, nodes: readonly string[] | undefined, path: string, reader: Reader): void {
  if (to === undefined || nodes === undefined || nodes.includes(to)) return;
  reader.report(reader.spotOf(`${path}.to`), `there is no node ${quote(to)}${didYouMean(to, nodes)}`);
}

/** Of a client's name, from 0; Infinity where it is none. */
function indexOf(client: string): number {
  const match = /^c([1-9]\d*)$/.exec(client);
  return match === null ? Infinity : Number(match[1]) - 1;
}

/** The operations in the order of their times. Only for a file without mistakes. */
export function scriptConfig(file: ScenarioFile, { onRequest }: AnyProtocol): ScriptedOperation[] | undefined {
  return file.workload?.script
    ?.map((operation): ScriptedOperation => {
      const { at, client, to, ...keys } = operation as Required<ScriptedFile>;
      const f = Object.keys(keys).find((name) => Object.hasOwn(onRequest, name)) as string;
      const node = to === undefined ? undefined : (file.nodes as readonly string[]).indexOf(to);
      return { at, client: indexOf(client), f, key: String(keys[f]), ...(node !== undefined && { to: node }) };
    })
    .sort((a, b) => a.at - b.at);
}

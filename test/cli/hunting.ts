/** Hunts as a user starts them, and scenarios for them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HuntResult } from "../../sim/cli/hunt-result.ts";
import { emptyFolder, splitbrain } from "./cli.ts";

/** A short run that finds something to do: about a thousand events. */
export const quick = `version: 1
name: Quick
protocol: raft
nodes: 3
duration: 3s
network: { latency: 1ms..3ms }
workload: { clients: 1, rate: 20/s, operations: { read: 50, write: 50 }, from: 500ms }
expect: { linearizable: true }
`;

/** A cluster with a mistake: two of the first three seeds show it, each in another way. */
export const broken = `version: 1
name: Broken
protocol: raft
options: { mutant: quorum-off-by-one }
nodes: 5
duration: 4s
network: { latency: 1ms..3ms }
workload: { clients: 1, rate: 40/s, operations: { read: 50, write: 50 }, from: 500ms }
expect: { linearizable: true }
`;

/** Of one node that answers everything, but for what the handler of \`read\` does before. */
export function moduleWith(read: string, others = ""): string {
  return `import { defineProtocol } from "splitbrain";
const kept = { count: 0 };
export default defineProtocol({
  name: "mine",
  boot: () => ({ reads: 0 }),
  onMessage: {},
  onRequest: {
    read(state, request, ctx) {
      state.reads += 1;
      ${read}
      ctx.reply(request, { type: "ok", value: null });
    },
  },
  inspect: (state) => ({ reads: state.reads }),
  ${others}
});
`;
}

/** Its protocol is a module beside it: each seed picks a number from 0 to 3 at its first read. */
export const withModule = `version: 1
name: Mine
protocol: ./mine.js
nodes: 1
duration: 1s
network: { latency: 1ms }
workload: { clients: 1, rate: 20/s, operations: { read: 1 } }
`;

export function folderWith(files: { readonly [name: string]: string }): string {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export interface Hunted {
  readonly code: number | null;
  readonly stderr: string;
  readonly result: HuntResult;
}

export async function huntJson(args: readonly string[], cwd: string): Promise<Hunted> {
  const { code, stdout, stderr } = await splitbrain(["hunt", ...args, "--json"], { cwd });
  if (stdout === "") throw new Error(`no JSON: ${stderr}`);
  return { code, stderr, result: JSON.parse(stdout) as HuntResult };
}

/** All but what depends on the machine. */
export function withoutTime({ wallTimeMs: _, ...rest }: HuntResult): Omit<HuntResult, "wallTimeMs"> {
  return rest;
}

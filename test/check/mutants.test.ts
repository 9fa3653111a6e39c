import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CheckerMutant, checkerMutants } from "./mutants.ts";
import type * as Pairs from "./pairs.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const checkers = fileURLToPath(new URL("../../sim/check/", import.meta.url));
let folder: string;
// Below the repository, so that the copies find the packages.
beforeAll(() => void (folder = mkdtempSync(join(here, "../../.dist/checker-mutants-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The checkers with the mistake in them, and the pairs of them. */
async function mutated({ changes }: CheckerMutant, number: number): Promise<typeof Pairs> {
  const texts = new Map<string, string>();
  for (const { file, from, to } of changes) {
    const path = join(checkers, file);
    const pieces = (texts.get(path) ?? readFileSync(path, "utf8")).split(from);
    if (pieces.length !== 2) throw new Error(`${file} has ${pieces.length - 1} times: ${from}`);
    texts.set(path, pieces.join(to));
  }
  const change: Plugin = {
    name: "mutant",
    setup: (given) => given.onLoad({ filter: /sim[/\\]check[/\\].*\.ts$/ }, ({ path }) => (texts.has(path) ? { contents: texts.get(path)!, loader: "ts" } : undefined)),
  };
  const outfile = join(folder, `${number}.mjs`);
  await build({ entryPoints: [join(here, "pairs.ts")], outfile, bundle: true, format: "esm", platform: "node", packages: "external", plugins: [change], logLevel: "silent" });
  return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as typeof Pairs;
}

for (const [number, mutant] of checkerMutants.entries()) {
  test(`caught: ${mutant.name}`, async () => {
    const { firstDisagreement, pairs } = await mutated(mutant, number);
    const asked = pairs.filter(({ name }) => name.includes(mutant.caughtBy));
    expect(asked.length).toBeGreaterThan(0);
    // As many histories as each pair is given by `npm test`, and always the same.
    expect(asked.some((pair) => firstDisagreement(pair, 2000, { seed: 1, endOnFailure: true }).message !== undefined)).toBe(true);
  });
}

/** Copies of checkers with a mistake in them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { CheckerMutant } from "./mutants.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const checkers = fileURLToPath(new URL("../../sim/check/", import.meta.url));

/** The copies of one run, below the repository, so that they find the packages. */
export class Copies {
  readonly #folder = mkdtempSync(join(here, "../../.dist/checker-mutants-"));
  #count = 0;

  /** What a file of this folder exports, of the checkers with the mistake in them. */
  async of<Exports>({ changes }: CheckerMutant, file: string): Promise<Exports> {
    const texts = changed(changes);
    const change: Plugin = {
      name: "mutant",
      setup: (given) => given.onLoad({ filter: /sim[/\\]check[/\\].*\.ts$/ }, ({ path }) => (texts.has(path) ? { contents: texts.get(path)!, loader: "ts" } : undefined)),
    };
    const outfile = join(this.#folder, `${this.#count++}.mjs`);
    await build({ entryPoints: [join(here, file)], outfile, bundle: true, format: "esm", platform: "node", packages: "external", plugins: [change], logLevel: "silent" });
    return (await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as Exports;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** By path. */
function changed(changes: CheckerMutant["changes"]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { file, from, to } of changes) {
    const path = join(checkers, file);
    const pieces = (texts.get(path) ?? readFileSync(path, "utf8")).split(from);
    if (pieces.length !== 2) throw new Error(`${file} has ${pieces.length - 1} times: ${from}`);
    texts.set(path, pieces.join(to));
  }
  return texts;
}

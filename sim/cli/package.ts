/** Where this copy of the program lies, in a checkout as in an installed package. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "splitbrain") return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error("the program's own folder cannot be found");
    folder = parent;
  }
}

let root: string | undefined;

/** A path inside the package. */
export function packagePath(...parts: string[]): string {
  root ??= findRoot();
  return join(root, ...parts);
}

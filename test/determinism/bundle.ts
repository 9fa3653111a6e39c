import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** `digestsOf` as one script that begins by calling `start` with it. */
export async function bundleDigests(platform: "node" | "browser", start: string): Promise<string> {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const result = await build({
    stdin: { contents: `import { digestsOf } from "./digests.ts";\n${start}`, resolveDir: folder, loader: "ts" },
    bundle: true,
    write: false,
    format: platform === "node" ? "cjs" : "iife",
    platform,
    logLevel: "warning",
  });
  return result.outputFiles[0]!.text;
}

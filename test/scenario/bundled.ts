/** The bundled scenarios and protocols, and the example of the format's description. */
import { readdirSync, readFileSync } from "node:fs";
import { protocols } from "../../protocols/index.ts";
import type { ParseContext } from "../../sim/scenario/parse.ts";

const folder = new URL("../../scenarios/", import.meta.url);

/** Every scenario in the repository: `[path, text]`. */
export const bundled: readonly (readonly [path: string, text: string])[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .sort()
  .map((path) => [path, readFileSync(new URL(path, folder), "utf8")]);

export const contractExample = readFileSync(new URL("contract-example.yaml", import.meta.url), "utf8");

export const bundledContext: ParseContext = {
  file: "bundled.yaml",
  protocols: (name) => (Object.hasOwn(protocols, name) ? protocols[name] : undefined),
  protocolNames: Object.keys(protocols),
};

/** Which state of the program this is: the version's number does not tell every change of it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { VERSION } from "../version.ts";
import { packagePath } from "./package.ts";

/** `0.1.0+1f2e3d4c`: the version, and a digest of what workers run. Its chunks bear digests of what is in them, so that naming them tells all. */
export function programState(): string {
  return `${VERSION}+${createHash("sha256").update(readFileSync(packagePath(".dist/worker.js"))).digest("hex").slice(0, 8)}`;
}

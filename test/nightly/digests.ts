/**
 * What every Node.js is given, bundled once: `digests TEXTS` prints the digests of the scenarios in a file, run here and,
 * recorded, in a worker; `digests TEXTS --trace NUMBER FILE` writes the trace of one of them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { run } from "../../sim/scenario/run.ts";
import { concatBytes } from "../../sim/trace/value.ts";
import { digestsOf } from "../determinism/digests.ts";
import { parse } from "../determinism/scenarios.ts";

const textsIn = (file: string): string[] => JSON.parse(readFileSync(file, "utf8")) as string[];

async function main([file = "", option, number, target = ""]: readonly string[]): Promise<void> {
  const texts = textsIn(file);
  if (option === "--trace") {
    const pieces: Uint8Array[] = [];
    run(parse(texts[Number(number)] as string), { write: (bytes) => void pieces.push(bytes) });
    return writeFileSync(target, concatBytes(pieces));
  }
  const inWorker = new Promise<string[]>((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: file });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  const here = digestsOf(texts);
  process.stdout.write(JSON.stringify({ here, inWorker: await inWorker, node: process.version, v8: process.versions.v8 }));
}

if (isMainThread) await main(process.argv.slice(2));
else parentPort?.postMessage(digestsOf(textsIn(workerData as string), true));
